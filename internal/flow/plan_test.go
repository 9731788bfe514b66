package flow

import (
	"net/url"
	"testing"

	"github.com/weimen-id/weimen/internal/model"
)

func TestAPlanOfAnotherVersionIsThrownAway(t *testing.T) {
	p := &Plan{Version: planVersion, Flow: "f", Context: model.NewPlanContext()}
	b, err := p.encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decodePlan(b); err != nil {
		t.Errorf("a plan of this version: %v", err)
	}
	p.Version++
	if b, err = p.encode(); err != nil {
		t.Fatal(err)
	}
	if _, err := decodePlan(b); err == nil {
		t.Error("a plan of another version was read")
	}
	for _, broken := range []string{"", "null", "[]", `{"version":1,"context":[]}`, `{"version":"1"}`} {
		if _, err := decodePlan([]byte(broken)); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}

func TestRunKey(t *testing.T) {
	base := runKey("b", "f", url.Values{"next": {"/x"}})
	for name, other := range map[string]string{
		"another browser": runKey("c", "f", url.Values{"next": {"/x"}}),
		"another flow":    runKey("b", "g", url.Values{"next": {"/x"}}),
		"another query":   runKey("b", "f", url.Values{"next": {"/y"}}),
		"a repeated key":  runKey("b", "f", url.Values{"next": {"/x", "/x"}}),
		"no query":        runKey("b", "f", nil),
		"shifted parts":   runKey("b\nf", "", url.Values{"next": {"/x"}}),
	} {
		if other == base {
			t.Errorf("%s has the same run", name)
		}
	}
	if runKey("b", "f", url.Values{"next": {"/x"}, "lang": {"zh"}}) != base {
		t.Error("the language is part of the run")
	}
}
