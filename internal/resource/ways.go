package resource

import (
	"context"
	"slices"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// LoginWays tells by what people may sign in on the default login page. It is nothing where there is none.
func (m *Manager) LoginWays(s *model.Snapshot) stage.Ways {
	f := loginFlow(s)
	if f == nil || m.Ways == nil {
		return stage.Ways{}
	}
	return m.Ways(s, f)
}

// AdministratorWays counts the ways in of each active administrator: a password, a passkey, every source that has an account of theirs.
func (m *Manager) AdministratorWays(ctx context.Context, s *model.Snapshot) ([]int, error) {
	all, err := m.Store.Administrators(ctx)
	if err != nil {
		return nil, err
	}
	w := m.LoginWays(s)
	counts := make([]int, len(all))
	for i, a := range all {
		counts[i] = m.ways(s, w, a)
	}
	return counts, nil
}

// ways counts those of one administrator.
func (m *Manager) ways(s *model.Snapshot, w stage.Ways, a *model.Administrator) int {
	n := 0
	if a.Password && w.Names && w.Passwords && w.SignsIn && w.Meets(a.Devices) {
		n++
	}
	if w.Passkeys && w.SignsIn && slices.Contains(a.Devices, model.DeviceWebAuthn) {
		n++
	}
	for _, id := range a.Sources {
		if slices.Contains(w.Sources, id) && m.opens(s, id, a) {
			n++
		}
	}
	return n
}
