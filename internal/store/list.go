package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huandu/go-sqlbuilder"

	"github.com/weimen-id/weimen/internal/model"
)

// List asks for a page of a noun.
type List struct {
	// Search is looked for, without regard to case, in the noun's searchable columns.
	Search string
	// Where narrows the list; all conditions must hold.
	Where []Where
	// Order holds field names, "-" before one for descending. Unknown names are passed over.
	Order []string
	// Offset rows are skipped. Limit bounds the rows; 0 means 100.
	Offset, Limit int
	// Walk, if set, is in the place of Offset: the page is the one that comes next, and the rows are not counted.
	Walk *Walk
}

func (l List) limit() int {
	if l.Limit <= 0 {
		return 100
	}
	return l.Limit
}

// Op is how a field is compared.
type Op string

// The operators. OpIsNull takes "true" or "false", OpIn any number of values, the others one. OpPrefix and OpContains compare text, the
// second without regard to case.
const (
	OpEq       Op = "eq"
	OpIn       Op = "in"
	OpPrefix   Op = "prefix"
	OpIsNull   Op = "isnull"
	OpContains Op = "contains"
	OpGt       Op = "gt"
	OpGe       Op = "ge"
	OpLt       Op = "lt"
)

// Where is one condition. A field that the noun does not have is an error; a value that the field cannot have is model.CodeInvalid.
type Where struct {
	Field  string
	Op     Op
	Values []string
}

// sort is what values of a column are.
type sort int

const (
	texts sort = iota
	integers
	booleans
	moments // RFC 3339
)

// column is a field as SQL.
type column struct {
	sql      string
	is       sort
	nullable bool
	// orderPostgres is what PostgreSQL orders rows by, where it is not sql. It takes no text of any length into an index; SQLite does, and finds no place in one over an expression.
	orderPostgres string
	// then is what rows with the same value are ordered by before their id: what the column's index has next.
	then string
	// scattered says that no index has the order of the column, of a noun of which there may be millions.
	scattered bool
	// present says that the column's index leaves out what is empty.
	present bool
	// common are values that most rows have. SQLite, which does not know, would look all of those up by the column's index and sort them.
	common []any
	// within wraps a condition on the column, for columns of another table.
	within string
}

// listing says how a noun is listed.
type listing[T any] struct {
	noun, columns, from, id, order string
	fields                         map[string]column
	search                         []string
	// find gives alternative conditions for a searched text, in the place of search.
	find func(b *sqlbuilder.SelectBuilder, text string) []string
	// most bounds the count, known tells it beforehand; 0 is neither.
	most, known int
	into        func(*T) []any
}

func list[T any](ctx context.Context, s *Store, n listing[T], l List) ([]*T, int, error) {
	doing := "list " + n.noun
	flavor := sqlbuilder.SQLite
	if s.postgres {
		flavor = sqlbuilder.PostgreSQL
	}
	b := flavor.NewSelectBuilder()
	b.Select("count(*)").From(n.from)
	if err := n.narrow(s, b, l); err != nil {
		return nil, 0, wrap(doing, err)
	}
	if l.Walk != nil {
		page, err := walk(ctx, s, n, l, b)
		return page, 0, wrap(doing, err)
	}
	count, counted := n.count(b)
	terms := n.terms(s, l.Order)
	if l.Search != "" && n.find == nil && !s.postgres && len(terms) > 1 {
		// SQLite must sort what was found. By an index it would look each row up, in an order in which no two lie together.
		terms[0].sql = "+" + terms[0].sql
	}
	b.Select(n.columns).OrderBy(texted(terms)...).Limit(l.limit()).Offset(l.Offset)
	text, args := b.Build()
	var page []*T
	err := s.read(ctx, statement{text: text, args: args, adhoc: true, each: func(scan row) error {
		item := new(T)
		page = append(page, item)
		return scan(n.into(item)...)
	}})
	if err != nil {
		return nil, 0, wrap(doing, err)
	}
	if len(page) < l.limit() && (len(page) > 0 || l.Offset == 0) {
		return page, l.Offset + len(page), nil // the last page: all rows are told
	}
	if n.known > 0 {
		return page, n.known, nil
	}
	var total int
	err = s.read(ctx, statement{text: count, args: counted, adhoc: true, each: func(scan row) error { return scan(&total) }})
	return page, total, wrap(doing, err)
}

