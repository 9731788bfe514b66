package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/testenv"
)

const nobody = "00000000-0000-4000-8000-000000000000"

func TestMistakesAreNamedAtTheirField(t *testing.T) {
	h := open(t)
	flow := h.flow("f")
	stage := h.stage("s")
	h.post("/sources/oauth/", wechatSource("taken"))
	h.post("/core/users/", map[string]any{"username": "taken", "name": ""})
	h.post("/core/groups/", map[string]any{"name": "taken"})
	h.post("/core/applications/", map[string]any{"name": "a", "slug": "taken"})
	h.post("/flows/bindings/", map[string]any{"target": flow, "stage": stage, "order": 1})
	theme := func(key, value string) map[string]any {
		return map[string]any{"settings": map[string]any{"theme": map[string]any{key: value}}}
	}
	h.post("/core/brands/", map[string]any{"domain": "taken.example", "default": h.noDefaultBrand()})
	with := func(base map[string]any, key string, value any) map[string]any {
		base[key] = value
		return base
	}
	tests := []struct {
		name, path string
		body       map[string]any
		field      string
		text       string
	}{
		{"a required key is missing", "/core/users/", map[string]any{"name": "x"}, "username", "This field is required."},
		{"a required text is blank", "/core/users/", map[string]any{"username": "", "name": ""}, "username", "This field may not be blank."},
		{"a null where there can be none", "/core/users/", map[string]any{"username": nil, "name": ""}, "username", "This field may not be null."},
		{"a text is too long", "/core/users/", map[string]any{"username": strings.Repeat("x", 151), "name": ""}, "username", "Ensure this field has no more than 150 characters."},
		{"a username is taken", "/core/users/", map[string]any{"username": "taken", "name": ""}, "username", "already exists."},
		{"a path begins with a slash", "/core/users/", map[string]any{"username": "u", "name": "", "path": "/a"}, "path", "slashes"},
		{"an e-mail address is none", "/core/users/", map[string]any{"username": "u", "name": "", "email": "nonsense"}, "email", "valid email"},
		{"a user of an unknown type", "/core/users/", map[string]any{"username": "u", "name": "", "type": "robot"}, "type", `"robot" is not a valid choice.`},
		{"an internal service account cannot be made", "/core/users/", map[string]any{"username": "u", "name": "", "type": "internal_service_account"}, "type", "not allowed"},
		{"a group that does not exist", "/core/users/", map[string]any{"username": "u", "name": "", "groups": []any{nobody}}, "groups", `Invalid pk "` + nobody + `" - object does not exist.`},
		{"a role, for there are none", "/core/users/", map[string]any{"username": "u", "name": "", "roles": []any{nobody}}, "roles", "does not exist"},
		{"attributes that are a list", "/core/users/", map[string]any{"username": "u", "name": "", "attributes": []any{}}, "attributes", "dictionary"},
		{"a group's name is taken", "/core/groups/", map[string]any{"name": "taken"}, "name", "already exists."},
		{"a member that does not exist", "/core/groups/", map[string]any{"name": "g", "users": []any{999}}, "users", `Invalid pk "999"`},
		{"a slug with a blank", "/core/applications/", map[string]any{"name": "a", "slug": "a b"}, "slug", "consisting of letters, numbers, underscores or hyphens"},
		{"a slug that is taken", "/core/applications/", map[string]any{"name": "a", "slug": "taken"}, "slug", "Application with this slug already exists."},
		{"a slug that is an address of ours", "/core/applications/", map[string]any{"name": "a", "slug": "token"}, "slug", "reserved"},
		{"a provider that does not exist", "/core/applications/", map[string]any{"name": "a", "slug": "b", "provider": 77}, "provider", `Invalid pk "77"`},
		{"a source's slug is taken", "/sources/oauth/", wechatSource("taken"), "slug", "already exists."},
		{"a source type that authentik does not know", "/sources/oauth/", with(wechatSource("w"), "provider_type", "wechat_mp"), "provider_type", "not a valid choice"},
		{"a flow that does not exist", "/sources/oauth/", with(wechatSource("w"), "enrollment_flow", nobody), "enrollment_flow", "does not exist"},
		{"a flow that is no UUID", "/sources/oauth/", with(wechatSource("w"), "enrollment_flow", "x"), "enrollment_flow", "does not exist"},
		{"a mapping that does not exist", "/sources/oauth/", with(wechatSource("w"), "user_property_mappings", []any{nobody}), "user_property_mappings", "does not exist"},
		{"an unknown matching mode", "/sources/oauth/", with(wechatSource("w"), "user_matching_mode", "guess"), "user_matching_mode", "not a valid choice"},
		{"an empty enum", "/sources/oauth/", with(wechatSource("w"), "pkce", ""), "pkce", "not a valid choice"},
		{"a duration in other words", "/stages/user_login/", map[string]any{"name": "l", "session_duration": "00:10:00"}, "session_duration", "hours=1"},
		{"an unknown designation", "/flows/instances/", map[string]any{"name": "n", "slug": "n", "title": "n", "designation": "login"}, "designation", "not a valid choice"},
		{"an order that is text", "/flows/bindings/", map[string]any{"target": flow, "stage": stage, "order": "first"}, "order", "valid"},
		{"an order beyond 32 bits", "/flows/bindings/", map[string]any{"target": flow, "stage": stage, "order": 1 << 40}, "order", "large"},
		{"a stage bound twice at one place", "/flows/bindings/", map[string]any{"target": flow, "stage": stage, "order": 1}, "non_field_errors", "must make a unique set"},
		{"policies that are never asked", "/flows/bindings/", map[string]any{"target": flow, "stage": stage, "order": 2, "evaluate_on_plan": false, "re_evaluate_policies": false}, "non_field_errors", "Either"},
		{"a policy binding of nothing", "/policies/bindings/", map[string]any{"target": flow, "order": 0}, "non_field_errors", "must be set"},
		{"a policy binding of two", "/policies/bindings/", map[string]any{"target": flow, "order": 0, "user": int(h.admin.ID), "group": h.get("/core/groups/?name=taken")["results"].([]any)[0].(map[string]any)["pk"]}, "non_field_errors", "Only one"},
		{"a policy binding to nothing", "/policies/bindings/", map[string]any{"target": nobody, "order": 0, "user": int(h.admin.ID)}, "target", "does not exist"},
		{"a certificate that is none", "/crypto/certificatekeypairs/", map[string]any{"name": "c", "certificate_data": "hello"}, "certificate_data", "certificate"},
		{"a token for recovery", "/core/tokens/", map[string]any{"identifier": "t", "intent": "recovery"}, "intent", "Invalid intent"},
		{"a token's name with a blank", "/core/tokens/", map[string]any{"identifier": "a b"}, "identifier", "letters, numbers"},
		{"a second default brand", "/core/brands/", map[string]any{"domain": "other.example", "default": true}, "default", "single brand"},
		{"a brand's colour by name", "/core/brands/", map[string]any{"domain": "other.example", "attributes": theme("primary_color", "red")}, "attributes", "six hexadecimal digits"},
		{"a brand's look that there is not", "/core/brands/", map[string]any{"domain": "other.example", "attributes": theme("base", "sepia")}, "attributes", "automatic, light or dark"},
		{"a redirect URI without a mode", "/providers/oauth2/", map[string]any{"name": "p", "authorization_flow": flow, "invalidation_flow": flow, "redirect_uris": []any{map[string]any{"url": "https://a.example"}}}, "redirect_uris", "required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := h.call(http.MethodPost, tt.path, tt.body)
			var got map[string][]string
			if err := json.Unmarshal(r.raw, &got); r.status != http.StatusBadRequest || err != nil {
				t.Fatalf("%d %s", r.status, r.raw)
			}
			if !strings.Contains(strings.Join(got[tt.field], " "), tt.text) {
				t.Errorf("%s: %q, want %q", tt.field, got, tt.text)
			}
		})
	}
}

