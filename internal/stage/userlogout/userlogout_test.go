package userlogout_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
	"github.com/weimen-id/weimen/internal/stage/userlogout"
)

func maker(h *flowtest.House) kind.Kind[stage.Driver] { return userlogout.Kind(h.Sessions) }

func TestCommon(t *testing.T) { stagetest.Common(t, stagetest.Subject{Maker: maker}) }

func TestSigningOutEndsThisBrowsersSessionOnly(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	ann := b.User("ann", "")
	other := b.House.Browser().SignIn(ann)
	b.Browser.SignIn(ann)
	token := b.Browser.Token
	b.Next()
	if got := stagetest.Says(b.Enter()); got != "done" || b.Visit.SignedIn() || !b.Effects.SignOut {
		t.Fatal(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	b.Browser.Token = token
	if b.Browser.Visitor().SignedIn() || !other.Visitor().SignedIn() {
		t.Error("the wrong session was ended")
	}
	if events := b.Events("logout"); len(events) != 1 || events[0].User == nil || events[0].User.ID != ann.ID {
		t.Errorf("%+v", events)
	}
}

func TestNobodySigningOutIsFineAndNoEvent(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	if got := stagetest.Says(b.Enter()); got != "done" || len(b.Effects.Writes)+len(b.Effects.Events) > 0 || !b.Effects.SignOut {
		t.Error(got)
	}
}
