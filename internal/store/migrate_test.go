package store_test

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
)

func names(t *testing.T, folder string) []string {
	t.Helper()
	files, err := fs.Glob(os.DirFS(filepath.Join("migrations", folder)), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestMigrationsHaveTheSameNamesInBothDatabases(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(names(t, "sqlite"), names(t, "postgres")); diff != "" {
		t.Errorf("(-sqlite +postgres):\n%s", diff)
	}
}

func TestMigrationsGoForwardOnly(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"sqlite", "postgres"} {
		for _, name := range names(t, folder) {
			text, err := os.ReadFile(filepath.Join("migrations", folder, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, forbidden := range []string{"+goose Down", "NO TRANSACTION"} {
				if strings.Contains(string(text), forbidden) {
					t.Errorf("%s/%s has %q", folder, name, forbidden)
				}
			}
		}
	}
}

// migrator opens a database as goose sees it.
func migrator(t *testing.T, dsn string) (*goose.Provider, *sql.DB) {
	t.Helper()
	driver, folder, dialect := "pgx", "postgres", goose.DialectPostgres
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		driver, folder, dialect, dsn = "sqlite", "sqlite", goose.DialectSQLite3, path
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(dialect, db, os.DirFS(filepath.Join("migrations", folder)), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	return p, db
}

// TestMigrateFromEveryEarlierVersion also finds a migration that passes on an empty database only, once there is a second.
func TestMigrateFromEveryEarlierVersion(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		for from := range len(names(t, "sqlite")) + 1 {
			address := dsn(t)
			if from > 0 {
				p, db := migrator(t, address)
				if _, err := p.UpTo(t.Context(), int64(from)); err != nil {
					t.Fatal(err)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
			s := storetest.OpenDSN(t, address)
			if err := s.Migrate(t.Context()); err != nil {
				t.Errorf("from %d, again: %v", from, err)
			}
			putStage(t, s, "works")
		}
	})
}

// TestMigrateTakesNamesOfAnyLength begins before there were indexes over what strangers may have written: PostgreSQL refuses to index more than a few thousand bytes.
func TestMigrateTakesNamesOfAnyLength(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		ctx, address := t.Context(), dsn(t)
		p, db := migrator(t, address)
		if _, err := p.UpTo(ctx, 6); err != nil {
			t.Fatal(err)
		}
		var long strings.Builder
		for range 400 {
			long.WriteString(rand.Text())
		}
		when, moment := any(time.Now()), any(time.Now().Add(time.Hour))
		if strings.HasPrefix(address, "sqlite:") {
			when, moment = time.Now().UnixMicro(), time.Now().Add(time.Hour).UnixMicro()
		}
		const events = `INSERT INTO events (id, action, app, username, email, context, client_ip, support_code, created, expires)
			VALUES ('01a203eb-0000-7000-8000-00000000000%d', 'configuration_warning', 'authentik.flows', '', '', $1, '', '', $2, $3)`
		for i, details := range []string{`{"source": "%s"}`, `{"reason": "%s"}`, `{"authorized_application": {"pk": "%s"}}`} {
			if _, err := db.ExecContext(ctx, fmt.Sprintf(events, i), fmt.Sprintf(details, long.String()), when, moment); err != nil {
				t.Fatal(err)
			}
		}
		const users = `INSERT INTO users (uuid, username, username_fold, name, email, email_fold, upn, upn_fold, is_active, path, type, attributes, password_hash, date_joined, last_updated, password_change_date)
			VALUES ('01a203eb-0000-7000-8000-000000000001', 'u', 'u', $1, '', '', '', '', '1', 'users', 'internal', '{}', '', $2, $2, $2)`
		if _, err := db.ExecContext(ctx, users, long.String(), when); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		s := storetest.OpenDSN(t, address)
		if _, n, err := s.ListEvents(ctx, store.List{}); err != nil || n != 3 {
			t.Errorf("%d events, %v", n, err)
		}
	})
}

// TestMigrateKeepsWhatIsThere begins with the tables of the first version and people, sessions and configuration in them.
func TestMigrateKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		ctx, address := t.Context(), dsn(t)
		p, db := migrator(t, address)
		if _, err := p.UpTo(ctx, 1); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			`INSERT INTO installation (id, uuid, version, provider_sequence) VALUES (1, 'first', 7, 3)`,
			`INSERT INTO flows (id, slug, settings) VALUES ('f', 'kept', '{"pk": "f", "slug": "kept", "name": "Kept"}')`,
			`INSERT INTO stages (id, name, kind, settings, config) VALUES ('s', 'kept', 'dummy', '{"pk": "s", "name": "kept"}', '{"a": 1}')`,
		} {
			if _, err := db.ExecContext(ctx, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		before, err := store.Open(ctx, store.Options{DSN: address})
		if err != nil {
			t.Fatal(err)
		}
		u := &model.User{Username: "u", IsActive: true}
		if err := before.InsertUser(ctx, u); err != nil {
			t.Fatal(err)
		}
		if err := before.Close(); err != nil {
			t.Fatal(err)
		}
		_, db = migrator(t, address)
		const session = `INSERT INTO sessions (id, token_hash, user_id, created, last_used, expires, persistent, auth_time, auth_method, source, client_ip, user_agent, browser)
			SELECT 'x', 'hash', id, date_joined, date_joined, date_joined, FALSE, date_joined, '', '', '', '', '' FROM users`
		if _, err := db.ExecContext(ctx, session); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}

		s := storetest.OpenDSN(t, address)
		if _, _, err := s.SessionByTokenHash(ctx, "hash"); err != nil {
			t.Error(err)
		}
		snap := s.Snapshot()
		if snap.Installation != "first" || snap.Version != 7 || snap.FlowBySlug("kept") == nil || snap.Stages["s"] == nil || snap.Settings == nil {
			t.Errorf("configuration: %+v", snap)
		}
		if err := s.InsertDevice(ctx, &model.Device{User: u.ID, Class: model.DeviceTOTP}); err != nil {
			t.Error(err)
		}
		flow := model.FlowID("f")
		if err := s.InsertInvitation(ctx, &model.Invitation{Flow: &flow, CreatedBy: u.ID}); err != nil {
			t.Error(err)
		}
	})
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		address := dsn(t)
		var stores []*store.Store
		for range 4 {
			s, err := store.Open(t.Context(), store.Options{DSN: address})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			stores = append(stores, s)
		}
		var wg sync.WaitGroup
		for _, s := range stores {
			wg.Go(func() {
				if err := s.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		installations := map[string]bool{}
		for _, s := range stores {
			if err := s.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
			installations[s.Snapshot().Installation] = true
		}
		if len(installations) != 1 {
			t.Errorf("%d installations", len(installations))
		}
	})
}

func TestADatabaseOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		address := dsn(t)
		s := storetest.OpenDSN(t, address)
		_, db := migrator(t, address)
		if _, err := db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "newer version") {
			t.Errorf("got %v", err)
		}
	})
}
