package source

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// allowed enforces the policies bound to the source. They see the plan's context that the run will begin with: the profile (oauth_userinfo), the source, what the
// mappings made of it (prompt_data); what they write into it the run sees.
func (m *Manager) allowed(ctx context.Context, s *model.Snapshot, src *model.Source, v *model.Visitor, u *model.User, c *model.PlanContext, next string) error {
	if len(s.PoliciesOf(model.TargetID(src.ID))) == 0 {
		return nil
	}
	query := url.Values{}
	if next != "" {
		query.Set("next", next)
	}
	result, err := m.Policies.Evaluate(ctx, s, model.TargetID(src.ID), src.PolicyEngineMode, &policy.Request{
		Visitor: v, User: u, Context: c, Query: query, Obj: src,
	})
	if err != nil || result.Passing {
		return err
	}
	refusal := model.Refuse(model.CodeDenied, "source.policy_denied", "The source's policies refuse.").With("source", src.Slug).With("rule", result.Rule)
	if len(result.Messages) > 0 {
		refusal.Message = strings.Join(result.Messages, " ")
		refusal.Args = map[string]string{"message": refusal.Message}
	}
	return refusal
}

// mayDepart asks who is signed in may use the source at all, before they go there. Where a policy is bound it waits for what the source tells: an expression about
// the profile would fail without one.
func (m *Manager) mayDepart(ctx context.Context, s *model.Snapshot, src *model.Source, v *model.Visitor, next string) error {
	judges := func(b *model.PolicyBinding) bool { return b.Enabled && b.Policy != nil }
	if !v.SignedIn() || slices.ContainsFunc(s.PoliciesOf(model.TargetID(src.ID)), judges) {
		return nil
	}
	return m.allowed(ctx, s, src, v, v.User, model.NewPlanContext(), next)
}
