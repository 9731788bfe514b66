package blueprint

import (
	"context"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/weimen-id/weimen/internal/kind"
)

// findTag evaluates !Find [model, [field, value], ...]: the id of the first match, nil if there is none.
func (r *run) findTag(ctx context.Context, node *yaml.Node) (any, error) {
	name, wanted, err := r.wanted(ctx, node)
	if err != nil {
		return nil, err
	}
	s, err := r.sortOf(name)
	if err != nil {
		return nil, fmt.Errorf("there is no model %q", name)
	}
	there, err := s.find(ctx, wanted)
	if there == nil || err != nil {
		return nil, err
	}
	return there.id, nil
}

// findObject evaluates !FindObject [model, [field, value], ...]: the first match with its settings, nil if there is none. Secrets are left out.
func (r *run) findObject(ctx context.Context, node *yaml.Node) (any, error) {
	name, wanted, err := r.wanted(ctx, node)
	if err != nil {
		return nil, err
	}
	n := r.Registry.Noun(name)
	if n == nil {
		return nil, fmt.Errorf("there is no model %q whose objects are read here", name)
	}
	o, err := r.find(n, wanted)
	if o == nil || err != nil {
		return nil, err
	}
	seen := map[string]any{}
	for _, part := range []any{o.Value, o.Config} {
		if part == nil {
			continue
		}
		for name, v := range kind.Encode(part) {
			seen[name] = v
		}
		for _, f := range kind.Fields(part) {
			if f.Type == kind.Secret {
				delete(seen, f.Name)
			}
		}
	}
	raw, err := json.Marshal(seen)
	if err != nil {
		return nil, err
	}
	var plain map[string]any
	err = json.Unmarshal(raw, &plain)
	return plain, err
}

// wanted reads what !Find and !FindObject are about.
func (r *run) wanted(ctx context.Context, node *yaml.Node) (name string, wanted map[string]any, err error) {
	if node.Kind != yaml.SequenceNode || len(node.Content) < 2 {
		return "", nil, fmt.Errorf("%s wants a model and pairs of field and value", node.Tag)
	}
	model, err := r.value(ctx, node.Content[0])
	if err != nil {
		return "", nil, err
	}
	wanted = map[string]any{}
	for _, pair := range node.Content[1:] {
		if pair.Kind != yaml.SequenceNode || len(pair.Content) != 2 {
			return "", nil, at(pair, fmt.Errorf("%s wants pairs of field and value", node.Tag))
		}
		value, err := r.value(ctx, pair.Content[1])
		if err != nil {
			return "", nil, err
		}
		wanted[pair.Content[0].Value] = value
	}
	return fmt.Sprint(model), wanted, nil
}
