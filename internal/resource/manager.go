package resource

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
)

// Store is what this package needs of the database. Package store has it.
type Store interface {
	Snapshot() *model.Snapshot
	SnapshotIn(ctx context.Context) *model.Snapshot
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	Draft(ctx context.Context, fn func(ctx context.Context) error) error
	Change(ctx context.Context, fn func(ctx context.Context, tx *store.Change) error) error
	event.Writer
	People
}

// Hasher makes password hashes. Package user has it.
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
}

// Deps is what a manager is made of.
type Deps struct {
	Registry *Registry
	Store    Store
	Box      kind.Box
	Hasher   Hasher
	// CheckExpressions looks for mistakes in the expressions that a noun itself holds: a *model.PropertyMapping, a *model.Prompt. It returns a *model.Error with fields. May
	// be nil. What a kind's settings hold the kind checks, by being opened.
	CheckExpressions func(noun any) error
	// CheckSource looks for settings of a source that cannot work together. It returns a *model.Error with fields. May be nil.
	CheckSource func(src *model.Source) error
	// Identifiers types an identifier that an administrator gives for a connection by hand. May be nil: then it is the source's own subject.
	Identifiers func(src *model.Source, value string) ([]model.Identifier, error)
	// Ways tells what the stages of a flow open. May be nil: then no change is refused for locking administrators out.
	Ways func(s *model.Snapshot, f *model.Flow) stage.Ways
	Now  func() time.Time
}

// Manager reads and changes objects.
type Manager struct{ Deps }

// New makes a manager.
func New(d Deps) *Manager { return &Manager{Deps: d} }

// Actor is on whose behalf something is done. Visitor says from where, for the audit trail; it may be nil for the system.
type Actor struct {
	*access.Principal
	Visitor *model.Visitor
	// Seen, if set, keeps the actor from changing or deleting an object in another state than they have seen.
	Seen Seen
}

// Get finds an object by its key in URLs. It is model.ErrNotFound where there is none, also where the object is of another kind.
func (m *Manager) Get(s *model.Snapshot, n *Noun, key string) (*Object, error) {
	return m.find(s, n, n.sort.key, key)
}

// ByID finds an object by its id: by its sort's name as in the tag ref.
func (m *Manager) ByID(s *model.Snapshot, ref, id string) (*Object, error) {
	x := m.Registry.sorts[ref]
	if x == nil {
		return nil, model.ErrNotFound
	}
	v := x.find(s, x.id, id)
	if v == nil {
		return nil, model.ErrNotFound
	}
	return m.view(s, m.Registry.nounOf(x, v), v)
}

func (m *Manager) find(s *model.Snapshot, n *Noun, by func(any) string, value string) (*Object, error) {
	v := n.sort.find(s, by, value)
	if v == nil {
		return nil, model.ErrNotFound
	}
	actual := m.Registry.nounOf(n.sort, v)
	if n.Kind != nil && actual != n {
		return nil, model.ErrNotFound
	}
	return m.view(s, actual, v)
}

