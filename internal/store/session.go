package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// sessionColumns are what sessionInto scans; the table is called s.
const sessionColumns = `s.id, s.token_hash, s.user_id, s.created, s.last_used, s.expires, s.persistent, s.auth_time, s.auth_method,
	s.source, s.client_ip, s.user_agent, s.browser, s.binding`

func sessionInto(x *model.Session) []any {
	return []any{
		&x.ID, &x.TokenHash, &x.User,
		intoTime{&x.Created},
		intoTime{&x.LastUsed},
		intoTime{&x.Expires},
		&x.Persistent,
		intoTime{&x.AuthTime},
		&x.AuthMethod, &x.Source, &x.ClientIP, &x.UserAgent, &x.Browser, &x.Binding,
	}
}

const (
	insertSession = `INSERT INTO sessions (id, token_hash, user_id, created, last_used, expires, persistent, auth_time, auth_method,
		source, client_ip, user_agent, browser, binding) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	insertSessionLastLogin = `WITH s AS (` + insertSession + `) UPDATE users SET last_login = $4 WHERE id = $3`
	lastLogin              = `UPDATE users SET last_login = $1 WHERE id = $2`
)

// InsertSession adds a session, sets its ID where it is empty, and notes the user's last login.
func (s *Store) InsertSession(ctx context.Context, x *model.Session) error {
	if x.ID == "" {
		x.ID = model.SessionID(newID())
	}
	args := []any{
		x.ID, x.TokenHash, x.User, moment(x.Created), moment(x.LastUsed), moment(x.Expires), x.Persistent, moment(x.AuthTime), x.AuthMethod,
		x.Source, x.ClientIP, x.UserAgent, x.Browser, x.Binding,
	}
	if s.postgres {
		return wrap("insert session", s.exec(ctx, insertSessionLastLogin, args...))
	}
	return wrap("insert session", s.InTx(ctx, func(ctx context.Context) error {
		if err := s.exec(ctx, insertSession, args...); err != nil {
			return err
		}
		return s.exec(ctx, lastLogin, moment(x.Created), x.User)
	}))
}

// SessionByTokenHash reads a session and its user. Whether they are still valid is for the caller to say.
func (s *Store) SessionByTokenHash(ctx context.Context, hash string) (*model.Session, *model.User, error) {
	x, u := &model.Session{}, &model.User{}
	err := s.readOne(ctx, `SELECT `+sessionColumns+`, `+userColumns+` FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1`,
		append(sessionInto(x), userInto(u)...), hash)
	if err != nil {
		return nil, nil, wrap("read session", err)
	}
	return x, u, nil
}

// TouchSession notes the last use of a session.
func (s *Store) TouchSession(ctx context.Context, id model.SessionID, at time.Time, ip, userAgent string) error {
	return wrap("touch session", s.must(ctx,
		`UPDATE sessions SET last_used = $2, client_ip = $3, user_agent = $4 WHERE id = $1 RETURNING 1`, id, moment(at), ip, userAgent))
}

// DeleteSession ends a session.
func (s *Store) DeleteSession(ctx context.Context, id model.SessionID) error {
	return wrap("delete session", s.must(ctx, `DELETE FROM sessions WHERE id = $1 RETURNING 1`, id))
}

// DeleteSessionsOf ends the sessions of a user, but for one, and tells how many.
func (s *Store) DeleteSessionsOf(ctx context.Context, user model.UserID, except model.SessionID) (int, error) {
	n, err := s.hit(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING 1`, user, except)
	return n, wrap("delete sessions", err)
}

// ListSessions lists the sessions of a user, the last used first.
func (s *Store) ListSessions(ctx context.Context, user model.UserID) ([]*model.Session, error) {
	var all []*model.Session
	text := `SELECT ` + sessionColumns + ` FROM sessions s WHERE s.user_id = $1 ORDER BY s.last_used DESC, s.id`
	err := s.read(ctx, statement{text: text, args: []any{user}, each: func(scan row) error {
		x := &model.Session{}
		all = append(all, x)
		return scan(sessionInto(x)...)
	}})
	return all, wrap("list sessions", err)
}
