package resource

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

// Draft gives the configuration as it would be after changes. They are made and checked as ever, but nothing is written: nobody else sees any of it, or waits for it. The changes
// must be made with the context that they are given; their error is Draft's.
func (m *Manager) Draft(ctx context.Context, changes func(ctx context.Context) error) (*model.Snapshot, error) {
	var s *model.Snapshot
	err := m.Store.Draft(ctx, func(ctx context.Context) error {
		if err := changes(ctx); err != nil {
			return err
		}
		s = m.Store.SnapshotIn(ctx)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}
