package wechatsim

import "slices"

// ordered is a map that remembers the order of first insertion and, given a limit, forgets the oldest entry
// beyond it. The zero value is empty and without limit. It is not safe for concurrent use.
type ordered[V any] struct {
	limit int
	items map[string]V
	order []string
}

func (o *ordered[V]) get(key string) (V, bool) {
	v, ok := o.items[key]
	return v, ok
}

func (o *ordered[V]) put(key string, v V) {
	if o.items == nil {
		o.items = map[string]V{}
	}
	if _, exists := o.items[key]; !exists {
		o.order = append(o.order, key)
	}
	o.items[key] = v
	if o.limit > 0 && len(o.order) > o.limit {
		delete(o.items, o.order[0])
		o.order = o.order[1:]
	}
}

func (o *ordered[V]) remove(key string) bool {
	if _, exists := o.items[key]; !exists {
		return false
	}
	delete(o.items, key)
	o.order = slices.DeleteFunc(o.order, func(k string) bool { return k == key })
	return true
}

// values are the entries, oldest first.
func (o *ordered[V]) values() []V { return o.first(len(o.order)) }

// first are the n oldest entries, or all of them if they are fewer.
func (o *ordered[V]) first(n int) []V {
	out := make([]V, 0, min(n, len(o.order)))
	for _, key := range o.order[:cap(out)] {
		out = append(out, o.items[key])
	}
	return out
}

// last are the n newest entries, newest first.
func (o *ordered[V]) last(n int) []V {
	out := make([]V, 0, min(n, len(o.order)))
	for _, key := range slices.Backward(o.order) {
		if len(out) == cap(out) {
			break
		}
		out = append(out, o.items[key])
	}
	return out
}
