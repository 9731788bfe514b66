package resource

import (
	"context"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
)

// Reputation finds a score for who may act on it.
func (m *Manager) Reputation(ctx context.Context, by Actor, a access.Action, id string) (*model.Reputation, error) {
	if err := access.May(by.Principal, a, ModelReputation, 0); err != nil {
		return nil, err
	}
	if !uuidForm.MatchString(id) {
		return nil, model.ErrNotFound
	}
	return m.Store.ReputationScore(ctx, id)
}

// DeleteReputation forgets a score.
func (m *Manager) DeleteReputation(ctx context.Context, by Actor, id string) error {
	r, err := m.Reputation(ctx, by, access.Delete, id)
	if err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		if err := m.Store.DeleteReputation(ctx, id); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelReputation, id, r.Identifier+" "+r.IP)
	})
}
