package policy

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// app is the module that policies' events are recorded by, in authentik's names.
const app = "authentik.policies"

// quiet is how long a failure of a policy at one place is not recorded again: a page that everybody opens would fill the audit trail.
const quiet = time.Minute

// audit records what policies did. The zero value records nothing.
type audit struct {
	record func(ctx context.Context, ev *model.Event) error

	mu   sync.Mutex
	last map[model.PolicyBindingID]time.Time
}

// failed records a policy that gave no answer.
func (a *audit) failed(ctx context.Context, s *model.Snapshot, p *model.Policy, b *model.PolicyBinding, r *Request, err error) {
	if a.record == nil || r.Debug || !a.due(b.ID, time.Now()) {
		return
	}
	details := about(s, p, b)
	details["message"] = "Policy " + p.Name + " failed: " + Cause(err)
	var runtime *expr.RuntimeError
	if errors.As(err, &runtime) && runtime.Line > 0 {
		details["line"], details["column"] = runtime.Line, runtime.Column
	}
	a.write(ctx, model.ActionPolicyException, r, details)
}

// decided records a decision.
func (a *audit) decided(ctx context.Context, s *model.Snapshot, p *model.Policy, b *model.PolicyBinding, r *Request, result Result) {
	if a.record == nil || r.Debug {
		return
	}
	details := about(s, p, b)
	details["message"] = "Policy execution"
	details["result"] = map[string]any{"passing": result.Passing, "messages": result.Messages}
	a.write(ctx, model.ActionPolicyExecution, r, details)
}

// write records an event about whom the decision is about. That it cannot be written changes no decision.
func (a *audit) write(ctx context.Context, action model.Action, r *Request, details map[string]any) {
	ev := event.New(action, app, r.Visitor, details)
	if ev.User == nil && r.User != nil && r.User.ID != 0 {
		ev.User = event.UserOf(r.User)
	}
	_ = a.record(ctx, ev)
}

// about names the policy and what it stands before.
func about(s *model.Snapshot, p *model.Policy, b *model.PolicyBinding) map[string]any {
	return map[string]any{
		"policy":  map[string]any{"pk": string(p.ID), "name": p.Name, "kind": p.Kind},
		"binding": map[string]any{"pk": string(b.ID), "target": string(b.Target), "order": b.Order},
		"target":  targetName(s, b),
	}
}

// Cause is what an administrator is told of a policy's error: what is written for them, and of anything else only that there was one.
func Cause(err error) string {
	var runtime *expr.RuntimeError
	var syntax *expr.SyntaxError
	var known *model.Error
	switch {
	case errors.As(err, &runtime):
		return runtime.Error()
	case errors.As(err, &syntax):
		return syntax.Error()
	case errors.As(err, &known):
		return known.Error()
	case errors.Is(err, errPanic):
		return errPanic.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "it gave no answer in time"
	}
	return "see the server's log"
}

// due reports whether a failure is to be recorded, and remembers that it was.
func (a *audit) due(id model.PolicyBindingID, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if last, ok := a.last[id]; ok && now.Sub(last) < quiet {
		return false
	}
	if a.last == nil {
		a.last = map[model.PolicyBindingID]time.Time{}
	}
	a.last[id] = now
	return true
}
