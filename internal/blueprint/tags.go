package blueprint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// tagged evaluates a node with a tag of the format's own.
func (r *run) tagged(ctx context.Context, node *yaml.Node) (any, error) {
	switch node.Tag {
	case "!KeyOf":
		key, ok := r.keys[node.Value]
		if !ok {
			return nil, fmt.Errorf("no entry before this one has the id %q", node.Value)
		}
		return key, nil
	case "!Find":
		return r.findTag(ctx, node)
	case "!FindObject":
		return r.findObject(ctx, node)
	case "!Context":
		return r.contextTag(ctx, node)
	case "!Format":
		return r.format(ctx, node)
	case "!If":
		return r.choice(ctx, node)
	case "!Condition":
		return r.condition(ctx, node)
	case "!Enumerate":
		return r.enumerate(ctx, node)
	case "!Index", "!Value":
		return r.enumerated(node)
	case "!AtIndex":
		return r.atIndex(ctx, node)
	case "!ParseJSON":
		return parseJSON(node)
	case "!Env", "!File":
		return nil, errors.New(node.Tag + " is refused: a blueprint must not read the server's environment or files, where its secrets are. Write the value down, or use !Context")
	}
	return nil, fmt.Errorf("the tag %s is not supported", node.Tag)
}

// contextTag evaluates !Context key and !Context [key, default]: a value of the file's context, else the default, else nothing.
func (r *run) contextTag(ctx context.Context, node *yaml.Node) (any, error) {
	if node.Kind == yaml.ScalarNode {
		return r.context[node.Value], nil
	}
	list, err := r.list(ctx, node, 2, "a key, or a key and a default")
	if err != nil {
		return nil, err
	}
	if v, ok := r.context[fmt.Sprint(list[0])]; ok {
		return v, nil
	}
	return list[1], nil
}

// format evaluates !Format [text, value, ...]: %s and %d stand for the values in their order, %% for a percent sign.
func (r *run) format(ctx context.Context, node *yaml.Node) (any, error) {
	list, err := r.list(ctx, node, 1, "a text and the values in it")
	if err != nil {
		return nil, err
	}
	text, values := fmt.Sprint(list[0]), list[1:]
	var out strings.Builder
	for {
		before, after, more := strings.Cut(text, "%")
		out.WriteString(before)
		switch {
		case !more && len(values) > 0:
			return nil, errors.New("!Format has more values than the text has places for them")
		case !more:
			return out.String(), nil
		case after == "":
			return nil, errors.New("!Format: the text ends with a percent sign; write two for one")
		case after[0] == '%':
			out.WriteByte('%')
		case after[0] != 's' && after[0] != 'd':
			return nil, fmt.Errorf("!Format knows %%s, %%d and %%%%, not %%%c", after[0])
		case len(values) == 0:
			return nil, errors.New("!Format has fewer values than the text has places for them")
		default:
			fmt.Fprint(&out, values[0])
			values = values[1:]
		}
		text = after[1:]
	}
}

// choice evaluates !If condition and !If [condition, then, else]. Only the branch that is taken is evaluated.
func (r *run) choice(ctx context.Context, node *yaml.Node) (any, error) {
	if node.Kind == yaml.ScalarNode {
		var v any
		err := untagged(node).Load(&v)
		return truthy(v), err
	}
	if node.Kind != yaml.SequenceNode || (len(node.Content) != 1 && len(node.Content) != 3) {
		return nil, errors.New("!If wants a condition, or a condition and two values")
	}
	v, err := r.value(ctx, node.Content[0])
	switch {
	case err != nil:
		return nil, err
	case len(node.Content) == 1:
		return truthy(v), nil
	case truthy(v):
		return r.value(ctx, node.Content[1])
	}
	return r.value(ctx, node.Content[2])
}

// condition evaluates !Condition [AND, value, ...] and the other operators.
func (r *run) condition(ctx context.Context, node *yaml.Node) (any, error) {
	list, err := r.list(ctx, node, 2, "an operator and values")
	if err != nil {
		return nil, err
	}
	holding, of := 0, len(list)-1
	for _, v := range list[1:] {
		if truthy(v) {
			holding++
		}
	}
	switch operator := strings.ToUpper(fmt.Sprint(list[0])); operator {
	case "AND":
		return holding == of, nil
	case "NAND":
		return holding != of, nil
	case "OR":
		return holding > 0, nil
	case "NOR":
		return holding == 0, nil
	case "XOR":
		return holding%2 == 1, nil
	case "XNOR":
		return holding%2 == 0, nil
	default:
		return nil, fmt.Errorf("!Condition knows AND, OR, NAND, NOR, XOR and XNOR, not %s", operator)
	}
}

