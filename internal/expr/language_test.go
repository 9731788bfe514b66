package expr_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr"
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
		{"a generator as argument", `return [any(g.name == "staff" for g in user.groups.all()), all(x for x in [1, 0])]`, list{true, false}},
		{"a generator over lines", "return sorted(\n  x\n  for x in [2, 1]\n  if x\n)", list{int64(1), int64(2)}},
		{"a generator over pairs", `return ",".join(k for k, v in {"a": 1, "b": 0}.items() if v)`, "a"},
		{"a generator within a generator", `return any(any(y == 2 for y in x) for x in [[1], [2]])`, true},
		{"a generator in brackets", `x = (f"{i}" for i in [1, 2])` + "\nreturn x", list{"1", "2"}},
		{"a generator within an f-string", `return f"{any(x for x in [1])}"`, "True"},
		{"a comprehension in a call is none", `return len([x for x in [1, 2]])`, int64(2)},
		{"a string with for in brackets", `return ("for x in y")`, "for x in y"},
		{"isinstance", `return [isinstance("a", str), isinstance([], (tuple, list)), isinstance(1, str), isinstance(True, bool)]`, list{true, true, false, true}},
		{"an import of what is there", "from ipaddress import slugify, char_len\nreturn slugify('A b')", "a-b"},
		{"an import over lines", "if True:\n    from a.b import (\n        slugify,  # a comment\n        char_len,\n    )\n    return slugify('A b')", "a-b"},
		{"a variable named from", "x = {'from': 1}\nreturn x['from']", int64(1)},
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
		{
			"char_slice", `return [char_slice("张三李四", 1), char_slice("张三李四", 0, 2), char_slice("张三李四", -1), char_slice("张三", 2, 1), char_slice("张三", 0, end=9)]`,
			list{"三李四", "张三", "四", "", "张三"},
		},
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
