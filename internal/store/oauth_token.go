package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// The kinds of token in the table.
const (
	accessKind  = "access"
	refreshKind = "refresh"
)

// accessColumns and refreshColumns are what accessInto and refreshInto scan; the table is called t.
const (
	accessColumns = `t.token_hash, t.grant_id, t.provider_id, t.user_id, t.session_id, t.scopes, t.auth_time, t.auth_method, t.created,
		t.expires, t.revoked_at`
	refreshColumns = accessColumns + `, t.nonce, t.consumed_at`
)

func accessInto(t *model.AccessToken) []any {
	return []any{
		&t.TokenHash, &t.Grant, &t.Provider, &t.User, &t.Session,
		intoWords{&t.Scopes},
		intoTime{&t.AuthTime},
		&t.AuthMethod,
		intoTime{&t.Created},
		intoTime{&t.Expires},
		intoTimePtr{&t.RevokedAt},
	}
}

func refreshInto(t *model.RefreshToken) []any {
	return []any{
		&t.TokenHash, &t.Grant, &t.Provider, &t.User, &t.Session,
		intoWords{&t.Scopes},
		intoTime{&t.AuthTime},
		&t.AuthMethod,
		intoTime{&t.Created},
		intoTime{&t.Expires},
		intoTimePtr{&t.RevokedAt},
		&t.Nonce,
		intoTimePtr{&t.ConsumedAt},
	}
}

const (
	insertToken = `INSERT INTO oauth_tokens (kind, token_hash, grant_id, provider_id, user_id, session_id, scopes, auth_time, auth_method,
		created, expires, revoked_at, nonce, consumed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	insertTokens = insertToken + `, ($15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)`
)

// InsertTokens adds an access token and, unless it is nil, a refresh token.
func (s *Store) InsertTokens(ctx context.Context, a *model.AccessToken, r *model.RefreshToken) error {
	args := []any{
		accessKind, a.TokenHash, a.Grant, a.Provider, a.User, a.Session, words(a.Scopes), moment(a.AuthTime), a.AuthMethod, moment(a.Created),
		moment(a.Expires), momentOrNull(a.RevokedAt), "", momentOrNull(nil),
	}
	if r == nil {
		return wrap("insert access token", s.exec(ctx, insertToken, args...))
	}
	return wrap("insert tokens", s.exec(ctx, insertTokens, append(args,
		refreshKind, r.TokenHash, r.Grant, r.Provider, r.User, r.Session, words(r.Scopes), moment(r.AuthTime), r.AuthMethod, moment(r.Created),
		moment(r.Expires), momentOrNull(r.RevokedAt), r.Nonce, momentOrNull(r.ConsumedAt))...))
}

// AccessToken reads a token and its user. Whether they are still valid is for the caller to say.
func (s *Store) AccessToken(ctx context.Context, hash string) (*model.AccessToken, *model.User, error) {
	t, u := &model.AccessToken{}, &model.User{}
	err := s.readOne(ctx, `SELECT `+accessColumns+`, `+userColumns+` FROM oauth_tokens t JOIN users u ON u.id = t.user_id
		WHERE t.token_hash = $1 AND t.kind = '`+accessKind+`'`,
		append(accessInto(t), userInto(u)...), hash)
	if err != nil {
		return nil, nil, wrap("read access token", err)
	}
	return t, u, nil
}

// RefreshToken reads a token and its user. Whether they are still valid is for the caller to say.
func (s *Store) RefreshToken(ctx context.Context, hash string) (*model.RefreshToken, *model.User, error) {
	t, u := &model.RefreshToken{}, &model.User{}
	err := s.readOne(ctx, `SELECT `+refreshColumns+`, `+userColumns+` FROM oauth_tokens t JOIN users u ON u.id = t.user_id
		WHERE t.token_hash = $1 AND t.kind = '`+refreshKind+`'`,
		append(refreshInto(t), userInto(u)...), hash)
	if err != nil {
		return nil, nil, wrap("read refresh token", err)
	}
	return t, u, nil
}

// ConsumeRefreshToken takes a token, once: of many callers one succeeds, for the others it is model.ErrConflict, as for a revoked or an
// unknown token (RFC 9700 section 4.14.2).
func (s *Store) ConsumeRefreshToken(ctx context.Context, hash string, now time.Time) error {
	const consume = `UPDATE oauth_tokens SET consumed_at = $2
		WHERE token_hash = $1 AND kind = '` + refreshKind + `' AND consumed_at IS NULL AND revoked_at IS NULL RETURNING 1`
	return wrap("consume refresh token", tooLate(s.must(ctx, consume, hash, moment(now))))
}

// RevokeGrant revokes all tokens that came of one authorization.
func (s *Store) RevokeGrant(ctx context.Context, grant string, now time.Time) error {
	return wrap("revoke grant", s.revoke(ctx, `grant_id = $1`, grant, now))
}

// RevokeAccessToken revokes one token; one that is unknown or revoked already is left alone (RFC 7009 section 2.2).
func (s *Store) RevokeAccessToken(ctx context.Context, hash string, now time.Time) error {
	return wrap("revoke access token", s.exec(ctx,
		`UPDATE oauth_tokens SET revoked_at = $2 WHERE token_hash = $1 AND kind = '`+accessKind+`' AND revoked_at IS NULL`, hash, moment(now)))
}

// RevokeSessionTokens revokes all tokens that were issued in a session.
func (s *Store) RevokeSessionTokens(ctx context.Context, session model.SessionID, now time.Time) error {
	if session == "" {
		return nil
	}
	return wrap("revoke tokens of session", s.revoke(ctx, `session_id = $1 AND session_id <> ''`, session, now))
}

// RevokeUserTokens revokes all tokens of a user, and the codes that they have not exchanged yet.
func (s *Store) RevokeUserTokens(ctx context.Context, user model.UserID, now time.Time) error {
	return wrap("revoke tokens of user", s.InTx(ctx, func(ctx context.Context) error {
		err := s.exec(ctx, `UPDATE authorization_codes SET consumed_at = $2 WHERE user_id = $1 AND consumed_at IS NULL`, user, moment(now))
		if err != nil {
			return err
		}
		return s.revoke(ctx, `user_id = $1`, user, now)
	}))
}

// revoke revokes the tokens that a condition on $1 names, again until there is none left: on PostgreSQL it may have waited for a refresh that was under way, and a
// statement does not see what the transaction that it waited for has added.
func (s *Store) revoke(ctx context.Context, where string, whose any, now time.Time) error {
	for {
		n, err := s.hit(ctx, `UPDATE oauth_tokens SET revoked_at = $2 WHERE `+where+` AND revoked_at IS NULL RETURNING 1`, whose, moment(now))
		if err != nil || n == 0 {
			return err
		}
	}
}
