package store

import (
	"fmt"
	"testing"
)

// Setting reads one value on the connection that writes.
func Setting(t *testing.T, s *Store, query string) string {
	t.Helper()
	var value any
	if err := s.writeOne(t.Context(), query, []any{&value}); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(value)
}

// LimitPages lets a SQLite file grow by so many pages, until the writer takes a new connection.
func LimitPages(t *testing.T, s *Store, more int) {
	t.Helper()
	var pages int
	if err := s.writeOne(t.Context(), "PRAGMA page_count", []any{&pages}); err != nil {
		t.Fatal(err)
	}
	if err := s.exec(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages+more)); err != nil {
		t.Fatal(err)
	}
}
