package app_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// TestFaultsAreSaidInThePersonsLanguageAndToProgramsInEnglish asks the same of a browser that reads Chinese and of a program: authentik's clients compare sentences.
func TestFaultsAreSaidInThePersonsLanguageAndToProgramsInEnglish(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey, "WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
	b := h.Browser("zh")
	p := b.Submit(b.Get("/if/flow/default-authentication-flow/"), map[string]string{"uid_field": "akadmin"})
	b.Submit(p, map[string]string{"password": bootstrapPassword})
	if !b.SignedIn() {
		t.Fatal("the administrator is not signed in")
	}
	flow := map[string]any{"name": "Flow", "slug": "default-authentication-flow", "title": "Flow", "designation": "authentication"}
	for _, tt := range []struct {
		name, path      string
		body            any
		program, person string
	}{
		{
			"what is too much", "/policies/geoip/",
			map[string]any{"name": "p", "countries": []string{"CN"}, "history_login_count": 101},
			`{"history_login_count": ["Ensure this value is less than or equal to 100."]}`, `{"history_login_count": ["不能大于 100。"]}`,
		},
		{
			"what is missing", "/stages/user_login/",
			map[string]any{},
			`{"name": ["This field is required."]}`, `{"name": ["请填写此项。"]}`,
		},
		{
			"what others have", "/flows/instances/", flow,
			`{"slug": ["Flow with this slug already exists. It is the Flow \"Sign in\"."]}`, `{"slug": ["已被“Sign in”使用。"]}`,
		},
		{
			"what lies within a list", "/schema/check/",
			map[string]any{"form": "OAuth2Provider", "body": map[string]any{"name": "p", "authorization_flow": "x", "invalidation_flow": "x", "redirect_uris": []any{map[string]any{"matching_mode": "strict"}}}},
			`{"fields": {"redirect_uris": ["Item 1: url: This field is required."]}}`, `{"fields": {"redirect_uris": ["Item 1: url: 请填写此项。"]}}`,
		},
		{
			"an expression's fault keeps its place and its words", "/schema/check/",
			map[string]any{"form": "ExpressionPolicy", "body": map[string]any{"name": "p", "expression": "x"}},
			`{"fields": {"expression": ["line 1, column 1: undefined: x"]}}`, `{"fields": {"expression": ["line 1, column 1: undefined: x"]}}`,
		},
		{"what is not there", "/core/users/99999/set_password/", map[string]any{"password": "x"}, `{"detail": "Not found."}`, `{"detail": "没有找到。"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := b.JSON(http.MethodPost, "/api/v3"+tt.path, tt.body)
			same(t, "the person", tt.person, page.Body)
			same(t, "the program", tt.program, string(administer(t, h, page.Status, http.MethodPost, tt.path, tt.body)))
		})
	}
}

func same(t *testing.T, who, want, got string) {
	t.Helper()
	var a, b any
	noError(t, json.Unmarshal([]byte(want), &a))
	noError(t, json.Unmarshal([]byte(got), &b))
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("%s is told (-want +got):\n%s", who, diff)
	}
}
