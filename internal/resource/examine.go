package resource

import (
	"context"
	"fmt"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// Examine looks at a body as Create would, or Change where a key is given, and stores nothing: for forms that tell while somebody types. A fault is a *model.Error, as
// theirs is. What only the database can tell is not looked at: whether a name is taken, and whether the change would shut the last administrator out.
func (m *Manager) Examine(ctx context.Context, by Actor, n *Noun, key string, body kind.Body) error {
	action, mode := access.Add, kind.Create
	if key != "" {
		action, mode = access.Change, kind.Patch
	}
	if err := access.May(by.Principal, action, n.Model, 0); err != nil {
		return err
	}
	s := m.Store.Snapshot()
	o := n.New()
	if key != "" {
		stored, err := m.Get(s, n, key)
		if err != nil {
			return err
		}
		if o, err = m.load(stored.Noun, stored.Value); err != nil {
			return err
		}
	}
	if err := m.fill(ctx, s, o, body, mode); err != nil || o.Config == nil {
		return err
	}
	return m.seal(o)
}

// fill decodes a body into an object and checks it.
func (m *Manager) fill(ctx context.Context, s *model.Snapshot, o *Object, body kind.Body, mode kind.Mode) error {
	before, _ := o.Value.(*model.KeyPair)
	var sealed model.Sealed
	if before != nil {
		sealed = before.Key
	}
	errs := faults{}
	errs.merge(kind.Decode(o.Value, body, mode))
	if o.Config != nil {
		errs.merge(kind.Decode(o.Config, body, mode))
	}
	if len(errs) > 0 {
		return errs.err()
	}
	if err := m.check(ctx, s, o, body); err != nil {
		return err
	}
	if err := m.checkMeaning(o); err != nil {
		return err
	}
	if k, ok := o.Value.(*model.KeyPair); ok {
		return m.sealKey(k, sealed, body)
	}
	return nil
}

// seal writes the settings into the object's struct as they are stored, and looks whether those of a source can work together.
func (m *Manager) seal(o *Object) error {
	_, config := o.Noun.sort.kind(o.Value)
	sealed, err := kind.Seal(o.Config, m.Box, o.place())
	if err != nil {
		return fmt.Errorf("write settings of %s: %w", o.Noun.Model, err)
	}
	*config = sealed
	if x, ok := o.Value.(*model.Source); ok && m.CheckSource != nil {
		return m.CheckSource(x)
	}
	return nil
}
