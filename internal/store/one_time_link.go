package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// InsertOneTimeLink adds a link.
func (s *Store) InsertOneTimeLink(ctx context.Context, l *model.OneTimeLink) error {
	return wrap("insert one-time link", s.exec(ctx,
		`INSERT INTO one_time_links (token_hash, purpose, user_id, expires) VALUES ($1, $2, $3, $4)`, l.TokenHash, l.Purpose, l.User, moment(l.Expires)))
}

// ConsumeOneTimeLink takes a link, once: of many callers one gets it, for the others and after its expiry it is model.ErrNotFound.
func (s *Store) ConsumeOneTimeLink(ctx context.Context, tokenHash, purpose string, now time.Time) (*model.OneTimeLink, error) {
	l := &model.OneTimeLink{}
	const consume = `DELETE FROM one_time_links WHERE token_hash = $1 AND purpose = $2 AND expires > $3 RETURNING token_hash, purpose, user_id, expires`
	err := s.writeOne(ctx, consume, []any{&l.TokenHash, &l.Purpose, &l.User, intoTime{&l.Expires}}, tokenHash, purpose, moment(now))
	if err != nil {
		return nil, wrap("consume one-time link", err)
	}
	return l, nil
}
