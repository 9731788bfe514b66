package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// TestWrongCredentialsAreRefusedInAuthentiksWords covers RFC 6750 section 3.1 as authentik answers it: 403, and never which part was wrong.
func TestWrongCredentialsAreRefusedInAuthentiksWords(t *testing.T) {
	h := open(t)
	ctx := context.Background()
	past := time.Now().Add(-time.Minute)
	expired := keypair.NewText(keypair.Alphanumeric, 60)
	must(t, h.resources.Issue(ctx, &model.Token{Identifier: "old", Intent: model.IntentAPI, User: h.admin.ID, Expiring: true, Expires: &past}, model.NewSecret(expired)))
	gone, goneKey := h.person("gone")
	_, err := h.store.UpdateUser(ctx, gone.ID, func(u *model.User) error { u.IsActive = false; return nil })
	must(t, err)
	tests := []struct{ name, header, want string }{
		{"no header", "", "Authentication credentials were not provided."},
		{"another scheme", "Basic YTpi", "Unsupported authentication type"},
		{"a bearer without a key", "Bearer ", "Malformed header"},
		{"an unknown key", "Bearer nonsense", "Token invalid/expired"},
		{"an endless key", "Bearer " + keypair.NewText(keypair.Alphanumeric, 9000), "Token invalid/expired"},
		{"an expired token", "Bearer " + expired, "Token invalid/expired"},
		{"a token of someone deactivated", "Bearer " + goneKey, "Token invalid/expired"},
		{"an app password", "Bearer " + h.token(ctx, h.admin, model.IntentAppPassword), "Token invalid/expired"},
		{"a recovery token", "Bearer " + h.token(ctx, h.admin, model.IntentRecovery), "Token invalid/expired"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.server.URL+"/api/v3/core/users/me/", nil)
			must(t, err)
			if tt.header != "" {
				r.Header.Set("Authorization", tt.header)
			}
			answer, err := h.server.Client().Do(r)
			must(t, err)
			defer func() { _ = answer.Body.Close() }()
			got := readReply(t, answer)
			if got.status != http.StatusForbidden || got.object(t)["detail"] != tt.want {
				t.Errorf("%d %s, want 403 %q", got.status, got.raw, tt.want)
			}
		})
	}
}

