package dummy_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/dummy"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func maker(*flowtest.House) kind.Kind[stage.Driver] { return dummy.Kind() }

func TestCommon(t *testing.T) { stagetest.Common(t, stagetest.Subject{Maker: maker}) }

func TestItShowsItsNameAndGoesOn(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	ask, ok := b.Enter().(stage.Ask)
	if !ok || ask.Challenge.(*dummy.Challenge).Name != "the stage" {
		t.Errorf("%+v", ask)
	}
	if got := stagetest.Says(b.Submit()); got != "done" {
		t.Error(got)
	}
}

func TestItFailsWhereItIsToldTo(t *testing.T) {
	b := stagetest.Open(t, maker, `{"throw_error": true}`)
	if _, err := b.Driver.Enter(t.Context(), b.Visit); err == nil {
		t.Error("it does not")
	}
	if _, err := b.Driver.Submit(t.Context(), b.Visit, nil); err == nil {
		t.Error("it does not")
	}
}
