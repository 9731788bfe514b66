package authenticatorvalidate_test

import (
	"encoding/json"
	"testing"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func TestAPasskey(t *testing.T) {
	b := open(t, everything, model.DeviceWebAuthn, model.DeviceTOTP)
	options := challenge(t, b.Enter()).DeviceChallenges[0].Challenge
	answer := b.key.Get(options)
	if got := stagetest.Says(b.Submit("webauthn", json.RawMessage(answer))); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	used := stage.UsedDevices(b.Visit)
	if len(used) != 1 || used[0].Class != model.DeviceWebAuthn || !used[0].Verified {
		t.Errorf("%+v", used)
	}
	// TestAnAssertionIsTakenOnce (Web Authentication Level 3, section 13.4.3).
	if got := stagetest.Says(b.Submit("webauthn", answer)); got != wrongKey {
		t.Errorf("twice: %s", got)
	}
	b.Again()
	b.Authenticated(b.ann)
	b.Enter()
	if got := stagetest.Says(b.Submit("webauthn", answer)); got != wrongKey {
		t.Errorf("in another run: %s", got)
	}
}

// TestAClonedPasskeyIsRefusedAndReported (Web Authentication Level 3, section 6.1.1).
func TestAClonedPasskeyIsRefusedAndReported(t *testing.T) {
	b := open(t, everything, model.DeviceWebAuthn)
	b.key.Count = 100
	if got := stagetest.Says(b.Submit("webauthn", b.key.Get(challenge(t, b.Enter()).DeviceChallenges[0].Challenge))); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	b.Again()
	b.Authenticated(b.ann)
	b.key.Count = 7
	if got := stagetest.Says(b.Submit("webauthn", b.key.Get(challenge(t, b.Enter()).DeviceChallenges[0].Challenge))); got != wrongKey {
		t.Error(got)
	}
	b.commit()
	if len(b.Events(model.ActionSuspiciousRequest)) != 1 {
		t.Error("nobody is told")
	}
}

func TestAPasskeyInPlaceOfNameAndPassword(t *testing.T) {
	b := open(t, everything, model.DeviceWebAuthn)
	unknown := func() json.RawMessage {
		b.Again()
		c := challenge(t, b.Enter())
		if !c.Passwordless() || classes(c) != "webauthn" {
			t.Fatalf("%+v", c)
		}
		return c.DeviceChallenges[0].Challenge
	}
	answer := b.key.Get(unknown())
	if got := stagetest.Says(b.Submit("webauthn", answer)); got != "done" {
		t.Fatal(got)
	}
	b.commit()
	c := b.Visit.Context
	if u := stage.SlotPendingUser.Value(c); u == nil || u.ID != b.ann.ID || stage.SlotUserBackend.Value(c) == "" || stage.SlotAuthMethod.Value(c) != "auth_webauthn_pwl" {
		t.Errorf("%+v", c)
	}
	t.Run("that does not check who holds it is refused", func(t *testing.T) {
		options := unknown()
		b.key.Unverified = true
		defer func() { b.key.Unverified = false }()
		if got := stagetest.Says(b.Submit("webauthn", b.key.Get(options))); got != wrongKey {
			t.Error(got)
		}
	})
	t.Run("of a deactivated person is refused", func(t *testing.T) {
		if _, err := b.Store.UpdateUser(t.Context(), b.ann.ID, func(u *model.User) error { u.IsActive = false; return nil }); err != nil {
			t.Fatal(err)
		}
		if got := stagetest.Says(b.Submit("webauthn", b.key.Get(unknown()))); got != "refuse login.user_inactive" {
			t.Error(got)
		}
		if stage.SlotPendingUser.Value(b.Visit.Context) != nil {
			t.Error("the run takes them for authenticated")
		}
	})
	t.Run("a code tells nobody who it is", func(t *testing.T) {
		unknown()
		if got := stagetest.Says(b.Submit("code", "123456")); got != wrongKey {
			t.Error(got)
		}
	})
	t.Run("where passkeys do not count the flow is wrong", func(t *testing.T) {
		b.Reopen(b.maker, `{"device_classes": ["totp"]}`)
		b.Again()
		if got := stagetest.Says(b.Enter()); got != "refuse flow.misconfigured" {
			t.Error(got)
		}
	})
	t.Run("in a flow that signs nobody in there must be a person", func(t *testing.T) {
		b.Reopen(b.maker, everything)
		b.Again()
		b.Visit.Flow.Designation = model.DesignationEnrollment
		if got := stagetest.Says(b.Enter()); got != "refuse flow.misconfigured" {
			t.Error(got)
		}
	})
}
