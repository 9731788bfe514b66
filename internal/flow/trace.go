package flow

import (
	"slices"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
)

// mostMarks bounds a trace: a person who answers wrongly a thousand times is told about in short.
const mostMarks = 120

// Trace is what a run did, for whoever has to find out why it went as it did. It holds neither secrets nor what people answered.
type Trace struct {
	// SupportCode is borne by all events of the run.
	SupportCode string    `json:"support_code"`
	Began       time.Time `json:"began"`
	Marks       []Mark    `json:"marks,omitempty"`
	// More counts the marks that there was no room for.
	More int `json:"more,omitempty"`
}

// Mark is one thing that happened in a run.
type Mark struct {
	// At is when it happened, in milliseconds since the run began.
	At int64 `json:"at"`
	// Flow is the slug of the flow that the stage is of; Stage and Kind tell which it was.
	Flow  string `json:"flow,omitempty"`
	Stage string `json:"stage,omitempty"`
	Kind  string `json:"kind,omitempty"`
	// Did says what happened: see the constants.
	Did string `json:"did"`
	// Rule is the policy or the binding that decided, Reason the key of a refusal, Detail a name that says more.
	Rule   string `json:"rule,omitempty"`
	Reason string `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Took is how long it took, in microseconds.
	Took int64 `json:"took,omitempty"`
}

// What happens in a run.
const (
	DidAsk      = "asked"
	DidAnswer   = "answered"
	DidPass     = "done"
	DidSkip     = "skipped"
	DidInsert   = "inserted"
	DidSwitch   = "switched"
	DidLeave    = "left"
	DidReturn   = "returned"
	DidRestart  = "restarted"
	DidRefuse   = "refused"
	DidFail     = "failed"
	DidRedirect = "redirected"
	DidResume   = "taken up"
	DidCall     = "called" // an upstream; Detail says which of its endpoints
	DidMap      = "mapped" // a property mapping, by name
)

// NewTrace begins a trace under a support code of its own.
func NewTrace(began time.Time) *Trace {
	return &Trace{SupportCode: event.NewSupportCode(), Began: began.UTC()}
}

// Add notes what happened at a time.
func (t *Trace) Add(now time.Time, m Mark) {
	if t == nil {
		return
	}
	if len(t.Marks) >= mostMarks {
		t.More++
		return
	}
	m.At = max(now.Sub(t.Began).Milliseconds(), 0)
	t.Marks = append(t.Marks, m)
}

// Copy is a trace of its own with the same marks so far.
func (t *Trace) Copy() *Trace {
	out := *t
	out.Marks = slices.Clone(t.Marks)
	return &out
}

// join takes over the marks of another trace.
func (t *Trace) join(other *Trace) {
	if other == nil {
		return
	}
	for _, m := range other.Marks {
		t.Add(other.Began.Add(time.Duration(m.At)*time.Millisecond), m)
	}
}

// mark notes what a step came to.
func (e *Executor) mark(r *run, step *Step, m Mark) {
	m.Flow = r.flow.Slug
	if step != nil {
		m.Stage, m.Kind = step.Inline, ""
		if step.Inline == "" {
			e.name(r, step, &m)
		}
	}
	if n := len(r.trace.Marks); n > 0 && m.Did == DidAsk && m.same(r.trace.Marks[n-1]) {
		return // a page that is looked at again
	}
	r.trace.Add(e.Now(), m)
}

// name tells a mark which stage of which flow it is about.
func (e *Executor) name(r *run, step *Step, m *Mark) {
	id := step.Stage
	if b := r.snapshot.Bindings[step.Binding]; b != nil {
		id = b.Stage
		if f := r.snapshot.Flows[b.Flow]; f != nil {
			m.Flow = f.Slug
		}
	}
	if st := r.snapshot.Stages[id]; st != nil {
		m.Stage, m.Kind = st.Name, st.Kind
	}
}

func (m Mark) same(other Mark) bool {
	return m.Did == other.Did && m.Stage == other.Stage && m.Flow == other.Flow && m.Reason == other.Reason
}

// traceEvents are the records of a run that has ended: that of the flow it began with tells what it did, those of others that it came through lead there.
func traceEvents(r *run) []*model.Event {
	began := traceEvent(r)
	all, seen := []*model.Event{began}, map[string]bool{"": true, r.flow.Slug: true}
	for _, m := range r.trace.Marks {
		if seen[m.Flow] {
			continue
		}
		seen[m.Flow] = true
		through := event.New(began.Action, began.App, r.arrived, map[string]any{"flow": m.Flow, "from": r.flow.Slug, "outcome": r.outcome})
		through.User = began.User
		all = append(all, through)
	}
	return all
}

func traceEvent(r *run) *model.Event {
	marks := make([]any, len(r.trace.Marks))
	for i, m := range r.trace.Marks {
		marks[i] = m.object()
	}
	ev := event.New(model.ActionFlowExecution, "authentik.flows", r.arrived, map[string]any{"flow": r.flow.Slug, "outcome": r.outcome, "trace": marks})
	ev.Context["began"] = r.trace.Began.Format(time.RFC3339Nano)
	if r.trace.More > 0 {
		ev.Context["more"] = r.trace.More
	}
	ev.User = nil // that of the pending user, once it has an id
	if r.arrived.User != nil && r.pending() == nil {
		ev.User = event.UserOf(r.arrived.User)
	}
	return ev
}

// object is a mark as plain data.
func (m Mark) object() map[string]any {
	out := map[string]any{"at": m.At, "did": m.Did}
	for name, text := range map[string]string{"flow": m.Flow, "stage": m.Stage, "kind": m.Kind, "rule": m.Rule, "reason": m.Reason, "detail": m.Detail} {
		if text != "" {
			out[name] = text
		}
	}
	if m.Took > 0 {
		out["took"] = m.Took
	}
	return out
}
