package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// maxSteps bounds the steps of one request: a flow that redirects into itself ends here.
const maxSteps = 200

// errMoved says that another request has advanced the run meanwhile.
var errMoved = errors.New("the run was advanced by another request")

// advance goes through the plan until a stage asks or nothing is left. The answer, if there is one, is for the challenge that is due.
func (e *Executor) advance(ctx context.Context, r *run, a stage.Answer) (*Reply, error) {
	for range maxSteps {
		step, err := e.next(ctx, r)
		if err != nil {
			return e.refused(ctx, r, err)
		}
		if step == nil {
			return e.finish(ctx, r)
		}
		driver, visit, err := e.visit(r, step)
		if err != nil {
			return e.failed(ctx, r, err)
		}
		began := time.Now()
		outcome, answered, err := e.turn(ctx, r, driver, visit, a)
		took := time.Since(began).Microseconds()
		if answered {
			a = nil
		}
		if err != nil {
			return e.refused(ctx, r, err)
		}
		r.noteLinks()
		again, reply, err := e.act(ctx, r, turned{driver, visit, *step, answered, took}, outcome)
		if !again {
			return reply, err
		}
	}
	return e.failed(ctx, r, fmt.Errorf("flow %s does not end", r.flow.Slug))
}

// turned is a stage that has had its turn.
type turned struct {
	driver   stage.Driver
	visit    *stage.Visit
	step     Step
	answered bool
	took     int64
}

// act does what a stage decided. It reports whether the run goes on in this request.
func (e *Executor) act(ctx context.Context, r *run, t turned, outcome stage.Outcome) (again bool, reply *Reply, err error) {
	m := Mark{Did: DidPass, Took: t.took}
	if t.answered {
		m.Did = DidAnswer
	}
	switch o := outcome.(type) {
	case stage.Done:
		e.mark(r, &t.step, m)
		r.plan.pass()
		r.progressed = true
		return true, nil, nil
	case stage.Insert:
		m.Did = DidInsert
		e.mark(r, &t.step, m)
		r.plan.pass(insertedSteps(o)...)
		for _, name := range o.Last {
			r.plan.Steps = append(r.plan.Steps, Step{Inline: name})
		}
		r.progressed = true
		return true, nil, nil
	case stage.Ask:
		m.Did = DidAsk
		if len(o.Errors) > 0 {
			m.Reason = "wrong answer"
		}
		e.mark(r, &t.step, m)
		reply, err = e.ask(ctx, r, t.driver, o)
		return false, reply, err
	case stage.Leave:
		m.Did = DidLeave
		e.mark(r, &t.step, m)
		return e.leave(ctx, r, o.URL)
	case stage.Switch:
		m.Did, m.Detail = DidSwitch, o.Flow.Slug
		e.mark(r, &t.step, m)
		reply, err = e.switchTo(ctx, r, o)
		return reply == nil && err == nil, reply, err
	case stage.Refuse:
		m.Did, m.Reason = DidRefuse, o.Err.Reason
		e.mark(r, &t.step, m)
		return e.respond(ctx, r, t.visit, naming(t.visit, o.Err))
	}
	reply, err = e.failed(ctx, r, fmt.Errorf("stage gave no outcome"))
	return false, reply, err
}

// naming notes with a refusal which stage refused, for the audit trail.
func naming(v *stage.Visit, refusal *model.Error) *model.Error {
	if _, named := refusal.Detail["stage"]; named || v.Stage == nil {
		return refusal
	}
	return refusal.With("stage", v.Stage.Name)
}

// leave ends the run for an address. Steps that must be passed before it ends still are, if there is anybody whom they could be about.
func (e *Executor) leave(ctx context.Context, r *run, to string) (again bool, reply *Reply, err error) {
	rest := slices.DeleteFunc(slices.Clone(r.plan.Steps[1:]), func(s Step) bool { return !e.closes(s) })
	if len(rest) == 0 || r.pending() == nil && !r.visitor.SignedIn() {
		reply, err = e.end(ctx, r, to)
		return false, reply, err
	}
	r.plan.pass()
	r.plan.Steps, r.progressed = rest, true
	stage.SlotRedirect.Set(r.plan.Context, to)
	return true, nil, nil
}

// closes reports whether a step must be passed before the run ends.
func (e *Executor) closes(s Step) bool {
	_, ok := e.inline[s.Inline].(stage.Closer)
	return ok
}

// switchTo replaces what is left of the run by another flow. The run keeps its page: the person stays at the address where they are.
func (e *Executor) switchTo(ctx context.Context, r *run, o stage.Switch) (*Reply, error) {
	rest := inlineOf(r.plan.Steps[1:])
	c := r.plan.Context
	if !o.KeepContext {
		c = e.kept(c, rest)
	}
	p, err := e.plan(ctx, r, o.Flow, c)
	if err != nil {
		return e.refused(ctx, r, err)
	}
	r.plan.pass()
	r.plan.Steps = append(p.Steps, rest...)
	r.plan.Context, r.progressed = c, true
	return nil, nil
}

