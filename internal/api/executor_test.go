package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/model"
)

// login makes a flow of identification, password and login.
func (h *house) login() {
	flow := h.post("/flows/instances/", map[string]any{"name": "Welcome", "slug": "login", "title": "Welcome", "designation": "authentication"})["pk"]
	for i, st := range []map[string]any{
		h.post("/stages/identification/", map[string]any{"name": "i", "user_fields": []any{"username", "email"}}),
		h.post("/stages/password/", map[string]any{"name": "p", "backends": []any{"authentik.core.auth.InbuiltBackend"}}),
		h.post("/stages/user_login/", map[string]any{"name": "l"}),
	} {
		h.post("/flows/bindings/", map[string]any{"target": flow, "stage": st["pk"], "order": i * 10})
	}
	u := h.post("/core/users/", map[string]any{"username": "zhang", "name": "张三"})
	h.want(http.StatusNoContent, http.MethodPost, "/core/users/"+string(u["pk"].(json.Number))+"/set_password/", map[string]any{"password": "correct horse"})
}

// challenge asks the executor and decodes the answer with authentik's client.
func (h *house) challenge(method string, body any) (map[string]any, reply) {
	h.t.Helper()
	r := h.call(method, "/flows/executor/login/?query=next%3D%252Fhome", body)
	if r.status != http.StatusOK {
		h.t.Fatalf("%s: %d %s", method, r.status, r.raw)
	}
	var decoded ak.ChallengeTypes
	if err := json.Unmarshal(r.raw, &decoded); err != nil {
		h.t.Errorf("authentik's client cannot decode the challenge: %v\n%s", err, r.raw)
	}
	return r.object(h.t), r
}

func TestTheExecutorSignsSomeoneInForAProgram(t *testing.T) {
	h := open(t)
	h.login()
	h.key = ""
	c, _ := h.challenge(http.MethodGet, nil)
	if c["component"] != "ak-stage-identification" {
		t.Fatalf("first: %v", c)
	}
	c, _ = h.challenge(http.MethodPost, map[string]any{"component": "ak-stage-identification", "uid_field": "zhang"})
	if c["component"] != "ak-stage-password" {
		t.Fatalf("second: %v", c)
	}
	c, _ = h.challenge(http.MethodPost, map[string]any{"component": "ak-stage-password", "password": "wrong"})
	wrong, _ := c["response_errors"].(map[string]any)
	if c["component"] != "ak-stage-password" || len(wrong) == 0 {
		t.Fatalf("after a wrong password: %v", c)
	}
	for _, list := range wrong {
		if text := list.([]any)[0].(map[string]any)["string"].(string); len(text) < 9 || text[:8] != "text of " {
			t.Errorf("the error is a key and not a text: %q", text)
		}
	}
	c, r := h.challenge(http.MethodPost, map[string]any{"component": "ak-stage-password", "password": "correct horse"})
	if c["component"] != "xak-flow-redirect" || c["to"] != "/home" {
		t.Fatalf("at the end: %v", c)
	}
	if r.header.Get("Set-Cookie") == "" {
		t.Error("the session's cookie is not set")
	}
	list, err := h.store.ListSessions(context.Background(), model.UserID(2))
	must(t, err)
	if len(list) != 1 {
		t.Errorf("%d sessions, want 1", len(list))
	}
}

func TestTheExecutorOfAFlowThatIsNotThereAnswers404(t *testing.T) {
	h := open(t)
	h.key = ""
	h.want(http.StatusNotFound, http.MethodGet, "/flows/executor/nothing/", nil)
	for _, body := range []string{"", "null", "[]", `{"component": 1}`, `{"component": "x", "password": {"a": []}}`} {
		if r := h.call(http.MethodPost, "/flows/executor/nothing/", body); r.status >= 500 {
			t.Errorf("%q: %d %s", body, r.status, r.raw)
		}
	}
}
