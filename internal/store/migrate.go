package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// migrations are the same numbers and names for both databases.
//
//go:embed migrations
var migrations embed.FS

// Migrate brings the database to this version's tables. Several processes may do so at once; one works and the others wait. A database
// of a newer version is refused.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.engine.migrate(ctx); err != nil {
		return wrap("migrate database", s.engine.fault(err))
	}
	return wrap("name installation", s.exec(ctx,
		`INSERT INTO installation (id, uuid, version, provider_sequence) VALUES (1, $1, 1, 0) ON CONFLICT (id) DO NOTHING`, newID()))
}

func (e *postgres) migrate(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
	if err != nil {
		return err
	}
	return up(ctx, goose.DialectPostgres, e.pool, "postgres", goose.WithSessionLocker(locker))
}

// migrate holds a lock in a file of its own meanwhile, for a lock in the database would be in the way of the migrations.
func (e *sqlite) migrate(ctx context.Context) error {
	db, err := sql.Open("sqlite", sqliteDSN(e.path))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	guard, err := sql.Open("sqlite", sqliteDSN(e.path+".migrating", "busy_timeout(120000)"))
	if err != nil {
		return err
	}
	defer func() { _ = guard.Close() }()
	tx, err := guard.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return up(ctx, goose.DialectSQLite3, db, "sqlite")
}

func up(ctx context.Context, dialect goose.Dialect, db *sql.DB, folder string, options ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, "migrations/"+folder)
	if err != nil {
		return err
	}
	options = append(options, goose.WithDisableGlobalRegistry(true))
	p, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return err
	}
	if err := known(ctx, p); err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// known refuses a database that a newer version has migrated.
func known(ctx context.Context, p *goose.Provider) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	current, target, err := p.GetVersions(ctx)
	if errors.Is(err, goose.ErrVersionNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if current > target {
		return fmt.Errorf("the database is of a newer version: its tables have number %d, this program knows %d", current, target)
	}
	return nil
}
