package api_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// TestAnInvitationIsNotInTheAuditTrail: who reads the trail must not be able to use the link.
func TestAnInvitationIsNotInTheAuditTrail(t *testing.T) {
	h := open(t)
	made := h.post("/stages/invitation/invitations/", map[string]any{"name": "guests"})
	id := made["pk"].(string)
	if made["created_by"].(map[string]any)["username"] != "akadmin" || made["flow_obj"] != nil {
		t.Errorf("made: %v", made)
	}
	h.want(http.StatusOK, http.MethodPatch, "/stages/invitation/invitations/"+id+"/", map[string]any{"single_use": true})
	h.want(http.StatusNoContent, http.MethodDelete, "/stages/invitation/invitations/"+id+"/", nil)
	if raw := h.call(http.MethodGet, "/events/events/?page_size=100", nil).raw; bytes.Contains(raw, []byte(id)) || !bytes.Contains(raw, []byte("guests")) {
		t.Errorf("events: %s", raw)
	}
	h.want(http.StatusBadRequest, http.MethodPost, "/stages/invitation/invitations/", map[string]any{"name": "two words"})
	h.want(http.StatusBadRequest, http.MethodPost, "/stages/invitation/invitations/", map[string]any{"name": "x", "flow": "00000000-0000-0000-0000-000000000000"})
}

func TestReputationsAreSeenAndForgotten(t *testing.T) {
	h := open(t)
	for _, name := range []string{"anna", "bert", "carl"} {
		must(t, h.store.AdjustReputation(t.Context(), name, "192.0.2.1", -1, -5, 5, time.Now()))
	}
	c := h.client().PoliciesApi
	list, _, err := c.PoliciesReputationScoresList(t.Context()).IdentifierIn([]string{"anna", "bert"}).Execute()
	must(t, err)
	if len(list.Results) != 2 || list.Results[0].GetScore() != -1 {
		t.Fatalf("list: %+v", list.Results)
	}
	for query, n := range map[string]int{"?identifier=carl": 1, "?ip=192.0.2.1": 3, "?score=-1": 3, "?score=0": 0, "?search=NN": 1} {
		if got := len(h.get("/policies/reputation/scores/" + query)["results"].([]any)); got != n {
			t.Errorf("%s: %d, want %d", query, got, n)
		}
	}
	path := "/policies/reputation/scores/" + list.Results[0].GetPk() + "/"
	h.get(path)
	h.want(http.StatusNoContent, http.MethodDelete, path, nil)
	h.want(http.StatusNotFound, http.MethodGet, path, nil)
}

// TestADeletedPromptVanishesFromItsStages: the stage stays, and asks for one thing less.
func TestADeletedPromptVanishesFromItsStages(t *testing.T) {
	h := open(t)
	prompt := func(key string) string {
		return h.post("/stages/prompt/prompts/", map[string]any{"name": "ask " + key, "field_key": key, "label": key, "type": "text"})["pk"].(string)
	}
	gone, stays := prompt("a"), prompt("b")
	st := h.post("/stages/prompt/stages/", map[string]any{"name": "asks", "fields": []any{gone, stays}})["pk"].(string)
	at := "/stages/prompt/prompts/" + gone + "/"
	stages := h.get(at)["prompt_stages_obj"].([]any)
	if len(stages) != 1 || stages[0].(map[string]any)["pk"] != st {
		t.Errorf("stages of the prompt: %v", stages)
	}
	if raw := h.call(http.MethodGet, at+"used_by/", nil).raw; !bytes.Contains(raw, []byte(st)) {
		t.Errorf("used_by: %s", raw)
	}
	if got := len(h.get("/stages/prompt/prompts/?search=ASK")["results"].([]any)); got != 2 {
		t.Errorf("found %d, want 2", got)
	}
	h.want(http.StatusNoContent, http.MethodDelete, at, nil)
	if fields := h.get("/stages/prompt/stages/" + st + "/")["fields"].([]any); len(fields) != 1 || fields[0] != stays {
		t.Errorf("fields: %v", fields)
	}
	h.want(http.StatusBadRequest, http.MethodPost, "/stages/prompt/stages/", map[string]any{"name": "asks nothing", "fields": []any{gone}})
	h.want(http.StatusBadRequest, http.MethodPost, "/stages/prompt/prompts/", map[string]any{"name": "ask b", "field_key": "b", "label": "b", "type": "text"})
	if h.store.Snapshot().Prompts[model.PromptID(gone)] != nil {
		t.Error("the prompt is still there")
	}
}
