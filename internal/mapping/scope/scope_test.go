package scope_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/mapping/mappingtest"
	"github.com/weimen-id/weimen/internal/mapping/scope"
	"github.com/weimen-id/weimen/internal/model"
)

// groups is a database that knows the groups of everybody, and how often it was asked.
type groups struct {
	list  []model.UserGroup
	err   error
	asked int
}

func (g *groups) DevicesOf(context.Context, model.UserID) ([]*model.Device, error) { return nil, g.err }

func (g *groups) User(context.Context, model.UserID) (*model.User, error) {
	return nil, model.ErrNotFound
}

func (g *groups) FindUser(context.Context, []string, string, bool) (*model.User, error) {
	return nil, model.ErrNotFound
}

func (g *groups) GroupsOf(context.Context, model.UserID) ([]model.UserGroup, error) {
	g.asked++
	return g.list, g.err
}

type object = map[string]any

// snapshot holds a scope mapping for each expression, named by its scope.
func snapshot(t *testing.T, expressions map[string]string) (*model.Snapshot, []model.MappingID) {
	t.Helper()
	s := &model.Snapshot{Mappings: map[model.MappingID]*model.PropertyMapping{}, Installation: "i"}
	var ids []model.MappingID
	for name, expression := range expressions {
		config, err := json.Marshal(object{"scope_name": name, "description": ""})
		if err != nil {
			t.Fatal(err)
		}
		id := model.MappingID(name)
		s.Mappings[id] = &model.PropertyMapping{ID: id, Name: name, Expression: expression, Kind: "scope", Config: config}
		ids = append(ids, id)
	}
	s.Index()
	return s, ids
}

func claims(t *testing.T, g *groups, expressions map[string]string, u *model.User, scopes ...string) (object, []mapping.Failure, error) {
	t.Helper()
	s, ids := snapshot(t, expressions)
	e := mapping.New(kind.NewShelf(scope.Kind()), nil, mappingtest.Words(g, "i"))
	mappings, failures := e.Scopes(s, ids)
	if len(failures) > 0 {
		t.Fatal(failures)
	}
	return e.Claims(context.Background(), mappings, mapping.Subject{User: u, Provider: &model.Provider{Name: "demo"}, Scopes: scopes, Visitor: &model.Visitor{ClientIP: "192.0.2.1"}})
}

func defaults() map[string]string {
	out := map[string]string{}
	for _, d := range scope.Defaults() {
		out[d.ScopeName] = d.Expression
	}
	return out
}

