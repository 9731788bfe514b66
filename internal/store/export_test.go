package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/huandu/go-sqlbuilder"
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

var (
	// meant are the statements that read all there is: the configuration, and what goes with a deleted part of it.
	meant = regexp.MustCompile(`FROM installation UNION|^DELETE FROM \w+ WHERE (provider|source|flow)_id = |DISTINCT path`)
	// small are lists that the statement itself makes.
	small = regexp.MustCompile(`^SCAN (up|down|own|found|reasons|pairs|apps|CONSTANT ROW|\d+-ROW VALUES CLAUSE|groups USING .*INDEX groups_superuser)$`)
)

// Scans explains every statement that SQLite has kept prepared and returns those that read a whole table
// without being meant to.
func Scans(t *testing.T, s *Store) map[string]string {
	t.Helper()
	e, ok := s.engine.(*sqlite)
	if !ok {
		return nil
	}
	found := map[string]string{}
	texts := slices.Collect(maps.Keys(e.kept.byText))
	if e.writer.kept != nil {
		texts = slices.AppendSeq(texts, maps.Keys(e.writer.kept.byText))
	}
	for _, text := range texts {
		switch verb, _, _ := strings.Cut(text, " "); verb {
		case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		default:
			continue
		}
		// Not t.Context: that has ended in a cleanup. Parameters are null.
		rows, err := e.reader.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+text, make([]any, 64)...)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(detail, "SCAN ") && !meant.MatchString(text) && !small.MatchString(detail) {
				found[text] += detail + "; "
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // a loop is no place for defer
			t.Fatal(err)
		}
	}
	return found
}

// PlanOfUsers explains how SQLite lists users.
func PlanOfUsers(t *testing.T, s *Store, l List) (plan string) {
	t.Helper()
	b := sqlbuilder.SQLite.NewSelectBuilder()
	b.Select(users.columns).From(users.from)
	if err := users.narrow(s, b, l); err != nil {
		t.Fatal(err)
	}
	text, args := b.OrderBy(texted(users.terms(s, l.Order))...).Build()
	err := s.read(t.Context(), statement{text: "EXPLAIN QUERY PLAN " + text, args: args, adhoc: true, each: func(scan row) error {
		var id, parent, unused int
		var detail string
		err := scan(&id, &parent, &unused, &detail)
		plan += detail + "; "
		return err
	}})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}
