package model

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// PlanContext is what a run of a flow knows so far. Its entries bear authentik's names, because expressions read them; Go code reaches them through
// a [Slot] declared by their owner, never by a bare name.
type PlanContext struct {
	live  map[string]any
	raw   map[string]json.RawMessage
	dirty bool
}

// NewPlanContext is an empty context.
func NewPlanContext() *PlanContext { return &PlanContext{live: map[string]any{}} }

// Slot is one typed entry of a plan's context.
type Slot[T any] struct{ name string }

// NewSlot declares an entry. Each is declared once, as a package variable of its owner.
func NewSlot[T any](name string) Slot[T] { return Slot[T]{name: name} }

// Name is the entry's name.
func (s Slot[T]) Name() string { return s.name }

// Get gives the value, and whether there is one.
func (s Slot[T]) Get(c *PlanContext) (T, bool) {
	var t T
	if v, ok := c.live[s.name]; ok {
		if t, ok := v.(T); ok {
			return t, true
		}
		// An expression wrote it, as plain data.
		raw, err := json.Marshal(v)
		if err != nil || decode(raw, &t) != nil {
			return t, false
		}
		c.live[s.name] = t
		return t, true
	}
	raw, ok := c.raw[s.name]
	if !ok || decode(raw, &t) != nil {
		return t, false
	}
	c.live[s.name] = t
	return t, true
}

// Value gives the value, or the zero one.
func (s Slot[T]) Value(c *PlanContext) T {
	v, _ := s.Get(c)
	return v
}

// Set writes the value.
func (s Slot[T]) Set(c *PlanContext, v T) {
	c.live[s.name] = v
	delete(c.raw, s.name)
	c.dirty = true
}

// Clear removes the entry.
func (s Slot[T]) Clear(c *PlanContext) {
	delete(c.live, s.name)
	delete(c.raw, s.name)
	c.dirty = true
}

// Dirty reports whether anything was written since the context was made or read.
func (c *PlanContext) Dirty() bool { return c.dirty }

// Clean forgets that anything was written.
func (c *PlanContext) Clean() { c.dirty = false }

// Names lists the entries that are set, in no order.
func (c *PlanContext) Names() []string {
	out := make([]string, 0, len(c.live)+len(c.raw))
	for name := range c.live {
		out = append(out, name)
	}
	for name := range c.raw {
		if _, ok := c.live[name]; !ok {
			out = append(out, name)
		}
	}
	return out
}

// Lookup gives an entry by name, for expressions: the live value, or plain JSON for one that nobody has asked for since it was read.
func (c *PlanContext) Lookup(name string) (any, bool) {
	if v, ok := c.live[name]; ok {
		return v, true
	}
	raw, ok := c.raw[name]
	if !ok {
		return nil, false
	}
	var v any
	if decode(raw, &v) != nil {
		return nil, false
	}
	return v, true
}

// decode keeps numbers as they were written: identifiers of upstreams may be longer than a float64 holds.
func decode(raw json.RawMessage, to any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(to)
}

// Put writes an entry by name, for expressions and blueprints.
func (c *PlanContext) Put(name string, v any) { NewSlot[any](name).Set(c, v) }

// MarshalJSON writes all entries.
func (c *PlanContext) MarshalJSON() ([]byte, error) {
	out := make(map[string]json.RawMessage, len(c.live)+len(c.raw))
	for name, raw := range c.raw {
		out[name] = raw
	}
	for name, v := range c.live {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		out[name] = b
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads entries; each is decoded when its slot is first asked for.
func (c *PlanContext) UnmarshalJSON(b []byte) error {
	c.live, c.raw, c.dirty = map[string]any{}, map[string]json.RawMessage{}, false
	return json.Unmarshal(b, &c.raw)
}