func TestTheDefaultMappingsGiveAuthentiksClaims(t *testing.T) {
	g := &groups{list: []model.UserGroup{
		{Group: model.Group{ID: "1", Name: "staff"}, Direct: true}, {Group: model.Group{ID: "2", Name: "everybody"}},
	}}
	u := &model.User{ID: 7, Username: "ouid", Name: "张三", Email: "z@example.org", Attributes: object{"headimgurl": "https://wx.example/1"}}
	got, failures, err := claims(t, g, defaults(), u, "openid", "email", "profile", "entitlements", "offline_access")
	if err != nil || len(failures) > 0 {
		t.Fatal(err, failures)
	}
	want := object{
		"email": "z@example.org", "email_verified": false,
		"name": "张三", "given_name": "张三", "preferred_username": "ouid", "nickname": "ouid", "groups": []any{"staff"}, "picture": "https://wx.example/1",
		"entitlements": []any{}, "roles": []any{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

// OpenID Connect Core 5.1: email_verified is true only of an address that the person was shown to control at the time.
func TestAnAddressIsVerifiedOnlyIfItIsTheOneThatWasShownToBeRead(t *testing.T) {
	for _, tt := range []struct {
		name     string
		verified any
		want     bool
	}{
		{"nobody has looked", nil, false},
		{"it was opened", "z@example.org", true},
		{"another was", "old@example.org", false},
		{"somebody wrote true", true, false},
		{"nothing was", "", false},
	} {
		u := &model.User{ID: 7, Username: "ouid", Email: "Z@Example.org", Attributes: object{model.AttributeEmailVerified: tt.verified}}
		got, failures, err := claims(t, &groups{}, defaults(), u, "email")
		if err != nil || len(failures) > 0 || got["email_verified"] != tt.want {
			t.Errorf("%s: %v, %v, %v", tt.name, got, failures, err)
		}
	}
}

// OpenID Connect Core 5.3.2: a claim that has no value is left out, and is not an empty text.
func TestSomebodyWithoutAnEmailHasNoEmailClaim(t *testing.T) {
	got, _, err := claims(t, &groups{}, defaults(), &model.User{ID: 7, Username: "ouid"}, "email")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(object{}, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestClaimsOfScopesThatWereNotGrantedAreNotGiven(t *testing.T) {
	g := &groups{}
	got, _, err := claims(t, g, defaults(), &model.User{ID: 7, Username: "ouid", Email: "z@example.org"}, "openid")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(object{}, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if g.asked != 0 {
		t.Errorf("groups were read %d times for nobody", g.asked)
	}
}

func TestAFailingMappingIsLeftOutAndReportedWithItsLine(t *testing.T) {
	got, failures, err := claims(t, &groups{}, map[string]string{"a": "x = 1\nreturn {\"a\": x / 0}", "b": `return {"b": 1}`, "c": `return "text"`}, &model.User{ID: 7}, "a", "b", "c")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(object{"b": int64(1)}, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	var runtime *expr.RuntimeError
	if len(failures) != 1 || failures[0].Mapping.Name != "a" || !errors.As(failures[0].Err, &runtime) || runtime.Line != 2 {
		t.Errorf("failures: %+v", failures)
	}
}

func TestADatabaseThatFailsIsNotTheExpressionsFault(t *testing.T) {
	_, failures, err := claims(t, &groups{err: model.ErrUnavailable}, defaults(), &model.User{ID: 7}, "profile")
	if !errors.Is(err, model.ErrUnavailable) || len(failures) > 0 {
		t.Errorf("err %v, failures %v", err, failures)
	}
}

func TestExpressionsPeopleBringAlong(t *testing.T) {
	g := &groups{list: []model.UserGroup{
		{Group: model.Group{ID: "1", Name: "staff", Attributes: object{"quota": "1G", "site": "sz"}}, Direct: true},
		{Group: model.Group{ID: "2", Name: "all", Attributes: object{"quota": "0"}}},
	}}
	u := &model.User{ID: 7, UUID: "u-u", Username: "ouid", Name: "N", Attributes: object{"site": "bj", "wechat": object{"unionid": "u1"}}}
	tests := []struct {
		name, expression string
		want             any
	}{
		{"group names by the older alias", `return {"v": [g.name for g in user.ak_groups.all()]}`, []any{"staff"}},
		{"groups with their ancestors", `return {"v": [g.name for g in user.all_groups()]}`, []any{"staff", "all"}},
		{"membership as a condition", `return {"v": "admin" if user.groups.filter(name="staff").exists() else "user"}`, "admin"},
		{"attributes of groups below the user's own", `return {"v": request.user.group_attributes()}`, object{"quota": "1G", "site": "bj", "wechat": object{"unionid": "u1"}}},
		{"an attribute with a default", `return {"v": request.user.attributes.get("none", "d")}`, "d"},
		{"the subject in the hashed mode", `return {"v": user.uid}`, u.UID("i")},
		{"the provider's name", `return {"v": provider.name}`, "demo"},
		{"the granted scopes", `return {"v": "a" in token.scope}`, true},
		{"a nested attribute in an f-string", `return {"v": f"wx-{user.attributes['wechat']['unionid']}"}`, "wx-u1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, failures, err := claims(t, g, map[string]string{"a": tt.expression}, u, "a")
			if err != nil || len(failures) > 0 {
				t.Fatal(err, failures)
			}
			if diff := cmp.Diff(tt.want, got["v"]); diff != "" {
				t.Errorf("v (-want +got):\n%s", diff)
			}
		})
	}
}

func TestThePasswordsHashIsNotToBeHad(t *testing.T) {
	_, failures, err := claims(t, &groups{}, map[string]string{"a": `return {"v": user.password_hash}`}, &model.User{ID: 7, PasswordHash: "$argon2id$"}, "a")
	if err != nil || len(failures) != 1 || strings.Contains(failures[0].Err.Error(), "argon2id") {
		t.Errorf("err %v, failures %v", err, failures)
	}
}

func TestCheckNamesTheLine(t *testing.T) {
	e := mapping.New(kind.NewShelf(scope.Kind()), nil, mappingtest.Words(&groups{}, "i"))
	err := e.Check(&model.PropertyMapping{Name: "x", Kind: "scope", Expression: "a = 1\nreturn unknown_name"})
	var invalid *model.Error
	if !errors.As(err, &invalid) || !strings.Contains(strings.Join(invalid.Fields["expression"], ""), "line 2") {
		t.Errorf("err: %v", err)
	}
}
