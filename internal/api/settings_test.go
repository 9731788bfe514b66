package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func TestThePublishedClientReadsAndWritesTheSettings(t *testing.T) {
	h := open(t)
	c := h.client().AdminApi
	got, _, err := c.AdminSettingsRetrieve(t.Context()).Execute()
	must(t, err)
	if got.GetEventRetention() != "days=365" || got.GetReputationLowerLimit() != -5 || got.GetDefaultTokenLength() != 60 {
		t.Errorf("defaults: %+v", got)
	}
	sent := ak.NewSettingsRequest(got.Flags)
	sent.SetEventRetention("days=30")
	sent.SetImpersonation(false)
	sent.SetPaginationDefaultPageSize(2)
	sent.SetFooterLinks([]map[string]string{{"name": "帮助", "href": "https://help.example.org/"}})
	_, _, err = c.AdminSettingsUpdate(t.Context()).SettingsRequest(*sent).Execute()
	must(t, err)
	changed := h.get("/admin/settings/")
	want := []any{map[string]any{"name": "帮助", "href": "https://help.example.org/"}}
	if diff := cmp.Diff(want, changed["footer_links"]); diff != "" || changed["impersonation"] != false || changed["avatars"] != "gravatar,initials" {
		t.Errorf("changed: %v %s", changed, diff)
	}
	if diff := cmp.Diff(want, h.get("/core/brands/current/")["ui_footer_links"]); diff != "" {
		t.Errorf("the brand does not show the links: %s", diff)
	}

	// They are not only kept, they hold.
	for i := range 3 {
		h.person(fmt.Sprint("p", i))
	}
	if n := len(h.get("/core/users/")["results"].([]any)); n != 2 {
		t.Errorf("a page has %d users, want 2", n)
	}
	e := event.New(model.ActionLogin, "test", nil, nil)
	event.Complete(e, time.Now())
	must(t, h.store.InsertEvents(context.Background(), e))
	if days := time.Until(e.Expires).Hours() / 24; days < 29 || days > 31 {
		t.Errorf("an event is kept for %.0f days, want 30", days)
	}
}

func TestSettingsThatCannotBeAreRefused(t *testing.T) {
	h := open(t)
	version := h.store.Snapshot().Version
	for field, value := range map[string]any{
		"reputation_lower_limit": 1, "reputation_upper_limit": -1, "default_token_length": 4, "default_token_duration": "seconds=0", "event_retention": "soon",
		"pagination_max_page_size": 0, "footer_links": []any{map[string]any{"name": "x", "href": "javascript:alert(1)"}}, "flags": nil,
	} {
		if r := h.call(http.MethodPatch, "/admin/settings/", map[string]any{field: value}); r.status != http.StatusBadRequest || r.object(t)[field] == nil {
			t.Errorf("%s = %v: %d %s", field, value, r.status, r.raw)
		}
	}
	if r := h.call(http.MethodPut, "/admin/settings/", map[string]any{}); r.object(t)["flags"] == nil {
		t.Errorf("a PUT without flags: %d %s", r.status, r.raw)
	}
	if h.store.Snapshot().Version != version {
		t.Error("a refused change was made")
	}
}

// TestSettingsReachOtherReplicas: another process on the same database has them with its next snapshot.
func TestSettingsReachOtherReplicas(t *testing.T) {
	dsn := "sqlite:" + t.TempDir() + "/w.db"
	h := openOn(t, dsn)
	other, err := store.Open(t.Context(), store.Options{DSN: dsn})
	must(t, err)
	t.Cleanup(func() { _ = other.Close() })
	must(t, other.Load(t.Context()))
	h.want(http.StatusOK, http.MethodPatch, "/admin/settings/", map[string]any{"default_user_change_email": true})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	go func() { _ = other.Run(ctx) }()
	for !other.Snapshot().Settings.DefaultUserChangeEmail && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	if !other.Snapshot().Settings.DefaultUserChangeEmail {
		t.Error("the other replica did not learn of it")
	}
}