// count is the statement that counts what the builder has been narrowed to.
func (n listing[T]) count(b *sqlbuilder.SelectBuilder) (text string, args []any) {
	if n.most == 0 {
		return b.Build()
	}
	text, args = b.Select("1").Limit(n.most).Build()
	return "SELECT count(*) FROM (" + text + ") found", args
}

func (n listing[T]) narrow(s *Store, b *sqlbuilder.SelectBuilder, l List) error {
	if l.Search != "" {
		var parts []string
		for _, c := range n.search {
			parts = append(parts, contains(s, b, c, l.Search))
		}
		if n.find != nil {
			parts = n.find(b, l.Search)
		}
		b.Where(b.Or(parts...))
	}
	for _, w := range l.Where {
		c, ok := n.fields[w.Field]
		if !ok {
			return fmt.Errorf("%s have no field %q", n.noun, w.Field)
		}
		condition, err := c.compare(s, b, w)
		if err != nil {
			return err
		}
		if c.within != "" {
			condition = fmt.Sprintf(c.within, condition)
		}
		b.Where(condition)
	}
	return nil
}

func (c column) compare(s *Store, b *sqlbuilder.SelectBuilder, w Where) (string, error) {
	if len(w.Values) != 1 && w.Op != OpIn {
		return "", fmt.Errorf("%s %s takes one value", w.Field, w.Op)
	}
	switch w.Op {
	case OpIsNull:
		if w.Values[0] == "true" {
			return b.IsNull(c.sql), nil
		}
		return b.IsNotNull(c.sql), nil
	case OpPrefix:
		return begins(b, c.sql, w.Values[0]), nil
	case OpContains:
		return contains(s, b, c.sql, w.Values[0]), nil
	case OpEq, OpIn, OpGt, OpGe, OpLt:
	default:
		return "", fmt.Errorf("there is no operator %q", w.Op)
	}
	values := make([]any, len(w.Values))
	for i, text := range w.Values {
		v, err := c.is.parse(text)
		if err != nil {
			return "", model.Invalid(w.Field, err.Error())
		}
		values[i] = v
	}
	switch {
	case w.Op == OpGt:
		return b.GT(c.sql, values[0]), nil
	case w.Op == OpGe:
		return b.GE(c.sql, values[0]), nil
	case w.Op == OpLt:
		return b.LT(c.sql, values[0]), nil
	case len(values) == 0:
		return "1 = 0", nil
	}
	if !s.postgres && slices.ContainsFunc(values, func(v any) bool { return slices.Contains(c.common, v) }) {
		return b.In("+"+c.sql, values...), nil // a plus keeps the index out of it
	}
	if c.present {
		return b.And(c.sql+" <> ''", b.In(c.sql, values...)), nil
	}
	return b.In(c.sql, values...), nil
}

// begins matches texts that begin so. It is a range, for LIKE cannot use an index in SQLite. No text sorts after the last code point.
func begins(b *sqlbuilder.SelectBuilder, sql, text string) string {
	return b.And(b.GE(sql, text), b.LT(sql, text+"\U0010FFFF"))
}

func (k sort) parse(text string) (any, error) {
	switch k {
	case integers:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("Enter a number.") //nolint:staticcheck // shown as it is, in authentik's words
		}
		return n, nil
	case booleans:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("Must be a valid boolean.") //nolint:staticcheck // as above
		}
		return v, nil
	case moments:
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return nil, fmt.Errorf("Enter a valid date/time.") //nolint:staticcheck // as above
		}
		return moment(t), nil
	case texts:
	}
	return text, nil
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// contains matches text anywhere. LIKE disregards the case of ASCII letters in SQLite, ILIKE does in PostgreSQL.
func contains(s *Store, b *sqlbuilder.SelectBuilder, sql, text string) string {
	return sql + s.pick(" LIKE ", " ILIKE ") + b.Var("%"+likeEscapes.Replace(text)+"%") + ` ESCAPE '\'`
}
