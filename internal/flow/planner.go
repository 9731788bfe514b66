package flow

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/stage"
)

// Policies decides whether a request may pass a target. Package policy has it.
type Policies interface {
	Evaluate(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, r *policy.Request) (policy.Result, error)
}

// plan makes a plan of a flow, or says why the flow does not apply to who asks.
func (e *Executor) plan(ctx context.Context, s *model.Snapshot, f *model.Flow, v *model.Visitor, c *model.PlanContext) (*Plan, error) {
	if err := e.require(ctx, f, v, c); err != nil {
		return nil, err
	}
	if err := e.judge(ctx, s, model.TargetID(f.ID), f.PolicyEngineMode, v, c); err != nil {
		return nil, err
	}
	p := &Plan{Version: planVersion, Flow: f.ID, Context: c}
	if v.SignedIn() {
		p.User = v.User.ID
	}
	for _, b := range s.BindingsOf(f.ID) {
		if b.EvaluateOnPlan {
			r, err := e.evaluate(ctx, s, model.TargetID(b.ID), b.PolicyEngineMode, v, c)
			if err != nil {
				return nil, err
			}
			if !r.Passing {
				continue
			}
		}
		p.Steps = append(p.Steps, Step{Binding: b.ID, ReEvaluate: b.ReEvaluatePolicies})
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
func (e *Executor) judge(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, v *model.Visitor, c *model.PlanContext) error {
	r, err := e.evaluate(ctx, s, target, mode, v, c)
	if err != nil || r.Passing {
		return err
	}
	refusal := model.Refuse(model.CodeDenied, "flow.not_applicable", "Flow does not apply to current user.").With("rule", r.Rule)
	if len(r.Messages) > 0 {
		refusal.Message = r.Messages[0]
		refusal.Args = map[string]string{"message": r.Messages[0]}
	}
	return refusal
}

func (e *Executor) evaluate(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, v *model.Visitor, c *model.PlanContext) (policy.Result, error) {
	if len(s.PoliciesOf(target)) == 0 {
		return policy.Result{Passing: true}, nil
	}
	user := stage.SlotPendingUser.Value(c)
	if user == nil {
		user = v.User
	}
	return e.policies.Evaluate(ctx, s, target, mode, &policy.Request{Visitor: v, User: user, Context: c})
}
