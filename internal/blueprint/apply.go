package blueprint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// Resources makes, changes and deletes objects. Package resource has it.
type Resources interface {
	Create(ctx context.Context, by resource.Actor, n *resource.Noun, body kind.Body) (*resource.Object, error)
	Change(ctx context.Context, by resource.Actor, n *resource.Noun, key string, body kind.Body, mode kind.Mode) (*resource.Object, error)
	Delete(ctx context.Context, by resource.Actor, n *resource.Noun, key string) error
	List(s *model.Snapshot, n *resource.Noun) ([]*resource.Object, error)
	PeopleResources
}

// People finds those whom !Find names: they are in the database and not in the snapshot. Package store has it.
type People interface {
	FindUser(ctx context.Context, fields []string, value string, fold bool) (*model.User, error)
	ListGroups(ctx context.Context, l store.List) ([]*model.Group, int, error)
	ListInvitations(ctx context.Context, l store.List) ([]*model.Invitation, int, error)
}

// Applier applies blueprints.
type Applier struct {
	Registry  *resource.Registry
	Resources Resources
	People    People
	Snapshot  func() *model.Snapshot
	// Shipped are the names of the blueprints that every installation begins with: what an entry of the model metaapplyblueprint may ask for.
	Shipped []string
}

// file is a blueprint.
type file struct {
	Version  int       `yaml:"version"`
	Metadata yaml.Node `yaml:"metadata"`
	Context  yaml.Node `yaml:"context"`
	Entries  entries   `yaml:"entries"`
}

// entries are a list, or several lists below the names of sections.
type entries []entry

// UnmarshalYAML reads both forms.
func (l *entries) UnmarshalYAML(node *yaml.Node) error {
	lists := []*yaml.Node{node}
	if node.Kind == yaml.MappingNode {
		lists = nil
		for i := 1; i < len(node.Content); i += 2 {
			lists = append(lists, node.Content[i])
		}
	}
	for _, of := range lists {
		var part []entry
		if err := of.Load(&part); err != nil {
			return err
		}
		*l = append(*l, part...)
	}
	return nil
}

// The states of an entry.
const (
	statePresent = "present" // made, or changed to what the entry says
	stateCreated = "created" // made if it is not there, and left alone if it is
	stateAbsent  = "absent"  // deleted
	// made, and a mistake if it is there
	stateMustCreated = "must_created"
)

type entry struct {
	Model       string    `yaml:"model"`
	ID          string    `yaml:"id"`
	State       string    `yaml:"state"`
	Conditions  yaml.Node `yaml:"conditions"`
	Identifiers yaml.Node `yaml:"identifiers"`
	Attrs       yaml.Node `yaml:"attrs"`

	line int
}

// UnmarshalYAML reads an entry and remembers where it stands.
func (e *entry) UnmarshalYAML(node *yaml.Node) error {
	type plain entry
	if err := node.Load((*plain)(e), yaml.WithKnownFields()); err != nil {
		return err
	}
	e.line = node.Line
	return nil
}

// Apply applies every blueprint that the pattern names, in the order of their names.
func (a *Applier) Apply(ctx context.Context, by resource.Actor, files fs.FS, pattern string) error {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if err := a.ApplyOne(ctx, by, raw); err != nil {
			return fmt.Errorf("apply %s: %w", name, err)
		}
	}
	return nil
}

// ApplyOne applies one blueprint. An error names the line of the entry; those before it have been applied, unless a transaction of the caller's takes them back.
func (a *Applier) ApplyOne(ctx context.Context, by resource.Actor, raw []byte) error {
	var f file
	if err := yaml.Load(raw, &f, yaml.WithKnownFields()); err != nil {
		return err
	}
	if f.Version != 1 {
		return fmt.Errorf("version %d is not known", f.Version)
	}
	run := &run{Applier: a, by: by, keys: map[string]any{}}
	var err error
	if run.context, err = run.object(ctx, &f.Context); err != nil {
		return fmt.Errorf("context: %w", err)
	}
	for _, e := range f.Entries {
		if err := run.entry(ctx, e); err != nil {
			return fmt.Errorf("line %d: %s: %w", e.line, e.Model, err)
		}
	}
	return nil
}

// run is one file on its way in.
type run struct {
	*Applier
	by resource.Actor
	// keys are the ids of the objects so far, by their entries' ids.
	keys map[string]any
	// context is the file's own, for !Context.
	context map[string]any
	// items are those of the enumerations around the value that is read, the innermost last.
	items []item
}

