package app_test

import (
	"encoding/json"
	"net/http"
	"testing"
)

// An event tells what the refused person read: with the source's name, and where there is none, without a hole in the sentence.
func TestAnEventTellsWhatThePersonRead(t *testing.T) {
	t.Parallel()
	x := openTrials(t, false, object{"enabled": false, "name": "WeChat at work"})
	for address, want := range map[string]string{
		"/source/oauth/login/wechat/":  "Signing in with WeChat at work is switched off.",
		"/source/oauth/login/nowhere/": "Signing in with this service is switched off.",
	} {
		x.admin.Get(address)
		var events struct {
			Results []struct{ PK string } `json:"results"`
		}
		p := x.admin.JSON(http.MethodGet, "/api/v3/events/events/?reason=source.disabled", nil)
		if err := json.Unmarshal([]byte(p.Body), &events); err != nil || len(events.Results) == 0 {
			t.Fatalf("%s: %v", p.Body, err)
		}
		var event struct {
			Explanation struct{ Happened string }
		}
		p = x.admin.JSON(http.MethodGet, "/api/v3/events/events/"+events.Results[0].PK+"/", nil)
		if err := json.Unmarshal([]byte(p.Body), &event); err != nil || event.Explanation.Happened != want {
			t.Errorf("%s: %q, %v", address, event.Explanation.Happened, err)
		}
	}
}