// item is one of an enumeration: its place in a list or its key in a mapping, and the value.
type item struct{ index, value any }

// mostItems bounds an enumeration, and mostDepth how many stand inside one another.
const mostItems, mostDepth = 1000, 3

// enumerate evaluates !Enumerate [values, SEQ, body] to a list with the body for each value, and with MAP to a mapping: there the body is a key and a value.
func (r *run) enumerate(ctx context.Context, node *yaml.Node) (any, error) {
	if node.Kind != yaml.SequenceNode || len(node.Content) != 3 {
		return nil, errors.New("!Enumerate wants a list or mapping, SEQ or MAP, and a body")
	}
	over, err := r.value(ctx, node.Content[0])
	if err != nil {
		return nil, err
	}
	items, err := itemsOf(over)
	if err != nil || len(r.items) == mostDepth {
		return nil, errors.Join(err, tooDeep(len(r.items)))
	}
	list, mapping := []any{}, map[string]any{}
	into := strings.ToUpper(node.Content[1].Value)
	for _, one := range items {
		r.items = append(r.items, one)
		v, err := r.value(ctx, node.Content[2])
		r.items = r.items[:len(r.items)-1]
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if into != "MAP" {
			continue
		}
		pair, ok := v.([]any)
		if !ok || len(pair) != 2 {
			return nil, errors.New("the body of !Enumerate into MAP is a key and a value")
		}
		mapping[fmt.Sprint(pair[0])] = pair[1]
	}
	switch into {
	case "SEQ":
		return list, nil
	case "MAP":
		return mapping, nil
	}
	return nil, errors.New("!Enumerate makes SEQ or MAP")
}

func tooDeep(depth int) error {
	if depth < mostDepth {
		return nil
	}
	return fmt.Errorf("no more than %d enumerations stand inside one another", mostDepth)
}

func itemsOf(over any) ([]item, error) {
	var out []item
	switch over := over.(type) {
	case []any:
		for i, v := range over {
			out = append(out, item{i, v})
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(over)) {
			out = append(out, item{key, over[key]})
		}
	default:
		return nil, errors.New("!Enumerate goes through a list or a mapping")
	}
	if len(out) > mostItems {
		return nil, fmt.Errorf("!Enumerate goes through at most %d values", mostItems)
	}
	return out, nil
}

// enumerated evaluates !Index n and !Value n: of the n-th enumeration around it, 0 being the innermost.
func (r *run) enumerated(node *yaml.Node) (any, error) {
	n, err := strconv.Atoi(node.Value)
	if err != nil || n < 0 || n >= len(r.items) {
		return nil, fmt.Errorf("%s names an enumeration around it, 0 being the innermost", node.Tag)
	}
	one := r.items[len(r.items)-1-n]
	if node.Tag == "!Index" {
		return one.index, nil
	}
	return one.value, nil
}

// atIndex evaluates !AtIndex [list or mapping, place or key, default].
func (r *run) atIndex(ctx context.Context, node *yaml.Node) (any, error) {
	list, err := r.list(ctx, node, 2, "a list or mapping, a place or key, and perhaps a default")
	if err != nil {
		return nil, err
	}
	switch of := list[0].(type) {
	case []any:
		if n, ok := list[1].(int); ok && n >= 0 && n < len(of) {
			return of[n], nil
		}
	case map[string]any:
		if v, ok := of[fmt.Sprint(list[1])]; ok {
			return v, nil
		}
	}
	if len(list) == 3 {
		return list[2], nil
	}
	return nil, fmt.Errorf("there is nothing at %v, and no default", list[1])
}

func parseJSON(node *yaml.Node) (any, error) {
	var v any
	if err := json.Unmarshal([]byte(node.Value), &v); err != nil {
		return nil, fmt.Errorf("!ParseJSON: %w", err)
	}
	return v, nil
}

// untagged reads a scalar as if it had no tag.
func untagged(node *yaml.Node) *yaml.Node {
	plain := *node
	plain.Tag = ""
	return &plain
}
