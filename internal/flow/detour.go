package flow

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Waiting is a run that waits for its person to come back from a source. It is good for one request.
type Waiting struct {
	run *run
	// Source is where the person comes back from, and Patience how long they may take.
	Source   model.SourceID
	Patience time.Duration
}

// Context is what the run knows. What is written into it the run keeps, once it goes on.
func (w *Waiting) Context() *model.PlanContext { return w.run.plan.Context }

// Flow is the run's flow.
func (w *Waiting) Flow() *model.Flow { return w.run.flow }

// Page is the address of the run's page.
func (w *Waiting) Page() string { return w.run.page() }

// At reports whether the run waits at a step, by the name that its page gave it: see [stage.Visit.Detour].
func (w *Waiting) At(step string) bool {
	secret := stage.SlotDetour.Value(w.Context())
	return secret != "" && subtle.ConstantTimeCompare([]byte(step), []byte(w.run.plan.step()+"."+secret)) == 1
}

// Waiting finds the run of a browser, a flow and the query of its page, if it waits for its person to come back from a source. Else it refuses: model.CodeExpired.
func (e *Executor) Waiting(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*Waiting, error) {
	gone := model.Refuse(model.CodeExpired, "source.detour_gone", "No run waits for anybody to come back from a source.").With("flow", slug)
	f := e.Snapshot().FlowBySlug(slug)
	if f == nil {
		return nil, gone
	}
	r := e.begin(v, f, query)
	if err := e.resume(ctx, r); err != nil {
		return nil, err
	}
	if r.plan == nil || r.plan.Asked == "" || len(r.plan.Steps) == 0 {
		return nil, gone
	}
	step, err := e.next(ctx, r)
	if err != nil {
		return nil, err
	}
	driver, _, err := e.visit(r, step)
	if err != nil {
		return nil, err
	}
	detour, ok := driver.(stage.Detour)
	if !ok {
		return nil, gone
	}
	w := &Waiting{run: r}
	w.Source, w.Patience = detour.Awaits()
	return w, nil
}

// Return is what comes in place of a step that has waited.
type Return struct {
	// Flow is one whose stages come first; nil for none. One that is for people who are signed out is passed over for somebody who is signed in.
	Flow *model.Flow
	// Next come after them, before what is left of the run; Last come at its end.
	Next, Last []Step
	// Retry says that whoever goes on will try again after a conflict, as [Start.Retry] does.
	Retry bool
	// Trace is what happened meanwhile.
	Trace *Trace
}

// GoOn goes on with a run that has waited. Where it asks next, Reply.To is its page.
func (e *Executor) GoOn(ctx context.Context, w *Waiting, back Return) (*Reply, error) {
	r := w.run
	r.away, r.retry = true, back.Retry
	r.trace.join(back.Trace)
	e.mark(r, &r.plan.Steps[0], Mark{Did: DidReturn})
	var steps []Step
	if back.Flow != nil {
		p, err := e.plan(ctx, r, back.Flow, r.plan.Context)
		switch {
		case err == nil:
			steps = p.Steps
		case !errors.Is(err, &model.Error{Code: model.CodeDenied, Reason: "flow.requires_signed_out"}):
			return e.refused(ctx, r, err)
		}
	}
	stage.SlotDetour.Clear(r.plan.Context)
	r.plan.pass(slices.Concat(steps, back.Next)...)
	r.plan.Steps = append(r.plan.Steps, back.Last...)
	r.progressed = true
	return e.advance(ctx, r, nil)
}
