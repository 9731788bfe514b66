package resource

import (
	"context"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
)

// Recover lets issue make a link by which a user gets in again, and records that somebody was given it. The link itself is not recorded.
func (m *Manager) Recover(ctx context.Context, by Actor, id model.UserID, issue func(ctx context.Context, u *model.User) (model.Secret, error)) (model.Secret, error) {
	if err := access.May(by.Principal, access.Change, ModelUser, 0); err != nil {
		return model.Secret{}, err
	}
	u, err := m.Store.User(ctx, id)
	if err != nil {
		return model.Secret{}, err
	}
	var link model.Secret
	err = m.Store.InTx(ctx, func(ctx context.Context) error {
		if link, err = issue(ctx, u); err != nil {
			return err
		}
		return m.event(ctx, by, model.ActionSecretView, "authentik_core", secretOf("authentik_core", "user", idText(id), u.Username))
	})
	return link, err
}
