package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// shelf is one configuration noun: its table, its map in the snapshot.
type shelf interface {
	// tableName is the table's name.
	tableName() string
	// holds reports whether the value is a pointer to this noun.
	holds(noun any) bool
	// selectRows is the noun's part of the statement that reads the snapshot.
	selectRows() string
	// load adds a stored row to a snapshot that is being filled.
	load(s *model.Snapshot, r record) error
	// put gives a snapshot with the noun in it and the statement that stores it.
	put(s *model.Snapshot, noun any) (*model.Snapshot, statement, error)
	// remove gives a snapshot without the noun and the statement that deletes it, model.ErrNotFound if it is not there.
	remove(s *model.Snapshot, noun any) (*model.Snapshot, statement, error)
}

// record is a row of any configuration table.
type record struct {
	table, id, kind  string
	settings, config string
}

// table is the shelf of one type. Columns are those besides id and settings; the first is the unique name if there is a name.
type table[K comparable, T any] struct {
	table   string
	columns []string
	values  func(*T) []any
	// all is the noun's map.
	all func(*model.Snapshot) *map[K]*T
	id  func(*T) *K
	// parse reads the id from text.
	parse func(string) (K, error)
	// name is unique; nil where the noun has none.
	name func(*T) string
	// kind points to the kind and its settings; nil where the noun has no kinds.
	kind func(*T) (*string, *model.Config)
	// check finds what the tables cannot: dangling references, pairs that are there already.
	check func(*model.Snapshot, *T) error
}

func (t table[K, T]) tableName() string { return t.table }

func (t table[K, T]) holds(noun any) bool {
	_, ok := noun.(*T)
	return ok
}

func (t table[K, T]) selectRows() string {
	kind, config := "''", "''"
	if t.kind != nil {
		kind, config = "kind", "CAST(config AS text)"
	}
	return fmt.Sprintf("SELECT '%s', CAST(id AS text), %s, CAST(settings AS text), %s FROM %s", t.table, kind, config, t.table)
}

func (t table[K, T]) load(s *model.Snapshot, r record) error {
	v, err := t.decode(r)
	if err != nil {
		return fmt.Errorf("read %s %s: %w", t.table, r.id, err)
	}
	(*t.all(s))[*t.id(v)] = v
	return nil
}

// decode is strict: the bytes are ours, so an unknown key means that a newer or a broken version wrote them.
func (t table[K, T]) decode(r record) (*T, error) {
	v := new(T)
	d := json.NewDecoder(bytes.NewReader([]byte(r.settings)))
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return nil, err
	}
	id, err := t.parse(r.id)
	if err != nil {
		return nil, err
	}
	*t.id(v) = id
	if t.kind != nil {
		kind, config := t.kind(v)
		*kind, *config = r.kind, model.Config(r.config)
	}
	return v, nil
}

func (t table[K, T]) put(s *model.Snapshot, noun any) (*model.Snapshot, statement, error) {
	given, _ := noun.(*T)
	id := *t.id(given)
	if t.name != nil {
		for other, v := range *t.all(s) {
			if other != id && t.name(v) == t.name(given) {
				return nil, statement{}, taken(t.table, t.columns[0])
			}
		}
	}
	if t.check != nil {
		if err := t.check(s, given); err != nil {
			return nil, statement{}, err
		}
	}
	settings, err := jsonText(given)
	if err != nil {
		return nil, statement{}, err
	}
	r := record{table: t.table, id: fmt.Sprint(id), settings: settings}
	if t.kind != nil {
		kind, config := t.kind(given)
		r.kind, r.config = *kind, configText(*config)
	}
	// What was written is read back, so that this process holds its own copy, and the same as the others.
	v, err := t.decode(r)
	if err != nil {
		return nil, statement{}, err
	}
	next := t.copied(s)
	(*t.all(next))[id] = v
	args := append([]any{id, settings}, t.values(v)...)
	return next, statement{text: t.upsert(), args: args}, nil
}

func (t table[K, T]) remove(s *model.Snapshot, noun any) (*model.Snapshot, statement, error) {
	given, _ := noun.(*T)
	id := *t.id(given)
	if _, ok := (*t.all(s))[id]; !ok {
		return nil, statement{}, model.ErrNotFound
	}
	next := t.copied(s)
	delete(*t.all(next), id)
	return next, statement{text: "DELETE FROM " + t.table + " WHERE id = $1", args: []any{id}}, nil
}

// copied gives a snapshot whose map of this noun may be written.
func (t table[K, T]) copied(s *model.Snapshot) *model.Snapshot {
	next := successor(s)
	all := t.all(next)
	*all = maps.Clone(*all)
	return next
}

func (t table[K, T]) upsert() string {
	columns := append([]string{"id", "settings"}, t.columns...)
	sets := make([]string, len(columns)-1)
	for i, c := range columns[1:] {
		sets[i] = c + " = excluded." + c
	}
	return "INSERT INTO " + t.table + " (" + strings.Join(columns, ", ") + ") VALUES (" + places(1, len(columns)) +
		") ON CONFLICT (id) DO UPDATE SET " + strings.Join(sets, ", ")
}

func configText(c model.Config) string {
	if len(c) == 0 {
		return "{}"
	}
	return string(c)
}
