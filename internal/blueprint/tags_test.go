package blueprint_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// TestTagsGiveTheirValues evaluates each as an attribute of a group.
func TestTagsGiveTheirValues(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	for _, c := range []struct {
		name, value string
		want        any
	}{
		{"context", "!Context word", "hello"},
		{"context that is not there", "!Context nothing", nil},
		{"context that is not there, with a default", "!Context [nothing, else]", "else"},
		{"format", `!Format ["%s is %d %%", !Context word, 5]`, "hello is 5 %"},
		{"if, as a word", "!If false", false},
		{"if, of one", `!If [""]`, false},
		{"if, the first", "!If [!Context yes, [a, !Context word], b]", []any{"a", "hello"}},
		{"if, the second; the first is not looked at", "!If [0, !KeyOf nobody, b]", "b"},
		{"and", "!Condition [AND, true, !Context yes]", true},
		{"nand", "!Condition [NAND, true, 1]", false},
		{"or", "!Condition [OR, false, []]", false},
		{"nor", "!Condition [NOR, false, {}]", true},
		{"xor", "!Condition [XOR, true, true]", false},
		{"xnor", "!Condition [XNOR, true, true]", true},
		{"a list of a list", `!Enumerate [!Context list, SEQ, !Format ["%d-%s", !Index 0, !Value 0]]`, []any{"0-a", "1-b"}},
		{"a mapping of a mapping", `!Enumerate [{x: 1, y: 2}, MAP, [!Format ["%s!", !Index 0], !Value 0]]`, map[string]any{"x!": float64(1), "y!": float64(2)}},
		{"one enumeration in another", `!Enumerate [[1, 2], SEQ, !Enumerate [[a], SEQ, !Format ["%d%s", !Value 1, !Value 0]]]`, []any{[]any{"1a"}, []any{"2a"}}},
		{"a place", "!AtIndex [!Context list, 1]", "b"},
		{"a key", "!AtIndex [{a: 1}, a]", float64(1)},
		{"a place that is not there", "!AtIndex [!Context list, 7, none]", "none"},
		{"JSON", `!ParseJSON '{"a": [1, null]}'`, map[string]any{"a": []any{float64(1), nil}}},
		{"an object", "!AtIndex [!FindObject [authentik_flows.flow, [slug, default-authentication-flow]], designation]", "authentication"},
		{"no object", "!FindObject [authentik_flows.flow, [slug, nowhere]]", nil},
	} {
		text := "version: 1\ncontext: {word: hello, yes: true, list: [a, b]}\nentries:\n  groups:\n    - model: authentik_core.group\n      identifiers: {name: g}\n" +
			"      attrs:\n        attributes:\n          value: " + c.value + "\n"
		if err := h.App().Apply(t.Context(), []byte(text)); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(c.want, plain(group(t, h, "g").Attributes["value"])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestPeopleAreEntriesToo(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	const text = `version: 1
entries:
  - model: authentik_core.group
    id: staff
    identifiers: {name: staff}
  - model: authentik_core.user
    identifiers: {username: robot}
    attrs:
      type: service_account
      password: a long password of a robot
      groups: [!KeyOf staff]
  - model: authentik_stages_invitation.invitation
    identifiers: {name: for-robots}
    attrs:
      single_use: true
      fixed_data: {department: !Format ["%s", robots]}
  - model: authentik_core.user
    state: absent
    identifiers: {username: nobody}
`
	for range 2 {
		if err := h.App().Apply(t.Context(), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	u, err := h.App().Store.UserByUsername(t.Context(), "robot")
	if err != nil || u.Type != model.UserServiceAccount || u.PasswordHash == "" {
		t.Errorf("the user is %+v, %v", u, err)
	}
	staff := group(t, h, "staff").ID
	if members, err := h.App().Store.MembersOf(t.Context(), staff); err != nil || !slices.Equal(members[staff], []model.UserID{u.ID}) {
		t.Errorf("the group has %v, %v", members, err)
	}
}

// TestFlowsOfTheUsualSortsRun applies blueprints such as people write for authentik and opens their flows as a browser does.
func TestFlowsOfTheUsualSortsRun(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	for _, c := range []struct{ file, slug, want string }{
		{"enrollment-2-stages.yaml", "example-enrollment", "Username"},
		{"enrollment-email-verification.yaml", "example-enrollment-email", "Username"},
		{"enrollment-invitation.yaml", "example-enrollment-invitation", "invit"},
		{"login-2fa.yaml", "example-login-2fa", "Username"},
		{"login-conditional-captcha.yaml", "example-login-captcha", "Username"},
		{"recovery-email.yaml", "example-recovery", "Username"},
		{"unenrollment.yaml", "example-unenrollment", "sign in"},
	} {
		t.Run(c.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", c.file))
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time changes nothing
				if err := h.App().Apply(t.Context(), text); err != nil {
					t.Fatal(err)
				}
			}
			if page := h.Browser("en").Get("/if/flow/" + c.slug + "/"); !strings.Contains(strings.ToLower(page.Text()), strings.ToLower(c.want)) {
				t.Errorf("status %d: %s", page.Status, page.Text())
			}
		})
	}
}

func group(t *testing.T, h *apptest.House, name string) *model.Group {
	t.Helper()
	list, _, err := h.App().Store.ListGroups(t.Context(), store.List{Where: []store.Where{{Field: "name", Op: store.OpEq, Values: []string{name}}}, Limit: 1})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d groups, %v", len(list), err)
	}
	g, err := h.App().Store.Group(t.Context(), list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// plain reads a value as any program would read it from the API.
func plain(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var out any
	_ = json.Unmarshal(raw, &out)
	return out
}
