package expr_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr"
)

func TestARunSaysWhatItChanged(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, source string
		want         []string
	}{
		{"reading", "return m['list'] + [m['n'], m.get('x')]", nil},
		{"a new key", "m['x'] = 1", []string{"x"}},
		{"a value", "m['n'] = 2", []string{"n"}},
		{"the same value", "m['n'] = 1", nil},
		{"within", "m['nested']['a']['b'] = 2", []string{"nested"}},
		{"a list in place", "m['list'] += [3]", []string{"list"}},
		{"a list by another name", "x = m['list']\nx += [3]", []string{"list"}},
		{"a dict by another name", "x = m\nx |= {'n': 3}", []string{"n"}},
		{"by a method", "m['list'].append(3)\nm.pop('n')", []string{"list", "n"}},
		{"by a method that is called later", "f = m.update\nf(n=2)", []string{"n"}},
		{"by getattr", "getattr(m, 'update')(n=2)", []string{"n"}},
		{"by unpacking", "m['x'], y = 1, 2", []string{"x"}},
		{"by a loop", "for m['n'] in [7]: pass", []string{"n"}},
		{"by a comprehension", "y = [1 for m['n'] in [7]]", []string{"n"}},
		{"inside an f-string", "return f\"{m.pop('n')}\"", []string{"n"}},
		{"inside a function", "def f(x): x['n'] = 5\nf(m)", []string{"n"}},
		{"all of it", "m.clear()", []string{"list", "n", "nested"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := expr.Compile("test", tt.source, []string{"m"}, expr.Options{})
			if err != nil {
				t.Fatal(err)
			}
			// A type that no run gives back: what is untouched keeps it.
			type ids []string
			nested := map[string]any{"a": map[string]any{"b": 1}}
			m := &expr.Mutable{Value: map[string]any{"n": 1, "nested": nested, "list": ids{"1", "2"}}}
			if _, err := p.Run(t.Context(), map[string]any{"m": m}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, m.Changed); diff != "" {
				t.Error(diff)
			}
			if tt.want == nil {
				if _, kept := m.Value["list"].(ids); !kept {
					t.Errorf("what was left alone became a %T", m.Value["list"])
				}
			}
			if diff := cmp.Diff(map[string]any{"a": map[string]any{"b": 1}}, nested); diff != "" {
				t.Errorf("the caller's own value was written: %s", diff)
			}
		})
	}
}

func TestObjectsThatStandForTheSameAreEqual(t *testing.T) {
	t.Parallel()
	one := func(kind string, key any) *expr.Object {
		return &expr.Object{Type: kind, Key: key, Plain: "plain", Has: func(x any) (bool, error) { return x == "in", nil }}
	}
	p, err := expr.Compile("test", "return [a == b, a != c, a == d, [a] == [b], 'in' in a, 'out' in a, a]", []string{"a", "b", "c", "d"}, expr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Run(t.Context(), map[string]any{"a": one("X", 1), "b": one("X", 1), "c": one("X", 2), "d": one("Y", 1)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{true, true, false, true, true, false, "plain"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAConditionMayBeAnything(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"return user": true, "return None": false, "": false, "return []": false, "return [0]": true, "return ''": false, "return 'x'": true,
		"return user.groups": true, "return user.groups.filter(name='none')": false, "return len": true, "return 0.0": false,
	} {
		p, err := expr.Compile("test", source, []string{"user"}, expr.Options{})
		if err != nil {
			t.Fatal(err)
		}
		user, _ := request().Attr("user")
		if got, err := p.Holds(t.Context(), map[string]any{"user": user}); got != want || err != nil {
			t.Errorf("%q: %v, %v", source, got, err)
		}
	}
}
