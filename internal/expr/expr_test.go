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

// request is what a scope mapping sees: authentik's shapes in small.
func request() *expr.Object {
	group := func(name string) *expr.Object {
		return object("Group", name, map[string]any{"name": name, "attributes": map[string]any{"level": len(name)}})
	}
	groups := &expr.Query{Load: func(context.Context) ([]*expr.Object, error) {
		return []*expr.Object{group("staff"), group("研发部")}, nil
	}}
	user := object("User", "zhangsan", map[string]any{
		"name": "张三", "username": "zhangsan", "email": "", "is_superuser": false, "type": userType("external"),
		"attributes": map[string]any{"headimgurl": "https://example.com/1.png", "tags": []any{"a", "b"}, "unionid": nil},
		"groups":     groups,
		"ak_groups":  groups,
		"group_attributes": expr.Func(func(_ context.Context, args []any, _ map[string]any) (any, error) {
			return map[string]any{"given": len(args), "level": 3}, nil
		}),
	})
	return object("PolicyRequest", "", map[string]any{"user": user, "context": map[string]any{}})
}

type userType string

func object(kind, label string, attrs map[string]any) *expr.Object {
	return &expr.Object{Type: kind, Label: label, Attr: func(name string) (any, bool) {
		value, ok := attrs[name]
		return value, ok
	}}
}

