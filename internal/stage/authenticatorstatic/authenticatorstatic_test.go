package authenticatorstatic_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatorstatic"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return authenticatorstatic.Kind(device.New(h.Store, h.Box))
}

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, NeedsUser: true, Prepare: func(b *stagetest.Bench) {
		b.Authenticated(b.User("ann", ""))
	}})
}

func TestCodesAreShownOnceAndKeptAsHashes(t *testing.T) {
	b := stagetest.Open(t, maker, `{"token_count": 4, "token_length": 10}`)
	ann := b.User("ann", "")
	b.Authenticated(ann)
	if got := stagetest.Says(b.Submit()); got != "ask ak-stage-authenticator-static" {
		t.Fatalf("what was never shown is taken: %s", got)
	}
	c := b.Enter().(stage.Ask).Challenge.(*authenticatorstatic.Challenge)
	if len(c.Codes) != 4 || len(c.Codes[0]) != 10 || len(c.Grouped()[0]) != 12 {
		t.Errorf("%v", c.Codes)
	}
	if got := stagetest.Says(b.Submit()); got != "done" {
		t.Fatal(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	all, err := b.Store.DevicesOf(t.Context(), ann.ID)
	if err != nil || len(all) != 1 || all[0].CodesLeft != 4 || all[0].Name != "Recovery codes" {
		t.Fatalf("%+v, %v", all, err)
	}
	raw, _ := json.Marshal([]any{b.Events(""), b.Visit.Context, all})
	for _, code := range c.Codes {
		if strings.Contains(string(raw), code) {
			t.Error("a code is kept in clear")
		}
	}
	if again := b.Enter().(stage.Ask).Challenge.(*authenticatorstatic.Challenge); again.Codes[0] == c.Codes[0] {
		t.Error("the codes are shown again")
	}
}

func TestAMerelyIdentifiedPersonGetsNone(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Pending(b.User("ann", ""))
	if got := stagetest.Says(b.Enter()); got != "refuse flow.misconfigured" {
		t.Error(got)
	}
}

func TestNumbersHaveBounds(t *testing.T) {
	for _, tt := range []struct {
		count, length int
		wrong         string
	}{{6, 12, ""}, {0, 12, "token_count"}, {51, 12, "token_count"}, {6, 7, "token_length"}, {6, 101, "token_length"}} {
		err := authenticatorstatic.Config{TokenCount: tt.count, TokenLength: tt.length}.Validate()
		var fields map[string][]string
		if e, ok := err.(*model.Error); ok { //nolint:errorlint // Validate returns it bare
			fields = e.Fields
		}
		if (tt.wrong == "") != (err == nil) || tt.wrong != "" && fields[tt.wrong] == nil {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}
