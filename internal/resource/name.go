package resource

import (
	"context"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// NameOf is what people know an object by: its own name. A binding has none, so it is named by what it stands in and what it binds, "flow / stage". The words are the
// administrator's alone, so that they read the same in every language.
func (m *Manager) NameOf(ctx context.Context, s *model.Snapshot, o *Object) string {
	var parts []string
	switch b := o.Value.(type) {
	case *model.FlowStageBinding:
		parts = boundStage(s, b)
	case *model.PolicyBinding:
		if parts = boundTarget(s, b.Target); len(parts) > 0 {
			parts = append(parts, m.asked(ctx, s, b))
		}
	}
	for _, part := range parts {
		if part == "" {
			return o.Name()
		}
	}
	if len(parts) == 0 {
		return o.Name()
	}
	return strings.Join(parts, " / ")
}

func boundStage(s *model.Snapshot, b *model.FlowStageBinding) []string {
	f, st := s.Flows[b.Flow], s.Stages[b.Stage]
	if f == nil || st == nil {
		return nil
	}
	return []string{f.Slug, st.Name}
}

// boundTarget names what policies are bound to.
func boundTarget(s *model.Snapshot, t model.TargetID) []string {
	if a := s.Applications[model.ApplicationID(t)]; a != nil {
		return []string{a.Name}
	}
	if src := s.Sources[model.SourceID(t)]; src != nil {
		return []string{src.Name}
	}
	if e := s.Entitlements[model.EntitlementID(t)]; e != nil {
		return []string{e.Name}
	}
	for _, f := range s.Flows {
		if f.Target == t || string(f.ID) == string(t) {
			return []string{f.Slug}
		}
	}
	for _, b := range s.Bindings {
		if b.Policy == t || string(b.ID) == string(t) {
			return boundStage(s, b)
		}
	}
	return nil
}

// asked names who or what decides in a policy binding; it is empty where that is gone.
func (m *Manager) asked(ctx context.Context, s *model.Snapshot, b *model.PolicyBinding) string {
	switch {
	case b.Policy != nil && s.Policies[*b.Policy] != nil:
		return s.Policies[*b.Policy].Name
	case b.Group != nil:
		if g, err := m.Store.Group(ctx, *b.Group); err == nil {
			return g.Name
		}
	case b.User != nil:
		if u, err := m.Store.User(ctx, *b.User); err == nil {
			return u.Username
		}
	}
	return ""
}
