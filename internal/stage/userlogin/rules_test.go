package userlogin_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func TestWhoMustBeActivatedFirstGoesOnWithoutBeingSignedIn(t *testing.T) {
	for _, config := range []string{``, `{"remember_me_offset": "days=30"}`} {
		b := stagetest.Open(t, maker, config)
		b.Authenticated(&model.User{Username: "new"})
		stage.SlotAwaitsActivation.Set(b.Visit.Context, true)
		for _, o := range []stage.Outcome{b.Enter(), b.Submit("remember_me", true)} {
			if got := stagetest.Says(o); got != "done" || b.Visit.SignedIn() || len(b.Effects.Writes) > 0 {
				t.Errorf("%s: %s", config, got)
			}
		}
		if len(b.Effects.Messages) == 0 || b.Effects.Messages[0].Key != "stage.user_login.awaits" {
			t.Errorf("%+v", b.Effects.Messages)
		}
	}
	t.Run("and who was activated meanwhile is signed in", func(t *testing.T) {
		b := stagetest.Open(t, maker, "")
		b.Authenticated(b.User("ann", ""))
		stage.SlotAwaitsActivation.Set(b.Visit.Context, true)
		if b.Enter(); !b.Visit.SignedIn() {
			t.Error("not signed in")
		}
	})
}

func TestBindings(t *testing.T) {
	b := stagetest.Open(t, maker, `{"network_binding": "bind_asn_network_ip"}`)
	b.Authenticated(b.User("ann", ""))
	b.Enter()
	if b.Effects.Session.Binding == "" || len(b.Effects.Events) != 1 {
		t.Errorf("%+v, %v", b.Effects.Session, b.Effects.Events)
	}
	t.Run("that the server cannot hold anybody to let people in, and are recorded", func(t *testing.T) {
		b := stagetest.Open(t, maker, `{"network_binding": "bind_asn", "geoip_binding": "bind_continent"}`)
		b.Authenticated(b.User("ann", ""))
		if got := stagetest.Says(b.Enter()); got != "done" || b.Effects.Session.Binding != "" {
			t.Errorf("%s, %+v", got, b.Effects.Session)
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		if events := b.Events(model.ActionConfigurationWarning); len(events) != 2 {
			t.Errorf("%+v", events)
		}
		if err := b.Driver.(kind.Checker).Check(); model.CodeOf(err) != model.CodeInvalid {
			t.Errorf("saving it: %v", err)
		}
	})
	t.Run("that it can hold people to may be saved", func(t *testing.T) {
		if err := b.Driver.(kind.Checker).Check(); err != nil {
			t.Error(err)
		}
	})
}

func TestTheEventTellsHowThePersonWasAuthenticated(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Authenticated(b.User("ann", ""))
	stage.SlotAuthMethodArgs.Set(b.Visit.Context, map[string]any{"mfa_devices": []any{"app"}})
	b.Enter()
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if events := b.Events(model.ActionLogin); len(events) != 1 || events[0].Context["auth_method_args"] == nil {
		t.Errorf("%+v", events)
	}
}
