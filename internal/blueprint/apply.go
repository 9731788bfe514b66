package blueprint

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"reflect"

	"go.yaml.in/yaml/v4"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

// Resources makes objects. Package resource has it.
type Resources interface {
	Create(ctx context.Context, by resource.Actor, n *resource.Noun, body kind.Body) (*resource.Object, error)
	List(s *model.Snapshot, n *resource.Noun) ([]*resource.Object, error)
}

// Applier applies blueprints.
type Applier struct {
	Registry  *resource.Registry
	Resources Resources
	Snapshot  func() *model.Snapshot
}

// file is a blueprint.
type file struct {
	Version  int       `yaml:"version"`
	Metadata yaml.Node `yaml:"metadata"`
	Entries  []entry   `yaml:"entries"`
}

type entry struct {
	Model       string    `yaml:"model"`
	ID          string    `yaml:"id"`
	State       string    `yaml:"state"`
	Identifiers yaml.Node `yaml:"identifiers"`
	Attrs       yaml.Node `yaml:"attrs"`
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
		if err := a.apply(ctx, by, raw); err != nil {
			return fmt.Errorf("apply %s: %w", name, err)
		}
	}
	return nil
}

func (a *Applier) apply(ctx context.Context, by resource.Actor, raw []byte) error {
	var f file
	if err := yaml.Unmarshal(raw, &f); err != nil {
		return err
	}
	if f.Version != 1 {
		return fmt.Errorf("version %d is not known", f.Version)
	}
	run := &run{Applier: a, by: by, keys: map[string]string{}}
	for _, e := range f.Entries {
		if err := run.entry(ctx, e); err != nil {
			return fmt.Errorf("line %d: %s: %w", e.Identifiers.Line, e.Model, err)
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
	if e.State != "created" {
		return fmt.Errorf("the state %q is not supported", e.State)
	}
	identifiers, err := r.object(&e.Identifiers)
	if err != nil {
		return err
	}
	o, err := r.find(n, identifiers)
	if err != nil {
		return err
	}
	if o == nil {
		attrs, err := r.object(&e.Attrs)
		if err != nil {
			return err
		}
		body := kind.Body{}
		for _, m := range []map[string]any{attrs, identifiers} {
			for name, value := range m {
				if body[name], err = json.Marshal(value); err != nil {
					return err
				}
			}
		}
		if o, err = r.Resources.Create(ctx, r.by, n, body); err != nil {
			return err
		}
	}
	if e.ID != "" {
		r.keys[e.ID] = o.ID()
	}
	return nil
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
func (r *run) object(node *yaml.Node) (map[string]any, error) {
	if node.IsZero() {
		return map[string]any{}, nil
	}
	value, err := r.value(node)
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
func (r *run) value(node *yaml.Node) (any, error) {
	switch node.Tag {
	case "!KeyOf":
		key, ok := r.keys[node.Value]
		if !ok {
			return nil, fmt.Errorf("line %d: no entry before this one has the id %q", node.Line, node.Value)
		}
		return key, nil
	case "!Find":
		return r.findTag(node)
	}
	switch node.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i < len(node.Content); i += 2 {
			v, err := r.value(node.Content[i+1])
			if err != nil {
				return nil, err
			}
			out[node.Content[i].Value] = v
		}
		return out, nil
	case yaml.SequenceNode:
		out := make([]any, len(node.Content))
		for i, item := range node.Content {
			v, err := r.value(item)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	}
	if len(node.Tag) > 1 && node.Tag[0] == '!' && node.Tag[1] != '!' {
		return nil, fmt.Errorf("line %d: the tag %s is not supported", node.Line, node.Tag)
	}
	var out any
	err := node.Decode(&out)
	return out, err
}

// findTag evaluates !Find [model, [field, value], ...]: the id of the first match, nil if there is none.
func (r *run) findTag(node *yaml.Node) (any, error) {
	if node.Kind != yaml.SequenceNode || len(node.Content) < 2 {
		return nil, fmt.Errorf("line %d: !Find wants a model and pairs of field and value", node.Line)
	}
	n := r.Registry.Noun(node.Content[0].Value)
	if n == nil {
		return nil, fmt.Errorf("line %d: there is no model %q", node.Line, node.Content[0].Value)
	}
	wanted := map[string]any{}
	for _, pair := range node.Content[1:] {
		if pair.Kind != yaml.SequenceNode || len(pair.Content) != 2 {
			return nil, fmt.Errorf("line %d: !Find wants pairs of field and value", pair.Line)
		}
		value, err := r.value(pair.Content[1])
		if err != nil {
			return nil, err
		}
		wanted[pair.Content[0].Value] = value
	}
	o, err := r.find(n, wanted)
	if err != nil || o == nil {
		return nil, err
	}
	return o.ID(), nil
}
