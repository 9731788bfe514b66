package expr

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Query is a list of objects that is loaded when the text walks over it, at most once in a run. In a text it stands for Django's
// managers and query sets, because mappings written for authentik use them: user.groups.all(), user.groups.filter(name="staff").exists().
// It has all, filter, exclude, exists, count, first, last, distinct and values_list.
type Query struct {
	Load func(ctx context.Context) ([]*Object, error)
}

// queryValue is a Query during a run, or what filter and exclude have left of one.
type queryValue struct {
	run    *run
	query  *Query
	loaded bool
	items  []starlark.Value
}

var (
	_ starlark.HasAttrs  = (*queryValue)(nil)
	_ starlark.Sliceable = (*queryValue)(nil)
	_ starlark.Iterable  = (*queryValue)(nil)
	_ starlark.Container = (*queryValue)(nil)
)

func (q *queryValue) load() ([]starlark.Value, error) {
	if q.loaded || q.query.Load == nil {
		return q.items, nil
	}
	objects, err := q.query.Load(q.run.ctx)
	if err != nil {
		return nil, fmt.Errorf("load objects: %w", err)
	}
	q.loaded = true
	q.items = make([]starlark.Value, len(objects))
	for i, object := range objects {
		q.items[i] = &objectValue{run: q.run, object: object}
	}
	return q.items, nil
}

func (q *queryValue) String() string        { return "<QuerySet>" }
func (q *queryValue) Type() string          { return "QuerySet" }
func (q *queryValue) Freeze()               {}
func (q *queryValue) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: QuerySet") }

// seen is load for the methods that have no error to return. The run fails with it later, so that "could not be loaded" never
// passes for "is empty".
func (q *queryValue) seen() []starlark.Value {
	items, err := q.load()
	if err != nil && q.run.failed == nil {
		q.run.failed = err
	}
	return items
}

func (q *queryValue) Truth() starlark.Bool { return q.Len() > 0 }

func (q *queryValue) Len() int { return len(q.seen()) }

func (q *queryValue) Index(i int) starlark.Value { return q.items[i] }

func (q *queryValue) Slice(start, end, step int) starlark.Value {
	return starlark.NewList(q.items).Slice(start, end, step)
}

func (q *queryValue) Iterate() starlark.Iterator {
	return starlark.NewList(q.seen()).Iterate()
}

// Has serves "x in query".
func (q *queryValue) Has(x starlark.Value) (bool, error) {
	items, err := q.load()
	if err != nil {
		return false, err
	}
	for _, item := range items {
		if equal, err := starlark.Equal(item, x); equal || err != nil {
			return equal, err
		}
	}
	return false, nil
}

func (q *queryValue) AttrNames() []string {
	return []string{"all", "count", "distinct", "exclude", "exists", "filter", "first", "last", "values_list"}
}

func (q *queryValue) Attr(name string) (starlark.Value, error) {
	var method func(items []starlark.Value, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error)
	switch name {
	case "all", "distinct":
		method = func([]starlark.Value, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) { return q, nil }
	case "filter", "exclude":
		method = func(items []starlark.Value, _ starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
			return q.where(items, named, name == "filter")
		}
	case "exists":
		method = func(items []starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return starlark.Bool(len(items) > 0), nil
		}
	case "count":
		method = func(items []starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return starlark.MakeInt(len(items)), nil
		}
	case "first", "last":
		method = func(items []starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return end(items, name == "last"), nil
		}
	case "values_list":
		method = valuesList
	default:
		return nil, nil
	}
	return starlark.NewBuiltin(name, func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
		if len(args) > 0 && name != "values_list" {
			return nil, fmt.Errorf("%s: only named arguments, as in name=\"staff\"", name)
		}
		items, err := q.load()
		if err != nil {
			return nil, err
		}
		return method(items, args, named)
	}), nil
}

func end(items []starlark.Value, last bool) starlark.Value {
	switch {
	case len(items) == 0:
		return starlark.None
	case last:
		return items[len(items)-1]
	}
	return items[0]
}

