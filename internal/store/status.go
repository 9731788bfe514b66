package store

import (
	"context"
	"time"
)

// Status is what the database is, and how much is in it.
type Status struct {
	// Dialect is "sqlite" or "postgres", Version that of the database itself, Size in bytes.
	Dialect, Version string
	Size             int64

	Users, Groups, Sessions, Connections, Tokens, Events int
}

// Status reads it. It counts whole tables, which takes a while where they have millions of rows.
func (s *Store) Status(ctx context.Context) (Status, error) {
	st := Status{Dialect: s.pick("sqlite", "postgres")}
	about := s.pick(`SELECT sqlite_version(), (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size())`,
		`SELECT split_part(current_setting('server_version'), ' ', 1), pg_database_size(current_database())`)
	if err := s.read(ctx, statement{text: about, adhoc: true, each: func(scan row) error { return scan(&st.Version, &st.Size) }}); err != nil {
		return st, wrap("read status of the database", err)
	}
	const counts = `SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM groups), (SELECT count(*) FROM sessions WHERE expires > $1),
		(SELECT count(*) FROM connections), (SELECT count(*) FROM tokens), (SELECT count(*) FROM events)`
	err := s.read(ctx, statement{text: counts, args: []any{moment(s.now())}, adhoc: true, each: func(scan row) error {
		return scan(&st.Users, &st.Groups, &st.Sessions, &st.Connections, &st.Tokens, &st.Events)
	}})
	return st, wrap("count what is there", err)
}

// CountPeople counts the accounts of people, those of programs left out, and the sessions that have not expired.
func (s *Store) CountPeople(ctx context.Context, now time.Time) (people, sessions int, err error) {
	const text = `SELECT (SELECT count(*) FROM users) - (SELECT count(*) FROM users WHERE type NOT IN ('internal', 'external')),
		(SELECT count(*) FROM sessions WHERE expires > $1)`
	err = s.read(ctx, statement{text: text, args: []any{moment(now)}, adhoc: true, each: func(scan row) error { return scan(&people, &sessions) }})
	return people, sessions, wrap("count people", err)
}
