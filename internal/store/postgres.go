package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2" //nolint:depguard // spreads retries, guards nothing
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/weimen-id/weimen/internal/model"
)

const (
	// postgresConns bounds the pool. A server takes 100 by default, and there may be several of us.
	postgresConns = 16
	// attempts bounds how often a transaction is run that the server ended for the sake of another.
	attempts = 5
	// pollPostgres is how long a change may stay unseen where its notification was lost.
	pollPostgres = 5 * time.Second
	// channel is where changes of configuration are announced.
	channel = "weimen_configuration"
)

// postgres is a database of a PostgreSQL server.
type postgres struct {
	config *pgx.ConnConfig
	pool   *sql.DB

	listening sync.Mutex
	listener  *pgx.Conn
}

func openPostgres(_ context.Context, dsn string, fast bool) (*postgres, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err // pgx leaves the password out
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = busyTimeout
	}
	// What hangs must end: a lock is waited for as long as in SQLite, a statement somewhat longer.
	setDefault(config.RuntimeParams, "lock_timeout", "5s")
	setDefault(config.RuntimeParams, "statement_timeout", "30s")
	setDefault(config.RuntimeParams, "idle_in_transaction_session_timeout", "60s")
	setDefault(config.RuntimeParams, "application_name", "weimen")
	setDefault(config.RuntimeParams, "timezone", "UTC")

	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, durability(fast))
		return err
	}))
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(time.Hour)
	return &postgres{config: config, pool: pool}, nil
}

// durability makes a connection wait for the disk at commit, or not. A server that waits for its replicas as well is left alone.
func durability(fast bool) string {
	if fast {
		return "SET synchronous_commit = off"
	}
	return "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
}

func setDefault(params map[string]string, name, value string) {
	if _, set := params[name]; !set {
		params[name] = value
	}
}

// pgRunner runs statements on the pool or in a transaction. The driver keeps statements prepared by itself.
type pgRunner struct {
	on interface {
		QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	}
}

func (r pgRunner) query(ctx context.Context, text string, args []any, _ bool) (*sql.Rows, error) {
	return r.on.QueryContext(ctx, text, args...)
}

func (e *postgres) reads() runner { return pgRunner{e.pool} }

func (e *postgres) write(ctx context.Context, job func(runner) error) error {
	return again(ctx, func() error { return job(pgRunner{e.pool}) })
}

func (e *postgres) transact(ctx context.Context, job func(runner) error) error {
	return again(ctx, func() error {
		tx, err := e.pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // does nothing after a commit
		if err := job(pgRunner{tx}); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// again runs a job until the server does not end it for the sake of another one.
func again(ctx context.Context, job func() error) error {
	for n := 1; ; n++ {
		err := job()
		if n == attempts || !collided(err) {
			return err
		}
		select {
		case <-time.After(time.Duration(n) * (5*time.Millisecond + rand.N(20*time.Millisecond))):
		case <-ctx.Done():
			return err
		}
	}
}

// collided reports a serialization failure or a deadlock.
func collided(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

// wait returns when a change is announced, or after a while without.
func (e *postgres) wait(ctx context.Context) error {
	e.listening.Lock()
	defer e.listening.Unlock()
	if e.listener == nil {
		c, err := pgx.ConnectConfig(ctx, e.config.Copy())
		if err != nil {
			return err
		}
		if _, err := c.Exec(ctx, "LISTEN "+channel); err != nil {
			return errors.Join(err, c.Close(ctx))
		}
		e.listener = c
		return nil // what was announced before is looked for now
	}
	bounded, cancel := context.WithTimeout(ctx, pollPostgres)
	defer cancel()
	_, err := e.listener.WaitForNotification(bounded)
	if err == nil || pgconn.Timeout(err) && ctx.Err() == nil && !e.listener.IsClosed() {
		return nil
	}
	// Not ctx: it may have ended, and the server should be told.
	closing, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer stop()
	_ = e.listener.Close(closing)
	e.listener = nil
	return err
}

func (e *postgres) ping(ctx context.Context) error {
	var one int
	return e.pool.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

func (e *postgres) close() error { return e.pool.Close() }

func (e *postgres) fault(err error) error {
	var pe *pgconn.PgError
	var ce *pgconn.ConnectError
	switch {
	case err == nil, isKnown(err):
		return err
	case errors.As(err, &pe):
		return postgresFault(pe, err)
	case errors.As(err, &ce), pgconn.SafeToRetry(err), strings.Contains(err.Error(), "conn closed"):
		return model.ErrUnavailable.Because(err)
	}
	return common(err)
}

// postgresFault goes by the classes of PostgreSQL's error codes (its manual, appendix A).
func postgresFault(pe *pgconn.PgError, err error) error {
	switch pe.Code {
	case "23505": // unique_violation
		columns := strings.TrimSuffix(strings.TrimPrefix(pe.ConstraintName, pe.TableName+"_"), "_key")
		switch columns {
		case "pkey":
			columns = "id"
		case "user_id_source_id":
			return taken(pe.TableName, "user_id", "source_id")
		}
		return taken(pe.TableName, columns)
	case "23503": // foreign_key_violation
		return dangling()
	case "22021", "22P05": // a character that text cannot hold, such as NUL
		return model.Invalid("non_field_errors", "Null characters are not allowed.")
	case "25006", "55P03", "57014": // read-only server, lock or statement timeout
		return model.ErrUnavailable.Because(err)
	}
	switch pe.Code[:2] {
	case "08", "40", "53", "57", "58": // connection, rollback, resources, operator, system
		return model.ErrUnavailable.Because(err)
	}
	return err
}
