package blueprint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"

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
}

// People finds those whom !Find names: they are in the database and not in the snapshot. Package store has it.
type People interface {
	FindUser(ctx context.Context, fields []string, value string, fold bool) (*model.User, error)
	ListGroups(ctx context.Context, l store.List) ([]*model.Group, int, error)
}

// Applier applies blueprints.
type Applier struct {
	Registry  *resource.Registry
	Resources Resources
	People    People
	Snapshot  func() *model.Snapshot
}

// file is a blueprint.
type file struct {
	Version  int       `yaml:"version"`
	Metadata yaml.Node `yaml:"metadata"`
	Entries  []entry   `yaml:"entries"`
}

// The states of an entry.
const (
	statePresent = "present" // made, or changed to what the entry says
	stateCreated = "created" // made if it is not there, and left alone if it is
	stateAbsent  = "absent"  // deleted
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
	run := &run{Applier: a, by: by, keys: map[string]string{}}
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
	keys map[string]string
}

func (r *run) entry(ctx context.Context, e entry) error {
	n := r.Registry.Noun(e.Model)
	if n == nil {
		return fmt.Errorf("there is no such model")
	}
	switch e.State {
	case "":
		e.State = statePresent // as authentik has it
	case statePresent, stateCreated, stateAbsent:
	default:
		return fmt.Errorf("the state %q is not supported", e.State)
	}
	if holds, err := r.conditions(ctx, &e.Conditions); err != nil || !holds {
		return err
	}
	identifiers, err := r.object(ctx, &e.Identifiers)
	if err != nil {
		return err
	}
	o, err := r.find(n, identifiers)
	if err != nil {
		return err
	}
	if e.State == stateAbsent {
		if o == nil {
			return nil
		}
		return r.Resources.Delete(ctx, r.by, n, o.Key())
	}
	if o == nil || e.State == statePresent {
		if o, err = r.write(ctx, n, o, e, identifiers); err != nil {
			return err
		}
	}
	if e.ID != "" {
		r.keys[e.ID] = o.ID()
	}
	return nil
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
	for _, v := range list {
		if v == nil || reflect.ValueOf(v).IsZero() {
			return false, nil
		}
	}
	return true, nil
}

// write makes the object of an entry, or changes the one that is there.
func (r *run) write(ctx context.Context, n *resource.Noun, there *resource.Object, e entry, identifiers map[string]any) (*resource.Object, error) {
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
	if there == nil {
		return r.Resources.Create(ctx, r.by, n, body)
	}
	return r.Resources.Change(ctx, r.by, n, there.Key(), body, kind.Patch)
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

// object evaluates a mapping; nothing is an empty one.
func (r *run) object(ctx context.Context, node *yaml.Node) (map[string]any, error) {
	if node.IsZero() {
		return map[string]any{}, nil
	}
	value, err := r.value(ctx, node)
	if err != nil {
		return nil, err
	}
	m, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("line %d: expected a mapping", node.Line)
	}
	return m, nil
}

// value evaluates a node and its tags.
func (r *run) value(ctx context.Context, node *yaml.Node) (any, error) {
	switch node.Tag {
	case "!KeyOf":
		key, ok := r.keys[node.Value]
		if !ok {
			return nil, fmt.Errorf("line %d: no entry before this one has the id %q", node.Line, node.Value)
		}
		return key, nil
	case "!Find":
		return r.findTag(ctx, node)
	}
	if len(node.Tag) > 1 && node.Tag[0] == '!' && node.Tag[1] != '!' {
		return nil, fmt.Errorf("line %d: the tag %s is not supported", node.Line, node.Tag)
	}
	switch node.Kind {
	case yaml.AliasNode:
		return r.value(ctx, node.Alias)
	case yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i < len(node.Content); i += 2 {
			if node.Content[i].Tag == "!!merge" {
				return nil, fmt.Errorf("line %d: merging with << is not supported", node.Content[i].Line)
			}
			v, err := r.value(ctx, node.Content[i+1])
			if err != nil {
				return nil, err
			}
			out[node.Content[i].Value] = v
		}
		return out, nil
	case yaml.SequenceNode:
		out := make([]any, len(node.Content))
		for i, item := range node.Content {
			v, err := r.value(ctx, item)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	default:
		var out any
		err := node.Load(&out)
		return out, err
	}
}

// findTag evaluates !Find [model, [field, value], ...]: the id of the first match, nil if there is none.
func (r *run) findTag(ctx context.Context, node *yaml.Node) (any, error) {
	if node.Kind != yaml.SequenceNode || len(node.Content) < 2 {
		return nil, fmt.Errorf("line %d: !Find wants a model and pairs of field and value", node.Line)
	}
	name := node.Content[0].Value
	wanted := map[string]any{}
	for _, pair := range node.Content[1:] {
		if pair.Kind != yaml.SequenceNode || len(pair.Content) != 2 {
			return nil, fmt.Errorf("line %d: !Find wants pairs of field and value", pair.Line)
		}
		value, err := r.value(ctx, pair.Content[1])
		if err != nil {
			return nil, err
		}
		wanted[pair.Content[0].Value] = value
	}
	if name == resource.ModelUser || name == resource.ModelGroup {
		id, err := r.findPerson(ctx, name, wanted)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", node.Line, err)
		}
		return id, nil
	}
	n := r.Registry.Noun(name)
	if n == nil {
		return nil, fmt.Errorf("line %d: there is no model %q", node.Line, name)
	}
	o, err := r.find(n, wanted)
	if err != nil || o == nil {
		return nil, err
	}
	return o.ID(), nil
}

// findPerson gives the id of a user by the username, or of a group by its name; nil if there is none.
func (r *run) findPerson(ctx context.Context, name string, wanted map[string]any) (any, error) {
	field := map[string]string{resource.ModelUser: "username", resource.ModelGroup: "name"}[name]
	value, ok := wanted[field].(string)
	if !ok || len(wanted) != 1 {
		return nil, fmt.Errorf("%s is found by its %s alone", name, field)
	}
	if name == resource.ModelUser {
		u, err := r.People.FindUser(ctx, []string{field}, value, false)
		if errors.Is(err, model.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return u.ID, nil
	}
	groups, _, err := r.People.ListGroups(ctx, store.List{Where: []store.Where{{Field: field, Op: store.OpEq, Values: []string{value}}}, Limit: 1})
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	return groups[0].ID, nil
}
