package resource

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/model"
)

// sort is one noun of the configuration snapshot, over all its kinds.
type sort struct {
	ref, table string
	// fresh gives a pointer to a new object with the defaults and, where the store does not give one, its id.
	fresh func() any
	// all gives the objects by name, first any one that a test accepts, nil if none.
	all   func(*model.Snapshot) []any
	first func(*model.Snapshot, func(any) bool) any
	id    func(any) string
	key   func(any) string
	name  func(any) string
	// kind points to the kind's name and settings; nil for a noun without kinds.
	kind func(any) (*string, *model.Config)
	// clone copies the struct. Decoding replaces lists and objects whole, so they may be shared.
	clone func(any) any
	check func(*model.Snapshot, any) faults
}

// define makes a sort of typed functions. key may be nil: then the id stands in URLs.
type define[T any, K ~string | ~int64] struct {
	ref, table string
	fresh      func() T
	in         func(*model.Snapshot) map[K]*T
	id         func(*T) *K
	key, name  func(*T) string
	kind       func(*T) (*string, *model.Config)
	check      func(*model.Snapshot, *T) faults
}

func (d define[T, K]) sort() *sort {
	id := func(v any) string { return fmt.Sprint(*d.id(v.(*T))) }
	s := &sort{
		ref: d.ref, table: d.table, id: id, key: id,
		name:  func(v any) string { return d.name(v.(*T)) },
		clone: func(v any) any { c := *v.(*T); return &c },
		fresh: func() any {
			v := d.fresh()
			// A provider's id is the store's to give: one sequence over all of them.
			if id := reflect.ValueOf(d.id(&v)).Elem(); id.Kind() == reflect.String {
				id.SetString(newID())
			}
			return &v
		},
		all: func(snap *model.Snapshot) []any {
			var out []any
			for _, v := range d.in(snap) {
				out = append(out, v)
			}
			slices.SortFunc(out, func(a, b any) int {
				x, y := a.(*T), b.(*T)
				return cmp.Or(cmp.Compare(d.name(x), d.name(y)), cmp.Compare(*d.id(x), *d.id(y)))
			})
			return out
		},
	}
	s.first = func(snap *model.Snapshot, wanted func(any) bool) any {
		for _, v := range d.in(snap) {
			if wanted(v) {
				return v
			}
		}
		return nil
	}
	if d.key != nil {
		s.key = func(v any) string { return d.key(v.(*T)) }
	}
	if d.kind != nil {
		s.kind = func(v any) (*string, *model.Config) { return d.kind(v.(*T)) }
	}
	if d.check != nil {
		s.check = func(snap *model.Snapshot, v any) faults { return d.check(snap, v.(*T)) }
	}
	return s
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// find gives the object whose key or id is the value, nil if there is none.
func (s *sort) find(snap *model.Snapshot, by func(any) string, value string) any {
	return s.first(snap, func(v any) bool { return by(v) == value })
}
