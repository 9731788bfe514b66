package expr_test

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr"
)

// CWE-770: one step of a text must not take the memory of the whole server, whatever numbers it reckons with.
func TestOneOperationMakesOnlySoMuch(t *testing.T) {
	const mega = "x = 'x' * 1000000\n"
	for _, source := range []string{
		"return len([0] * 500000000)",
		"return len(500000000 * [0])",
		"return len((0,) * 500000000)",
		"return len('x' * 1000000000)",
		"return len(b'x' * 1000000000)",
		"x = 'x'\nx *= 1000000000\nreturn len(x)",
		mega + "return len(x.replace('x', x))",
		mega + "f = x.replace\nreturn len(f('', x))",
		mega + "return len(getattr(x, 'replace')('x', x))",
		mega + "return len(x.join([x] * 1000))",
		mega + "return len(regex_replace(x, 'x', x))",
		mega + "return len(regex_replace(x, '(x+)', r'\\1\\1\\1'))",
		mega + "return len('%s' % ([x] * 1000))",
		mega + "s = '%s'\ns %= [x] * 1000\nreturn len(s)",
		mega + "return len(str({'a': [x] * 1000}))",
		mega + "return len(f'{[x] * 1000}')",
		mega + "print([x] * 100000)",
		mega + "fail([x] * 100000)",
		"return len(('{}' * 100000).format(*(['x' * 10000] * 100000)))",
		"return len(list(range(100000000)))",
		"x = []\nx.extend(range(100000000))\nreturn len(x)",
		"return sorted(range(30000000))[0]",
	} {
		p, err := expr.Compile("greedy", source, nil, expr.Options{Limits: expr.Limits{Time: time.Minute}})
		if err != nil {
			t.Fatal(source, err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = p.Run(t.Context(), nil)
		runtime.ReadMemStats(&after)
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; !errors.Is(err, expr.ErrTooLarge) || took > 64 {
			t.Errorf("%q takes %d MiB: %v", source, took, err)
		}
	}
}

func TestWhatIsBoundedWorksAsBefore(t *testing.T) {
	for source, want := range map[string]any{
		"return ['a' * 3, 3 * 'a', 'a' * 0, 'a' * -1, 2 * 3, 2.5 * 2]":      []any{"aaa", "aaa", "", "", int64(6), 5.0},
		"return [0] * 2 + 2 * [1]":                                          []any{int64(0), int64(0), int64(1), int64(1)},
		"x = [1]\nx *= 2\ny = 3\ny *= y\nreturn [x, y]":                     []any{[]any{int64(1), int64(1)}, int64(9)},
		"return ['%s is %d%%' % ('a', 5), 7 % 4, '%(a)s' % {'a': 1}]":       []any{"a is 5%", int64(3), "1"},
		"s = '%s'\ns %= 'x'\nreturn s":                                      "x",
		"return ','.join(['a', 'b']) + ','.join(x for x in ['c'])":          "a,bc",
		"return 'aXbX'.replace('X', '-') + 'aa'.replace('a', 'b', 1)":       "a-b-ba",
		"return '{} {n} {0}'.format('a', n=1) if False else '{}'.format(2)": "2",
		"return getattr('-', 'join')(['a', 'b']) + getattr({}, 'x', 'no')":  "a-bno",
		"return [str(1), repr('a'), str([1]), isinstance('a', str)]":        []any{"1", `"a"`, "[1]", true},
		"return list(range(3)) + [i for i in range(5, 0, -2)]":              []any{int64(0), int64(1), int64(2), int64(5), int64(3), int64(1)},
		`return regex_replace('a1b22', r'([0-9]+)', r'<\1>')`:               "a<1>b<22>",
	} {
		p, err := expr.Compile("plain", source, nil, expr.Options{})
		if err != nil {
			t.Fatal(source, err)
		}
		got, err := p.Run(t.Context(), nil)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", source, err, diff)
		}
	}
	p, err := expr.Compile("wrong", "return 'a' * 'b'", nil, expr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), nil); err == nil || err.Error() != "line 1, column 12: unknown binary op: string * string" {
		t.Errorf("%v", err)
	}
}
