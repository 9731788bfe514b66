package model

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type sample struct {
	Name string `json:"name"`
}

// stored gives a context as it comes back from the database.
func stored(t *testing.T, c *PlanContext) *PlanContext {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	out := NewPlanContext()
	if err := json.Unmarshal(b, out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestASlotIsTheSameAfterItWasStored(t *testing.T) {
	slot, other := NewSlot[*sample]("sample"), NewSlot[int]("other")
	c := NewPlanContext()
	if _, ok := slot.Get(c); ok || slot.Value(c) != nil {
		t.Error("an empty context has a value")
	}
	slot.Set(c, &sample{"x"})
	if got := slot.Value(stored(t, c)); got == nil || got.Name != "x" {
		t.Errorf("%+v", got)
	}
	back := stored(t, stored(t, c)) // a slot that nobody asked for is kept as it is
	if got, ok := slot.Get(back); !ok || got.Name != "x" {
		t.Errorf("%+v", got)
	}
	if once, again := slot.Value(back), slot.Value(back); once != again {
		t.Error("a value that is asked for twice is two values")
	}
	if _, ok := other.Get(back); ok {
		t.Error("a slot that was never set has a value")
	}
	slot.Clear(back)
	if _, ok := slot.Get(stored(t, back)); ok || len(back.Names()) != 0 {
		t.Error("a cleared slot is still there")
	}
}

// Identifiers of upstreams are numbers of any length.
func TestNumbersKeepTheirDigitsInAPlan(t *testing.T) {
	slot := NewSlot[map[string]any]("prompt_data")
	c := NewPlanContext()
	slot.Set(c, map[string]any{"attributes": map[string]any{"id": json.Number("12345678901234567890"), "one": json.Number("1")}})
	back := stored(t, c)
	if diff := cmp.Diff(slot.Value(c), slot.Value(back)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	got, _ := stored(t, c).Lookup("prompt_data")
	if diff := cmp.Diff(any(slot.Value(c)), got); diff != "" {
		t.Errorf("looked up (-before +after):\n%s", diff)
	}
}

func TestDirty(t *testing.T) {
	slot := NewSlot[string]("s")
	c := NewPlanContext()
	if c.Dirty() {
		t.Error("an empty context is dirty")
	}
	slot.Set(c, "x")
	if !c.Dirty() {
		t.Error("a written one is not")
	}
	back := stored(t, c)
	slot.Value(back)
	back.Lookup("s")
	if back.Dirty() {
		t.Error("reading makes it dirty")
	}
	back.Put("t", 1)
	if !back.Dirty() {
		t.Error("an expression's entry does not")
	}
	back.Clean()
	if back.Dirty() {
		t.Error("clean is dirty")
	}
}

func TestASlotOfAnotherTypeIsEmpty(t *testing.T) {
	c := NewPlanContext()
	c.Put("s", map[string]any{"a": 1})
	if v, ok := NewSlot[string]("s").Get(c); ok || v != "" {
		t.Errorf("%q", v)
	}
	if v, ok := NewSlot[string]("s").Get(stored(t, c)); ok || v != "" {
		t.Errorf("stored: %q", v)
	}
}
