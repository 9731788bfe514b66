package app_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// TestExpressionsAreCheckedWhileTheyAreTyped looks at what only their drivers can tell, by line and column.
func TestExpressionsAreCheckedWhileTheyAreTyped(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey}})
	for _, tt := range []struct {
		name, form, body string
		want             map[string][]string
	}{
		{"a policy that compiles", "ExpressionPolicy", `{"name": "p", "expression": "return True"}`, map[string][]string{}},
		{"a policy with an unknown name", "ExpressionPolicy", `{"name": "p", "expression": "x = 1\nreturn regex_mach(x)"}`, map[string][]string{"expression": {"line 2, column 8: undefined: regex_mach"}}},
		{"a source mapping", "OAuthSourcePropertyMapping", `{"name": "m", "expression": "return nosuch"}`, map[string][]string{"expression": {"line 1, column 8: undefined: nosuch"}}},
		{"a scope mapping", "ScopeMapping", `{"name": "s", "scope_name": "s", "expression": "return nosuch"}`, map[string][]string{"expression": {"line 1, column 8: undefined: nosuch"}}},
		{
			"a prompt whose initial value is an expression", "Prompt",
			`{"name": "f", "field_key": "f", "label": "F", "type": "text", "initial_value": "return nosuch", "initial_value_expression": true}`,
			map[string][]string{"initial_value": {"line 1, column 8: undefined: nosuch"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := administer(t, h, http.StatusOK, http.MethodPost, "/schema/check/", map[string]any{"form": tt.form, "body": json.RawMessage(tt.body)})
			var got struct{ Fields map[string][]string }
			noError(t, json.Unmarshal(raw, &got))
			if diff := cmp.Diff(tt.want, got.Fields); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
