package password_test

import (
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/password"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

const both = `{"backends": ["authentik.core.auth.InbuiltBackend", "authentik.core.auth.TokenBackend"], "failed_attempts_before_cancel": 3}`

func maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return password.Kind(password.Deps{Passwords: h.Passwords, Guard: h.Guard})
}

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, Config: both, NeedsUser: true, Prepare: func(b *stagetest.Bench) {
		b.Pending(b.User("ann", "correct horse"))
	}})
}

func TestPasswords(t *testing.T) {
	b := stagetest.Open(t, maker, both)
	ann := b.User("ann", "correct horse")
	err := b.Store.InsertToken(t.Context(), &model.Token{Identifier: "app", Intent: model.IntentAppPassword, User: ann.ID, KeyHash: keypair.Hash("app password")})
	if err != nil {
		t.Fatal(err)
	}
	inactive := b.User("bob", "correct horse")
	inactive.IsActive = false
	for _, tt := range []struct {
		name     string
		user     *model.User
		password string
		want     string
		method   string
	}{
		{"the right one", ann, "correct horse", "done", "password"},
		{"an app password", ann, "app password", "done", "token"},
		{"a wrong one", ann, "wrong", "ask ak-stage-password !password stage.password.error.wrong", ""},
		{"none", ann, "", "ask ak-stage-password !password stage.password.error.wrong", ""},
		{"any, for a user who is pretended", &model.User{Username: "nobody", IsActive: true}, "x", "ask ak-stage-password !password stage.password.error.wrong", ""},
		{"the right one of a deactivated user", inactive, "correct horse", "refuse login.user_inactive", ""},
		{"a wrong one of a deactivated user tells nothing", inactive, "x", "ask ak-stage-password !password stage.password.error.wrong", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.Again().Pending(tt.user)
			if got := stagetest.Says(b.Submit("password", tt.password)); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if got := stage.SlotAuthMethod.Value(b.Visit.Context); got != tt.method {
				t.Errorf("method %q", got)
			}
			if _, ok := stage.SlotUserBackend.Get(b.Visit.Context); ok != (tt.method != "") {
				t.Errorf("authenticated: %v", ok)
			}
		})
	}
}

func TestWhoIsAuthenticatedIsNotAsked(t *testing.T) {
	b := stagetest.Open(t, maker, both)
	b.Authenticated(b.User("ann", ""))
	if got := stagetest.Says(b.Enter()); got != "done" {
		t.Error(got)
	}
}

func TestTooManyWrongPasswordsEndTheFlow(t *testing.T) {
	b := stagetest.Open(t, maker, both)
	b.Pending(b.User("ann", "correct horse"))
	var got []string
	for range 4 {
		got = append(got, stagetest.Says(b.Submit("password", "wrong")))
	}
	if got[1] != "ask ak-stage-password !password stage.password.error.wrong" || got[2] != "refuse login.failed_attempts" || got[3] != got[2] {
		t.Error(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	failed := b.Events(model.ActionLoginFailed)
	if len(failed) != 2 || failed[0].User == nil || failed[0].User.Username != "ann" || failed[0].Context["password"] != nil {
		t.Errorf("%+v", failed)
	}
}

func TestAPasswordThatOnlyATokenBackendAsksForIsNotTheUsersOwn(t *testing.T) {
	b := stagetest.Open(t, maker, `{"backends": ["authentik.core.auth.TokenBackend"]}`)
	b.Pending(b.User("ann", "correct horse"))
	if got := stagetest.Says(b.Submit("password", "correct horse")); got == "done" {
		t.Error(got)
	}
}

func TestPasswordsCannotBeGuessedByBeginningAnew(t *testing.T) {
	b := stagetest.Open(t, maker, both)
	ann := b.User("ann", "correct horse")
	limit := attempt.DefaultLimits().Here
	for i := range limit {
		b.Again().Pending(ann)
		if got := stagetest.Says(b.Submit("password", "wrong")); got != "ask ak-stage-password !password stage.password.error.wrong" {
			t.Fatalf("attempt %d: %s", i+1, got)
		}
	}
	for i, recorded := range []int{1, 0} {
		b.Again().Pending(ann)
		if got := stagetest.Says(b.Submit("password", "correct horse")); got != "ask ak-stage-password !password stage.error.too_many_attempts" {
			t.Errorf("attempt %d above the limit: %s", i+1, got)
		}
		if n := len(b.Effects.Events); n != recorded {
			t.Errorf("attempt %d above the limit: %d events, want %d", i+1, n, recorded)
		}
	}
	b.Wait(attempt.Window + time.Second)
	b.Again().Pending(ann)
	if got := stagetest.Says(b.Submit("password", "correct horse")); got != "done" {
		t.Errorf("after the window: %s", got)
	}
}