func profile() map[string]any {
	return map[string]any{
		"openid": "oAbc", "unionid": "uXyz", "nickname": "张三\U0001F43C的微信", "sex": 1, "city": "",
		"privilege": []any{"PRIV"}, "big": int64(1) << 40, "height": 1.75,
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	type list = []any
	type dict = map[string]any
	tests := []struct {
		name   string
		source string
		want   any
	}{
		{"nothing at all is None", ``, nil},
		{"a comment alone is None", "# nothing\n", nil},
		{"no return is None", `x = 1`, nil},
		{"the default openid mapping", "# text\nreturn {}", dict{}},
		{
			"the default email mapping", "return {\n    \"email\": request.user.email,\n    \"email_verified\": False\n}",
			dict{"email": "", "email_verified": false},
		},
		{
			"the default profile mapping", `
return {
    # The name is the whole name.
    "name": request.user.name,
    "given_name": request.user.name,
    "preferred_username": request.user.username,
    "nickname": request.user.username,
    "groups": [group.name for group in request.user.groups.all()],
}`,
			dict{"name": "张三", "given_name": "张三", "preferred_username": "zhangsan", "nickname": "zhangsan", "groups": list{"staff", "研发部"}},
		},
		{
			"the proxy mapping", `
session_id = None
if "token" in request.context:
    session_id = request.context.get("token").session_id
return {"sid": session_id, "ak_proxy": {"user_attributes": request.user.group_attributes(request), "is_superuser": request.user.is_superuser}}`,
			dict{"sid": nil, "ak_proxy": dict{"user_attributes": dict{"given": int64(1), "level": int64(3)}, "is_superuser": false}},
		},
		{"the older alias of groups", `return [g.name for g in user.ak_groups.all()]`, list{"staff", "研发部"}},
		{"groups filtered by name", `return user.groups.filter(name="staff").exists()`, true},
		{"groups filtered by a key of an attribute", `return user.groups.filter(attributes__level=5).first().name`, "staff"},
		{"groups by comparison", `return [user.groups.filter(name__startswith="st").count(), user.groups.exclude(name__in=["staff"]).first().name]`, list{int64(1), "研发部"}},
		{"names of groups by values_list", `return user.groups.values_list("name", flat=True)`, list{"staff", "研发部"}},
		{"a group is in the groups of its user", `return user.groups.first() in user.groups.all()`, true},
		{"a group equals itself", `return user.groups.first() == user.groups.all()[0] and user.groups.first() != user.groups.last()`, true},
		{"a slice of groups", `return [g.name for g in user.groups.all()[1:]]`, list{"研发部"}},
		{"an object as text", `return "%s / %s" % (user, user.groups.first())`, "zhangsan / staff"},
		{"the type of an object", `return [type(user), hasattr(user, "name"), hasattr(user, "nope")]`, list{"User", true, false}},
		{"a named string", `return user.type == "external"`, true},
		{"get with a default", `return user.attributes.get("phone", "none")`, "none"},
		{"or for an empty value", `return info["city"] or "unknown"`, "unknown"},
		{"a nested null", `return user.attributes["unionid"] == None`, true},
		{"is None", `return info.get("email") is None`, true},
		{"is not None", `return info.get("openid") is not None`, true},
		{"is not over two lines", "return (1 is\n   not None)", true},
		{"is True", `return (1 == 1) is True and 1 is not True`, true},
		{"is within strings and comments", "x = 'it is None' # this is None\nreturn x", "it is None"},
		{"in and not in", `return ["unionid" in info, "email" not in info, "三" in info["nickname"]]`, list{true, true, true}},
		{"ternary", `return "f" if info["sex"] == 2 else "m"`, "m"},
		{"slices", `return [info["openid"][:2], info["openid"][-1], info["privilege"][0:]]`, list{"oA", "c", list{"PRIV"}}},
		{"percent and format", `return "%s-%d" % (info["openid"], 7) + "{}/{x}".format("a", x="b")`, "oAbc-7a/b"},
		{"f-string", `return f"wx-{info['openid']}"`, "wx-oAbc"},
		{"f-string with the same quotes inside", `return f"wx-{info["openid"]}"`, "wx-oAbc"},
		{"f-string with doubled braces", `return f"{{{info['openid']}}}"`, "{oAbc}"},
		{"f-string with conversion", `return f"{info['openid']!r}{1!s}"`, `"oAbc"1`},
		{"f-string with a comparison", `return f"{1 != 2}"`, "True"},
		{"f-string with a dict and a slice", `return f"{ {'a': 1}['a'] } {info['openid'][1:3]}"`, "1 Ab"},
		{"f-string within an f-string", `return f"{f'{info["openid"]}!'}"`, "oAbc!"},
		{"f-string over lines", "return f'''a\n{user.name}\n b'''", "a\n张三\n b"},
		{"f-string with escapes", `return f"a\t{1}\\"`, "a\t1\\"},
		{"raw f-string", `return rf"\d{1}"`, `\d1`},
		{"f-string of None", `return f"{None}"`, "None"},
		{"f-string without fields", `return f""`, ""},
		{"strings side by side", "return ('a' \"b\"  # comment\n  f'{1}' % ())", "ab1"},
		{"prefix u", `return u"张"`, "张"},
		{"raw string with capital", `return R"\d"`, `\d`},
		{"is None inside an f-string", `return f"{info.get('x') is None}"`, "True"},
		{"text indented as a whole", "\n    x = 1\n    if x:\n        return 'in'\n    return 'out'\n", "in"},
		{"Windows newlines", "x = 1\r\nif x is not None:\r\n    return f'{x}'\r\n", "1"},
		{"for, while, nested def, lambda, set", `
def double(x): return x * 2
n = 0
while n < 3: n += 1
f = lambda x: x + n
return [double(f(1)), len(set([1, 1, 2])), sorted({"b": 1, "a": 2})]`, list{int64(8), int64(2), list{"a", "b"}}},
		{"assigning to a variable of the text", "info = info['openid']\nreturn info", "oAbc"},
		{"a variable without value is None", `return missing`, nil},
		{"numbers", `return [info["big"], info["height"], 7 // 2, 7 / 2]`, list{int64(1) << 40, 1.75, int64(3), 3.5}},
		{"tuple, set and range become lists", `return [(1, 2), set([3]), range(2)]`, list{list{int64(1), int64(2)}, list{int64(3)}, list{int64(0), int64(1)}}},
		{"integer keys become text", `return {1: "a"}`, dict{"1": "a"}},
		{"keys come in alphabetical order", `return list(info)[:2]`, list{"big", "city"}},
		{"list_flatten", `return [list_flatten([1, 2]), list_flatten([]), list_flatten("x"), list_flatten(value=None)]`, list{int64(1), nil, "x", nil}},
		{"regex_match searches", `return [regex_match("a@example.com", "@example\\.com$"), regex_match("b", "^a")]`, list{true, false}},
		{"regex_replace", `return regex_replace("zhang.san@example.com", r"(\w+)\.(?P<last>\w+)@.*", r"\g<last>-\1-$1")`, "san-zhang-$1"},
		{"regex_replace with Chinese", `return regex_replace("张三  李四", r"\s+", "、")`, "张三、李四"},
		{"char_len", `return [char_len("张三"), len("张三")]`, list{int64(2), int64(6)}},
		{"char_slice", `return [char_slice("张三李四", 1), char_slice("张三李四", 0, 2), char_slice("张三李四", -1), char_slice("张三", 2, 1), char_slice("张三", 0, end=9)]`,
			list{"三李四", "张三", "四", "", "张三"}},
		{"slugify", `return [slugify("  Héllo, Wörld_1 - x "), slugify("张三 A"), slugify("张三 A", allow_unicode=True)]`, list{"hello-world_1-x", "a", "张三-a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := expr.Compile("test", tt.source, []string{"request", "user", "info", "missing"}, expr.Options{})
			if err != nil {
				t.Fatal(err)
			}
			req := request()
			user, _ := req.Attr("user")
			got, err := p.Run(t.Context(), map[string]any{"request": req, "user": user, "info": profile()})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

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
		{"a loop without end meets the steps", "while True: pass", expr.Limits{}, expr.ErrTooManySteps},
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
			if took := time.Since(start); took > 5*time.Second {
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

func BenchmarkProfileMapping(b *testing.B) {
	p, err := expr.Compile("profile", `return {
    "name": request.user.name,
    "given_name": request.user.name,
    "preferred_username": request.user.username,
    "nickname": request.user.username,
    "groups": [group.name for group in request.user.groups.all()],
}`, []string{"request", "provider", "client"}, expr.Options{})
	if err != nil {
		b.Fatal(err)
	}
	args := map[string]any{"request": request()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(b.Context(), args); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSourceMapping(b *testing.B) {
	p, err := expr.Compile("wechat", `return {
    "username": f"wx-{info['openid']}",
    "name": char_slice(info.get("nickname") or "微信用户", 0, 20),
    "attributes": {"wechat": {"unionid": info.get("unionid"), "sex": info["sex"]}},
}`, []string{"info"}, expr.Options{})
	if err != nil {
		b.Fatal(err)
	}
	args := map[string]any{"info": profile()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(b.Context(), args); err != nil {
			b.Fatal(err)
		}
	}
}