// where returns the objects for which all conditions hold, or the others.
func (q *queryValue) where(items []starlark.Value, conditions []starlark.Tuple, keep bool) (starlark.Value, error) {
	left := &queryValue{run: q.run, query: q.query, loaded: true}
	for _, item := range items {
		matches := true
		for _, condition := range conditions {
			field, _ := starlark.AsString(condition[0])
			holds, err := lookup(item, field, condition[1])
			if err != nil {
				return nil, err
			}
			matches = matches && holds
		}
		if matches == keep {
			left.items = append(left.items, item)
		}
	}
	return left, nil
}

// Matches reports whether an object meets all conditions in the notation of filter: {"name__startswith": "dev"}.
func (o *Object) Matches(ctx context.Context, conditions map[string]any) (bool, error) {
	r := &run{ctx: ctx}
	item := &objectValue{run: r, object: o}
	for _, field := range slices.Sorted(maps.Keys(conditions)) {
		want, err := r.value(conditions[field], 0)
		if err != nil {
			return false, err
		}
		if holds, err := lookup(item, field, want); !holds || err != nil {
			return false, err
		}
	}
	return true, nil
}

// valuesList returns one attribute of every object with flat=True, otherwise a tuple of the named attributes.
func valuesList(items []starlark.Value, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	flat := false
	if err := starlark.UnpackArgs("values_list", nil, named, "flat?", &flat); err != nil {
		return nil, err
	}
	if flat && len(args) != 1 {
		return nil, fmt.Errorf("values_list: flat=True takes exactly one attribute")
	}
	rows := make([]starlark.Value, len(items))
	for i, item := range items {
		row := make(starlark.Tuple, len(args))
		for j, arg := range args {
			field, _ := starlark.AsString(arg)
			value, err := attribute(item, field)
			if err != nil {
				return nil, err
			}
			row[j] = value
		}
		rows[i] = row
		if flat {
			rows[i] = row[0]
		}
	}
	return starlark.NewList(rows), nil
}

// lookup checks one condition in Django's notation: an attribute, attributes of attributes after "__", and at the end one of the
// comparisons in, iexact, contains, icontains, startswith, endswith.
func lookup(item starlark.Value, path string, want starlark.Value) (bool, error) {
	fields := strings.Split(path, "__")
	comparison := ""
	if len(fields) > 1 {
		switch last := fields[len(fields)-1]; last {
		case "in", "exact", "iexact", "contains", "icontains", "startswith", "endswith":
			comparison, fields = last, fields[:len(fields)-1]
		}
	}
	value := item
	for _, field := range fields {
		next, err := attribute(value, field)
		if err != nil {
			return false, err
		}
		value = next
	}
	return compare(comparison, value, want)
}

func compare(comparison string, value, want starlark.Value) (bool, error) {
	switch comparison {
	case "", "exact":
		return starlark.Equal(value, want)
	case "in":
		found, err := starlark.Binary(syntax.IN, value, want)
		if err != nil {
			return false, err
		}
		return bool(found.Truth()), nil
	}
	text, ok1 := starlark.AsString(value)
	part, ok2 := starlark.AsString(want)
	if !ok1 || !ok2 {
		return false, nil
	}
	switch comparison {
	case "iexact":
		return strings.EqualFold(text, part), nil
	case "icontains":
		return strings.Contains(strings.ToLower(text), strings.ToLower(part)), nil
	case "startswith":
		return strings.HasPrefix(text, part), nil
	case "endswith":
		return strings.HasSuffix(text, part), nil
	}
	return strings.Contains(text, part), nil
}

// attribute returns an attribute of an object or the value of a key; a key that is not there is None, as in a query of JSON.
func attribute(v starlark.Value, name string) (starlark.Value, error) {
	if dict, ok := v.(starlark.Mapping); ok {
		value, found, err := dict.Get(starlark.String(name))
		if !found {
			return starlark.None, err
		}
		return value, err
	}
	if object, ok := v.(starlark.HasAttrs); ok {
		value, err := object.Attr(name)
		if value != nil || err != nil {
			return value, err
		}
	}
	return nil, fmt.Errorf("%s has no attribute %s", v.Type(), name)
}
