package resource

import (
	"context"
	"slices"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// Delete deletes an object. The store deletes or mends the nouns that refer to it; references inside the settings of kinds are mended here.
func (m *Manager) Delete(ctx context.Context, by Actor, n *Noun, key string) error {
	if err := access.May(by.Principal, access.Delete, n.Model, 0); err != nil {
		return err
	}
	return m.change(ctx, n, func(ctx context.Context, tx *store.Change) error {
		o, err := m.Get(tx.Snapshot(), n, key)
		if err != nil {
			return err
		}
		if err := by.Seen.check(o.Version()); err != nil {
			return err
		}
		return m.remove(ctx, tx, by, o)
	})
}

func (m *Manager) remove(ctx context.Context, tx *store.Change, by Actor, o *Object) error {
	orphans, err := m.forget(ctx, tx, o)
	if err != nil {
		return err
	}
	name := m.NameOf(ctx, tx.Snapshot(), o)
	if err := tx.Delete(ctx, o.Value); err != nil {
		return err
	}
	if err := m.record(ctx, by, model.ActionModelDeleted, o.Noun.Model, o.ID(), name); err != nil {
		return err
	}
	for _, orphan := range orphans {
		// What the store deleted with the object is gone already.
		if !m.Registry.exists(tx.Snapshot(), orphan.Noun.Ref, orphan.ID()) {
			continue
		}
		if err := m.remove(ctx, tx, by, orphan); err != nil {
			return err
		}
	}
	return nil
}

// forget takes an object out of the settings of all kinds. It gives the objects that cannot be without it.
func (m *Manager) forget(ctx context.Context, tx *store.Change, gone *Object) ([]*Object, error) {
	var orphans []*Object
	for _, n := range m.Registry.nouns {
		if n.Kind == nil {
			continue
		}
		all, err := m.List(tx.Snapshot(), n)
		if err != nil {
			return nil, err
		}
		for _, o := range all {
			edited, err := m.load(n, o.Value)
			if err != nil {
				return nil, err
			}
			changed, orphaned := kind.Forget(edited.Config, gone.Noun.Ref, gone.ID())
			if orphaned {
				orphans = append(orphans, o)
				continue
			}
			if changed {
				if err := m.put(ctx, tx, edited); err != nil {
					return nil, err
				}
			}
		}
	}
	return orphans, nil
}

// Use is an object that refers to another one.
type Use struct {
	Object *Object
	// Action is what happens to it when the other is deleted: cascade, cascade_many, set_null.
	Action string
}

// UsedBy finds what refers to an object.
func (m *Manager) UsedBy(s *model.Snapshot, o *Object) ([]Use, error) {
	var out []Use
	for _, n := range m.Registry.nouns {
		if n.Umbrella() {
			continue
		}
		all, err := m.List(s, n)
		if err != nil {
			return nil, err
		}
		for _, other := range all {
			if action := refersTo(other, o); action != "" {
				out = append(out, Use{other, action})
			}
		}
	}
	return out, nil
}

func refersTo(other, o *Object) string {
	if b, ok := other.Value.(*model.PolicyBinding); ok && string(b.Target) == o.ID() {
		return "cascade"
	}
	for _, part := range []any{other.Value, other.Config} {
		if part == nil {
			continue
		}
		for _, r := range kind.References(part) {
			if r.Field.Ref != o.Noun.Ref || !slices.Contains(r.IDs, o.ID()) {
				continue
			}
			switch {
			case r.Field.Type == kind.List:
				return "cascade_many"
			case r.Field.Required || other.Noun.Ref == "policybinding":
				return "cascade"
			}
			return "set_null"
		}
	}
	return ""
}
