package flow_test

import (
	"fmt"
	"math/rand/v2" //nolint:depguard // a walk that fails has to be walked again
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
)

// TestRandomWalksSkipNoStep walks at random through random flows: answers right and wrong, to this page and to old ones, reloads, other browsers, restarts. Whatever
// happens, a run that ends has passed all stages in their order.
func TestRandomWalksSkipNoStep(t *testing.T) {
	const flows, steps = 20, 60
	h := flowtest.Open(t, nil)
	for seed := range uint64(flows) {
		r := rand.New(rand.NewPCG(seed, 1))
		slug, all := fmt.Sprintf("walk-%d", seed), []string{}
		actions := []model.InvalidResponseAction{model.InvalidRetry, model.InvalidRestart}
		var stages []flowtest.Step
		for i := range 2 + r.IntN(5) {
			name := fmt.Sprintf("s%d", i)
			s := does(name, []string{"ask", "ask", "pass", "event", "link", "insert"}[r.IntN(6)])
			if i == 0 {
				s = ask(name)
			}
			if strings.Contains(s.Config, "insert") {
				extra := &model.Stage{Name: fmt.Sprint("extra", seed, i), Kind: "script", Config: model.Config(`{"does": "ask", "name": "` + name + `x"}`)}
				h.Put(extra)
				s.Config = `{"does": "insert", "name": "` + name + `", "stages": ["` + string(extra.ID) + `"]}`
				all = append(all, name)
				name += "x"
			}
			s.Bind = func(b *model.FlowStageBinding) { b.InvalidResponseAction = actions[r.IntN(2)] }
			stages, all = append(stages, s), append(all, name)
		}
		last := ask("last")
		stages = append(stages, last)
		h.Flow(slug, model.DesignationEnrollment, nil, stages...)
		w := &walk{h: h, r: r, home: slug, slug: slug, whole: strings.Join(all, " ")}
		w.browser = h.Browser()
		for range steps {
			w.step(t)
		}
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

type walk struct {
	h       *flowtest.House
	r       *rand.Rand
	home    string
	slug    string // the address of the run: a link gives it another
	link    string
	whole   string
	browser *flowtest.Browser
	shown   string
}

func (w *walk) step(t *testing.T) {
	t.Helper()
	before := w.shown
	var reply *flow.Reply
	if w.link != "" && w.r.IntN(3) == 0 {
		w.open(t)
		return
	}
	switch w.r.IntN(8) {
	case 0:
		reply = w.browser.Get(w.slug)
		if before != "" && flowtest.Component(reply) != before {
			t.Errorf("a reload led from %s to %s", before, flowtest.Component(reply))
		}
	case 1:
		reply = w.browser.Post(w.slug, "answer", "no")
	case 2:
		reply = w.browser.Post(w.slug, "answer", "nonsense")
		if before != "" && flowtest.Component(reply) != before {
			t.Errorf("nonsense led from %s to %s", before, flowtest.Component(reply))
		}
	case 3:
		reply = w.browser.Post(w.slug, "component", "test-elsewhere", "answer", "yes")
		if before != "" && flowtest.Component(reply) != before {
			t.Errorf("an old page led from %s to %s", before, flowtest.Component(reply))
		}
	case 4:
		stranger := w.h.Browser().Post(w.slug, "component", "test-last", "answer", "yes")
		if got := flowtest.Component(stranger); got != "test-s0" && flowtest.Reason(stranger) != "flow.expired" {
			t.Errorf("another browser sees %s", got)
		}
		return
	default:
		reply = w.browser.Post(w.slug, "answer", "yes")
	}
	w.check(t, reply)
}

// check holds what is shown against what was passed.
func (w *walk) check(t *testing.T, reply *flow.Reply) {
	t.Helper()
	if reply.Ended {
		if reply.Refusal == nil && w.shown != "test-last" {
			t.Errorf("the run ended after %s", w.shown)
		}
		w.shown, w.link, w.slug = "", "", w.home
		return
	}
	if c, ok := reply.Challenge.(*flowtest.ScriptChallenge); ok {
		w.link = strings.TrimPrefix(c.Link, flowtest.Origin)
	}
	w.shown = flowtest.Component(reply)
	passed := trail(t, reply)
	name := strings.TrimPrefix(w.shown, "test-")
	if before, _, _ := strings.Cut(w.whole+" last", name); passed != strings.TrimSpace(before) {
		t.Errorf("%s is shown after %q", name, passed)
	}
}

// open opens the link of the run, here or in another browser, and goes on there. What the link was sent from has ended, and the link opens nothing more.
func (w *walk) open(t *testing.T) {
	t.Helper()
	old, address, link := w.browser, w.slug, w.link
	if w.r.IntN(2) == 0 {
		w.browser = w.h.Browser()
		want(t, w.browser.Get(link), "ak-stage-email")
	}
	reply := w.browser.Post(link)
	if flowtest.Reason(reply) == "flow.link_used" {
		w.browser, w.link = old, "" // it is the link of a stage that is passed
		return
	}
	w.link, w.shown = "", ""
	if reply.Ended {
		t.Fatalf("the link ends the run: %s", flowtest.Component(reply))
	}
	if after := old.Get(address); flowtest.Component(after) != "test-s0" && flowtest.Reason(after) != "flow.expired" {
		t.Errorf("the run goes on in two places: %s", flowtest.Component(after))
	}
	if got := flowtest.Reason(w.h.Browser().Post(link)); got != "flow.link_used" {
		t.Errorf("the link is good for another browser, refused as %q", got)
	}
	w.slug = reply.To
	w.check(t, w.browser.Get(w.slug))
}