// noDefaultBrand tells whether the installation is without a default brand, so that the next one may be it.
func (h *house) noDefaultBrand() bool {
	for _, b := range h.store.Snapshot().Brands {
		if b.Default {
			return false
		}
	}
	return true
}

func TestTheSlugTextAppearsOnPut(t *testing.T) {
	h := open(t)
	h.post("/core/applications/", map[string]any{"name": "a", "slug": "a"})
	r := h.call(http.MethodPut, "/core/applications/a/", map[string]any{"name": "a", "slug": "a b"})
	if r.status != http.StatusBadRequest || !strings.Contains(string(r.raw), "consisting of letters, numbers, underscores or hyphens") {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

// TestNoBodyMakesAServerError sends what nobody should send to every address that takes a body. The answer is a refusal in JSON, never a fault of ours.
func TestNoBodyMakesAServerError(t *testing.T) {
	h := open(t)
	for _, x := range trips() {
		h.throwAt(t, x)
	}
}

// TestNoBodyMakesAServerErrorOnPostgreSQL does the same where text and JSON have limits of their own.
func TestNoBodyMakesAServerErrorOnPostgreSQL(t *testing.T) {
	h := openOn(t, testenv.Postgres(t))
	for _, x := range trips() {
		if strings.HasPrefix(x.path, "/core/") || strings.HasPrefix(x.path, "/sources/") {
			h.throwAt(t, x)
		}
	}
}

// throwAt sends bad bodies to a resource.
func (h *house) throwAt(t *testing.T, x trip) {
	t.Helper()
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	bodies := map[string]string{
		"nothing":              "",
		"null":                 "null",
		"a list":               "[]",
		"a text":               `"x"`,
		"a number":             "1e400",
		"half an object":       `{"name": "x`,
		"a key without value":  `{"name":}`,
		"two objects":          `{}{}`,
		"invalid UTF-8":        "{\"name\": \"\xff\xfe\", \"slug\": \"\xff\"}",
		"a byte order mark":    "\xef\xbb\xbf{}",
		"deep nesting":         `{"name": ` + deep + `, "attributes": {"a": ` + deep + `}}`,
		"deep in an object":    `{"username": "d", "name": "d", "attributes": {"a": ` + strings.Repeat(`{"a":`, 90) + "1" + strings.Repeat("}", 90) + `}}`,
		"a megabyte and more":  `{"name": "` + strings.Repeat("x", 1<<20) + `"}`,
		"a duplicate key":      `{"name": "a", "name": {"b": 1}}`,
		"a lone surrogate":     `{"username": "\ud800", "name": "\udfff", "slug": "\ud800", "identifier": "\ud800"}`,
		"an HTML page":         "<html></html>",
		"keys of other things": `{"__proto__": {}, "constructor": null, "": ""}`,
	}
	values := map[string]string{
		"NUL":                     `"a\u0000b"`,
		"100 kB":                  `"` + strings.Repeat("y", 100_000) + `"`,
		"a huge integer":          "123456789012345678901234567890",
		"a huge float":            "1e999",
		"minus":                   "-1",
		"a fraction":              "0.5",
		"a boolean":               "true",
		"an object":               `{"a": {"b": "\u0000"}}`,
		"a list of lists":         `[[[]]]`,
		"a list of nulls":         `[null]`,
		"a blank":                 `" "`,
		"a date":                  `"2020-13-45T99:99:99Z"`,
		"year one":                `"0001-01-01T00:00:00Z"`,
		"year ten thousand minus": `"9999-12-31T23:59:59Z"`,
	}
	for name, body := range bodies {
		h.refuses(t, x.path, name, http.MethodPost, body)
	}
	valid := x.create(h)
	keys := append([]string{"type", "path", "expires", "last_login", "email", "parents", "managed", "order", "timeout"}, slices.Collect(maps.Keys(valid))...)
	for _, key := range keys {
		for name, value := range values {
			body := maps.Clone(valid)
			body[key] = json.RawMessage(value)
			raw, err := json.Marshal(body)
			must(t, err)
			h.refuses(t, x.path, key+" = "+name, http.MethodPost, string(raw))
		}
	}
}

// refuses sends a body and insists on an answer below 500 in JSON. What was made of it is taken away again.
func (h *house) refuses(t *testing.T, path, name, method, body string) {
	t.Helper()
	r := h.call(method, path, body)
	if r.status >= 500 || !json.Valid(r.raw) {
		t.Errorf("%s %s, %s: %d %.300s", method, path, name, r.status, r.raw)
	}
	if r.status != http.StatusCreated {
		return
	}
	made := r.object(t)
	for _, x := range trips() {
		if x.path != path {
			continue
		}
		key, _ := json.Marshal(made[x.key])
		if again := h.call(http.MethodGet, path+strings.Trim(string(key), `"`)+"/", nil); again.status != http.StatusOK {
			t.Errorf("%s, %s: made and not found again: %d %.300s", path, name, again.status, again.raw)
		}
		if gone := h.call(http.MethodDelete, path+strings.Trim(string(key), `"`)+"/", nil); gone.status != http.StatusNoContent {
			t.Errorf("%s, %s: cannot be deleted: %d %.300s", path, name, gone.status, gone.raw)
		}
	}
}

func TestAddressesThatAreNotThereSayWhy(t *testing.T) {
	h := open(t)
	tests := []struct {
		name, method, path string
		want               int
	}{
		{"an object that is gone", http.MethodGet, "/sources/oauth/nothing/", 404},
		{"a user that never was", http.MethodGet, "/core/users/99999/", 404},
		{"a user beyond all integers", http.MethodGet, "/core/users/99999999999999999999999/", 404},
		{"a user that is a word", http.MethodDelete, "/core/users/x/", 404},
		{"a group that is a word", http.MethodGet, "/core/groups/x/", 404},
		{"an encoded NUL", http.MethodGet, "/core/tokens/%00/", 404},
		{"an encoded slash", http.MethodGet, "/sources/oauth/a%2Fb/", 404},
		{"no slash at the end", http.MethodGet, "/core/users", 404},
		{"an address of nobody", http.MethodGet, "/nonsense/", 404},
		{"a provider of the next version", http.MethodGet, "/providers/saml/", 501},
		{"an object of the next version", http.MethodPost, "/providers/ldap/", 501},
		{"an outpost", http.MethodGet, "/outposts/instances/", 501},
		{"blueprints", http.MethodGet, "/managed/blueprints/", 501},
		{"roles", http.MethodPost, "/rbac/roles/", 501},
		{"the system's state", http.MethodGet, "/admin/system/", 501},
		{"a preview of a prompt", http.MethodPost, "/stages/prompt/prompts/preview/", 501},
		{"an authenticator of a sort that is not there", http.MethodGet, "/authenticators/duo/", 501},
		{"an authenticator is not made by a program", http.MethodPost, "/authenticators/admin/totp/", 405},
		{"an invitation that is a word", http.MethodGet, "/stages/invitation/invitations/x/", 404},
		{"a score that is a word", http.MethodDelete, "/policies/reputation/scores/x/", 404},
		{"a group's connection that never was", http.MethodDelete, "/sources/group_connections/oauth/99/", 404},
		{"enterprise", http.MethodGet, "/enterprise/license/", 501},
		{"a stage of the next version", http.MethodPost, "/stages/authenticator/totp/", 501},
		{"a recovery letter", http.MethodPost, fmt.Sprintf("/core/users/%d/recovery_email/", 1), 501},
		{"a flow's export", http.MethodGet, "/flows/instances/x/export/", 501},
		{"a method that is not there", http.MethodPost, "/root/config/", 405},
		{"a method that lists do not have", http.MethodDelete, "/core/users/", 405},
		{"an umbrella cannot be posted to", http.MethodPost, "/stages/all/", 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var body any
			if tt.method == http.MethodPost {
				body = map[string]any{}
			}
			r := h.call(tt.method, tt.path, body)
			if r.status != tt.want || r.object(t)["detail"] == nil || r.header.Get("Content-Type") != "application/json" {
				t.Errorf("%d %s, want %d", r.status, r.raw, tt.want)
			}
		})
	}
}

func TestAFormIsNotTakenForJSON(t *testing.T) {
	h := open(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/api/v3/core/users/", strings.NewReader("username=x"))
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+h.key)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := h.server.Client().Do(r)
	must(t, err)
	defer func() { _ = answer.Body.Close() }()
	if got := readReply(t, answer); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
