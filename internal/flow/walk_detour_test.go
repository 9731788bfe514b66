package flow_test

import (
	"context"
	"fmt"
	"math/rand/v2" //nolint:depguard // a walk that fails has to be walked again
	"net/url"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
)

// leg is a step of a random flow that can be told from outside: it is shown, or leaves its name in the trail, or both.
type leg struct {
	name         string
	shown, trail bool
	away         bool
}

// TestRandomWalksAwayAndBack walks at random through flows that send people to a source and take them back, switch to other flows, leave out steps as policies say that write
// into the run, and end where a policy redirects. No step is skipped or passed twice, no answer passes a step that waits, and no return goes on with a run a second time, from
// another browser, or by the name of another step.
func TestRandomWalksAwayAndBack(t *testing.T) {
	t.Parallel()
	const flows, steps = 16, 60
	h := flowtest.Open(t, nil)
	for seed := range uint64(flows) {
		w := &detours{h: h, r: rand.New(rand.NewPCG(seed, 2)), home: fmt.Sprintf("away-%d", seed), inside: map[string]*model.Flow{}}
		w.build()
		w.begin()
		for range steps {
			w.step(t)
			if t.Failed() {
				t.Fatalf("with seed %d: %v", seed, w.legs)
			}
		}
	}
}

type detours struct {
	h    *flowtest.House
	r    *rand.Rand
	home string
	legs []leg
	// inside are the source's own flows, by the leg that waits for them.
	inside map[string]*model.Flow
	// end is where the run ends by a policy that redirects; "" for by itself.
	end string

	browser    *flowtest.Browser
	slug       string // where the run is: a switch leads elsewhere
	shown      string
	waits, old string // the names of the step that waits, and of one that has waited
	oldSlug    string
}

// build makes a random flow, and what it switches to.
func (w *detours) build() {
	slug, part := w.home, 0
	known := map[string]bool{}
	var stages []flowtest.Step
	add := func(s flowtest.Step, l leg) {
		stages, w.legs = append(stages, s), append(w.legs, l)
	}
	add(ask("s0"), leg{name: "s0", shown: true, trail: true})
	type piece struct {
		slug   string
		stages []flowtest.Step
	}
	var pieces []piece
	for i := 1; i < 4+w.r.IntN(5); i++ {
		name := fmt.Sprintf("s%d", i)
		switch w.r.IntN(6) {
		case 0, 1:
			s := flowtest.Step{Name: name, Kind: "away", Config: `{"name": "` + name + `", "source": "the-source"}`}
			add(s, leg{name: name, shown: true, away: true})
			if w.r.IntN(2) == 0 {
				in := w.home + "-in-" + name
				w.inside[name] = w.h.Flow(in, model.DesignationEnrollment, nil, does(name+"i", "pass"), ask(name+"q"))
				w.legs = append(w.legs, leg{name: name + "i", trail: true}, leg{name: name + "q", shown: true, trail: true})
			}
		case 2:
			s := ask(name)
			s.Config = strings.TrimSuffix(s.Config, "}") + `, "sets": "k` + name + `"}`
			known["k"+name] = true
			add(s, leg{name: name, shown: true, trail: true})
		case 3: // a step that needs what an earlier one has written, or what nobody writes
			needs := fmt.Sprintf("ks%d", w.r.IntN(8))
			s := ask(name)
			s.Needs = needs
			stages = append(stages, s)
			if known[needs] {
				w.legs = append(w.legs, leg{name: name, shown: true, trail: true})
			}
		case 4:
			part++
			pieces = append(pieces, piece{slug, stages})
			slug, stages = fmt.Sprintf("%s-part-%d", w.home, part), nil
			w.legs = append(w.legs, leg{name: "to" + slug, trail: true})
		default:
			add(does(name, []string{"pass", "event"}[w.r.IntN(2)]), leg{name: name, trail: true})
		}
	}
	add(ask("last"), leg{name: "last", shown: true, trail: true})
	if w.r.IntN(3) == 0 {
		w.end = "/led/away"
		stages = append(stages, ask("never"))
	}
	pieces = append(pieces, piece{slug, stages})
	w.link(len(pieces), func(i int) (string, []flowtest.Step) { return pieces[i].slug, pieces[i].stages })
}

// link makes the parts, the last first, for each switches to the next.
func (w *detours) link(parts int, part func(int) (string, []flowtest.Step)) {
	var next *model.Flow
	for i := parts - 1; i >= 0; i-- {
		slug, stages := part(i)
		if next != nil {
			name := "to" + next.Slug
			stages = append(stages, flowtest.Step{Name: name, Kind: "script", Config: `{"does": "switch", "name": "` + name + `", "flow": "` + string(next.ID) + `"}`})
		}
		next = w.h.Flow(slug, model.DesignationEnrollment, nil, stages...)
		if i == parts-1 && w.end != "" {
			bindings := w.h.Store.Snapshot().BindingsOf(next.ID)
			w.h.Bind(model.TargetID(bindings[len(bindings)-1].ID), `{"writes": "kled", "redirects": "`+w.end+`"}`)
		}
	}
}

