package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/web"
)

// exportBatch is how many rows are read and sent at a time: all that an export keeps in memory, unless reading is slow. [store.Walk] bounds the bytes of what is read.
const exportBatch = 500

// Where no index has the order, each read goes through all there is. Reads that take longer than slowRead are made fewer, each of up to exportMost rows.
const (
	slowRead   = 200 * time.Millisecond
	exportMost = 20_000
)

// export sends a list as a table. Next gives the following batch, an empty one at the end.
func (c *call) export(next func() ([]any, error)) error {
	batch, err := next()
	if err != nil {
		return err
	}
	columns, err := c.columns(batch)
	if err != nil {
		return err
	}
	s := c.sheet(columns)
	for err == nil && len(batch) > 0 {
		for _, item := range batch {
			if err = s.row(item); err != nil {
				break
			}
		}
		if gone := s.flush(); gone != nil {
			return nil //nolint:nilerr // whoever asked has gone: there is nobody to tell
		}
		if err == nil {
			batch, err = next()
		}
	}
	if c.ctx().Err() != nil {
		return nil //nolint:nilerr // gone while the next batch was read
	}
	if err == nil {
		_ = s.flush()
		return nil
	}
	// The status is sent already. Cutting the connection keeps half a list from being taken for a whole one.
	c.Log.ErrorContext(c.ctx(), "export failed", "request_id", web.RequestID(c.ctx()), "list", c.listPath(), "err", err)
	panic(http.ErrAbortHandler) //nolint:forbidigo // the only way to cut an answer off
}

// exportRows sends a list that is in memory.
func (c *call) exportRows(rows []any) error {
	return c.export(func() ([]any, error) {
		batch := rows[:min(exportBatch, len(rows))]
		rows = rows[len(batch):]
		return batch, nil
	})
}

// exportPeople sends a list of the database, batch by batch.
func exportPeople[T any](c *call, l store.List, read func(context.Context, store.List) ([]*T, int, error), show func(*T) (any, error)) error {
	l.Limit, l.Walk = exportBatch, new(store.Walk)
	var items []*T
	return c.export(func() ([]any, error) {
		if len(items) == 0 && !l.Walk.Done() {
			start := time.Now()
			var err error
			if items, _, err = read(c.ctx(), l); err != nil {
				return nil, err
			}
			if time.Since(start) > slowRead {
				l.Limit = min(2*l.Limit, exportMost)
			}
		}
		batch := items[:min(exportBatch, len(items))]
		items = items[len(batch):]
		return showAll(c, batch, show)
	})
}

// listPath is the collection that is asked for, as "core/users".
func (c *call) listPath() string {
	pattern := chi.RouteContext(c.ctx()).RoutePattern()
	if _, below, ok := strings.Cut(pattern, "/api/v3"); ok {
		pattern = below
	}
	return strings.Trim(strings.ReplaceAll(pattern, "/*", ""), "/")
}

// columns are those that the query names, else those of a list whose cells are plain values. What was described, or is in the first row, can be named; secrets never can.
func (c *call) columns(batch []any) ([]string, error) {
	first := row{}
	if len(batch) > 0 {
		var err error
		if first, err = rowOf(batch[0]); err != nil {
			return nil, err
		}
	}
	plain, known, secret := c.described(c.listPath())
	if len(known) == 0 {
		plain = plainKeys(first)
	}
	var asked []string
	for name := range strings.SplitSeq(c.r.URL.Query().Get("fields"), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		head, _, _ := strings.Cut(name, ".")
		if _, there := first[head]; (!there && !slices.Contains(known, head)) || slices.Contains(secret, head) {
			return nil, model.Invalid("fields", "There is no field \""+name+"\" in this list.")
		}
		asked = append(asked, name)
	}
	if len(asked) > 0 {
		return asked, nil
	}
	return plain, nil
}

// described gives the keys of a list's objects, as the OpenAPI document has them: those that hold plain values, all, and the secret ones. Lists that the document does not
// describe are like their siblings: all connections like those to one kind of source.
func (c *call) described(path string) (plain, known, secret []string) {
	for _, col := range c.mounted {
		if col.path == path {
			return keysOf(col.noun.Fields(), decorations[col.noun.Ref])
		}
	}
	nouns := peopleNouns()
	parent := path[:strings.LastIndex(path, "/")+1]
	i := slices.IndexFunc(nouns, func(n peopleNoun) bool { return n.path == path })
	if i < 0 {
		i = slices.IndexFunc(nouns, func(n peopleNoun) bool {
			return parent != "" && strings.HasPrefix(n.path, parent) && strings.Contains(path, "_connections/")
		})
	}
	if i < 0 {
		return nil, nil, nil
	}
	return keysOf(kind.Fields(nouns[i].fields), nouns[i].also)
}

// noColumn are plain values that are of no use in a table.
var noColumn = []string{"avatar"}

func keysOf(fields []kind.Field, also map[string]string) (plain, known, secret []string) {
	for _, name := range inOrder(also) {
		known = append(known, name)
		if of := also[name]; !strings.HasPrefix(of, "[") && !strings.HasPrefix(of, "object") && !slices.Contains(noColumn, name) {
			plain = append(plain, name)
		}
	}
	var own []string
	for i := range fields {
		switch f := &fields[i]; {
		case f.Type == kind.Secret:
			secret = append(secret, f.Name)
		case f.WriteOnly:
		default:
			known = append(known, f.Name)
			if f.Type != kind.Object && f.Type != kind.List && f.Type != kind.Struct {
				own = append(own, f.Name)
			}
		}
	}
	if len(plain) > 0 && plain[0] == "pk" {
		return slices.Concat(plain[:1], own, plain[1:]), known, secret
	}
	return append(own, plain...), known, secret
}

// inOrder gives the keys with "pk" before all others.
func inOrder[V any](m map[string]V) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int {
		if x, y := bit(a != "pk"), bit(b != "pk"); x != y {
			return x - y
		}
		return strings.Compare(a, b)
	})
	return out
}

// plainKeys are the keys of an object that hold plain values.
func plainKeys(first row) []string {
	return slices.DeleteFunc(inOrder(first), func(name string) bool {
		text, err := cellOf(first[name])
		return err != nil || strings.HasPrefix(text, `"{`) || strings.HasPrefix(text, `"[`)
	})
}
