package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// PasswordHistory reads the hashes of a user's last n passwords, the newest first.
func (s *Store) PasswordHistory(ctx context.Context, user model.UserID, n int) ([]string, error) {
	var hashes []string
	const text = `SELECT password_hash FROM password_history WHERE user_id = $1 ORDER BY id DESC LIMIT $2`
	err := s.read(ctx, statement{text: text, args: []any{user, n}, each: func(scan row) error {
		var hash string
		err := scan(&hash)
		hashes = append(hashes, hash)
		return err
	}})
	return hashes, wrap("read password history", err)
}

// AddPasswordHistory adds the hash of a user's password and forgets all but the newest ones, as many as keep says.
func (s *Store) AddPasswordHistory(ctx context.Context, user model.UserID, hash string, keep int, now time.Time) error {
	return wrap("add to password history", s.InTx(ctx, func(ctx context.Context) error {
		err := s.exec(ctx, `INSERT INTO password_history (user_id, password_hash, created) VALUES ($1, $2, $3)`, user, hash, moment(now))
		if err != nil {
			return err
		}
		return s.exec(ctx, `DELETE FROM password_history WHERE user_id = $1
			AND id <= (SELECT id FROM password_history WHERE user_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)`, user, keep)
	}))
}
