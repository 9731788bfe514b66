package flow_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

func TestInvalidResponseActions(t *testing.T) {
	action := func(a model.InvalidResponseAction) func(*model.FlowStageBinding) {
		return func(b *model.FlowStageBinding) { b.InvalidResponseAction = a }
	}
	for _, tt := range []struct {
		action model.InvalidResponseAction
		goes   string
		trail  string
	}{
		{model.InvalidRetry, "ak-stage-access-denied", ""},
		{model.InvalidRestart, "test-a", ""},
		{model.InvalidRestartWithContext, "test-a", "a"},
	} {
		t.Run(string(tt.action), func(t *testing.T) {
			h := flowtest.Open(t, nil)
			b := ask("b")
			b.Bind = action(tt.action)
			h.Flow("f", model.DesignationAuthentication, nil, ask("a"), b)
			who := h.Browser()
			who.Post("f", "answer", "yes")
			reply := who.Post("f", "answer", "no")
			want(t, reply, tt.goes)
			if tt.goes == "test-a" && trail(t, reply) != tt.trail {
				t.Errorf("the context holds %q, want %q", trail(t, reply), tt.trail)
			}
			refusals := h.Events(model.ActionLoginFailed)
			if len(refusals) != 1 || refusals[0].Context["reason"] != "test.invalid" {
				t.Errorf("events of the refusal: %+v", refusals)
			}
			want(t, who.Get("f"), "test-a")
		})
	}
	t.Run("a stage that always refuses does not go round for ever", func(t *testing.T) {
		h := flowtest.Open(t, nil)
		always := does("x", "invalid")
		always.Bind = action(model.InvalidRestart)
		h.Flow("f", model.DesignationAuthentication, nil, always)
		want(t, h.Browser().Get("f"), "ak-stage-access-denied")
	})
}

func TestARefusalIsRecordedWithItsSupportCode(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthentication, nil, does("e", "event"), does("x", "refuse"))
	reply := h.Browser().Get("f?next=/x")
	denied, ok := reply.Challenge.(*stage.AccessDenied)
	if !ok {
		t.Fatalf("shows %s", flowtest.Component(reply))
	}
	events := h.Events("")
	if len(events) != 1 {
		t.Fatalf("%d events: what the stages of a refused request recorded is not written", len(events))
	}
	ev := events[0]
	if ev.SupportCode == "" || ev.SupportCode != denied.SupportCode || ev.Context["reason"] != "test.refused" || ev.Action != model.ActionLoginFailed {
		t.Errorf("recorded %+v for %+v", ev, denied)
	}
	if denied.RetryURL != "/flows/-/default/authentication/?next=%2Fx" {
		t.Errorf("retry at %s", denied.RetryURL)
	}
}

func TestAFaultTellsPeopleNothingOfItsCause(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthentication, nil, does("x", "fail"))
	reply := h.Browser().Get("f")
	c, ok := reply.Challenge.(*stage.FlowError)
	if !ok || strings.Contains(reply.Refusal.Error(), "secret cause") {
		t.Fatalf("shows %+v, %v", reply.Challenge, reply.Refusal)
	}
	events := h.Events(model.ActionSystemException)
	if len(events) != 1 || events[0].SupportCode != c.SupportCode {
		t.Errorf("recorded %+v", events)
	}
}

func TestTwoRefusalsAtOnceAreBothInTheAuditTrail(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthentication, nil, ask("a"), ask("b"))
	b := h.Browser()
	want(t, b.Post("f", "answer", "yes"), "test-b")
	codes := make(chan string, 16)
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			reply, err := b.TryPost("f", "component", "test-b", "answer", "no")
			if err != nil {
				t.Error(err)
				return
			}
			if denied, ok := reply.Challenge.(*stage.AccessDenied); ok {
				codes <- denied.SupportCode
			}
		})
	}
	wait.Wait()
	close(codes)
	recorded := map[string]bool{}
	for _, ev := range h.Events("") {
		recorded[ev.SupportCode] = true
	}
	for code := range codes {
		if !recorded[code] {
			t.Errorf("support code %s was shown and is not in the audit trail", code)
		}
	}
}
