package sourceoauth_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/mapping/mappingtest"
	"github.com/weimen-id/weimen/internal/mapping/sourceoauth"
	"github.com/weimen-id/weimen/internal/model"
)

type object = map[string]any

// rule is a mapping: its name and its expression.
type rule struct{ name, expression string }

// weChat is the base of authentik's vectors: openid o1, unionid u1, nickname N, at the source wx.
func weChat() mapping.Profile {
	return mapping.Profile{
		Variety: "wechat",
		Base: object{
			"username": "u1", "name": "N", "email": nil,
			"attributes": object{"unionid": "u1", "openid": "o1", "sex": int64(1), "city": nil},
		},
		Info:  object{"openid": "o1", "unionid": "u1", "nickname": "N", "sex": int64(1), "privilege": []any{}},
		Token: object{"openid": "o1", "scope": "snsapi_login", "expires_in": json.Number("7200")},
	}
}

// run gives what user and group mappings make of a profile. They are attached in the order given, whatever their names.
func run(t *testing.T, p mapping.Profile, user, group []rule) (mapping.Properties, error) {
	t.Helper()
	src := model.NewSource()
	src.ID, src.Name, src.Slug, src.Kind = "src", "WeChat", "wx", "oauth"
	s := &model.Snapshot{Mappings: map[model.MappingID]*model.PropertyMapping{}, Installation: "i"}
	add := func(rules []rule, prefix string) (ids []model.MappingID) {
		for _, r := range rules {
			id := model.MappingID(prefix + r.name)
			s.Mappings[id] = &model.PropertyMapping{ID: id, Name: r.name, Expression: r.expression, Kind: "source_oauth", Config: model.Config("{}")}
			ids = append(ids, id)
		}
		return ids
	}
	src.UserPropertyMappings, src.GroupPropertyMappings = add(user, "user-"), add(group, "group-")
	s.Index()
	p.Source = &src
	return mappingtest.Engine(t, sourceoauth.Kind()).UserProperties(t.Context(), s, p)
}

// base is what the profile comes to without any mapping, with some of it changed.
func base(change func(p, attributes object)) object {
	attributes := object{"unionid": "u1", "openid": "o1", "sex": int64(1), "city": nil}
	p := object{"username": "u1", "name": "N", "path": "goauthentik.io/sources/wx", "attributes": attributes}
	if change != nil {
		change(p, attributes)
	}
	return p
}