// kept is what a context leaves to one that begins anew: where the run came from, and what the steps that close it cannot do without.
func (e *Executor) kept(c *model.PlanContext, rest []Step) *model.PlanContext {
	out := model.NewPlanContext()
	stage.SlotIsRedirected.Set(out, stage.SlotIsRedirected.Value(c))
	for _, s := range rest {
		closer, ok := e.inline[s.Inline].(stage.Closer)
		if !ok {
			continue
		}
		for _, name := range closer.Keeps() {
			if v, ok := c.Lookup(name); ok {
				out.Put(name, v)
			}
		}
	}
	return out
}

// inlineOf keeps the steps that a source or provider appended: they end the run, whichever flow it goes through.
func inlineOf(steps []Step) []Step {
	return slices.DeleteFunc(slices.Clone(steps), func(s Step) bool { return s.Inline == "" })
}

// insertedSteps are the steps of stages that another stage has put into the plan.
func insertedSteps(o stage.Insert) []Step {
	steps := make([]Step, len(o.Stages))
	for i, id := range o.Stages {
		steps[i] = Step{Stage: id}
	}
	return steps
}

// turn enters a stage, or submits to it if the answer is meant for it. An answer that names another component or another step is not: the page was an old one, or its
// button was pressed twice, and the stage is shown instead.
func (e *Executor) turn(ctx context.Context, r *run, d stage.Driver, v *stage.Visit, a stage.Answer) (o stage.Outcome, answered bool, err error) {
	if a == nil {
		o, err = d.Enter(ctx, v)
		return o, false, err
	}
	asked := r.plan.Asked
	if asked == "" {
		o, err = d.Enter(ctx, v)
		ask, isAsk := o.(stage.Ask)
		if err != nil || !isAsk {
			return o, false, err
		}
		asked = stage.BaseOf(ask.Challenge).Component
		if !r.meant(a, asked) {
			return o, true, nil
		}
	} else if !r.meant(a, asked) {
		o, err = d.Enter(ctx, v)
		return o, true, err
	}
	o, err = d.Submit(ctx, v, a)
	return o, true, err
}

// meant reports whether an answer is one to the challenge that is due.
func (r *run) meant(a stage.Answer, asked string) bool {
	component, step := a.String("component"), a.String(stage.StepField)
	return (component == "" || component == asked) && (step == "" || step == r.plan.step())
}

// next gives the step that is due. Bindings whose policies refuse now are passed over; one that is gone from the configuration ends the run, for what it guarded is not known.
func (e *Executor) next(ctx context.Context, r *run) (*Step, error) {
	for len(r.plan.Steps) > 0 {
		step := &r.plan.Steps[0]
		if step.Inline != "" {
			return step, nil
		}
		if step.Stage != "" && r.snapshot.Stages[step.Stage] != nil {
			return step, nil
		}
		b := r.snapshot.Bindings[step.Binding]
		if b == nil || r.snapshot.Stages[b.Stage] == nil {
			return nil, model.Refuse(model.CodeExpired, "flow.expired", "The flow was changed meanwhile.")
		}
		if !step.ReEvaluate || r.plan.Asked != "" {
			return step, nil
		}
		v, err := e.evaluate(ctx, r, model.TargetID(b.ID), b.PolicyEngineMode, b, r.plan.Context)
		if err != nil {
			return nil, err
		}
		r.effects.Messages = append(r.effects.Messages, v.messages()...)
		if !v.Passing {
			e.mark(r, step, Mark{Did: DidSkip, Rule: v.Rule})
			r.plan.Steps, r.progressed = r.plan.Steps[1:], true
		}
		if v.to != "" {
			e.mark(r, nil, Mark{Did: DidRedirect, Rule: v.Rule})
			r.plan.Steps, r.progressed = append(v.redirects(), r.plan.Steps...), true
			continue
		}
		if v.Passing {
			return step, nil
		}
	}
	return nil, nil
}

type opened struct {
	driver stage.Driver
	err    error
}

// visit opens the step's stage, once per snapshot, and prepares the visit to it.
func (e *Executor) visit(r *run, step *Step) (stage.Driver, *stage.Visit, error) {
	v := stage.NewVisit(r.visitor, &r.effects)
	v.Snapshot, v.Flow, v.Context, v.Query = r.snapshot, r.flow, r.plan.Context, r.query
	v.Step, v.Argument = r.plan.step(), step.Argument
	if step.Inline != "" {
		d := e.inline[step.Inline]
		if d == nil {
			return nil, nil, fmt.Errorf("no inline stage %q", step.Inline)
		}
		return d, v, nil
	}
	if v.Stage = r.snapshot.Stages[step.Stage]; v.Stage == nil {
		v.Binding = r.snapshot.Bindings[step.Binding]
		v.Stage = r.snapshot.Stages[v.Binding.Stage]
	}
	type key struct{ id model.StageID }
	o := model.Derive(r.snapshot, key{v.Stage.ID}, func() opened {
		d, err := e.Stages.Open(v.Stage.Kind, v.Stage.Config, e.Box, "stages/config/"+string(v.Stage.ID))
		return opened{d, err}
	})
	return o.driver, v, o.err
}

