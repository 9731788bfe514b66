package flow

import (
	"context"
	"net/url"
	"slices"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/stage"
)

// Policies decides whether a request may pass a target. Package policy has it.
type Policies interface {
	Evaluate(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, r *policy.Request) (policy.Result, error)
}

// plan makes a plan of a flow, or says why the flow does not apply to who asks.
func (e *Executor) plan(ctx context.Context, r *run, f *model.Flow, c *model.PlanContext) (*Plan, error) {
	if err := e.require(ctx, f, r.visitor, c); err != nil {
		return nil, err
	}
	if err := e.judge(ctx, r, f, c); err != nil {
		return nil, err
	}
	p := &Plan{Version: planVersion, Flow: f.ID, Context: c, Trace: r.trace, User: userID(r.visitor)}
	for _, b := range r.snapshot.BindingsOf(f.ID) {
		step := Step{Binding: b.ID, ReEvaluate: b.ReEvaluatePolicies}
		if !b.EvaluateOnPlan {
			p.Steps = append(p.Steps, step)
			continue
		}
		v, err := e.evaluate(ctx, r, model.TargetID(b.ID), b.PolicyEngineMode, b, c)
		if err != nil {
			return nil, err
		}
		p.Steps = append(p.Steps, v.redirects()...)
		if v.Passing {
			p.Steps = append(p.Steps, step)
			continue
		}
		e.mark(r, &step, Mark{Did: DidSkip, Rule: v.Rule})
	}
	return p, nil
}

// require checks the flow's authentication requirement against who asks.
func (e *Executor) require(ctx context.Context, f *model.Flow, v *model.Visitor, c *model.PlanContext) error {
	switch f.Authentication {
	case model.RequireAuthenticated:
		if !v.SignedIn() {
			return model.Refuse(model.CodeUnauthenticated, "flow.requires_signed_in", "Flow does not apply to current user.")
		}
	case model.RequireUnauthenticated:
		if v.SignedIn() && !SlotReauthenticate.Value(c) {
			return model.Refuse(model.CodeDenied, "flow.requires_signed_out", "Flow does not apply to current user.")
		}
	case model.RequireSuperuser:
		super, err := e.isSuperuser(ctx, v)
		if err != nil {
			return err
		}
		if !super {
			return model.Refuse(model.CodeDenied, "flow.requires_superuser", "Flow does not apply to current user.")
		}
	case model.RequireRedirect:
		if _, ok := stage.SlotIsRedirected.Get(c); !ok {
			return model.Refuse(model.CodeDenied, "flow.not_applicable", "Flow does not apply to current user.")
		}
	case model.RequireOutpost:
		return model.Refuse(model.CodeDenied, "flow.not_applicable", "Flow does not apply to current user.")
	case model.RequireNone:
	}
	return nil
}

func (e *Executor) isSuperuser(ctx context.Context, v *model.Visitor) (bool, error) {
	if !v.SignedIn() {
		return false, nil
	}
	if v.User.Groups == nil {
		groups, err := e.groups.GroupsOf(ctx, v.User.ID)
		if err != nil {
			return false, err
		}
		v.User.Groups = append([]model.UserGroup{}, groups...)
	}
	return v.User.IsSuperuser(), nil
}

// judge evaluates the flow's own policies and refuses with their messages.
func (e *Executor) judge(ctx context.Context, r *run, f *model.Flow, c *model.PlanContext) error {
	v, err := e.evaluate(ctx, r, model.TargetID(f.ID), f.PolicyEngineMode, f, c)
	if err != nil || v.Passing {
		return err
	}
	refusal := model.Refuse(model.CodeDenied, "flow.not_applicable", "Flow does not apply to current user.").With("rule", v.Rule)
	if len(v.Messages) > 0 {
		refusal.Message = v.Messages[0]
		refusal.Args = map[string]string{"message": v.Messages[0]}
	}
	return refusal
}

// verdict is what the policies before something say.
type verdict struct {
	policy.Result
	// to is where a policy sends the browser, "" for nowhere.
	to string
}

// redirects is the step that sends the browser where a policy says, if one does.
func (v verdict) redirects() []Step {
	if v.to == "" {
		return nil
	}
	return []Step{{Inline: redirectStage, Argument: v.to}}
}

// messages are what the policies tell the person.
func (v verdict) messages() []stage.Message {
	var out []stage.Message
	for _, m := range v.Messages {
		out = append(out, stage.Message{Literal: m})
	}
	for _, t := range v.Texts {
		out = append(out, stage.Message{Key: t.Key, Args: t.Args})
	}
	return out
}

// evaluate asks the policies that stand before a target: a flow, or a binding.
func (e *Executor) evaluate(
	ctx context.Context, r *run, target model.TargetID, mode model.EngineMode, obj any, c *model.PlanContext,
) (verdict, error) {
	if len(r.snapshot.PoliciesOf(target)) == 0 {
		return verdict{Result: policy.Result{Passing: true}}, nil
	}
	user := stage.SlotPendingUser.Value(c)
	if user == nil {
		user = r.visitor.User
	}
	var v verdict
	request := &policy.Request{Visitor: r.visitor, User: user, Context: c, Query: shown(r.query), Obj: obj, Debug: r.trial}
	request.Write = func(work func(ctx context.Context) error) { r.effects.Writes = append(r.effects.Writes, work) }
	if _, isFlow := obj.(*model.Flow); !isFlow {
		request.Redirect = func(url string) { v.to = url }
	}
	var err error
	v.Result, err = e.policies.Evaluate(ctx, r.snapshot, target, mode, request)
	return v, err
}

// shown is a page's query without what is our own.
func shown(query url.Values) url.Values {
	out := url.Values{}
	for name, values := range query {
		if name != runParameter && name != linkParameter {
			out[name] = slices.Clone(values)
		}
	}
	return out
}