// List gives the objects of a noun by name; those of all kinds for an umbrella.
func (m *Manager) List(s *model.Snapshot, n *Noun) ([]*Object, error) {
	var out []*Object
	for _, v := range n.sort.all(s) {
		actual := m.Registry.nounOf(n.sort, v)
		if n.Kind != nil && actual != n {
			continue
		}
		o, err := m.view(s, actual, v)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// view opens an object once for each snapshot.
func (m *Manager) view(s *model.Snapshot, n *Noun, value any) (*Object, error) {
	type key struct{ ref, id string }
	type opened struct {
		object *Object
		err    error
	}
	o := model.Derive(s, key{n.Ref, n.sort.id(value)}, func() opened {
		object, err := m.load(n, value)
		return opened{object, err}
	})
	return o.object, o.err
}

// load opens an object for reading and writing: its struct is a copy.
func (m *Manager) load(n *Noun, value any) (*Object, error) {
	o := &Object{Noun: n, Value: n.sort.clone(value)}
	if n.Kind == nil {
		return o, nil
	}
	_, config := n.sort.kind(o.Value)
	o.Config = n.Kind.New()
	if err := kind.Load(o.Config, *config, m.Box, o.place()); err != nil {
		return nil, fmt.Errorf("read settings of %s %s: %w", n.Model, o.ID(), err)
	}
	return o, nil
}

// place is what the object's secrets are bound to.
func (o *Object) place() string { return o.Noun.sort.table + "/config/" + o.ID() }

// Create makes an object of a flat body.
func (m *Manager) Create(ctx context.Context, by Actor, n *Noun, body kind.Body) (*Object, error) {
	if err := access.May(by.Principal, access.Add, n.Model, 0); err != nil {
		return nil, err
	}
	if n.Umbrella() {
		return nil, &model.Error{Code: model.CodeInvalid, Message: "Choose a kind: " + n.VerboseName + " stands for all of them."}
	}
	var o *Object
	err := m.change(ctx, n, func(ctx context.Context, tx *store.Change) error {
		o = n.New()
		if err := m.write(ctx, tx, o, body, kind.Create); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelCreated, n.Model, o.ID(), m.NameOf(ctx, tx.Snapshot(), o))
	})
	return o, err
}

// Change changes an object: kind.Replace wants the required keys, kind.Patch none. What the body does not name stays as it is.
func (m *Manager) Change(ctx context.Context, by Actor, n *Noun, key string, body kind.Body, mode kind.Mode) (*Object, error) {
	if err := access.May(by.Principal, access.Change, n.Model, 0); err != nil {
		return nil, err
	}
	var o *Object
	err := m.change(ctx, n, func(ctx context.Context, tx *store.Change) error {
		stored, err := m.Get(tx.Snapshot(), n, key)
		if err != nil {
			return err
		}
		if err := by.Seen.check(stored.Version()); err != nil {
			return err
		}
		if o, err = m.load(stored.Noun, stored.Value); err != nil {
			return err
		}
		if err := m.write(ctx, tx, o, body, mode); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelUpdated, o.Noun.Model, o.ID(), m.NameOf(ctx, tx.Snapshot(), o))
	})
	return o, err
}

// write decodes a body into an object, checks it and puts it.
func (m *Manager) write(ctx context.Context, tx *store.Change, o *Object, body kind.Body, mode kind.Mode) error {
	if err := m.fill(ctx, tx.Snapshot(), o, body, mode); err != nil {
		return err
	}
	return m.naming(tx.Snapshot(), o, m.put(ctx, tx, o))
}

// put stores an object with its secrets sealed. They are bound to its id, so an object that gets its id from the store is put before.
func (m *Manager) put(ctx context.Context, tx *store.Change, o *Object) error {
	if o.Config == nil {
		return tx.Put(ctx, o.Value)
	}
	if o.ID() == "0" {
		_, config := o.Noun.sort.kind(o.Value)
		*config = model.Config("{}")
		if err := tx.Put(ctx, o.Value); err != nil {
			return err
		}
	}
	if err := m.seal(o); err != nil {
		return err
	}
	return tx.Put(ctx, o.Value)
}

// record writes an event about an object, in the transaction of ctx.
func (m *Manager) record(ctx context.Context, by Actor, action model.Action, modelName, pk, name string) error {
	app, noun, ok := cut(modelName)
	if !ok {
		return errors.New("no model name: " + modelName)
	}
	return m.event(ctx, by, action, app, map[string]any{
		"model": map[string]any{"app": app, "model_name": noun, "pk": pk, "name": name},
	})
}

// event writes an event in the name of the actor.
func (m *Manager) event(ctx context.Context, by Actor, action model.Action, app string, details map[string]any) error {
	var visitor model.Visitor
	if by.Visitor != nil {
		visitor = *by.Visitor
	}
	if by.Principal != nil {
		visitor.User = by.User
	}
	e := event.New(action, dotted(app), &visitor, details)
	event.Complete(e, m.Now())
	return m.Store.InsertEvents(ctx, e)
}
