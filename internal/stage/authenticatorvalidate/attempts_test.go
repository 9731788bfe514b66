package authenticatorvalidate_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

// TestWrongAnswersAreBounded: a code of six digits must not be tried out (RFC 6238 section 5.1, RFC 4226 section 7.3).
func TestWrongAnswersAreBounded(t *testing.T) {
	b := open(t, everything, model.DeviceTOTP)
	var got []string
	for range 5 {
		got = append(got, stagetest.Says(b.Submit("code", "12345x")))
	}
	if got[3] != wrongCode || got[4] != "refuse authenticator.attempts" {
		t.Error(got)
	}
	if got := stagetest.Says(b.Submit("code", "12345x")); got != "refuse authenticator.attempts" {
		t.Errorf("and goes on: %s", got)
	}
}

// TestWrongCodesAreBoundedAcrossRuns: five in a run would be as many as one likes otherwise.
func TestWrongCodesAreBoundedAcrossRuns(t *testing.T) {
	b := open(t, everything, model.DeviceTOTP)
	again := func() {
		b.Again()
		b.Authenticated(b.ann)
	}
	const tooMany = asks + " !code stage.error.too_many_attempts"
	for range 10 {
		again()
		if got := stagetest.Says(b.Submit("code", "12345x")); got != wrongCode {
			t.Fatal(got)
		}
	}
	again()
	if got := stagetest.Says(b.Submit("code", b.code())); got != tooMany {
		t.Errorf("even the right one is not looked at: %s", got)
	}
	b.commit()
	if n := len(b.Events(model.ActionLoginFailed)); n != 1 {
		t.Errorf("%d records of it", n)
	}
	b.Wait(attempt.Window)
	again()
	if got := stagetest.Says(b.Submit("code", b.code())); got != "done" {
		t.Errorf("nobody is locked out for good: %s", got)
	}
	b.commit()
	for range 10 {
		again()
		if got := stagetest.Says(b.Submit("code", "12345x")); got != wrongCode {
			t.Fatalf("a right code forgets the wrong ones before: %s", got)
		}
	}
}

func TestCodesThatAreSentAreBoundedAcrossRuns(t *testing.T) {
	b := open(t, everything, model.DeviceSMS)
	sms := challenge(t, b.Enter()).DeviceChallenges[0]
	for range 10 {
		b.Again()
		b.Authenticated(b.ann)
		if got := stagetest.Says(b.Submit("selected_challenge", sms.Choice())); got != asks {
			t.Fatal(got)
		}
	}
	b.Again()
	b.Authenticated(b.ann)
	if got := stagetest.Says(b.Submit("selected_challenge", sms.Choice())); got != asks+" !non_field_errors stage.error.too_many_attempts" {
		t.Error(got)
	}
	if len(b.sent) != 10 {
		t.Errorf("%d were sent", len(b.sent))
	}
}
