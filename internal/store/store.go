package store

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// The values of Options.Durability.
const (
	DurabilityFull = "full"
	DurabilityFast = "fast"
)

// Options say which database is opened and how.
type Options struct {
	// DSN is "sqlite:<path>" or "postgres://...". ":memory:" is refused: the pools could not share it.
	DSN string
	// Durability is "full", also by default: what was answered as done survives kill -9 and a power loss. With "fast" a power loss
	// (SQLite) or a crash of the server (PostgreSQL) may cost the last moments, never consistency.
	Durability string
	// Log may be nil.
	Log *slog.Logger
}

// Store is the database. Its methods may be called by many goroutines.
type Store struct {
	engine   engine
	postgres bool
	log      *slog.Logger
	now      func() time.Time
	snapshot atomic.Pointer[model.Snapshot]

	statements, transactions atomic.Int64
}

// engine is one of the two databases, below the nouns.
type engine interface {
	// reads is for statements outside a transaction that change nothing.
	reads() runner
	// write runs a job of one statement; it is durable when write returns.
	write(ctx context.Context, job func(runner) error) error
	// transact runs a job of several statements, wholly or not at all.
	transact(ctx context.Context, job func(runner) error) error
	// fault turns an error of the driver into one of model's where that says more.
	fault(err error) error
	migrate(ctx context.Context) error
	// wait returns when configuration may have changed elsewhere; an error means that listening failed.
	wait(ctx context.Context) error
	ping(ctx context.Context) error
	close() error
}

// Open opens the database without changing it; Migrate and Load come next. An unreachable server is model.ErrUnavailable.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{log: o.Log, now: time.Now}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	fast := o.Durability == DurabilityFast
	if !fast && o.Durability != "" && o.Durability != DurabilityFull {
		return nil, errors.New(`durability is neither "full" nor "fast"`)
	}
	var err error
	switch {
	case strings.HasPrefix(o.DSN, "sqlite:"):
		s.engine, err = openSQLite(ctx, strings.TrimPrefix(o.DSN, "sqlite:"), fast)
	case strings.HasPrefix(o.DSN, "postgres://"), strings.HasPrefix(o.DSN, "postgresql://"):
		s.postgres = true
		s.engine, err = openPostgres(ctx, o.DSN, fast)
	default:
		return nil, errors.New("the database is neither of the form sqlite:<path> nor postgres://<user>@<host>/<name>")
	}
	if err != nil {
		return nil, wrap("open database", err)
	}
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error { return wrap("close database", s.engine.close()) }

// Ping reports whether the database answers. It is cheap.
func (s *Store) Ping(ctx context.Context) error {
	return wrap("ping database", s.engine.fault(s.engine.ping(ctx)))
}

// Stats are counters since the start, for metrics.
type Stats struct {
	Statements   int64 // SQL statements, without BEGIN and COMMIT
	Transactions int64 // transactions of several statements
	Version      uint64
}

// Stats returns the counters.
func (s *Store) Stats() Stats {
	st := Stats{Statements: s.statements.Load(), Transactions: s.transactions.Load()}
	if snap := s.Snapshot(); snap != nil {
		st.Version = snap.Version
	}
	return st
}

// pick chooses between the two wordings of a statement.
func (s *Store) pick(sqlite, postgres string) string {
	if s.postgres {
		return postgres
	}
	return sqlite
}
