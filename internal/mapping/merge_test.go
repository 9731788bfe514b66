package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

type object = map[string]any

func TestMerge(t *testing.T) {
	tests := []struct {
		name           string
		dst, src, want object
	}{
		{"a new key is added", object{"a": 1}, object{"b": 2}, object{"a": 1, "b": 2}},
		{"a plain value is replaced by the newer one", object{"a": 1}, object{"a": "x"}, object{"a": "x"}},
		{"null is a value like others", object{"a": 1}, object{"a": nil}, object{"a": nil}},
		{"objects are merged at every depth", object{"a": object{"b": object{"c": 1}}}, object{"a": object{"b": object{"d": 2}}}, object{"a": object{"b": object{"c": 1, "d": 2}}}},
		{"lists are joined and keep what repeats", object{"a": []any{"x"}}, object{"a": []any{"x", "y"}}, object{"a": []any{"x", "x", "y"}}},
		{"a list replaces what is no list", object{"a": "x"}, object{"a": []any{"y"}}, object{"a": []any{"y"}}},
		{"an object replaces what is no object", object{"a": []any{"x"}}, object{"a": object{"b": 1}}, object{"a": object{"b": 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			Merge(tt.dst, tt.src)
			if diff := cmp.Diff(tt.want, tt.dst); diff != "" {
				t.Errorf("merged (-want +got):\n%s", diff)
			}
		})
	}
}
