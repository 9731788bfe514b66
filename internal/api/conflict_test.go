package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestAConflictNamesTheFieldAndWhoHoldsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.post("/core/applications/", map[string]any{"name": "Harbour", "slug": "a"})
		h.post("/core/applications/", map[string]any{"name": "Other", "slug": "other"})
		h.post("/stages/deny/", map[string]any{"name": "s"})
		h.post("/flows/instances/", map[string]any{"name": "Way in", "slug": "f", "title": "f", "designation": "authorization"})
		ann := h.post("/core/users/", map[string]any{"username": "ann", "name": "Ann Li"})["pk"]
		ben := h.post("/core/users/", map[string]any{"username": "ben", "name": "Ben"})["pk"]
		tests := []struct {
			method, path string
			body         map[string]any
			field, text  string
		}{
			{http.MethodPost, "/core/applications/", map[string]any{"name": "b", "slug": "a"}, "slug", `Application with this slug already exists. It is the Application "Harbour".`},
			{http.MethodPatch, "/core/applications/other/", map[string]any{"slug": "a"}, "slug", `It is the Application "Harbour".`},
			{http.MethodPost, "/stages/user_login/", map[string]any{"name": "s"}, "name", `It is the Deny Stage "s".`},
			{http.MethodPost, "/flows/instances/", map[string]any{"name": "n", "slug": "f", "title": "n", "designation": "authorization"}, "slug", `It is the Flow "Way in".`},
			{http.MethodPost, "/core/users/", map[string]any{"username": "ann", "name": "n"}, "username", fmt.Sprintf(`User with this username already exists. It is that of "Ann Li" (%v).`, ann)},
			{http.MethodPatch, fmt.Sprintf("/core/users/%v/", ben), map[string]any{"username": "ann"}, "username", `"Ann Li"`},
		}
		for _, tt := range tests {
			r := h.call(tt.method, tt.path, tt.body)
			messages, _ := r.object(t)[tt.field].([]any)
			if r.status != http.StatusBadRequest || len(messages) != 1 || !strings.Contains(fmt.Sprint(messages[0]), tt.text) {
				t.Errorf("%s %s: %d %s", tt.method, tt.path, r.status, r.raw)
			}
		}
	})
}
