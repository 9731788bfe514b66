package eventmatcher_test

import (
	"encoding/json"
	"testing"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy/eventmatcher"
	"github.com/weimen-id/weimen/internal/policy/policytest"
)

const all = `{"action": "model_created", "client_ip": "192.0.2.1", "app": "authentik.core", "model": "authentik_core.user"}`

func TestCommon(t *testing.T) { policytest.Common(t, eventmatcher.Kind(), all) }

func TestWhateverIsSetMustMatch(t *testing.T) {
	created := func(change func(*model.Event)) *model.Event {
		e := &model.Event{
			Action: model.ActionModelCreated, App: "authentik.core", ClientIP: "192.0.2.1",
			Context: map[string]any{"model": map[string]any{"app": "authentik_core", "model_name": "user", "pk": 1}},
		}
		if change != nil {
			change(e)
		}
		return e
	}
	for _, tt := range []struct {
		name, config string
		event        *model.Event
		want         bool
	}{
		{"nothing set matches any event", ``, created(nil), true},
		{"nothing set, and no event", ``, nil, false},
		{"all of it", all, created(nil), true},
		{"another action", all, created(func(e *model.Event) { e.Action = model.ActionLogin }), false},
		{"another address", all, created(func(e *model.Event) { e.ClientIP = "192.0.2.10" }), false},
		{"no address", all, created(func(e *model.Event) { e.ClientIP = "" }), false},
		{"another module", all, created(func(e *model.Event) { e.App = "authentik.flows" }), false},
		{"another model", all, created(func(e *model.Event) { e.Context["model"].(map[string]any)["model_name"] = "group" }), false},
		{"no model", all, created(func(e *model.Event) { e.Context = nil }), false},
		{"only the action", `{"action": "model_created"}`, created(func(e *model.Event) { e.App, e.Context = "x", nil }), true},
		{"only the model", `{"model": "authentik_core.user"}`, created(func(e *model.Event) { e.Action = "x" }), true},
		{"null is nothing set", `{"action": null, "client_ip": null, "app": null, "model": null}`, created(nil), true},
		{"an address that is written otherwise", `{"client_ip": "2001:0db8::0001"}`, created(func(e *model.Event) { e.ClientIP = "2001:db8::1" }), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := policytest.Request(nil)
			r.Event = tt.event
			if got := policytest.Evaluate(t, policytest.Open(t, eventmatcher.Kind(), tt.config), r); got.Passing != tt.want {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestWhatCannotMatchIsRefused(t *testing.T) {
	policytest.Refused(t, eventmatcher.Kind(), `{"client_ip": "192.0.2.0/24"}`, "client_ip")
	policytest.Refused(t, eventmatcher.Kind(), `{"app": "core"}`, "app")
	policytest.Refused(t, eventmatcher.Kind(), `{"model": "user"}`, "model")
}

func TestAnEmptyTextIsNothingSet(t *testing.T) {
	c := eventmatcher.Kind().New()
	errs := kind.Decode(c, kind.Body{"client_ip": json.RawMessage(`""`), "app": json.RawMessage(`""`), "model": json.RawMessage(`""`), "action": json.RawMessage(`""`)}, kind.Create)
	if errs != nil || *c.(*eventmatcher.Config) != (eventmatcher.Config{}) {
		t.Errorf("%v, %+v", errs, c)
	}
}
