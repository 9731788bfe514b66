package flow_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	sourcestage "github.com/weimen-id/weimen/internal/stage/source"
)

func drawnKinds(h *flowtest.House) []kind.Kind[stage.Driver] {
	return append(defaultKinds(h), sourcestage.Kind(func(*model.Snapshot, *model.Source) (sourcestage.Button, bool) { return sourcestage.Button{}, false }))
}

// drawn is a flow with policies, an identification that leads elsewhere, and a detour to a source with flows of its own.
func drawn(t *testing.T) (*flowtest.House, *model.Flow) {
	t.Helper()
	h := flowtest.Open(t, drawnKinds)
	recovery := h.Flow("recovery", model.DesignationRecovery, nil)
	enroll := h.Flow("source-enrollment", model.DesignationEnrollment, nil)
	src := model.NewSource()
	src.Name, src.Slug, src.Kind, src.EnrollmentFlow = "微信", "wx", "oauth", &enroll.ID
	h.Put(&src)
	f := h.Flow("login", model.DesignationAuthentication, nil,
		flowtest.Step{Name: "identify", Kind: "identification", Config: `{"recovery_flow": "` + string(recovery.ID) + `", "sources": ["` + string(src.ID) + `"]}`},
		flowtest.Step{Name: "away", Kind: "source", Config: `{"source": "` + string(src.ID) + `"}`, Needs: "x"},
		flowtest.Step{Name: "login", Kind: "user_login"})
	h.Bind(model.TargetID(f.ID), `{"passing": true}`)
	return h, f
}

func TestADrawingOfAFlow(t *testing.T) {
	h, f := drawn(t)
	g := h.Executor.Graph(h.Store.Snapshot(), f)
	name := map[string]string{}
	for _, n := range g.Nodes {
		name[n.ID] = n.Type
		if n.Type == "stage" || n.Type == "flow" || n.Type == "source" {
			name[n.ID] += " " + n.Name
		}
	}
	var got []string
	for _, e := range g.Edges {
		got = append(got, fmt.Sprintf("%s -%s%s-> %s", name[e.From], e.Type, e.Label, name[e.To]))
	}
	want := []string{
		"flow login -next-> policies",
		"policies -refused-> denied",
		"policies -passed-> stage login/identify",
		"source 微信 -branchenrollment_flow-> flow source-enrollment",
		"stage login/identify -branchrecovery_flow-> flow recovery",
		"stage login/identify -branchsources-> source 微信",
		"stage login/identify -next-> policies",
		"policies -passed-> stage login/away",
		"stage login/away -branchthere and back-> source 微信",
		"stage login/away -next-> stage login/login",
		"policies -refused-> stage login/login",
		"stage login/login -next-> end",
	}
	sorted := cmp.Transformer("sorted", func(list []string) map[string]bool {
		out := map[string]bool{}
		for _, s := range list {
			out[s] = true
		}
		return out
	})
	if diff := cmp.Diff(want, got, sorted); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
}

// line is what Mermaid's flowchart syntax allows of what is written here.
var line = regexp.MustCompile(`^(graph TD|n\d+(\[\["[^"]*"\]\]|\[\("[^"]*"\)\]|\(\["[^"]*"\]\)|\{\{"[^"]*"\}\})|n\d+ (-->|--"[^"]*"-->|-\."[^"]*"\.->) n\d+)$`)

func TestTheDrawingAsMermaidIsValidWhateverTheNames(t *testing.T) {
	h, f := drawn(t)
	for _, name := range []string{
		"login", `"quoted" 'twice'`, "微信登录（默认）", "a]]-->b", "<script>alert(1)</script>", "line\nbreak\r\n", "`markdown`", "#quot;", "end", "", "{{x}}", "a;b%%c", "\u202eright to left",
		"\x00\xff", "emoji 🚪", strings.Repeat("long ", 50), `back\slash`, "click n0 call x()",
	} {
		f.Name = name
		text := h.Executor.Graph(h.Store.Snapshot(), f).Mermaid()
		if !strings.Contains(text, "Flow<br/>") {
			t.Errorf("%q: no flow", name)
		}
		for l := range strings.Lines(text) {
			if l = strings.TrimSuffix(l, "\n"); !line.MatchString(l) {
				t.Errorf("%q: %q", name, l)
			}
			if inner := strings.ReplaceAll(l, "<br/>", ""); strings.ContainsAny(strings.ReplaceAll(strings.ReplaceAll(inner, "-->", ""), ".->", ""), "<>`\\") {
				t.Errorf("%q: %q", name, l)
			}
		}
	}
	if g := (flow.Graph{}); g.Mermaid() != "graph TD\n" {
		t.Error(g.Mermaid())
	}
}