// TestOrdinaryPeopleReachTheirOwnDataOnly walks all collections with the token of someone who is no superuser.
func TestOrdinaryPeopleReachTheirOwnDataOnly(t *testing.T) {
	h := open(t)
	h.post("/sources/oauth/", wechatSource("w"))
	h.post("/core/tokens/", map[string]any{"identifier": "admins", "user": int(h.admin.ID)})
	u, key := h.person("zhang")
	h.key = key
	if got := h.get("/core/users/me/")["user"].(map[string]any)["username"]; got != "zhang" {
		t.Errorf("me is %v", got)
	}
	h.get(fmt.Sprintf("/core/users/%d/", u.ID))
	for _, path := range []string{
		"/core/users/", "/core/groups/", "/sources/oauth/", "/sources/oauth/w/", "/sources/all/", "/providers/oauth2/", "/providers/all/", "/flows/instances/", "/flows/bindings/",
		"/policies/bindings/", "/policies/all/", "/stages/all/", "/stages/deny/", "/propertymappings/all/", "/core/brands/", "/core/application_entitlements/", "/crypto/certificatekeypairs/", "/events/events/",
		"/core/users/paths/", "/flows/instances/cache_info/", "/stages/prompt/prompts/", "/stages/invitation/invitations/", "/policies/reputation/scores/",
		"/sources/group_connections/all/", "/sources/group_connections/oauth/", "/admin/settings/", "/authenticators/admin/all/", "/authenticators/admin/totp/",
		"/authenticators/admin/static/", "/authenticators/admin/webauthn/", "/authenticators/admin/sms/", "/authenticators/admin/email/",
	} {
		if r := h.call(http.MethodGet, path, nil); r.status != http.StatusForbidden {
			t.Errorf("GET %s: %d %s", path, r.status, r.raw)
		}
	}
	for _, x := range trips() {
		if x.name == "tokens" {
			continue
		}
		if r := h.call(http.MethodPost, x.path, map[string]any{}); r.status != http.StatusForbidden {
			t.Errorf("POST %s: %d %s", x.path, r.status, r.raw)
		}
		for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if r := h.call(method, x.path+"1/", map[string]any{}); r.status != http.StatusForbidden && r.status != http.StatusNotFound {
				t.Errorf("%s %s1/: %d %s", method, x.path, r.status, r.raw)
			}
		}
	}
	for _, path := range []string{"/core/tokens/admins/", "/core/tokens/admins/view_key/", fmt.Sprintf("/core/users/%d/", h.admin.ID)} {
		if r := h.call(http.MethodGet, path, nil); r.status != http.StatusNotFound {
			t.Errorf("GET %s: %d %s", path, r.status, r.raw)
		}
	}
	mine := h.post("/core/tokens/", map[string]any{"identifier": "mine", "user": int(h.admin.ID), "intent": "api"})
	if number(mine["user"]) != int(u.ID) {
		t.Errorf("a person made a token for user %v", mine["user"])
	}
	moved := h.want(http.StatusOK, http.MethodPatch, "/core/tokens/mine/", map[string]any{"user": int(h.admin.ID)})
	if number(moved["user"]) != int(u.ID) {
		t.Errorf("a person gave their token to user %v", moved["user"])
	}
	for _, item := range h.get("/core/tokens/")["results"].([]any) {
		if number(item.(map[string]any)["user"]) != int(u.ID) {
			t.Errorf("someone else's token is listed: %v", item)
		}
	}
	h.get("/core/tokens/mine/view_key/")
	if r := h.call(http.MethodPost, fmt.Sprintf("/core/users/%d/set_password/", h.admin.ID), map[string]any{"password": "x"}); r.status != http.StatusForbidden {
		t.Errorf("set_password: %d", r.status)
	}
}

func TestAnonymousCallersReachWhatIsMeantForThem(t *testing.T) {
	h := open(t)
	h.key = ""
	for _, path := range []string{"/root/config/", "/core/brands/current/", "/schema/?format=json"} {
		h.get(path)
	}
	if r := h.call(http.MethodGet, "/admin/version/", nil); r.status != http.StatusForbidden {
		t.Errorf("version: %d", r.status)
	}
}

func TestASessionOfABrowserIsAsGoodAsATokenOfItsUser(t *testing.T) {
	h := open(t)
	u, _ := h.person("zhang")
	h.key, h.browser = "", &model.Visitor{Browser: "b", Now: time.Now(), Session: &model.Session{ID: "s", User: u.ID}, User: u}
	if got := h.get("/core/users/me/")["user"].(map[string]any)["username"]; got != "zhang" {
		t.Errorf("me is %v", got)
	}
	u.IsActive = false
	if r := h.call(http.MethodGet, "/core/users/me/", nil); r.status != http.StatusForbidden {
		t.Errorf("a deactivated person: %d", r.status)
	}
}

func TestDeactivatingAUserEndsTheirSessions(t *testing.T) {
	h := open(t)
	u, _ := h.person("zhang")
	must(t, h.store.InsertSession(context.Background(), &model.Session{TokenHash: "h", User: u.ID, Created: time.Now(), Expires: time.Now().Add(time.Hour)}))
	h.want(http.StatusOK, http.MethodPatch, fmt.Sprintf("/core/users/%d/", u.ID), map[string]any{"is_active": false})
	left, err := h.store.ListSessions(context.Background(), u.ID)
	must(t, err)
	if len(left) != 0 {
		t.Errorf("%d sessions are left", len(left))
	}
}