// ask stores the run, if anything has happened in it, and gives the challenge.
func (e *Executor) ask(ctx context.Context, r *run, d stage.Driver, o stage.Ask) (*Reply, error) {
	base := stage.BaseOf(o.Challenge)
	base.FlowInfo = e.flowInfo(r)
	base.ResponseErrors, base.Step = o.Errors, r.plan.step()
	r.plan.Asked = base.Component
	// A page that is only looked at leaves the stored run as it is: writing it would make an answer that is on its way come too late.
	err := e.commit(ctx, r, r.away || r.progressed || r.plan.Context.Dirty() || len(r.effects.Links) > 0 || e.waits(r), false)
	if errors.Is(err, errMoved) {
		return e.again(ctx, r)
	}
	if err != nil {
		return e.refused(ctx, r, err)
	}
	reply := e.reply(r)
	reply.Challenge, reply.Driver, reply.Onward = o.Challenge, d, onward(r)
	if r.away {
		reply.To = r.page()
	}
	return reply, nil
}

// waits reports whether the run has to be stored, or kept for longer, because its person is elsewhere.
func (e *Executor) waits(r *run) bool {
	return r.effects.Patience > 0 && e.Now().Add(r.effects.Patience/2).After(r.expires)
}

// onward lists where the run may lead.
func onward(r *run) []string {
	var out []string
	for _, to := range []string{
		stage.SlotRedirect.Value(r.plan.Context), stage.SlotConsentDenied.Value(r.plan.Context), stage.SlotRedirectTarget.Value(r.plan.Context), r.query.Get("next"),
	} {
		if to != "" {
			out = append(out, to)
		}
	}
	return out
}

// finish ends a run that has nothing left to do.
func (e *Executor) finish(ctx context.Context, r *run) (*Reply, error) {
	if r.plan != nil {
		if to, ok := stage.SlotRedirect.Get(r.plan.Context); ok && to != "" {
			return e.end(ctx, r, to)
		}
	}
	raw := r.query.Get("next")
	if raw == "" {
		return e.end(ctx, r, "/")
	}
	next, ok := e.Next(raw)
	if !ok {
		return e.refused(ctx, r, model.Refuse(model.CodeInvalid, "next.invalid", "Invalid next URL"))
	}
	return e.end(ctx, r, next)
}

// end ends a run and sends the browser on.
func (e *Executor) end(ctx context.Context, r *run, to string) (*Reply, error) {
	r.outcome = "done"
	err := e.commit(ctx, r, false, true)
	if errors.Is(err, errMoved) {
		return e.again(ctx, r)
	}
	if err != nil {
		return e.refused(ctx, r, err)
	}
	reply := e.reply(r)
	reply.To, reply.Ended = to, true
	return reply, nil
}

// again shows where the run stands after another request has advanced it: the answer of this request is not taken a second time.
func (e *Executor) again(ctx context.Context, r *run) (*Reply, error) {
	return e.Show(ctx, r.arrived, r.flow.Slug, r.query)
}

func (e *Executor) reply(r *run) *Reply {
	return &Reply{
		Flow: r.flow, Session: r.effects.Session, SessionToken: r.effects.SessionToken, SignOut: r.effects.SignOut, Messages: r.effects.Messages, Locale: r.effects.Locale,
	}
}

// flowInfo tells about the flow around a challenge; its title may name the application and the person.
func (e *Executor) flowInfo(r *run) *stage.FlowInfo {
	title := r.flow.Title
	if strings.Contains(title, "%(") && r.plan != nil {
		app, user := stage.SlotApplication.Value(r.plan.Context).Name, ""
		if u := stage.SlotPendingUser.Value(r.plan.Context); u != nil {
			user = u.Username
		}
		title = strings.NewReplacer("%(app)s", app, "%(user)s", user).Replace(title)
	}
	return &stage.FlowInfo{Title: title, Background: r.flow.Background, CancelURL: e.cancelURL(r), Layout: r.flow.Layout}
}

// cancelURL gives up the run and begins its flow anew.
func (e *Executor) cancelURL(r *run) string {
	q := url.Values{"flow": {r.flow.Slug}}
	for _, name := range []string{"next", runParameter} {
		if value := r.query.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	return "/flows/-/cancel/?" + q.Encode()
}

// Texts makes an answer of a page's form.
func Texts(form url.Values) stage.Answer {
	a := stage.Answer{}
	for name, values := range form {
		if len(values) > 0 {
			a[name], _ = json.Marshal(values[0]) // a string always encodes
		}
	}
	return a
}
