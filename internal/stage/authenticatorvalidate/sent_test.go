package authenticatorvalidate_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func TestACodeThatIsSent(t *testing.T) {
	b := open(t, everything, model.DeviceSMS, model.DeviceTOTP)
	c := challenge(t, b.Enter())
	sms := c.DeviceChallenges[1]
	if sms.Class != model.DeviceSMS || sms.Hint != "+86138****5678" || len(b.sent) > 0 {
		t.Fatalf("%+v, %v", sms, b.sent)
	}
	if got := stagetest.Says(b.Submit("code", "000000")); got != wrongCode {
		t.Errorf("before one was sent: %s", got)
	}
	for name, chosen := range map[string]any{"by a page": sms.Choice(), "by a program": sms, "once more at once": map[string]any{"device_class": "sms", "device_uid": json.Number(sms.UID)}} {
		o := b.Submit("selected_challenge", chosen)
		if c := challenge(t, o); stagetest.Says(o) != asks || c.Chosen.Class != model.DeviceSMS || !c.Chosen.Sent || len(b.sent) != 1 {
			t.Errorf("%s: %s, %+v, %v", name, stagetest.Says(o), c.Chosen, b.sent)
		}
	}
	target, code, _ := strings.Cut(b.sent[0], " ")
	if target != "+8613812345678" {
		t.Error(target)
	}
	b.Visit.Now = b.Visit.Now.Add(time.Minute)
	b.Submit("selected_challenge", sms.Choice())
	_, second, _ := strings.Cut(b.sent[1], " ")
	if code != second {
		if got := stagetest.Says(b.Submit("code", code)); got != wrongCode {
			t.Errorf("the former code: %s", got)
		}
	}
	if got := stagetest.Says(b.Submit("code", second)); got != "done" {
		t.Error(got)
	}
	b.commit()
	if raw, _ := json.Marshal([]any{b.Events(""), b.Visit.Context}); strings.Contains(string(raw), "+8613812345678") || strings.Contains(string(raw), second) {
		t.Errorf("the number or the code is kept in clear: %s", raw)
	}
}

func TestACodeThatCannotBeSent(t *testing.T) {
	b := open(t, everything, model.DeviceSMS)
	b.broken = true
	sms := challenge(t, b.Enter()).DeviceChallenges[0]
	if got := stagetest.Says(b.Submit("selected_challenge", sms.Choice())); got != asks+" !non_field_errors stage.sms.error.send" {
		t.Error(got)
	}
	b.commit()
	if len(b.Events(model.ActionConfigurationError)) != 1 {
		t.Error("nobody is told")
	}
	b.broken = false
	b.Visit.Now = b.Visit.Now.Add(time.Minute)
	var last string
	for range 5 {
		last = stagetest.Says(b.Submit("selected_challenge", sms.Choice()))
		b.Visit.Now = b.Visit.Now.Add(time.Minute)
	}
	if last != "refuse authenticator.sent_too_often" {
		t.Error(last)
	}
}
