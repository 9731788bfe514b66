package store

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/huandu/go-sqlbuilder"

	"github.com/weimen-id/weimen/internal/model"
)

// Walk reads a list to its end in pages, for [List]. Each page begins behind the last row of the one before, by its place in the order and not by its number: rows that come
// and go meanwhile neither repeat nor hide others, and a page far behind costs what the first does, where an index has the order. The zero value stands before the first row.
type Walk struct {
	at   []any // the place of the last row; nil before the first
	done bool
}

// mostWalked is how many bytes of texts and JSON a page holds, with the row that goes beyond them: so many rows of any length are not held in memory at once. It takes some times
// as much there.
const mostWalked = 2 << 20

// errFull ends a page that holds enough.
var errFull = errors.New("the page is full")

// Done reports whether there is nothing more to read.
func (w *Walk) Done() bool { return w.done }

// walk reads the page that comes next. Rows are not counted.
func walk[T any](ctx context.Context, s *Store, n listing[T], l List, b *sqlbuilder.SelectBuilder) ([]*T, error) {
	if err := n.walkable(l.Order); err != nil {
		return nil, err
	}
	terms := n.terms(s, l.Order)
	columns := []string{n.columns}
	for _, t := range terms {
		columns = append(columns, t.sql)
	}
	if l.Walk.at != nil {
		behind(b, terms, l.Walk.at)
	}
	b.Select(columns...).OrderBy(texted(terms)...).Limit(l.limit())
	text, args := b.Build()
	var page []*T
	at, size := make([]any, len(terms)), 0
	err := s.read(ctx, statement{text: text, args: args, adhoc: true, each: func(scan row) error {
		if size > mostWalked {
			return errFull
		}
		item := new(T)
		page = append(page, item)
		dest := n.into(item)
		for i := range at {
			dest = append(dest, &at[i])
		}
		return weighed(scan, dest, &size)
	}})
	full := errors.Is(err, errFull)
	if full {
		err = nil
	}
	l.Walk.at, l.Walk.done = at, !full && len(page) < l.limit()
	return page, err
}

// weighing scans JSON and counts its bytes.
type weighing struct {
	intoJSON
	size *int
}

// Scan takes text and bytes.
func (w weighing) Scan(src any) error {
	switch v := src.(type) {
	case string:
		*w.size += len(v)
	case []byte:
		*w.size += len(v)
	}
	return w.intoJSON.Scan(src)
}

// weighed scans a row and adds up the bytes of its texts and JSON.
func weighed(scan row, dest []any, size *int) error {
	for i := range dest {
		if j, ok := dest[i].(intoJSON); ok {
			dest[i] = weighing{j, size}
		}
	}
	if err := scan(dest...); err != nil {
		return err
	}
	for i := range dest {
		if text, ok := dest[i].(*string); ok {
			*size += len(*text)
		}
	}
	return nil
}

// walkable refuses orders that no index has, of a noun of which there are so many that they cannot be sorted for each page.
func (n listing[T]) walkable(order []string) error {
	for _, f := range order {
		if n.fields[strings.TrimPrefix(f, "-")].scattered {
			return model.Invalid("ordering", "This list is too long to be exported in this order.")
		}
	}
	return nil
}

// term is one part of an order.
type term struct {
	sql                  string
	descending, nullable bool
}

// String is the term as ORDER BY has it. Nulls come last where values rise: that is PostgreSQL's own order, and authentik's.
func (t term) String() string {
	text := t.sql
	if t.descending {
		text += " DESC"
	}
	if t.nullable {
		text += map[bool]string{false: " NULLS LAST", true: " NULLS FIRST"}[t.descending]
	}
	return text
}

func texted(terms []term) []string {
	out := make([]string, len(terms))
	for i, t := range terms {
		out[i] = t.String()
	}
	return out
}

// terms are the order asked for, else the noun's own, each column once: a second time it orders nothing. They end with the id, so that pages do not overlap; it rises and falls with
// what is before it, so that one index gives both.
func (n listing[T]) terms(s *Store, fields []string) []term {
	var out []term
	there := map[string]bool{}
	add := func(t term) {
		if !there[t.sql] {
			there[t.sql] = true
			out = append(out, t)
		}
	}
	then := ""
	for _, f := range fields {
		name, descending := strings.CutPrefix(f, "-")
		if c, ok := n.fields[name]; ok && c.within == "" {
			sql := c.sql
			if s.postgres {
				sql = cmp.Or(c.orderPostgres, sql)
			}
			add(term{sql, descending, c.nullable})
			then = c.then
		}
	}
	if then != "" {
		add(term{sql: then, descending: out[len(out)-1].descending})
	}
	if len(out) == 0 {
		sql, descending := strings.CutSuffix(n.order, " DESC")
		add(term{sql, descending, n.mayBeNull(sql)})
	}
	id, _ := strings.CutSuffix(n.id, " DESC")
	add(term{sql: id, descending: out[len(out)-1].descending})
	return out
}

func (n listing[T]) mayBeNull(sql string) bool {
	for _, c := range n.fields {
		if c.sql == sql {
			return c.nullable
		}
	}
	return false
}

// behind narrows a list to the rows that come after a place in the order.
func behind(b *sqlbuilder.SelectBuilder, terms []term, at []any) {
	if uniform(terms) {
		// One comparison of rows, which both databases answer by an index over the same columns.
		var columns, values []string
		for i, t := range terms {
			columns, values = append(columns, t.sql), append(values, b.Var(at[i]))
		}
		op := map[bool]string{false: " > ", true: " < "}[terms[0].descending]
		b.Where("(" + strings.Join(columns, ", ") + ")" + op + "(" + strings.Join(values, ", ") + ")")
		return
	}
	// Behind in the first term, or level with it and behind in the second, and so on.
	var ways, level []string
	for i, t := range terms {
		if further := t.behind(b, at[i]); further != "" {
			ways = append(ways, b.And(append(level[:len(level):len(level)], further)...))
		}
		if at[i] == nil {
			level = append(level, b.IsNull(t.sql))
		} else {
			level = append(level, b.EQ(t.sql, at[i]))
		}
	}
	b.Where(b.Or(ways...))
}

// uniform reports whether all terms rise or all fall, and none can be null.
func uniform(terms []term) bool {
	for _, t := range terms {
		if t.nullable || t.descending != terms[0].descending {
			return false
		}
	}
	return true
}

// behind is the condition of coming after a value, "" where nothing does.
func (t term) behind(b *sqlbuilder.SelectBuilder, value any) string {
	switch {
	case value == nil && !t.descending:
		return ""
	case value == nil:
		return b.IsNotNull(t.sql)
	case t.descending:
		return b.LT(t.sql, value)
	case t.nullable:
		return b.Or(b.GT(t.sql, value), b.IsNull(t.sql))
	}
	return b.GT(t.sql, value)
}
