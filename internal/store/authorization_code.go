package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// codeColumns are what codeInto scans; the table is called by its name.
const codeColumns = `code_hash, grant_id, provider_id, user_id, session_id, redirect_uri, scopes, nonce, challenge, method,
	auth_time, auth_method, created, expires, consumed_at`

func codeInto(c *model.AuthorizationCode) []any {
	return []any{
		&c.CodeHash, &c.Grant, &c.Provider, &c.User, &c.Session, &c.RedirectURI,
		intoWords{&c.Scopes},
		&c.Nonce, &c.Challenge, &c.Method,
		intoTime{&c.AuthTime},
		&c.AuthMethod,
		intoTime{&c.Created},
		intoTime{&c.Expires},
		intoTimePtr{&c.ConsumedAt},
	}
}

// InsertAuthorizationCode adds a code.
func (s *Store) InsertAuthorizationCode(ctx context.Context, c *model.AuthorizationCode) error {
	const insert = `INSERT INTO authorization_codes (` + codeColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	return wrap("insert authorization code", s.exec(ctx, insert, c.CodeHash, c.Grant, c.Provider, c.User, c.Session, c.RedirectURI,
		words(c.Scopes), c.Nonce, c.Challenge, c.Method, moment(c.AuthTime), c.AuthMethod, moment(c.Created), moment(c.Expires),
		momentOrNull(c.ConsumedAt)))
}

const (
	consumeCodeWhere = ` WHERE code_hash = $1 AND provider_id = $2 AND consumed_at IS NULL AND expires > $3`
	// SQLite's RETURNING knows the changed table only.
	consumeCodeSQLite   = `UPDATE authorization_codes SET consumed_at = $3` + consumeCodeWhere + ` RETURNING ` + codeColumns
	consumeCodePostgres = `WITH c AS (UPDATE authorization_codes SET consumed_at = $3` + consumeCodeWhere + ` RETURNING ` + codeColumns + `)
		SELECT c.*, ` + userColumns + ` FROM c JOIN users u ON u.id = c.user_id`
)

// ConsumeAuthorizationCode takes a provider's code, once, with its user (RFC 6749 section 4.1.2): of many callers one gets it. For the
// others, for another provider and after its expiry it is model.ErrNotFound.
func (s *Store) ConsumeAuthorizationCode(ctx context.Context, hash string, provider model.ProviderID, now time.Time) (*model.AuthorizationCode, *model.User, error) {
	c, u := &model.AuthorizationCode{}, &model.User{}
	var err error
	if s.postgres {
		err = s.writeOne(ctx, consumeCodePostgres, append(codeInto(c), userInto(u)...), hash, provider, moment(now))
	} else {
		err = s.InTx(ctx, func(ctx context.Context) error {
			if err := s.writeOne(ctx, consumeCodeSQLite, codeInto(c), hash, provider, moment(now)); err != nil {
				return err
			}
			return s.readOne(ctx, `SELECT `+userColumns+` FROM users u WHERE u.id = $1`, userInto(u), c.User)
		})
	}
	if err != nil {
		return nil, nil, wrap("consume authorization code", err)
	}
	return c, u, nil
}

// AuthorizationCode reads a code in whatever state it is, to tell one that is used twice from one that never was. It is kept for an
// hour after it expired.
func (s *Store) AuthorizationCode(ctx context.Context, hash string) (*model.AuthorizationCode, error) {
	c := &model.AuthorizationCode{}
	err := s.readOne(ctx, `SELECT `+codeColumns+` FROM authorization_codes WHERE code_hash = $1`, codeInto(c), hash)
	if err != nil {
		return nil, wrap("read authorization code", err)
	}
	return c, nil
}
