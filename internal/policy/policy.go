package policy

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

// Request is what a policy judges.
type Request struct {
	Visitor *model.Visitor
	// User is whom the decision is about: the pending user of a flow, else who is signed in; nil for nobody.
	User *model.User
	// Context is the running plan's context; never nil.
	Context *model.PlanContext
}

// Result is a decision, and what to tell the person.
type Result struct {
	Passing  bool
	Messages []string
	// Rule names the binding that refused, for the audit trail.
	Rule string
}

// Driver is one policy, opened from its settings.
type Driver interface {
	Evaluate(ctx context.Context, r *Request) (Result, error)
}