func (w *detours) begin() {
	w.browser, w.slug, w.shown, w.waits, w.old = w.h.Browser(), w.home, "", "", ""
}

func (w *detours) at() (leg, bool) {
	for _, l := range w.legs {
		if l.shown && "test-"+l.name == w.shown {
			return l, true
		}
	}
	return leg{}, false
}

func (w *detours) step(t *testing.T) {
	t.Helper()
	now, known := w.at()
	stays := func(reply *flow.Reply, what string) {
		t.Helper()
		if known && flowtest.Component(reply) != w.shown {
			t.Errorf("%s led from %s to %s", what, w.shown, flowtest.Component(reply))
		}
		w.check(t, reply)
	}
	switch w.r.IntN(9) {
	case 0:
		stays(w.browser.Get(w.slug), "a reload")
	case 1:
		stays(w.browser.Post(w.slug, "answer", "nonsense"), "nonsense")
	case 2:
		stays(w.browser.Post(w.slug, "component", "test-elsewhere", "answer", "yes"), "an old page")
	case 3: // somebody else, with what they have overheard
		if w.waits == "" {
			return
		}
		if _, err := w.comeBack(w.h.Browser(), w.slug, w.waits); model.CodeOf(err) != model.CodeExpired {
			t.Errorf("another browser goes on with the run: %v", err)
		}
	case 4: // a return for the second time, or to a step that waits no longer
		if w.old == "" {
			return
		}
		if reply, err := w.comeBack(w.browser, w.oldSlug, w.old); err == nil {
			t.Errorf("a return counts twice: %s", flowtest.Component(reply))
		}
	default:
		if !now.away {
			w.check(t, w.browser.Post(w.slug, "answer", "yes"))
			return
		}
		if w.r.IntN(3) == 0 {
			stays(w.browser.Post(w.slug, "answer", "yes", "component", w.shown), "an answer to a step that waits")
			return
		}
		w.old, w.oldSlug = w.waits, w.slug
		reply, err := w.comeBack(w.browser, w.slug, w.waits)
		if err != nil {
			t.Errorf("nobody comes back to %s: %v", w.shown, err)
			return
		}
		w.check(t, reply)
	}
}

// comeBack is what package source does with a browser that returns.
func (w *detours) comeBack(b *flowtest.Browser, slug, step string) (*flow.Reply, error) {
	ctx, v := context.Background(), b.Visitor()
	path, raw, _ := strings.Cut(slug, "?")
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, err
	}
	path = strings.Trim(strings.TrimPrefix(path, "/if/flow/"), "/")
	waiting, err := w.h.Executor.Waiting(ctx, v, path, query)
	if err != nil {
		return nil, err
	}
	if waiting.Source != "the-source" || !waiting.At(step) {
		return nil, &model.Error{Code: model.CodeExpired, Message: "the run waits at another step"}
	}
	now, _ := w.at()
	reply, err := w.h.Executor.GoOn(ctx, waiting, flow.Return{Flow: w.inside[now.name]})
	b.Take(reply)
	return reply, err
}

// check holds what is shown against what was passed.
func (w *detours) check(t *testing.T, reply *flow.Reply) {
	t.Helper()
	if reply.Ended {
		if reply.Refusal != nil {
			t.Errorf("the run ended with %s", flowtest.Reason(reply))
		}
		if w.shown != "test-last" || w.end != "" && reply.To != w.end {
			t.Errorf("the run ended after %s, and leads to %q", w.shown, reply.To)
		}
		w.begin()
		return
	}
	if reply.Challenge == nil { // the run is elsewhere, or the person is back on its page
		w.slug = reply.To
		reply = w.browser.Get(w.slug)
	}
	c, ok := reply.Challenge.(*flowtest.ScriptChallenge)
	if !ok {
		t.Errorf("shown is %s (%s)", flowtest.Component(reply), flowtest.Reason(reply))
		return
	}
	w.shown, w.waits = c.Component, c.Step
	var passed []string
	for _, l := range w.legs {
		if l.shown && "test-"+l.name == w.shown {
			break
		}
		if l.trail {
			passed = append(passed, l.name)
		}
	}
	if got, want := strings.Join(c.Trail, " "), strings.Join(passed, " "); got != want {
		t.Errorf("%s is shown after %q, want %q", w.shown, got, want)
	}
}
