package resource

import (
	"context"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
)

// EndSession ends a session with what applications were given in it, for its owner or a superuser. owner is whose it is, 0 where that is not known.
func (m *Manager) EndSession(ctx context.Context, by Actor, id model.SessionID, owner model.UserID) error {
	if err := access.May(by.Principal, access.Delete, ModelSession, owner); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		if err := m.Store.DeleteSession(ctx, id); err != nil {
			return err
		}
		if err := m.Store.RevokeSessionTokens(ctx, id, m.Now().UTC()); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelSession, string(id), string(id))
	})
}

// EndSessionsOf ends all sessions of a user with what applications were given, and tells how many there were.
func (m *Manager) EndSessionsOf(ctx context.Context, by Actor, user model.UserID) (n int, err error) {
	if err := access.May(by.Principal, access.Delete, ModelSession, user); err != nil {
		return 0, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if n, err = m.Store.DeleteSessionsOf(ctx, user, ""); err != nil || n == 0 {
			return err
		}
		if err := m.Store.RevokeUserTokens(ctx, user, m.Now().UTC()); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelSession, "", "all sessions of user "+idText(user))
	})
	return n, err
}

// WithdrawConsent takes a consent back, for its owner or a superuser. owner is whose it is, 0 where that is not known.
func (m *Manager) WithdrawConsent(ctx context.Context, by Actor, id model.ConsentID, owner model.UserID) error {
	if err := access.May(by.Principal, access.Delete, ModelConsent, owner); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		if err := m.Store.DeleteConsent(ctx, id); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelConsent, idText(id), "consent "+idText(id))
	})
}
