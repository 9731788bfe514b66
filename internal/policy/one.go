package policy

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

// EvaluatePolicy decides by one policy that is bound to nothing: a prompt stage has a list of them to check answers with. One that fails, or is gone, does not pass; it is recorded
// as if it were bound. The error is not nil only where the database could not be read.
func (e *Engine) EvaluatePolicy(ctx context.Context, s *model.Snapshot, id model.PolicyID, r *Request) (Result, error) {
	b := model.NewPolicyBinding()
	b.Policy = &id
	return e.evaluatePolicy(ctx, s, &b, r)
}
