package api_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
)

// TestARecoveryLinkLetsItsUserInOnce opens the link in a browser that nobody knows, and then once more.
func TestARecoveryLinkLetsItsUserInOnce(t *testing.T) {
	h := open(t)
	u, key := h.person("zhang")
	c := h.client().CoreApi
	if _, answer, err := c.CoreUsersRecoveryCreate(t.Context(), int32(u.ID)).Execute(); err == nil || answer.StatusCode != http.StatusBadRequest {
		t.Errorf("without a recovery flow: %v", err)
	}
	f := h.post("/flows/instances/", map[string]any{"name": "r", "slug": "recover", "title": "r", "designation": "recovery", "authentication": "require_unauthenticated"})
	st := h.post("/stages/user_login/", map[string]any{"name": "sign in"})
	h.post("/flows/bindings/", map[string]any{"target": f["pk"], "stage": st["pk"], "order": 0})
	h.post("/core/brands/", map[string]any{"domain": "x", "default": true, "flow_recovery": f["pk"]})

	made, _, err := c.CoreUsersRecoveryCreate(t.Context(), int32(u.ID)).Execute()
	must(t, err)
	link, err := url.Parse(made.GetLink())
	must(t, err)
	token := link.Query().Get("flow_token")
	if !strings.HasPrefix(made.GetLink(), origin+"/if/flow/recover/?flow_token=") || len(token) < 20 {
		t.Fatalf("link: %s", made.GetLink())
	}
	stranger := func() *model.Visitor {
		return &model.Visitor{Browser: "another", NewBrowser: true, Origin: origin, Now: time.Now(), Locale: "en"}
	}
	follow := func() *flow.Reply {
		t.Helper()
		reply, err := h.flows.Answer(context.Background(), stranger(), "recover", url.Values{"flow_token": {token}}, nil)
		must(t, err)
		return reply
	}
	if reply := follow(); reply.Session == nil || reply.Session.User != u.ID {
		t.Errorf("the link leads to %q, session %v", reply.To, reply.Session)
	}
	if reply := follow(); reply.Session != nil {
		t.Error("the link lets in twice")
	}

	events := h.call(http.MethodGet, "/events/events/?action=secret_view", nil).raw
	if bytes.Contains(events, []byte(token)) || !bytes.Contains(events, []byte("zhang")) {
		t.Errorf("events: %s", events)
	}
	path := "/core/users/" + u.ID.String() + "/recovery/"
	h.want(http.StatusBadRequest, http.MethodPost, path, map[string]any{"token_duration": "seconds=-1"})
	h.want(http.StatusNotFound, http.MethodPost, "/core/users/99999/recovery/", nil)
	h.key = key
	h.want(http.StatusForbidden, http.MethodPost, path, nil)
}
