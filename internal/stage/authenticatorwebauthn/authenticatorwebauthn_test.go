package authenticatorwebauthn_test

import (
	"encoding/json"
	"testing"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/device/devicetest"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatorwebauthn"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return authenticatorwebauthn.Kind(device.New(h.Store, h.Box))
}

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, NeedsUser: true, Prepare: func(b *stagetest.Bench) {
		b.Authenticated(b.User("ann", ""))
	}})
}

func registration(t *testing.T, o stage.Outcome) json.RawMessage {
	t.Helper()
	ask, ok := o.(stage.Ask)
	if !ok {
		t.Fatalf("it does not ask: %s", stagetest.Says(o))
	}
	return ask.Challenge.(*authenticatorwebauthn.Challenge).Registration
}

const failed = "ask ak-stage-authenticator-webauthn !response stage.webauthn.error.failed"

func TestAPasskeyIsMade(t *testing.T) {
	for name, answer := range map[string]func(string) any{
		"by a page":    func(s string) any { return s },
		"by a program": func(s string) any { return json.RawMessage(s) },
	} {
		t.Run(name, func(t *testing.T) {
			b := stagetest.Open(t, maker, `{"friendly_name": "My key"}`)
			ann := b.User("ann", "")
			b.Authenticated(ann)
			a := devicetest.New(t, flowtest.Origin)
			if got := stagetest.Says(b.Submit("response", answer(a.Create(registration(t, b.Enter()))))); got != "done" {
				t.Fatal(got)
			}
			if err := b.Commit(); err != nil {
				t.Fatal(err)
			}
			all, err := b.Store.DevicesOf(t.Context(), ann.ID)
			if err != nil || len(all) != 1 || all[0].Name != "My key" || all[0].Lookup == "" {
				t.Fatalf("%+v, %v", all, err)
			}
		})
	}
}

// TestAChallengeIsAnsweredOnce: after any answer there is another (Web Authentication Level 3, section 13.4.3).
func TestAChallengeIsAnsweredOnce(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Authenticated(b.User("ann", ""))
	a := devicetest.New(t, flowtest.Origin)
	answer := a.Create(registration(t, b.Enter()))
	if got := stagetest.Says(b.Submit("response", "nonsense")); got != failed {
		t.Error(got)
	}
	if got := stagetest.Says(b.Submit("response", answer)); got != failed {
		t.Errorf("the challenge was used up: %s", got)
	}
}

func TestModelsThatAreNotAllowed(t *testing.T) {
	b := stagetest.Open(t, maker, `{"device_type_restrictions": ["11111111-0000-0000-0000-000000000000"]}`)
	b.Authenticated(b.User("ann", ""))
	a := devicetest.New(t, flowtest.Origin)
	if got := stagetest.Says(b.Submit("response", a.Create(registration(t, b.Enter())))); got != "ask ak-stage-authenticator-webauthn !response stage.webauthn.error.model" {
		t.Error(got)
	}
}

func TestTooManyAnswersEndTheFlow(t *testing.T) {
	b := stagetest.Open(t, maker, `{"max_attempts": 3}`)
	b.Authenticated(b.User("ann", ""))
	var got []string
	for range 3 {
		got = append(got, stagetest.Says(b.Submit("response", "x")))
	}
	if got[0] != failed || got[1] != failed || got[2] != "refuse authenticator.attempts" {
		t.Error(got)
	}
}

func TestWhoIsNotAuthenticatedMakesNone(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Pending(b.User("ann", ""))
	for _, o := range []stage.Outcome{b.Enter(), b.Submit("response", "x")} {
		if got := stagetest.Says(o); got != "refuse flow.misconfigured" {
			t.Error(got)
		}
	}
}

func TestAnOriginWithoutPasskeysSaysSo(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Authenticated(b.User("ann", ""))
	b.Visit.Origin = "http://192.0.2.1:9000"
	for _, o := range []stage.Outcome{b.Enter(), b.Submit("response", "x")} {
		if got := stagetest.Says(o); got != "refuse authenticator.origin" {
			t.Error(got)
		}
	}
}

// TestAUserWhoIsJustBeingMade has a handle before the first write, and keeps it.
func TestAUserWhoIsJustBeingMade(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	u := &model.User{Username: "new", IsActive: true, Type: model.UserExternal, Path: "users"}
	b.Authenticated(u)
	a := devicetest.New(t, flowtest.Origin)
	answer := a.Create(registration(t, b.Enter()))
	handle := u.UUID
	if err := b.Store.InsertUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if got := stagetest.Says(b.Submit("response", answer)); got != "done" || u.UUID != handle {
		t.Errorf("%s, %s %s", got, handle, u.UUID)
	}
}

func TestSettings(t *testing.T) {
	for _, tt := range []struct {
		name string
		c    authenticatorwebauthn.Config
		ok   bool
	}{
		{"the defaults", authenticatorwebauthn.Defaults(), true},
		{"an AAGUID", authenticatorwebauthn.Config{DeviceTypeRestrictions: []string{"08987058-cadc-4b81-b6e1-30de50dcbe96"}}, true},
		{"what is none", authenticatorwebauthn.Config{DeviceTypeRestrictions: []string{"yubikey"}}, false},
		{"less than no attempts", authenticatorwebauthn.Config{MaxAttempts: -1}, false},
	} {
		if err := tt.c.Validate(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
