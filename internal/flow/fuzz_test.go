package flow_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// FuzzAnswer sends any query and any answer to a flow that has got to its second step, and asks for the page. Nothing panics, nothing is a fault of ours, and only what the step
// asks for passes it.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []struct{ slug, query, body string }{
		{"fuzzed", "", `{"component": "test-b", "answer": "yes"}`},
		{"fuzzed", "next=/x", `{"answer": "no"}`},
		{"fuzzed", "next=https://evil.example/&run=1", `{"answer": ["yes"], "step": "1"}`},
		{"fuzzed", "flow_token=AAAA&itoken=x", `{"component": {"a": null}, "answer": true}`},
		{"fuzzed", "run=%00&next=%ff", `{"": 1e400}`},
		{"none", "a;b=%zz", `[]`},
	} {
		f.Add(seed.slug, seed.query, seed.body)
	}
	h := flowtest.Open(f, nil)
	h.Flow("fuzzed", model.DesignationEnrollment, nil, ask("a"), ask("b"), ask("c"))
	f.Fuzz(func(t *testing.T, slug, raw, body string) {
		h.T = t
		ctx, b := t.Context(), h.Browser()
		query, _ := url.ParseQuery(raw) // what a request's URL.Query gives: the part that can be read
		answer := stage.Answer{}
		_ = json.Unmarshal([]byte(body), &answer) // as a form's reader, which gives what it could read
		if _, err := h.Executor.Answer(ctx, b.Visitor(), "fuzzed", query, stage.Answer{"answer": json.RawMessage(`"yes"`)}); model.CodeOf(err) == model.CodeInternal && err != nil {
			t.Fatalf("the first answer: %v", err)
		}
		before, err := h.Executor.Show(ctx, b.Visitor(), slug, query)
		if err != nil && model.CodeOf(err) == model.CodeInternal {
			t.Fatalf("shown: %v", err)
		}
		reply, err := h.Executor.Answer(ctx, b.Visitor(), slug, query, answer)
		if err != nil && model.CodeOf(err) == model.CodeInternal {
			t.Fatalf("answered: %v", err)
		}
		if err != nil || before == nil || before.Challenge == nil || reply.Challenge == nil || reply.Ended {
			return
		}
		was, is := flowtest.Component(before), flowtest.Component(reply)
		if is != was && answer.String("answer") != "yes" && answer.String("answer") != "no" {
			t.Errorf("%s led from %s to %s", body, was, is)
		}
	})
}
