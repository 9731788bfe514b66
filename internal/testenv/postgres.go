package testenv

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver named pgx
)

// patience bounds what is asked of the server around a test, cleaning up included.
const patience = 30 * time.Second

// Postgres returns the address (postgres://...) of a new, empty database that is dropped when the
// test ends, whoever is still connected. Without a server the test is skipped.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("WEIMEN_TEST_POSTGRES")
	if server == "" {
		missing(t, postgres, "WEIMEN_TEST_POSTGRES is not set; make test-postgres sets it")
	}
	address, err := url.Parse(server)
	if err != nil || address.Scheme != "postgres" {
		t.Fatal("WEIMEN_TEST_POSTGRES is not an address of the form postgres://user@host:port/database")
	}

	// The name needs no quoting: rand.Text is upper-case letters and digits.
	name := "test_" + strings.ToLower(rand.Text())
	execute(t, server, "CREATE DATABASE "+name+" TEMPLATE template0")
	t.Cleanup(func() { execute(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })

	address.Path = "/" + name
	return address.String()
}

// execute runs one statement on a connection of its own.
func execute(t testing.TB, server, statement string) {
	t.Helper()
	// Not t.Context: that has ended when the database is dropped.
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("open PostgreSQL: %v", err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Errorf("close PostgreSQL: %v", err)
		}
	}()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Errorf("%s: %v", statement, err)
		t.FailNow()
	}
}
