package expr_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

func TestCompileSaysWhere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, source string
		line, column int
		message      string
	}{
		{"undefined name", "x = 1\nreturn x + nope", 2, 12, "undefined: nope"},
		{"undefined name after Chinese text", `return "张三" + nope`, 1, 15, "undefined: nope"},
		{"undefined name behind an f-string", `return f"张{user}" + nope`, 1, 21, "undefined: nope"},
		{"undefined name inside an f-string", "x = 1\nreturn f'张{x} {nope}'", 2, 16, "undefined: nope"},
		{"undefined name inside an f-string over lines", "return f'''a\n  {nope}'''", 2, 4, "undefined: nope"},
		{"undefined name behind is not None", `return user is not None and nope`, 1, 29, "undefined: nope (did you mean None?)"},
		{"undefined name in an indented text", "\n  x = 1\n  return nope\n", 3, 10, "undefined: nope"},
		{"open bracket", "return (1", 1, 10, "got end of file, want ')'"},
		{"word of Python", "import re", 1, 1, `got import, want primary expression ("import" is Python but not part of this language)`},
		{"an import of what is not there", "from re import match", 1, 1, `got from, want primary expression ("from" is Python but not part of this language)`},
		{"undefined name within a generator", "return any(x\n for x in nope)", 2, 11, "undefined: nope"},
		{"undefined name behind a generator", "return any(x for x in [1]) + nope", 1, 30, "undefined: nope"},
		{"a generator beside another argument", "return any(1, x for x in [1])", 1, 20, "got for, want ','"},
		{"is with anything else", "return user is user", 1, 15, `got is, want newline ("is" is Python but not part of this language)`},
		{"load", "load('a', 'b')", 1, 1, "load statement within a function"},
		{"string without end", "return 'abc", 1, 8, "unexpected EOF in string"},
		{"f-string with a specification", `return f"{user:>10}"`, 1, 15, "f-string: format specifications are not part of this language; use the % operator"},
		{"f-string with an unknown conversion", `return f"{user!a}"`, 1, 15, "f-string: only the conversions !s and !r are known"},
		{"f-string with nothing in braces", `return f"{}"`, 1, 11, "f-string: empty expression"},
		{"f-string with a lone brace", `return f"a}"`, 1, 11, "f-string: single '}' is not allowed"},
		{"f-strings nested without end", `return ` + strings.Repeat(`f"{`, 20) + "1" + strings.Repeat(`}"`, 20), 1, 32, "f-strings are nested too deeply"},
		{"escape within an f-string", `return f"\q{1}"`, 1, 9, `invalid escape sequence \q`},
		{"text too long", strings.Repeat("#", 70_000), 1, 1, "the text is longer than 64 KiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := expr.Compile("test", tt.source, []string{"user"}, expr.Options{})
			var syntax *expr.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v, want a SyntaxError", err)
			}
			if diff := cmp.Diff(expr.SyntaxError{Line: tt.line, Column: tt.column, Message: tt.message}, *syntax); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRunSaysWhere(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"missing key", "x = 1\nreturn {}['k']", `line 2, column 10: key "k" not in dict`},
		{"missing attribute", `return user.nope`, "line 1, column 12: User has no .nope field or method"},
		{"fail", "\n\nfail('不行')", "line 3, column 5: fail: 不行"},
		{"inside a function of the text", "def f():\n    return 1 // 0\nreturn f()", "line 2, column 14: floored division by zero"},
		{"behind an f-string", `return f"{1}{2}" + 1`, "line 1, column 18: unknown binary op: string + int"},
		{"inside an f-string", `return f"{1 // 0}"`, "line 1, column 13: floored division by zero"},
		{"a bad pattern", `return regex_match("a", "(?=b)")`, "line 1, column 19: regex_match: the pattern is not valid: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
		{"an object as result", `return {"user": user}`, "a User cannot be a result; return one of its attributes"},
		{"a function as result", `return len`, "a builtin_function_or_method cannot be a result"},
		{"a huge integer", `return 1 << 80`, "the result has an integer of more than 64 bits"},
		{"not a number", `return float("nan")`, "the result has a number that is not finite"},
		{"a key that is no text", `return {(1, 2): 3}`, "a key of a dict in the result is a tuple; it must be a string"},
		{"a list in itself", "x = []\nx.append(x)\nreturn x", "values lie more than 64 deep within one another"},
		{"recursion", "def f(): return f()\nreturn f()", "line 1, column 17: function f called recursively"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := expr.Compile("test", tt.source, []string{"user"}, expr.Options{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Run(t.Context(), map[string]any{"user": object("User", "", nil)})
			var failure *expr.RuntimeError
			if !errors.As(err, &failure) {
				t.Fatalf("got %v, want a RuntimeError", err)
			}
			if err.Error() != tt.want {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
		})
	}
}

func TestRunIsBounded(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, source string
		limits       expr.Limits
		want         error
	}{
		{"a loop without end meets the steps", "while True: pass", expr.Limits{Time: time.Minute}, expr.ErrTooManySteps},
		{"a long loop meets the time", "while True: pass", expr.Limits{Steps: 1 << 50, Time: 20 * time.Millisecond}, expr.ErrTooSlow},
		{"a long text is too large", "return 'a' * 300000", expr.Limits{}, expr.ErrTooLarge},
		{"a long list is too large", "return [0] * 40000", expr.Limits{}, expr.ErrTooLarge},
		{"a long key is too large", "return {'a' * 2000: 1}", expr.Limits{Result: 1000}, expr.ErrTooLarge},
		{"what is written into a Mutable is bounded", "m['x'] = 'a' * 2000", expr.Limits{Result: 1000}, expr.ErrTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := expr.Compile("test", tt.source, []string{"m"}, expr.Options{Limits: tt.limits})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, err = p.Run(t.Context(), map[string]any{"m": &expr.Mutable{}})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	p, err := expr.Compile("test", "while True: pass", nil, expr.Options{Limits: expr.Limits{Steps: 1 << 50, Time: time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := p.Run(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestErrorsHideSecrets holds the interpreter to the rule of the house that secrets are never in an error's text.
func TestErrorsHideSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cr\"et-value-0123456789"
	for _, source := range []string{
		`fail("token is " + token)`,
		`fail("token is %r" % token)`,
		`fail(token[3:])`,
		`fail(token[:12] + " " + token[12:])`,
		`return int(token)`,
		`return {}[token]`,
		`return holder.token.nope + int(holder.token)`,
		`return int(holder.token)`,
		`return leak(token)`,
		`return int(deep["a"][0])`,
		`return regex_match("a", "(" + token)`,
		`return getattr(holder, token)`,
	} {
		p, err := expr.Compile("test", source, []string{"token", "holder", "deep"}, expr.Options{Builtins: map[string]expr.Func{
			"leak": func(_ context.Context, args []any, _ map[string]any) (any, error) {
				return nil, fmt.Errorf("refused %v", args[0])
			},
		}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Run(t.Context(), map[string]any{
			"token":  model.NewSecret(secret),
			"holder": object("Holder", "", map[string]any{"token": model.NewSecret(secret)}),
			"deep":   map[string]any{"a": []any{model.NewSecret(secret)}},
		})
		if err == nil {
			t.Errorf("%s: no error", source)
			continue
		}
		for i := 0; i+6 <= len(secret); i++ {
			if strings.Contains(err.Error(), secret[i:i+6]) {
				t.Errorf("%s: %q holds a part of the secret", source, err)
				break
			}
		}
	}
}

func TestErrorsAreShort(t *testing.T) {
	t.Parallel()
	p, err := expr.Compile("test", `fail("张" * 10000)`, nil, expr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Run(t.Context(), nil)
	if n := len(err.Error()); n > 600 || !strings.HasSuffix(err.Error(), "张...") {
		t.Errorf("%d bytes: %s", n, err)
	}
}

func TestRunRefusesUnknownVariables(t *testing.T) {
	t.Parallel()
	p, err := expr.Compile("test", "return 1", []string{"a"}, expr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), map[string]any{"a": 1, "b": 2}); err == nil {
		t.Error("want an error for b")
	}
	if _, err := p.Run(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestOnlyWhatIsNamedIsConverted(t *testing.T) {
	t.Parallel()
	p, err := expr.Compile("test", "return f'{a}'", []string{"a", "b"}, expr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Uses("a") || p.Uses("b") || p.Uses("c") {
		t.Error("want a to be used, b and c not")
	}
	// A channel has no meaning in an expression, so that converting b would be an error.
	if _, err := p.Run(t.Context(), map[string]any{"a": 1, "b": make(chan int)}); err != nil {
		t.Error(err)
	}
}

func TestMutableHoldsWhatTheTextWrote(t *testing.T) {
	t.Parallel()
	p, err := expr.Compile("test", `
prompt = request.context["prompt_data"]
if "username" not in prompt:
    prompt["username"] = "wx-" + prompt["openid"]
prompt["attributes"]["n"] = 1
return "username" in context["prompt_data"]`, []string{"context", "request"}, expr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	user := object("User", "", nil)
	prompt := &expr.Mutable{Value: map[string]any{"openid": "o1", "attributes": map[string]any{}, "user": user, "token": model.NewSecret("t0ken")}}
	context := map[string]any{"prompt_data": prompt}
	got, err := p.Run(t.Context(), map[string]any{"context": context, "request": object("R", "", map[string]any{"context": context})})
	if err != nil {
		t.Fatal(err)
	}
	if got != true {
		t.Error("the same Mutable is not the same dict")
	}
	if prompt.Value["username"] != "wx-o1" || prompt.Value["user"] != user || prompt.Value["token"] != model.NewSecret("t0ken") {
		t.Errorf("got %v", prompt.Value)
	}
	if diff := cmp.Diff(map[string]any{"n": int64(1)}, prompt.Value["attributes"]); diff != "" {
		t.Error(diff)
	}
}

func TestGoValuesAreNotChangedByAText(t *testing.T) {
	t.Parallel()
	p, err := expr.Compile("test", `info["a"]["b"] = 2; info["l"].append(1); return info["a"]["b"]`, []string{"info"}, expr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	info := map[string]any{"a": map[string]any{"b": 1}, "l": []string{}}
	got, err := p.Run(t.Context(), map[string]any{"info": info})
	if err != nil {
		t.Fatal(err)
	}
	if got != int64(2) {
		t.Errorf("the text does not see its own change: %v", got)
	}
	if diff := cmp.Diff(map[string]any{"a": map[string]any{"b": 1}, "l": []string{}}, info); diff != "" {
		t.Error(diff)
	}
}

func TestFuncs(t *testing.T) {
	t.Parallel()
	var messages []string
	say := expr.Func(func(_ context.Context, args []any, named map[string]any) (any, error) {
		messages = append(messages, fmt.Sprint(args...), fmt.Sprint(named["to"]))
		return object("Message", "m", map[string]any{"sent": true}), nil
	})
	same := func(_ context.Context, args []any, _ map[string]any) (any, error) { return args[0], nil }
	p, err := expr.Compile("test", `return [ak_message("你好", to=1).sent, same(user) == user, same([1, {"a": None}])]`, []string{"ak_message", "user"},
		expr.Options{Builtins: map[string]expr.Func{"same": same}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Run(t.Context(), map[string]any{"ak_message": say, "user": object("User", "", nil)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{true, true, []any{int64(1), map[string]any{"a": nil}}}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"你好", "1"}, messages); diff != "" {
		t.Error(diff)
	}
}

// TestAQueryThatFailsIsNotEmpty keeps "not user.groups" from being true because the database is away.
func TestAQueryThatFailsIsNotEmpty(t *testing.T) {
	t.Parallel()
	groups := &expr.Query{Load: func(context.Context) ([]*expr.Object, error) { return nil, errors.New("database is away") }}
	for _, source := range []string{
		"return not groups", "return len(groups)", "return [g for g in groups]", "return groups.all()", "return 1 in groups", "return groups.exists()",
	} {
		p, err := expr.Compile("test", source, []string{"groups"}, expr.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Run(t.Context(), map[string]any{"groups": groups}); err == nil || !strings.Contains(err.Error(), "database is away") {
			t.Errorf("%s: got %v, %v", source, got, err)
		}
	}
}

func TestProgramsRunSideBySide(t *testing.T) {
	t.Parallel()
	p, err := expr.Compile("test", `
groups = [g.name for g in request.user.groups.all() if regex_match(g.name, "^s")]
return {"n": n, "groups": groups, "text": f"{n}"}`, []string{"request", "n"}, expr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	req := request()
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for range 50 {
				got, err := p.Run(t.Context(), map[string]any{"request": req, "n": n})
				want := map[string]any{"n": int64(n), "groups": []any{"staff"}, "text": fmt.Sprint(n)}
				if err != nil || !cmp.Equal(got, any(want)) {
					t.Errorf("got %v, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{`return f"{a!r}{b['c']}" 'd'`, "if x is not None:\n  return 1", `f'''{f"{`, "'\\", `rf"\{a}"`, "f\"{a:{b}}\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		_, err := expr.Compile("fuzz", source, []string{"a", "b", "x"}, expr.Options{})
		var syntax *expr.SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Errorf("%q: %v is no SyntaxError", source, err)
		}
	})
}
