package user

import (
	"context"
	"fmt"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// Users is the database for whoever changes users. It keeps the hash of a password that is replaced or made unusable, whoever does it, for policies that compare a new
// password with earlier ones.
type Users struct {
	*store.Store
	keep func(*model.Snapshot) int
	now  func() time.Time
}

// NewUsers makes it. The function tells how many replaced passwords of each person are to be kept; 0 keeps none, and costs nothing.
func NewUsers(s *store.Store, keep func(*model.Snapshot) int, now func() time.Time) *Users {
	return &Users{Store: s, keep: keep, now: now}
}

// UpdateUser changes a user as the store does.
func (u *Users) UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (after *model.User, err error) {
	keep := u.keep(u.Snapshot())
	if keep <= 0 {
		return u.Store.UpdateUser(ctx, id, fn)
	}
	err = u.InTx(ctx, func(ctx context.Context) error {
		old := ""
		after, err = u.Store.UpdateUser(ctx, id, func(stored *model.User) error {
			before := *stored
			err := fn(stored)
			if old = ""; replaced(&before, stored) {
				old = before.PasswordHash
			}
			return err
		})
		if err != nil || old == "" {
			return err
		}
		if err := u.AddPasswordHistory(ctx, id, old, keep, u.now()); err != nil {
			return fmt.Errorf("keep replaced password: %w", err)
		}
		return nil
	})
	return after, err
}

// replaced reports whether a user's password is another one now. A new hash of the same password, made at another cost, has the same date.
func replaced(before, after *model.User) bool {
	if before.PasswordHash == "" || before.PasswordHash == after.PasswordHash {
		return false
	}
	return after.PasswordHash == "" || !after.PasswordChangeDate.Equal(before.PasswordChangeDate)
}
