package identification_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/device/devicetest"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

const badPasskey = "ask ak-stage-identification !passkey stage.validate.error.passkey"

// passkeyBench is a stage that offers passkeys, of which ann has one.
type passkeyBench struct {
	*stagetest.Bench
	ann *model.User
	key *devicetest.Authenticator
}

func openPasskey(t *testing.T, settings string) *passkeyBench {
	t.Helper()
	b := &passkeyBench{Bench: stagetest.Open(t, maker, ""), key: devicetest.New(t, flowtest.Origin)}
	b.ann = b.User("ann", "correct horse")
	st := &model.Stage{Name: "keys", Kind: "authenticator_validate", Config: model.Config(settings)}
	b.Put(st)
	b.Reopen(maker, `{"user_fields": ["username"], "show_matched_user": false, "webauthn_stage": "`+string(st.ID)+`"}`)
	b.Again()
	devices := device.New(b.Store, b.Box)
	r := device.Registration{Title: "L", UserVerification: "preferred", ResidentKey: "required"}
	begun, err := devices.BeginRegistration(b.Visit.Visitor, b.ann, nil, r)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := devices.FinishRegistration(b.Visit.Visitor, b.ann, begun, r, b.key.Create(begun.Options), "key", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Store.InTx(t.Context(), draft.Write(b.ann)); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAPasskeyInTheSameStepTellsWhoItIsAndAuthenticates(t *testing.T) {
	b := openPasskey(t, `{"webauthn_user_verification": "required"}`)
	c := challenge(t, b.Bench)
	if !c.NeedsScript() || c.Autocomplete() != "username webauthn" {
		t.Errorf("%+v", c)
	}
	answer := b.key.Get(c.Passkey)
	if got := stagetest.Says(b.Submit("passkey", answer)); got != "done" {
		t.Fatal(got)
	}
	run := b.Visit.Context
	if u := stage.SlotPendingUser.Value(run); u == nil || u.ID != b.ann.ID {
		t.Errorf("found %+v", u)
	}
	if got := stage.SlotUserBackend.Value(run) + " " + stage.SlotAuthMethod.Value(run); got != "authentik.core.auth.InbuiltBackend auth_webauthn_pwl" {
		t.Error(got)
	}
	if used := stage.UsedDevices(b.Visit); len(used) != 1 || !used[0].Verified || used[0].Name != "key" {
		t.Errorf("%+v", used)
	}
	if _, ok := stage.SlotPendingUserIdentifier.Get(run); ok {
		t.Error("nothing was typed")
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	// Web Authentication Level 3, section 13.4.3: a challenge is answered once.
	b.Next()
	if got := stagetest.Says(b.Submit("passkey", answer)); got != badPasskey {
		t.Errorf("the same answer again: %s", got)
	}
}

func TestPasskeysThatDoNotOpen(t *testing.T) {
	t.Run("an answer to a challenge of another run", func(t *testing.T) {
		b := openPasskey(t, `{}`)
		answer := b.key.Get(challenge(t, b.Bench).Passkey)
		b.Again()
		b.Enter()
		if got := stagetest.Says(b.Submit("passkey", answer)); got != badPasskey {
			t.Error(got)
		}
		if _, ok := stage.SlotUserBackend.Get(b.Visit.Context); ok {
			t.Error("somebody is authenticated")
		}
	})
	t.Run("somebody who is deactivated", func(t *testing.T) {
		b := openPasskey(t, `{}`)
		if _, err := b.Store.UpdateUser(t.Context(), b.ann.ID, func(u *model.User) error { u.IsActive = false; return nil }); err != nil {
			t.Fatal(err)
		}
		if got := stagetest.Says(b.Submit("passkey", b.key.Get(challenge(t, b.Bench).Passkey))); got != "refuse login.user_inactive" {
			t.Error(got)
		}
	})
	t.Run("a model that does not count", func(t *testing.T) {
		b := openPasskey(t, `{"webauthn_allowed_device_types": ["08987058-cadc-4b81-b6e1-30de50dcbe96"]}`)
		if got := stagetest.Says(b.Submit("passkey", b.key.Get(challenge(t, b.Bench).Passkey))); got != badPasskey {
			t.Error(got)
		}
	})
	t.Run("where the administrator offers none", func(t *testing.T) {
		b := openPasskey(t, `{}`)
		answer := b.key.Get(challenge(t, b.Bench).Passkey)
		b.Reopen(maker, `{"user_fields": ["username"]}`)
		if got := stagetest.Says(b.Submit("passkey", answer)); got != missing {
			t.Error(got)
		}
	})
	t.Run("at an address that no passkey can belong to", func(t *testing.T) {
		b := openPasskey(t, `{}`)
		b.Visit.Origin = "https://192.0.2.7"
		if c := challenge(t, b.Bench); c.Passkey != nil || c.NeedsScript() {
			t.Errorf("%s", c.Passkey)
		}
	})
}
