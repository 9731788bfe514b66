package flow

import (
	"context"
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
)

// Foresee plans a run as [Executor.Start] would, and neither starts nor stores it: the names of the stages that it would go through, or the refusal of a flow that does not apply.
// What policies would write is left out.
func (e *Executor) Foresee(ctx context.Context, v *model.Visitor, f *model.Flow, c *model.PlanContext) (stages []string, err error) {
	r := e.begin(v, f, url.Values{})
	r.trial = true
	p, err := e.plan(ctx, r, f, c)
	if err != nil {
		return nil, err
	}
	for i := range p.Steps {
		m := Mark{Stage: p.Steps[i].Inline}
		if m.Stage == "" {
			e.name(r, &p.Steps[i], &m)
		}
		stages = append(stages, m.Stage)
	}
	return stages, nil
}
