package api_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// TestPeopleEndTheirOwnSessionsConsentsAndConnectionsOnly lets one person reach for what is another's.
func TestPeopleEndTheirOwnSessionsConsentsAndConnectionsOnly(t *testing.T) {
	h := open(t)
	ctx := context.Background()
	app := model.ApplicationID(h.post("/core/applications/", map[string]any{"name": "a", "slug": "a"})["pk"].(string))
	src := model.SourceID(h.post("/sources/oauth/", wechatSource("w"))["pk"].(string))
	mine, key := h.person("zhang")
	other, _ := h.person("li")
	type owned struct {
		session *model.Session
		consent *model.Consent
		account *model.Connection
	}
	give := func(u *model.User) owned {
		o := owned{
			&model.Session{TokenHash: u.Username, User: u.ID, Created: time.Now(), LastUsed: time.Now(), Expires: time.Now().Add(time.Hour)},
			&model.Consent{User: u.ID, Application: app, Permissions: []string{"openid"}},
			&model.Connection{User: u.ID, Source: src, Identifier: u.Username, Identifiers: []model.Identifier{{Kind: model.IdentifierOpenID, Namespace: "wx", Value: u.Username}}},
		}
		must(t, h.store.InsertSession(ctx, o.session))
		must(t, h.store.SaveConsent(ctx, o.consent))
		must(t, h.store.SaveConnection(ctx, o.account))
		return o
	}
	own, foreign := give(mine), give(other)
	paths := func(o owned) []string {
		return []string{
			"/core/authenticated_sessions/" + string(o.session.ID) + "/", fmt.Sprintf("/core/user_consent/%d/", o.consent.ID),
			fmt.Sprintf("/sources/user_connections/oauth/%d/", o.account.ID), fmt.Sprintf("/sources/user_connections/all/%d/", o.account.ID),
		}
	}
	h.key = key
	last := fmt.Sprintf("/sources/user_connections/oauth/%d/", own.account.ID)
	if r := h.call(http.MethodDelete, last, nil); r.status != http.StatusBadRequest || !bytes.Contains(r.raw, []byte("last way to sign in")) {
		t.Errorf("the last way to sign in is removed: %d %s", r.status, r.raw)
	}
	_, err := h.store.UpdateUser(ctx, mine.ID, func(u *model.User) error { u.PasswordHash = "a hash"; return nil })
	must(t, err)
	for _, list := range []string{"/core/authenticated_sessions/", "/core/user_consent/", "/sources/user_connections/oauth/", "/sources/user_connections/all/"} {
		if got := len(h.get(list)["results"].([]any)); got != 1 {
			t.Errorf("%s lists %d, want 1", list, got)
		}
	}
	for _, path := range paths(foreign) {
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			if r := h.call(method, path, nil); r.status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", method, path, r.status, r.raw)
			}
		}
	}
	for i, path := range paths(own) {
		if i == 3 {
			break // the same connection once more
		}
		h.get(path)
		h.want(http.StatusNoContent, http.MethodDelete, path, nil)
	}
	if r := h.call(http.MethodDelete, fmt.Sprintf("/core/authenticated_sessions/bulk_delete/?user_pks=%d", other.ID), nil); r.status != http.StatusForbidden {
		t.Errorf("bulk_delete: %d", r.status)
	}
	left, err := h.store.ListSessions(ctx, other.ID)
	must(t, err)
	if len(left) != 1 {
		t.Error("someone else's session was ended")
	}
}
