package blueprint

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
)

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
	if len(node.Tag) > 1 && node.Tag[0] == '!' && node.Tag[1] != '!' {
		v, err := r.tagged(ctx, node)
		return v, at(node, err)
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

// at says on which line something is wrong, unless that is said already.
func at(node *yaml.Node, err error) error {
	if err == nil || strings.HasPrefix(err.Error(), "line ") {
		return err
	}
	return fmt.Errorf("line %d: %w", node.Line, err)
}

// truthy reports whether a value counts as true: it is not nothing, false, zero or empty.
func truthy(v any) bool {
	x := reflect.ValueOf(v)
	if !x.IsValid() {
		return false
	}
	if k := x.Kind(); k == reflect.Slice || k == reflect.Map {
		return x.Len() > 0
	}
	return !x.IsZero()
}

// list gives what a tag is about: a list with at least some items.
func (r *run) list(ctx context.Context, node *yaml.Node, least int, want string) ([]any, error) {
	if node.Kind != yaml.SequenceNode || len(node.Content) < least {
		return nil, errors.New(node.Tag + " wants " + want)
	}
	out := make([]any, len(node.Content))
	for i, inner := range node.Content {
		v, err := r.value(ctx, inner)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}
