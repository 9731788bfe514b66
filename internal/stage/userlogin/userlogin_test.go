package userlogin_test

import (
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
	"github.com/weimen-id/weimen/internal/stage/userlogin"
)

func maker(h *flowtest.House) kind.Kind[stage.Driver] { return userlogin.Kind(h.Sessions) }

func TestCommon(t *testing.T) {
	for name, config := range map[string]string{"asking": `{"remember_me_offset": "days=30"}`, "not asking": ``} {
		t.Run(name, func(t *testing.T) {
			stagetest.Common(t, stagetest.Subject{Maker: maker, Config: config, NeedsUser: true, Prepare: func(b *stagetest.Bench) {
				b.Authenticated(b.User("ann", ""))
			}})
		})
	}
}

func TestWhoIsNotSignedIn(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	ann := b.User("ann", "")
	inactive := *ann
	inactive.IsActive = false
	for name, tt := range map[string]struct {
		prepare func()
		want    string
	}{
		"one who was named and never authenticated": {func() { b.Pending(ann) }, "refuse flow.misconfigured"},
		"one who is deactivated":                    {func() { b.Authenticated(&inactive) }, "refuse login.user_inactive"},
		"nobody":                                    {func() { stage.SlotUserBackend.Set(b.Visit.Context, "x") }, "refuse flow.misconfigured"},
	} {
		b.Again()
		tt.prepare()
		for _, o := range []stage.Outcome{b.Enter(), b.Submit("remember_me", true)} {
			if got := stagetest.Says(o); got != tt.want || b.Effects.Session != nil || len(b.Effects.Writes) > 0 {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

func TestHowLongASessionLasts(t *testing.T) {
	for _, tt := range []struct {
		name, config string
		answer       []any
		persistent   bool
		lasts        time.Duration
	}{
		{"until the browser is closed", ``, nil, false, 14 * 24 * time.Hour},
		{"as long as set", `{"session_duration": "hours=2"}`, nil, true, 2 * time.Hour},
		{"not longer for who does not want to stay", `{"remember_me_offset": "days=30"}`, []any{"remember_me", false}, false, 14 * 24 * time.Hour},
		{"longer for who stays", `{"remember_me_offset": "days=30"}`, []any{"remember_me", true}, true, 30 * 24 * time.Hour},
		{"longer still", `{"session_duration": "hours=2", "remember_me_offset": "days=30"}`, []any{"remember_me", "on"}, true, 722 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := stagetest.Open(t, maker, tt.config)
			b.Authenticated(b.User("ann", ""))
			o := b.Enter()
			if tt.answer != nil {
				if got := stagetest.Says(o); got != "ask ak-stage-user-login" {
					t.Fatal(got)
				}
				o = b.Submit(tt.answer...)
			}
			if got := stagetest.Says(o); got != "done" {
				t.Fatal(got)
			}
			s := b.Effects.Session
			if s.Persistent != tt.persistent || s.Expires.Sub(s.Created) != tt.lasts {
				t.Errorf("persistent %v, %s", s.Persistent, s.Expires.Sub(s.Created))
			}
		})
	}
}

func TestSigningIn(t *testing.T) {
	b := stagetest.Open(t, maker, `{"terminate_other_sessions": true}`)
	ann, bob := b.User("ann", ""), b.User("bob", "")
	elsewhere, others := b.Browser, b.House.Browser().SignIn(bob)
	elsewhere.SignIn(ann)
	b.Again()
	b.Browser.SignIn(bob) // the session of this browser is replaced, whoever's it was
	before := b.Browser.Token
	b.Next()
	b.Authenticated(ann)
	stage.SlotSource.Set(b.Visit.Context, stage.SourceRef{Slug: "wx", Name: "WeChat"})
	stage.SlotAuthMethod.Set(b.Visit.Context, "source")
	if got := stagetest.Says(b.Enter()); got != "done" || !b.Visit.SignedIn() || b.Visit.User.ID != ann.ID {
		t.Fatalf("%s, %+v", got, b.Visit.User)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	v := b.Browser.Visitor()
	if !v.SignedIn() || v.User.ID != ann.ID || b.Browser.Token == before || v.Session.AuthMethod != "source" || v.Session.Source != "WeChat" {
		t.Errorf("%+v", v.Session)
	}
	if elsewhere.Visitor().SignedIn() {
		t.Error("another session of the same person lives on")
	}
	if !others.Visitor().SignedIn() {
		t.Error("someone else's session was ended")
	}
	// Session fixation: what was known before the sign-in is worth nothing after it.
	b.Browser.Token = before
	if b.Browser.Visitor().SignedIn() {
		t.Error("the former session of this browser lives on")
	}
	if events := b.Events(model.ActionLogin); len(events) != 1 || events[0].Context["auth_method"] != "source" || events[0].Context["source"] != "wx" {
		t.Errorf("%+v", events)
	}
}
