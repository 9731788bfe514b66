package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormsSayHowEveryNounIsMade(t *testing.T) {
	h := open(t)
	forms, _ := h.get("/schema/forms/")["forms"].([]any)
	found := map[string]map[string]any{}
	for _, x := range forms {
		f, _ := x.(map[string]any)
		found[f["schema"].(string)] = f
	}
	for schema, want := range map[string][2]string{
		"OAuthSource": {"sources/oauth", "slug"}, "UserLoginStage": {"stages/user_login", "pk"}, "Brand": {"core/brands", "brand_uuid"}, "Flow": {"flows/instances", "slug"},
	} {
		f := found[schema]
		if f == nil || f["path"] != want[0] || f["key"] != want[1] {
			t.Errorf("%s: %v %v", schema, f["path"], f["key"])
		}
	}
	// What a form says must be what the API takes: each form's key names a property of an object.
	for schema, f := range found {
		results, _ := h.get("/" + f["path"].(string) + "/")["results"].([]any)
		for _, x := range results {
			if o, _ := x.(map[string]any); o[f["key"].(string)] == nil {
				t.Errorf("an object of %s has no %s", schema, f["key"])
			}
		}
	}
}

func TestFormsAreForAdministrators(t *testing.T) {
	h := open(t)
	_, h.key = h.person("alice")
	if forms, _ := h.get("/schema/forms/")["forms"].([]any); len(forms) != 0 {
		t.Errorf("somebody without rights is told of %d forms", len(forms))
	}
}

func TestAFormIsCheckedAsSavingWould(t *testing.T) {
	h := open(t)
	flow := h.post("/flows/instances/", map[string]any{"name": "There", "slug": "there", "title": "There", "designation": "authentication"})
	for _, tt := range []struct {
		name  string
		asked map[string]any
		want  map[string]any
	}{
		{"what is complete has no faults", map[string]any{"form": "UserLoginStage", "body": map[string]any{"name": "x"}}, map[string]any{}},
		{"what is required and missing is named", map[string]any{"form": "UserLoginStage", "body": map[string]any{}}, map[string]any{"name": []any{"This field is required."}}},
		{"a change needs only what it changes", map[string]any{"form": "Flow", "key": flow["slug"], "body": map[string]any{"title": ""}}, map[string]any{"title": []any{"This field may not be blank."}}},
		{
			"a reference to nothing is told",
			map[string]any{"form": "Brand", "body": map[string]any{"domain": "x", "flow_recovery": "nowhere"}},
			map[string]any{"flow_recovery": []any{`Invalid pk "nowhere" - object does not exist.`}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := h.want(http.StatusOK, http.MethodPost, "/schema/check/", tt.asked)["fields"].(map[string]any)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := h.get("/flows/instances/there/"); got["title"] != "There" {
		t.Errorf("checking changed the flow to %v", got)
	}
	if n := len(h.get("/stages/user_login/")["results"].([]any)); n != 0 {
		t.Errorf("checking made %d stages", n)
	}
}

func TestOnlyWhoMayChangeMayCheck(t *testing.T) {
	h := open(t)
	ask := map[string]any{"form": "UserLoginStage", "body": map[string]any{"name": "x"}}
	_, h.key = h.person("alice")
	if r := h.call(http.MethodPost, "/schema/check/", ask); r.status != http.StatusForbidden {
		t.Errorf("somebody without rights: %d %s", r.status, r.raw)
	}
}

func TestACheckOfNoFormIsRefused(t *testing.T) {
	h := open(t)
	for field, ask := range map[string]map[string]any{
		"form": {"form": "Nonsense", "body": map[string]any{}},
		"body": {"form": "Flow", "body": []any{}},
	} {
		if r := h.call(http.MethodPost, "/schema/check/", ask); r.status != http.StatusBadRequest || r.object(t)[field] == nil {
			t.Errorf("%v: %d %s", ask, r.status, r.raw)
		}
	}
	// An umbrella's objects are not made.
	if r := h.call(http.MethodPost, "/schema/check/", map[string]any{"form": "Stage", "body": map[string]any{}}); r.status != http.StatusBadRequest {
		t.Errorf("all kinds at once: %d %s", r.status, r.raw)
	}
	if r := h.call(http.MethodPost, "/schema/check/", map[string]any{"form": "Flow", "key": "nowhere", "body": map[string]any{}}); r.status != http.StatusNotFound {
		t.Errorf("an object that is not there: %d %s", r.status, r.raw)
	}
}

// TestWhichSecretsAreSetIsToldWithoutThem lets the console say "set" of what it is never shown.
func TestWhichSecretsAreSetIsToldWithoutThem(t *testing.T) {
	h := open(t)
	made := h.post("/sources/oauth/", map[string]any{"name": "W", "slug": "w", "provider_type": "wechat", "consumer_key": "wx0123456789abcdef", "consumer_secret": "the-secret-itself"})
	if diff := cmp.Diff([]any{"consumer_secret"}, made["secrets_set"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if raw := h.call(http.MethodGet, "/sources/oauth/w/", nil).raw; strings.Contains(string(raw), "the-secret-itself") {
		t.Errorf("the secret is in the answer: %s", raw)
	}
	if made := h.post("/stages/user_login/", map[string]any{"name": "x"}); made["secrets_set"] != nil {
		t.Errorf("a kind without secrets has %v", made["secrets_set"])
	}
}
