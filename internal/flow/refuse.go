package flow

import (
	"context"
	"errors"
	"net/url"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// respond deals with a refusal by a stage: a wrong answer may start the flow again, as the binding says. It reports whether the run goes on.
func (e *Executor) respond(ctx context.Context, r *run, v *stage.Visit, refusal *model.Error) (again bool, reply *Reply, err error) {
	if refusal.Code != model.CodeInvalid || v.Binding == nil || r.restarted || v.Binding.InvalidResponseAction == model.InvalidRetry {
		reply, err = e.refused(ctx, r, refusal)
		return false, reply, err
	}
	// What the stages of this request did is taken back, a sign-in too; that an answer was refused stays on record.
	ev := refusalEvent(r, refusal)
	visitor := *r.arrived
	r.visitor = &visitor
	c, closing := model.NewPlanContext(), inlineOf(r.plan.Steps)
	if v.Binding.InvalidResponseAction == model.InvalidRestartWithContext || r.plan.Started {
		c = r.plan.Context // what a source or a provider began the run with is nowhere else
	}
	e.mark(r, nil, Mark{Did: DidRestart})
	p, err := e.plan(ctx, r, r.flow, c)
	if err != nil {
		reply, err = e.refused(ctx, r, err)
		return false, reply, err
	}
	p.Started, p.Turn, p.Links, p.User = r.plan.Started, r.plan.Turn+1, r.plan.Links, r.plan.User
	if p.Started {
		p.Steps = append(p.Steps, closing...)
	}
	r.plan, r.restarted, r.effects, r.rests = p, true, stage.Effects{Events: []*model.Event{ev}}, nil
	r.progressed = r.progressed || r.revision > 0
	return true, nil, nil
}

// refused ends the run with a page that says why. What the stages wanted written is not written; the refusal itself is recorded, under a support code. An error that is
// none of ours is a fault, see failed; one of the database goes up as it is.
func (e *Executor) refused(ctx context.Context, r *run, err error) (*Reply, error) {
	var refusal *model.Error
	if !errors.As(err, &refusal) || refusal.Code == model.CodeInternal {
		return e.failed(ctx, r, err)
	}
	if refusal.Code == model.CodeUnavailable {
		return nil, err
	}
	if refusal.Code == model.CodeConflict && r.retry {
		return nil, refusal
	}
	if refusal.Reason == "" {
		return e.failed(ctx, r, err)
	}
	ev := refusalEvent(r, refusal)
	e.mark(r, nil, Mark{Did: DidRefuse, Reason: refusal.Reason, Rule: ruleOf(refusal)})
	if to := e.insteadOfDenial(r, refusal); to != "" {
		r.effects = stage.Effects{Events: []*model.Event{ev}} // nobody is told, so the audit trail is
		return e.end(ctx, r, to)
	}
	r.outcome = "refused"
	denied := &stage.AccessDenied{
		Base: stage.Base{Component: "ak-stage-access-denied", FlowInfo: e.flowInfo(r)}, ErrorMessage: refusal.Message,
		SupportCode: r.trace.SupportCode, Reason: refusal.Reason, Args: refusal.Args, RetryURL: e.retryURL(r),
	}
	if err := e.conclude(ctx, r, ev); err != nil {
		return nil, err
	}
	reply := e.reply(r)
	reply.Challenge, reply.Refusal, reply.Ended = denied, refusal, true
	return reply, nil
}

// conclude ends the run with an event and nothing else. Where another request has advanced the run meanwhile, the event is recorded all the same: its support
// code is about to be shown.
func (e *Executor) conclude(ctx context.Context, r *run, ev *model.Event) error {
	r.effects, r.rests, r.claim = stage.Effects{Events: []*model.Event{ev}}, nil, nil
	err := e.commit(ctx, r, false, true)
	if errors.Is(err, errMoved) {
		err = e.commit(ctx, r, false, false)
	}
	return err
}

// ruleOf names what refused, "" where it was no rule.
func ruleOf(refusal *model.Error) string {
	rule, _ := refusal.Detail["rule"].(string)
	return rule
}

// refusalEvent is the record of a refusal: the cause, and who it was about. It bears the run's support code.
func refusalEvent(r *run, refusal *model.Error) *model.Event {
	ev := event.New(refusalAction(r.flow, refusal), "authentik.flows", r.arrived, refusal.Detail)
	delete(ev.Context, detailAction)
	ev.Context["flow"] = r.flow.Slug
	ev.Context["reason"], ev.Reason = refusal.Reason, refusal.Reason
	ev.Context["message"] = refusal.Error()
	if r.plan == nil {
		return ev
	}
	if u := r.pending(); u != nil {
		ev.Context["username"] = u.Username
		if u.ID != 0 {
			ev.User = event.UserOf(u)
		}
	}
	if src, ok := stage.SlotSource.Get(r.plan.Context); ok {
		ev.Context["source"] = src.Slug
	}
	return ev
}

// insteadOfDenial gives where a flow that does not apply sends people instead of refusing them (denied_action), or "".
func (e *Executor) insteadOfDenial(r *run, refusal *model.Error) string {
	if r.plan != nil || refusal.Reason == "next.invalid" || refusal.Code == model.CodeExpired {
		return ""
	}
	next, ok := "", false
	if raw := r.query.Get("next"); raw != "" {
		next, ok = e.Next(raw)
	}
	switch r.flow.DeniedAction {
	case model.DeniedContinue:
		if ok {
			return next
		}
		return "/"
	case model.DeniedMessageContinue:
		// An authorization sends people back where they came from, and a refused one would send them here again: no circles.
		if ok && r.flow.Designation != model.DesignationAuthorization && !r.started {
			return next
		}
	case model.DeniedMessage:
	}
	return ""
}

// failed is a fault of ours or of the configuration: recorded, logged, and told without details.
func (e *Executor) failed(ctx context.Context, r *run, err error) (*Reply, error) {
	code := r.trace.SupportCode
	ev := event.New(model.ActionSystemException, "authentik.flows", r.arrived, map[string]any{"flow": r.flow.Slug, "message": err.Error()})
	ev.Reason = "internal"
	e.mark(r, nil, Mark{Did: DidFail})
	r.outcome = "failed"
	e.Log.ErrorContext(ctx, "flow failed", "flow", r.flow.Slug, "request_id", r.visitor.RequestID, "support_code", code, "err", err)
	if err := e.conclude(ctx, r, ev); err != nil {
		return nil, err
	}
	reply := e.reply(r)
	reply.Ended = true
	reply.Refusal = model.Refuse(model.CodeInternal, "internal", "An internal error occurred.")
	reply.Challenge = &stage.FlowError{
		Base: stage.Base{Component: "ak-stage-flow-error", FlowInfo: e.flowInfo(r)}, RequestID: r.visitor.RequestID, SupportCode: code,
	}
	return reply, nil
}

// retryURL leads back to a place from which the same can be tried again: the login page, with where the person wanted to go.
func (e *Executor) retryURL(r *run) string {
	to := "/flows/-/default/authentication/"
	if next, ok := e.Next(r.query.Get("next")); ok && r.query.Get("next") != "" {
		to += "?" + url.Values{"next": {next}}.Encode()
	}
	return to
}

// detailAction is the key of a refusal's Detail by which a stage files it under an action of its own.
const detailAction = "action"

// refusalAction files a refusal under one of authentik's actions.
func refusalAction(f *model.Flow, refusal *model.Error) model.Action {
	if a, ok := refusal.Detail[detailAction].(model.Action); ok {
		return a
	}
	switch f.Designation {
	case model.DesignationAuthentication, model.DesignationEnrollment, model.DesignationRecovery:
		return model.ActionLoginFailed
	case model.DesignationAuthorization, model.DesignationInvalidation, model.DesignationUnenrollment, model.DesignationStageConfiguration:
	}
	return model.ActionConfigurationWarning
}
