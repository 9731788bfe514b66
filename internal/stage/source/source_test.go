package source_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/source"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func maker(*flowtest.House) kind.Kind[stage.Driver] {
	return source.Kind(func(_ *model.Snapshot, src *model.Source) (source.Button, bool) {
		return source.Button{URL: "/source/oauth/login/" + src.Slug + "/", Type: "wechat"}, src.Slug != "closed"
	})
}

// put adds a source and gives the settings of a stage for it.
func put(b *stagetest.Bench, slug string, change func(*model.Source)) string {
	src := model.NewSource()
	src.Name, src.Slug, src.Kind = "Source "+slug, slug, "oauth"
	if change != nil {
		change(&src)
	}
	b.Put(&src)
	return `{"source": "` + string(src.ID) + `", "resume_timeout": "minutes=45"}`
}

func TestItLeadsToTheSourceAndKeepsTheRun(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Reopen(maker, put(b, "wx", nil))
	b.Again()
	b.Visit.Query, b.Visit.Step = url.Values{"next": {"/app"}, "run": {"handle"}}, "3"
	ask, ok := b.Enter().(stage.Ask)
	if !ok {
		t.Fatal("does not ask")
	}
	c, ok := ask.Challenge.(*source.Challenge)
	if !ok || c.Name != "Source wx" || c.Component != "xak-flow-redirect" {
		t.Fatalf("%+v", ask.Challenge)
	}
	u, err := url.Parse(c.To)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Path != "/source/oauth/login/wx/" || q.Get("flow") != "f" || q.Get("query") != "next=%2Fapp&run=handle" || q.Get("step") != b.Visit.Detour() || len(q.Get("step")) < 20 {
		t.Errorf("leads to %s", c.To)
	}
	if b.Effects.Patience != 45*time.Minute {
		t.Errorf("kept for %s", b.Effects.Patience)
	}
	if len(b.Effects.Writes)+len(b.Effects.Events) > 0 {
		t.Error("being shown, it wants something written")
	}
}

// CVE-2026-49448: an answer to a source stage is no return from the source.
func TestToBeSubmittedToIsToBeShownAgain(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Reopen(maker, put(b, "wx", nil))
	b.Again()
	for _, answer := range [][]any{nil, {"component", "xak-flow-redirect"}, {"to", "/"}, {"answer", true}} {
		if got := stagetest.Says(b.Submit(answer...)); got != "ask xak-flow-redirect" {
			t.Errorf("answered with %v it says %s", answer, got)
		}
	}
}

func TestASourceThatNobodyCanGoTo(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	for name, config := range map[string]string{
		"gone":           `{"source": "gone"}`,
		"switched off":   put(b, "off", func(s *model.Source) { s.Enabled = false }),
		"without button": put(b, "closed", nil),
	} {
		b.Reopen(maker, config)
		b.Again()
		if got := stagetest.Says(b.Enter()); got != "refuse source.disabled" {
			t.Errorf("%s: %s", name, got)
		}
	}
}
