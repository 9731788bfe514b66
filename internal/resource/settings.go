package resource

import (
	"context"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// ChangeSettings changes the settings of the installation. What the body does not name stays as it is.
func (m *Manager) ChangeSettings(ctx context.Context, by Actor, body kind.Body, mode kind.Mode) (*model.Settings, error) {
	if err := access.May(by.Principal, access.Change, ModelSettings, 0); err != nil {
		return nil, err
	}
	var changed model.Settings
	err := m.Store.Change(ctx, func(ctx context.Context, tx *store.Change) error {
		changed = *tx.Snapshot().Settings
		if err := by.Seen.check(SettingsVersion(&changed)); err != nil {
			return err
		}
		errs := faults{}
		errs.merge(kind.Decode(&changed, body, mode))
		if len(errs) > 0 {
			return errs.err()
		}
		if err := tx.Put(ctx, &changed); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelUpdated, ModelSettings, "settings", "settings")
	})
	return &changed, err
}