func (r *run) entry(ctx context.Context, e entry) error {
	switch e.State {
	case "":
		e.State = statePresent // as authentik has it
	case statePresent, stateCreated, stateAbsent, stateMustCreated:
	default:
		return fmt.Errorf("the state %q is not supported", e.State)
	}
	if e.Model == metaApply {
		return r.shipped(ctx, e)
	}
	sort, err := r.sortOf(e.Model)
	if err != nil {
		return err
	}
	if holds, err := r.conditions(ctx, &e.Conditions); err != nil || !holds {
		return err
	}
	identifiers, err := r.object(ctx, &e.Identifiers)
	if err != nil {
		return err
	}
	there, err := sort.find(ctx, identifiers)
	if err != nil {
		return err
	}
	switch {
	case e.State == stateAbsent && there == nil:
		return nil
	case e.State == stateAbsent:
		return sort.remove(ctx, there)
	case e.State == stateMustCreated && there != nil:
		return errors.New("it is there already, and the entry says that it must be made")
	}
	if there == nil || e.State == statePresent {
		body, err := r.body(ctx, e, identifiers)
		if err != nil {
			return err
		}
		if there, err = sort.write(ctx, there, body); err != nil {
			return err
		}
	}
	if e.ID != "" {
		r.keys[e.ID] = there.id
	}
	return nil
}

// found is an object that an entry is about.
type found struct {
	// id is what others refer to it by: a text, or a person's number.
	id any
	// key is what stands in its address.
	key string
}

// sort is how the objects of a model are found and changed.
type sort struct {
	find   func(ctx context.Context, identifiers map[string]any) (*found, error)
	write  func(ctx context.Context, there *found, body kind.Body) (*found, error)
	remove func(ctx context.Context, there *found) error
}

func (r *run) sortOf(name string) (sort, error) {
	if s, ok := r.people()[name]; ok {
		return s, nil
	}
	n := r.Registry.Noun(name)
	if n == nil {
		return sort{}, errors.New("there is no such model")
	}
	of := func(o *resource.Object, err error) (*found, error) {
		if o == nil || err != nil {
			return nil, err
		}
		return &found{o.ID(), o.Key()}, nil
	}
	return sort{
		find: func(_ context.Context, identifiers map[string]any) (*found, error) { return of(r.find(n, identifiers)) },
		write: func(ctx context.Context, there *found, body kind.Body) (*found, error) {
			if there == nil {
				return of(r.Resources.Create(ctx, r.by, n, body))
			}
			return of(r.Resources.Change(ctx, r.by, n, there.key, body, kind.Patch))
		},
		remove: func(ctx context.Context, there *found) error { return r.Resources.Delete(ctx, r.by, n, there.key) },
	}, nil
}

// conditions reports whether all conditions of an entry hold: none is empty, false, zero or nothing.
func (r *run) conditions(ctx context.Context, node *yaml.Node) (bool, error) {
	if node.IsZero() {
		return true, nil
	}
	value, err := r.value(ctx, node)
	if err != nil {
		return false, err
	}
	list, ok := value.([]any)
	if !ok {
		return false, fmt.Errorf("line %d: conditions are a list", node.Line)
	}
	return !slices.ContainsFunc(list, func(v any) bool { return !truthy(v) }), nil
}

// body gives an entry's attributes and identifiers as the API would be sent them.
func (r *run) body(ctx context.Context, e entry, identifiers map[string]any) (kind.Body, error) {
	attrs, err := r.object(ctx, &e.Attrs)
	if err != nil {
		return nil, err
	}
	body := kind.Body{}
	for _, m := range []map[string]any{attrs, identifiers} {
		for name, value := range m {
			if body[name], err = json.Marshal(value); err != nil {
				return nil, err
			}
		}
	}
	return body, nil
}

// find gives the object that has all the identifiers, or nil.
func (r *run) find(n *resource.Noun, identifiers map[string]any) (*resource.Object, error) {
	objects, err := r.Resources.List(r.Snapshot(), n)
	if err != nil {
		return nil, err
	}
	for _, o := range objects {
		if has(o, identifiers) {
			return o, nil
		}
	}
	return nil, nil
}

func has(o *resource.Object, identifiers map[string]any) bool {
	seen := kind.Encode(o.Value)
	if o.Config != nil {
		maps.Copy(seen, kind.Encode(o.Config))
	}
	for name, want := range identifiers {
		if fmt.Sprint(plain(seen[name])) != fmt.Sprint(want) {
			return false
		}
	}
	return len(identifiers) > 0
}

// plain follows a pointer, so that a nullable id compares as its text.
func plain(v any) any {
	p := reflect.ValueOf(v)
	if p.Kind() == reflect.Pointer && !p.IsNil() {
		return p.Elem().Interface()
	}
	return v
}
