package testenv

import (
	"database/sql"
	"testing"
)

func TestRequiredReadsTheList(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		list string
		want bool
	}{
		{"an empty list requires nothing", "", false},
		{"the name alone", "postgres", true},
		{"the name among others", "chromium, postgres", true},
		{"a longer name is another name", "postgresql", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := required(tt.list, postgres); got != tt.want {
				t.Errorf("required(%q) = %v, want %v", tt.list, got, tt.want)
			}
		})
	}
}

func TestPostgresGivesEachCallItsOwnEmptyDatabase(t *testing.T) {
	t.Parallel()
	first, second := Postgres(t), Postgres(t)
	if first == second {
		t.Fatalf("two calls gave one database, %s", first)
	}
	for _, dsn := range []string{first, second} {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if _, err := db.ExecContext(t.Context(), "CREATE TABLE only_here (id bigint)"); err != nil {
			t.Errorf("the database is not empty: %v", err)
		}
	}
}

func TestChromiumIsAProgram(t *testing.T) {
	t.Parallel()
	if path := Chromium(t); path == "" {
		t.Error("no path came back")
	}
}
