package flow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
)

// story tells a trace in short: what happened to which stage, and by which rule.
func story(t *testing.T, ev *model.Event) []string {
	t.Helper()
	list, ok := ev.Context["trace"].([]any)
	if !ok {
		t.Fatalf("no trace: %+v", ev.Context)
	}
	var out []string
	for _, item := range list {
		m := item.(map[string]any)
		parts := []string{m["did"].(string)}
		for _, name := range []string{"stage", "rule", "reason"} {
			if text, _ := m[name].(string); text != "" {
				parts = append(parts, text)
			}
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

func TestARunTellsWhatItDid(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	h.User("ann", "correct horse")
	skipped := does("skipped", "pass")
	skipped.Needs = "x"
	h.Flow("f", model.DesignationAuthentication, nil, identify, pass, skipped, login)
	b := h.Browser()
	b.Post("f", "uid_field", "ann")
	b.Post("f", "password", "wrong secret")
	want(t, b.Post("f", "password", "correct horse"), "→ /")
	traces := h.Events(model.ActionFlowExecution)
	if len(traces) != 1 {
		t.Fatalf("%d traces", len(traces))
	}
	got := story(t, traces[0])
	for i := range got {
		if strings.HasPrefix(got[i], "skipped f/skipped policy verdict") {
			got[i] = "skipped f/skipped by its rule"
		}
	}
	wantStory := []string{"answered f/identify", "asked f/pass", "asked f/pass wrong answer", "answered f/pass", "skipped f/skipped by its rule", "done f/login"}
	if diff := cmp.Diff(wantStory, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	code := traces[0].SupportCode
	for _, ev := range append(h.Events(model.ActionLogin), traces...) {
		if ev.SupportCode != code || code == "" || ev.User == nil || ev.User.Username != "ann" {
			t.Errorf("%s bears %q, of %+v; the run's is %q", ev.Action, ev.SupportCode, ev.User, code)
		}
	}
	if raw, _ := json.Marshal(traces[0].Context); strings.Contains(string(raw), "correct horse") || strings.Contains(string(raw), "wrong secret") {
		t.Errorf("it tells what was typed: %s", raw)
	}
}

func TestARunIsFoundWithEachFlowThatItCameThrough(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	h.User("ann", "correct horse")
	last := h.Flow("last", model.DesignationAuthentication, nil, pass, login)
	into := func(f *model.Flow) flowtest.Step {
		return flowtest.Step{Name: "go", Kind: "redirect", Config: `{"mode": "flow", "target_flow": "` + string(f.ID) + `", "keep_context": true}`}
	}
	h.Flow("first", model.DesignationAuthentication, nil, identify, into(last))
	b := h.Browser()
	b.Post("first", "uid_field", "ann")
	want(t, b.Post("first", "password", "correct horse"), "→ /")
	var got [][3]any
	for _, ev := range h.Events(model.ActionFlowExecution) {
		got = append(got, [3]any{ev.Flow, ev.Context["from"], ev.Context["outcome"]})
		if ev.User == nil || ev.User.Username != "ann" || ev.SupportCode == "" {
			t.Errorf("%s: of %+v with %q", ev.Flow, ev.User, ev.SupportCode)
		}
	}
	if diff := cmp.Diff([][3]any{{"first", nil, "done"}, {"last", "first", "done"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARefusalAndItsStoryBearTheCodeThatIsShown(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthentication, nil, ask("a"), does("x", "refuse"))
	reply := h.Browser().Post("f", "answer", "yes")
	denied, ok := reply.Challenge.(*stage.AccessDenied)
	traces := h.Events(model.ActionFlowExecution)
	if !ok || len(traces) != 1 || traces[0].SupportCode != denied.SupportCode || traces[0].Context["outcome"] != "refused" {
		t.Fatalf("%s, %+v", flowtest.Component(reply), traces)
	}
	if diff := cmp.Diff([]string{"answered f/a", "refused f/x test.refused", "refused test.refused"}, story(t, traces[0])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARefusalByAStageNamesTheStage(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthentication, nil, ask("a"), does("x", "refuse"))
	h.Browser().Post("f", "answer", "yes")
	var names []any
	for _, ev := range h.Events(model.ActionLoginFailed) {
		names = append(names, ev.Context["stage"])
	}
	if diff := cmp.Diff([]any{"f/x"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFlowThatDoesNotApplyNamesTheRule(t *testing.T) {
	for _, action := range []model.DeniedAction{model.DeniedMessage, model.DeniedContinue} {
		h := flowtest.Open(t, nil)
		f := h.Flow("f", model.DesignationEnrollment, func(f *model.Flow) { f.DeniedAction = action }, ask("a"))
		h.Bind(model.TargetID(f.ID), `{"passing": false}`)
		h.Browser().Get("f?next=/x")
		events := h.Events("")
		if len(events) != 1 || !strings.HasPrefix(events[0].Context["rule"].(string), "policy verdict") || events[0].SupportCode == "" {
			t.Errorf("%s: %+v", action, events)
		}
	}
}

func TestASilentRunTellsNothing(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthorization, nil, does("a", "pass"), ask("b"))
	b := h.Browser()
	b.Get("f")
	want(t, b.Post("f", "answer", "yes"), "→ /")
	if events := h.Events(model.ActionFlowExecution); len(events) != 0 {
		t.Errorf("%+v", events)
	}
}

func TestTheStoryCostsNoStatement(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthentication, nil, does("e", "event"))
	ctx, n := store.CountStatements(t.Context())
	if _, err := h.Executor.Show(ctx, h.Browser().Visitor(), "f", nil); err != nil {
		t.Fatal(err)
	}
	if len(h.Events(model.ActionFlowExecution)) != 1 || n.Statements() > 2 {
		t.Errorf("%d statements", n.Statements())
	}
}

func TestATraceIsBounded(t *testing.T) {
	h := flowtest.Open(t, nil)
	var steps []flowtest.Step
	for i := range 150 {
		s := does("s", "pass")
		s.Name = strings.Repeat("x", i+1)
		steps = append(steps, s)
	}
	h.Flow("f", model.DesignationAuthentication, nil, append(steps, does("e", "event"))...)
	h.Browser().Get("f")
	traces := h.Events(model.ActionFlowExecution)
	if len(traces) != 1 || len(story(t, traces[0])) > 120 || traces[0].Context["more"] == nil {
		t.Errorf("%d marks", len(story(t, traces[0])))
	}
}
