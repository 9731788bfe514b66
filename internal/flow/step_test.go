package flow_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
)

// alike is a stage that asks with the component of others.
func alike(name string) flowtest.Step {
	return flowtest.Step{Name: name, Kind: "script", Config: `{"does": "ask", "name": "` + name + `", "component": "test-alike"}`}
}

// stepOf is what a page's form sends back beside the answer.
func stepOf(reply *flow.Reply) string { return stage.BaseOf(reply.Challenge).Step }

func TestAnAnswerIsForItsStepAndForNoOtherThatAsksAlike(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationEnrollment, nil, does("a", "pass"), alike("b"), alike("c"), alike("d"))
	b := h.Browser()
	first := stepOf(b.Get("f"))
	second := b.Post("f", "component", "test-alike", stage.StepField, first, "answer", "yes")
	if trail(t, second) != "a b" || stepOf(second) == first {
		t.Fatalf("passed %q, at step %s", trail(t, second), stepOf(second))
	}
	for range 3 {
		again := b.Post("f", "component", "test-alike", stage.StepField, first, "answer", "yes")
		if trail(t, again) != "a b" || stepOf(again) != stepOf(second) {
			t.Fatalf("the button, pressed again, passed %q", trail(t, again))
		}
	}
	if refused := b.Post("f", "component", "test-alike", stage.StepField, first, "answer", "no"); refused.Refusal != nil {
		t.Error("a late answer was refused, and ended the run")
	}
	third := b.Post("f", "component", "test-alike", stage.StepField, stepOf(second), "answer", "yes")
	if trail(t, third) != "a b c" {
		t.Errorf("passed %q", trail(t, third))
	}
	want(t, b.Post("f", "answer", "yes"), "→ /") // a program need not say which
}

func TestAnOldPageDoesNotAnswerAFlowThatBeganAnew(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationEnrollment, nil, alike("a"), restarting(alike("b"), model.InvalidRestart))
	b := h.Browser()
	first := b.Get("f")
	second := b.Post("f", stage.StepField, stepOf(first), "answer", "yes")
	again := b.Post("f", stage.StepField, stepOf(second), "answer", "no")
	if trail(t, again) != "" {
		t.Fatalf("passed %q", trail(t, again))
	}
	for _, old := range []*flow.Reply{first, second} {
		if reply := b.Post("f", stage.StepField, stepOf(old), "answer", "yes"); trail(t, reply) != "" {
			t.Errorf("passed %q", trail(t, reply))
		}
	}
}

func TestInsertedStagesComeNextAndNoneIsSkipped(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	extra := &model.Stage{Name: "extra", Kind: "script", Config: model.Config(`{"does": "ask", "name": "extra"}`)}
	h.Put(extra)
	inserts := flowtest.Step{Name: "i", Kind: "script", Config: `{"does": "insert", "name": "i", "stages": ["` + string(extra.ID) + `"]}`}
	h.Flow("f", model.DesignationEnrollment, nil, ask("a"), inserts, restarting(ask("b"), model.InvalidRestart))
	b := h.Browser()
	want(t, b.Post("f", "answer", "yes"), "test-extra")
	want(t, b.Get("f"), "test-extra")
	reply := b.Post("f", "answer", "yes")
	want(t, reply, "test-b")
	if trail(t, reply) != "a i extra" {
		t.Errorf("passed %q", trail(t, reply))
	}
	t.Run("a restart begins without them", func(t *testing.T) {
		reply := b.Post("f", "answer", "no")
		want(t, reply, "test-a")
		want(t, b.Post("f", "answer", "yes"), "test-extra")
	})
	t.Run("a wrong answer to one of them ends the run, for nothing says otherwise", func(t *testing.T) {
		if got := flowtest.Reason(b.Post("f", "answer", "no")); got != "test.invalid" {
			t.Errorf("refused as %q", got)
		}
	})
	t.Run("one that is gone meanwhile ends the run", func(t *testing.T) {
		b := h.Browser()
		want(t, b.Post("f", "answer", "yes"), "test-extra")
		err := h.Store.Change(t.Context(), func(ctx context.Context, tx *store.Change) error { return tx.Delete(ctx, extra) })
		if err != nil {
			t.Fatal(err)
		}
		if got := flowtest.Reason(b.Post("f", "answer", "yes")); got != "flow.expired" {
			t.Errorf("refused as %q", got)
		}
	})
}

// closing is an inline stage that must be passed.
type closing struct{ inline }

func (closing) Keeps() []string { return []string{"kept"} }

func TestAStageThatClosesARunIsPassedWhateverTheFlowDoes(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	passed := ""
	h.Executor.Inline("last", closing{inline{func(v *stage.Visit) stage.Outcome {
		kept, _ := v.Context.Lookup("kept")
		other, _ := v.Context.Lookup("other")
		passed += strings.Join([]string{str(kept), str(other)}, "/") + ";"
		return stage.Done{}
	}}})
	target := h.Flow("target", model.DesignationAuthentication, nil, restarting(ask("there"), model.InvalidRestart))
	for _, tt := range []struct {
		name, config string
		answers      []string
		goes, passed string
	}{
		{"to an address", `{"target_static": "https://example.org/"}`, nil, "→ https://example.org/", "k/o;"},
		{"to another flow", `{"mode": "flow", "target_flow": "` + string(target.ID) + `"}`, []string{"yes"}, "→ /x", "k/o;"},
		{"to another flow without the context", `{"mode": "flow", "keep_context": false, "target_flow": "` + string(target.ID) + `"}`, []string{"yes"}, "→ /x", "k/;"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			passed = ""
			f := h.Flow("f "+tt.name, model.DesignationAuthentication, func(f *model.Flow) { f.Slug = "f-" + strings.ReplaceAll(tt.name, " ", "-") },
				restarting(ask("first"), model.InvalidRestart), flowtest.Step{Name: "go", Kind: "redirect", Config: tt.config})
			c := model.NewPlanContext()
			stage.SlotPendingUser.Set(c, h.User("u "+tt.name, ""))
			c.Put("kept", "k")
			c.Put("other", "o")
			b := h.Browser()
			reply, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: c, Append: []string{"last"}, Query: url.Values{"next": {"/x"}}})
			if err != nil {
				t.Fatal(err)
			}
			to := reply.To
			want(t, b.Post(to, "answer", "no"), "test-first") // what closes the run outlasts a restart
			reply = b.Post(to, "answer", "yes")
			for _, answer := range tt.answers {
				reply = b.Post(to, "answer", answer)
			}
			want(t, reply, tt.goes)
			if passed != tt.passed {
				t.Errorf("passed with %q, want %q", passed, tt.passed)
			}
		})
	}
}

func str(v any) string {
	s, _ := v.(string)
	return s
}
