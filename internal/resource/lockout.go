package resource

import (
	"context"
	"slices"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// guarded makes a change and refuses it if administrators could sign in before and none could afterwards: with a password, a passkey or a source on the default login page, and
// with the second factor that it demands. Those who change administrators or the login page do so one after the other, so that two of them cannot each remove what the other relies on.
//
// Policies are not weighed: what they decide is known only when somebody signs in. Where one shuts everybody out, "weimen rescue" opens.
func (m *Manager) guarded(ctx context.Context, change func(ctx context.Context, tx *store.Change) error) error {
	return m.Store.Change(ctx, func(ctx context.Context, tx *store.Change) error {
		could, err := m.open(ctx, tx.Snapshot())
		if err != nil {
			return err
		}
		if err := change(ctx, tx); err != nil || !could {
			return err
		}
		can, err := m.open(ctx, tx.Snapshot())
		if err != nil || can {
			return err
		}
		return model.Refuse(model.CodeConflict, "administrator.last_way",
			"No administrator could sign in any more: keep one who is active, with a password, a passkey or a connected source that the default login page offers, "+
				"and with the second factor that it demands.")
	})
}

// guardedPeople is guarded for what is not configuration.
func (m *Manager) guardedPeople(ctx context.Context, change func(ctx context.Context) error) error {
	return m.guarded(ctx, func(ctx context.Context, _ *store.Change) error { return change(ctx) })
}

// KeepAdministrator makes a change of people, and refuses it if it would leave no administrator a way to sign in.
func (m *Manager) KeepAdministrator(ctx context.Context, change func(ctx context.Context) error) error {
	return m.guardedPeople(ctx, change)
}

// entrances are the sorts whose objects make the login page. Changes to others cannot shut it.
func entrances(ref string) bool {
	return slices.Contains([]string{"flow", "flowstagebinding", "stage", "source", "brand"}, ref)
}

// change changes the configuration, guarded where the object is part of the login page.
func (m *Manager) change(ctx context.Context, n *Noun, fn func(ctx context.Context, tx *store.Change) error) error {
	if entrances(n.Ref) {
		return m.guarded(ctx, fn)
	}
	return m.Store.Change(ctx, fn)
}

// open reports whether any administrator can sign in.
func (m *Manager) open(ctx context.Context, s *model.Snapshot) (bool, error) {
	f := loginFlow(s)
	if f == nil || m.Ways == nil {
		return false, nil
	}
	all, err := m.Store.Administrators(ctx)
	if err != nil {
		return false, err
	}
	w := m.Ways(s, f)
	return slices.ContainsFunc(all, func(a *model.Administrator) bool { return m.ways(s, w, a) > 0 }), nil
}

// opens reports whether a source signs an administrator in who has an account there.
func (m *Manager) opens(s *model.Snapshot, id model.SourceID, a *model.Administrator) bool {
	src := s.Sources[id]
	if src == nil || !src.Enabled || src.AuthenticationFlow == nil || s.Flows[*src.AuthenticationFlow] == nil {
		return false
	}
	w := m.Ways(s, s.Flows[*src.AuthenticationFlow])
	return w.SignsIn && w.Meets(a.Devices)
}

// loginFlow is the default brand's, else the first by slug.
func loginFlow(s *model.Snapshot) *model.Flow {
	for _, b := range s.Brands {
		if b.Default && b.FlowAuthentication != nil && s.Flows[*b.FlowAuthentication] != nil {
			return s.Flows[*b.FlowAuthentication]
		}
	}
	var first *model.Flow
	for _, f := range s.Flows {
		if f.Designation == model.DesignationAuthentication && (first == nil || f.Slug < first.Slug) {
			first = f
		}
	}
	return first
}
