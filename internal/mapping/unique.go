package mapping

import (
	"bytes"
	"encoding/json"
	"slices"
)

// MergeUnique puts src into dst as authentik merges the properties of a source: objects are merged at every depth, lists get what they do not have yet, anything else is
// replaced by the newer value, null too. What it takes from src it copies.
func MergeUnique(dst, src map[string]any) {
	for key, value := range src {
		dst[key] = united(dst[key], value)
	}
}

func united(old, value any) any {
	switch v := value.(type) {
	case map[string]any:
		object, ok := old.(map[string]any)
		if !ok {
			object = map[string]any{}
		}
		MergeUnique(object, v)
		return object
	case []any:
		list, _ := old.([]any)
		list = slices.Clip(slices.Clone(list))
		for _, item := range v {
			if !slices.ContainsFunc(list, func(there any) bool { return SameValue(there, item) }) {
				list = append(list, plain(item))
			}
		}
		if list == nil {
			list = []any{}
		}
		return list
	case []string:
		return united(old, plain(v))
	}
	return value
}

// plain gives a value as expressions do: lists are []any, and nothing is shared with the original.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[key] = plain(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	case []string:
		out := make([]any, len(v))
		for i := range v {
			out[i] = v[i]
		}
		return out
	}
	return v
}

// SameValue compares plain data by what it says: 1 is 1, be it read from JSON or computed.
func SameValue(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
