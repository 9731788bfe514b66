package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/event"
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
		outcome, answered, err := e.turn(ctx, r, driver, visit, a)
		if answered {
			a = nil
		}
		if err != nil {
			return e.refused(ctx, r, err)
		}
		switch o := outcome.(type) {
		case stage.Done:
			r.plan.Steps, r.plan.Asked, r.progressed = r.plan.Steps[1:], "", true
		case stage.Insert:
			r.plan.Steps, r.plan.Asked, r.progressed = append(insertedSteps(o), r.plan.Steps[1:]...), "", true
		case stage.Ask:
			return e.ask(ctx, r, driver, o)
		case stage.Leave:
			return e.end(ctx, r, o.URL)
		case stage.Switch:
			if reply, err := e.switchTo(ctx, r, o); reply != nil || err != nil {
				return reply, err
			}
		case stage.Refuse:
			again, reply, err := e.respond(ctx, r, visit, o.Err)
			if !again {
				return reply, err
			}
		default:
			return e.failed(ctx, r, fmt.Errorf("stage gave no outcome"))
		}
	}
	return e.failed(ctx, r, fmt.Errorf("flow %s does not end", r.flow.Slug))
}

// switchTo replaces what is left of the run by another flow. The run keeps its page: the person stays at the address where they are.
func (e *Executor) switchTo(ctx context.Context, r *run, o stage.Switch) (*Reply, error) {
	c := r.plan.Context
	if !o.KeepContext {
		from := stage.SlotIsRedirected.Value(c)
		c = model.NewPlanContext()
		stage.SlotIsRedirected.Set(c, from)
	}
	p, err := e.plan(ctx, r.snapshot, o.Flow, r.visitor, c)
	if err != nil {
		return e.refused(ctx, r, err)
	}
	r.plan.Steps = append(p.Steps, inlineOf(r.plan.Steps[1:])...)
	r.plan.Context, r.plan.Asked, r.progressed = c, "", true
	return nil, nil
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

// turn enters a stage, or submits to it if the answer is meant for it. An answer that names another component is not: the page was an old one, and the
// stage is shown instead.
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
		if c := a.String("component"); c != "" && c != asked {
			return o, true, nil
		}
	} else if c := a.String("component"); c != "" && c != asked {
		o, err = d.Enter(ctx, v)
		return o, true, err
	}
	o, err = d.Submit(ctx, v, a)
	return o, true, err
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
		result, err := e.evaluate(ctx, r.snapshot, model.TargetID(b.ID), b.PolicyEngineMode, r.visitor, r.plan.Context)
		if err != nil {
			return nil, err
		}
		if result.Passing {
			return step, nil
		}
		r.plan.Steps, r.progressed = r.plan.Steps[1:], true
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
	base.ResponseErrors = o.Errors
	r.plan.Asked = base.Component
	// A page that is only looked at leaves the stored run as it is: writing it would make an answer that is on its way come too late.
	begins := r.started && r.revision == 0
	err := e.commit(ctx, r, begins || r.progressed || r.plan.Context.Dirty(), false)
	if errors.Is(err, errMoved) {
		return e.again(ctx, r)
	}
	if err != nil {
		return e.refused(ctx, r, err)
	}
	reply := e.reply(r)
	reply.Challenge, reply.Driver, reply.Onward = o.Challenge, d, onward(r)
	if begins {
		reply.To = "/if/flow/" + url.PathEscape(r.flow.Slug) + "/?" + r.query.Encode()
	}
	return reply, nil
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
		Flow: r.flow, Session: r.effects.Session, SessionToken: r.effects.SessionToken, SignOut: r.effects.SignOut, Messages: r.effects.Messages,
	}
}

// commit does what the stages of this request want done, in one transaction with the run itself.
func (e *Executor) commit(ctx context.Context, r *run, save, ended bool) error {
	if !save && !(ended && r.revision > 0) && len(r.effects.Writes) == 0 && len(r.effects.Events) == 0 {
		return nil
	}
	var stored *model.FlowRun
	pending := r.pending()
	enrolled := pending != nil && pending.ID == 0
	made := len(r.effects.Events)
	err := e.Store.InTx(ctx, func(ctx context.Context) (err error) {
		r.effects.Events = r.effects.Events[:made] // what the writes record is recorded anew where the database runs them again
		if ended && r.revision > 0 {
			if err := e.Store.DeleteFlowRun(ctx, r.key, r.revision); err != nil {
				return moved(err)
			}
		}
		for _, write := range r.effects.Writes {
			if err := write(ctx); err != nil {
				return err
			}
		}
		if err := e.record(ctx, r); err != nil {
			return err
		}
		if !save {
			return nil
		}
		stored, err = e.save(ctx, r)
		return err
	})
	if err != nil {
		if enrolled {
			pending.ID = 0 // it was taken back, and will be someone else's
		}
		return err
	}
	if stored != nil {
		r.revision = stored.Revision
	}
	for _, after := range r.effects.After {
		after(ctx)
	}
	return nil
}

func moved(err error) error {
	if errors.Is(err, model.ErrConflict) || errors.Is(err, model.ErrNotFound) {
		return errMoved
	}
	return err
}

func (e *Executor) save(ctx context.Context, r *run) (*model.FlowRun, error) {
	r.plan.User = userID(r.visitor)
	clear, err := r.plan.encode()
	if err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	stored := &model.FlowRun{
		ID: r.key, Browser: r.visitor.Browser, Flow: r.flow.ID, Revision: r.revision, Expires: e.Now().Add(RunLifetime).UTC(),
		Plan: []byte(e.Box.Seal(string(clear), place(r.key))),
	}
	return stored, moved(e.Store.SaveFlowRun(ctx, stored))
}

// record writes the request's events. One that was made before its user had an id gets it now.
func (e *Executor) record(ctx context.Context, r *run) error {
	if len(r.effects.Events) == 0 {
		return nil
	}
	pending := r.pending()
	for _, ev := range r.effects.Events {
		if pending != nil && pending.ID != 0 && (ev.User == nil || ev.User.ID == 0) {
			ev.User = event.UserOf(pending)
		}
		event.Complete(ev, e.Now())
	}
	return e.Store.InsertEvents(ctx, r.effects.Events...)
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
