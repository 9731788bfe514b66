package resource

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/model"
)

// errDraft undoes a draft that is all right.
var errDraft = errors.New("only a draft")

// Draft gives the configuration as it would be after changes. They are made, checked as ever, and undone, so that nothing is stored and nobody else sees any of it. The changes
// must be made with the context that they are given; their error is Draft's.
func (m *Manager) Draft(ctx context.Context, changes func(ctx context.Context) error) (*model.Snapshot, error) {
	var s *model.Snapshot
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		if err := changes(ctx); err != nil {
			return err
		}
		s = m.Store.SnapshotIn(ctx)
		return errDraft
	})
	if !errors.Is(err, errDraft) {
		return nil, err
	}
	return s, nil
}