// TestAuthentiksVectors is the table of section 2.13 of the model sheet, and what else follows from section 2.10.
func TestAuthentiksVectors(t *testing.T) {
	tests := []struct {
		name   string
		rules  []rule
		want   object
		groups map[string]map[string]any
	}{
		{"1: without a mapping the nulls at the top are dropped", nil, base(nil), nil},
		{
			"2: a mapping replaces a plain value",
			[]rule{{"a", `return {"username": "n-" + info["openid"]}`}},
			base(func(p, _ object) { p["username"] = "n-o1" }), nil,
		},
		{
			"3: a later null takes a value away",
			[]rule{{"a", `return {"username": "x"}`}, {"b", `return {"username": None}`}},
			base(func(p, _ object) { delete(p, "username") }), nil,
		},
		{
			"4: the order is that of names, not of attachment",
			[]rule{{"b", `return {"name": "B"}`}, {"a", `return {"name": "A"}`}},
			base(func(p, _ object) { p["name"] = "B" }), nil,
		},
		{
			"5: objects are merged at every depth",
			[]rule{{"a", `return {"attributes": {"wechat": {"id": 1}}}`}, {"b", `return {"attributes": {"wechat": {"v": 2}}}`}},
			base(func(_, a object) { a["wechat"] = object{"id": int64(1), "v": int64(2)} }), nil,
		},
		{
			"6: a null within attributes stays",
			[]rule{{"a", `return {"attributes": {"unionid": None}}`}},
			base(func(_, a object) { a["unionid"] = nil }), nil,
		},
		{
			"7: lists get what they do not have yet",
			[]rule{{"a", `return {"attributes": {"tags": ["x"]}}`}, {"b", `return {"attributes": {"tags": ["x", "y"]}}`}},
			base(func(_, a object) { a["tags"] = []any{"x", "y"} }), nil,
		},
		{"8: None is passed over", []rule{{"a", `return None`}}, base(nil), nil},
		{"8: a text is passed over", []rule{{"a", `return "text"`}}, base(nil), nil},
		{"8: an empty object is passed over", []rule{{"a", `return {}`}}, base(nil), nil},
		{"8: an expression that returns nothing is passed over", []rule{{"a", `x = 1`}}, base(nil), nil},
		{"8: a list is passed over", []rule{{"a", `return [{"name": "B"}]`}}, base(nil), nil},
		{
			"9: groups are handed to the groups",
			[]rule{{"a", `return {"groups": ["g1", "g2"]}`}},
			base(nil),
			map[string]map[string]any{"g1": {"name": "g1"}, "g2": {"name": "g2"}},
		},
		{"10: a path replaces that of the source", []rule{{"a", `return {"path": "people"}`}}, base(func(p, _ object) { p["path"] = "people" }), nil},
		{
			"11: a mapping sees what came of those before it",
			[]rule{{"a", `return {"username": "x"}`}, {"b", `return {"username": properties["username"] + "-y"}`}},
			base(func(p, _ object) { p["username"] = "x-y" }), nil,
		},
		{
			"and may change it there",
			[]rule{{"a", `properties["name"] = "A"` + "\n" + `properties["attributes"]["tags"] = ["x"]`}, {"b", `return {"username": properties["name"]}`}},
			base(func(p, a object) { p["name"], p["username"], a["tags"] = "A", "A", []any{"x"} }), nil,
		},
		{
			"and shorten a list there, which returning cannot",
			[]rule{{"a", `return {"attributes": {"tags": ["x", "y"]}}`}, {"b", `properties["attributes"]["tags"] = ["y"]`}},
			base(func(_, a object) { a["tags"] = []any{"y"} }), nil,
		},
		{
			"what it returns is merged into what it changed",
			[]rule{{"a", `properties["name"] = "A"` + "\n" + `return properties`}},
			base(func(p, _ object) { p["name"] = "A" }), nil,
		},
		{
			"a plain value takes the place of an object, and an object of a plain value",
			[]rule{{"a", `return {"attributes": {"x": {"y": 1}, "z": 1}}`}, {"b", `return {"attributes": {"x": 2, "z": {"y": 1}}}`}},
			base(func(_, a object) { a["x"], a["z"] = int64(2), object{"y": int64(1)} }), nil,
		},
		{
			"a list takes the place of what is no list",
			[]rule{{"a", `return {"attributes": {"x": "y"}}`}, {"b", `return {"attributes": {"x": ["z", "z"]}}`}},
			base(func(_, a object) { a["x"] = []any{"z"} }), nil,
		},
		{
			"lists of objects are compared by what they say",
			[]rule{{"a", `return {"attributes": {"x": [{"a": 1}]}}`}, {"b", `return {"attributes": {"x": [{"a": 1}, {"a": 2}]}}`}},
			base(func(_, a object) { a["x"] = []any{object{"a": int64(1)}, object{"a": int64(2)}} }), nil,
		},
		{
			"a key that nobody knows is kept, for a prompt or another mapping",
			[]rule{{"a", `return {"department": "sales", "password": "secret"}`}},
			base(func(p, _ object) { p["department"], p["password"] = "sales", "secret" }), nil,
		},
		{"no groups at all is said as well", []rule{{"a", `return {"groups": []}`}}, base(nil), map[string]map[string]any{}},
		{"and so by null", []rule{{"a", `return {"groups": None}`}}, base(nil), map[string]map[string]any{}},
		{
			"one group may stand alone, numbers are ids, and what is neither is none",
			[]rule{{"a", `return {"groups": ["g", 7, None, "", {"a": 1}, "g"]}`}},
			base(nil),
			map[string]map[string]any{"g": {"name": "g"}, "7": {"name": "7"}},
		},
		{"one group may stand alone", []rule{{"a", `return {"groups": "g"}`}}, base(nil), map[string]map[string]any{"g": {"name": "g"}}},
		{
			"a profile's fields with a default, and characters and not bytes",
			[]rule{{"a", `return {"name": char_slice(info.get("nick", "张三丰"), 0, 2), "email": info.get("mail")}`}},
			base(func(p, _ object) { p["name"] = "张三" }), nil,
		},
		{
			"the source, the token and the client",
			[]rule{{"a", `return {"name": source.slug + token["scope"] + client["provider_type"], "path": source.get_user_path()}`}},
			base(func(p, _ object) { p["name"] = "wxsnsapi_loginwechat" }), nil,
		},
		{"nobody is signed in", []rule{{"a", `return {"name": "anonymous" if user.pk is None else "somebody"}`}}, base(func(p, _ object) { p["name"] = "anonymous" }), nil},
		{"a user mapping has no group", []rule{{"a", `return {"name": str(group_id)}`}}, base(func(p, _ object) { p["name"] = "None" }), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := run(t, weChat(), tt.rules, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.User); diff != "" {
				t.Errorf("user (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.groups, got.Groups); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheVectorOfAMappingThatFails(t *testing.T) {
	_, err := run(t, weChat(), []rule{{"a", `return {"name": "A"}`}, {"b", "x = 1\nreturn {\"name\": info[\"none\"]}"}, {"c", `return {"name": "C"}`}}, nil)
	var failure mapping.Failure
	if !errors.As(err, &failure) || failure.Mapping.Name != "b" {
		t.Fatalf("got %v", err)
	}
	if line, column := failure.Place(); line != 2 || column == 0 {
		t.Errorf("the place is line %d, column %d", line, column)
	}
	_, err = run(t, weChat(), []rule{{"a", "return {"}}, nil)
	if !errors.As(err, &failure) || failure.Mapping.Name != "a" {
		t.Errorf("one that cannot be compiled gives %v", err)
	}
	_, err = run(t, weChat(), []rule{{"a", `return {"groups": ["g"]}`}}, []rule{{"g", `return {"name": info["none"]}`}})
	if !errors.As(err, &failure) || failure.Mapping.Name != "g" {
		t.Errorf("a group mapping gives %v", err)
	}
}

func TestGroupMappings(t *testing.T) {
	p := weChat()
	p.Base["groups"] = []string{"g1", "g2"}
	got, err := run(t, p, []rule{{"a", `return {"groups": ["g2", "g3"]}`}}, []rule{
		{"b", `return {"name": properties["name"] + "!", "attributes": {"tags": ["x"]}}`},
		{"a", `return {"name": "wx-" + group_id, "notes": None} if group_id != "g3" else None`},
	})
	if err != nil {
		t.Fatal(err)
	}
	tags := object{"tags": []any{"x"}}
	want := map[string]map[string]any{
		"g1": {"name": "wx-g1!", "attributes": tags}, "g2": {"name": "wx-g2!", "attributes": tags}, "g3": {"name": "g3!", "attributes": tags},
	}
	if diff := cmp.Diff(want, got.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

func TestAMappingThatSetsAValueIsKnown(t *testing.T) {
	for expression, want := range map[string]bool{
		`return {"email": "n@example.org"}`: true, `properties["email"] = "n@example.org"`: true, `return {"name": properties["email"]}`: false, `return properties`: true,
	} {
		got, err := run(t, weChat(), []rule{{"a", expression}}, nil)
		if err != nil || got.Mapped["email"] != want {
			t.Errorf("%s: %v, %v", expression, got.Mapped, err)
		}
	}
}

// The access token opens the person's account at the upstream; a mapping can neither keep it nor send it anywhere.
func TestNoMappingSeesASecret(t *testing.T) {
	p := weChat()
	p.Info["secret"] = model.NewSecret("a very secret text")
	_, err := run(t, p, []rule{{"a", `fail(info["secret"])`}}, nil)
	if err == nil || strings.Contains(err.Error(), "very secret") {
		t.Errorf("the error is %v", err)
	}
	for _, expression := range []string{`return {"x": token["access_token"]}`, `return {"x": source.config}`, `return {"x": source.consumer_secret}`, `return {"x": client["secret"]}`} {
		if _, err := run(t, weChat(), []rule{{"a", expression}}, nil); err == nil {
			t.Errorf("%s succeeds", expression)
		}
	}
}

// What one sign-in makes of a profile does not change the profile: a second try in the same request begins with the same.
func TestAProfileStaysAsItCame(t *testing.T) {
	p := weChat()
	_, err := run(t, p, []rule{{"a", `properties["attributes"]["x"] = 1` + "\n" + `info["y"] = 2` + "\n" + `return {"attributes": {"unionid": None}}`}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(weChat(), p); diff != "" {
		t.Errorf("the profile (-before +after):\n%s", diff)
	}
}
