package source

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// door is a source as one visitor meets it.
type door struct {
	snapshot *model.Snapshot
	source   *model.Source
	visitor  *model.Visitor
	// next is where the visitor is going.
	next string
	// trial says that the source is only tried out: what policies note is not stored.
	trial bool
}

// allowed enforces the policies bound to the source. They see the plan's context that the run will begin with: the profile (oauth_userinfo), the source, what the
// mappings made of it (prompt_data); what they write into it the run sees.
func (m *Manager) allowed(ctx context.Context, d door, u *model.User, c *model.PlanContext) error {
	s, src := d.snapshot, d.source
	if len(s.PoliciesOf(model.TargetID(src.ID))) == 0 {
		return nil
	}
	query := url.Values{}
	if d.next != "" {
		query.Set("next", d.next)
	}
	result, err := m.Policies.Evaluate(ctx, s, model.TargetID(src.ID), src.PolicyEngineMode, &policy.Request{
		Visitor: d.visitor, User: u, Context: c, Query: query, Obj: src, Debug: d.trial,
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

// door is the source as this browser comes to it.
func (r *returning) door(next string) door {
	return door{snapshot: r.snapshot, source: r.source, visitor: r.visitor, next: next, trial: r.trial != nil}
}

// mayDepart asks who is signed in may use the source at all, before they go there. Where a policy is bound it waits for what the source tells: an expression about
// the profile would fail without one.
func (m *Manager) mayDepart(ctx context.Context, s *model.Snapshot, src *model.Source, v *model.Visitor, next string) error {
	judges := func(b *model.PolicyBinding) bool { return b.Enabled && b.Policy != nil }
	if !v.SignedIn() || slices.ContainsFunc(s.PoliciesOf(model.TargetID(src.ID)), judges) {
		return nil
	}
	return m.allowed(ctx, door{snapshot: s, source: src, visitor: v, next: next}, v.User, model.NewPlanContext())
}
