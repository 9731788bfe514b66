package flow

import (
	"context"
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
)

// Inspection tells an administrator where a run stands, in the shape of authentik's flow inspector. It holds no values of the run's context: they may be what people typed.
type Inspection struct {
	Plans       []Inspected `json:"plans"`
	CurrentPlan *Inspected  `json:"current_plan,omitempty"`
	IsCompleted bool        `json:"is_completed"`
}

// Inspected is a plan with its stages by name.
type Inspected struct {
	CurrentStage     *Mark    `json:"current_stage,omitempty"`
	NextPlannedStage *Mark    `json:"next_planned_stage,omitempty"`
	PlanContext      []string `json:"plan_context"`
	SessionID        string   `json:"session_id"`
	// Left are the stages that are left, and Trace what was done so far.
	Left  []Mark `json:"left"`
	Trace *Trace `json:"trace"`
}

// Inspect tells where the visitor's run of a page stands. model.ErrNotFound: there is no such flow.
func (e *Executor) Inspect(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*Inspection, error) {
	f := e.Snapshot().FlowBySlug(slug)
	if f == nil {
		return nil, model.ErrNotFound
	}
	r := e.begin(v, f, query)
	if err := e.resume(ctx, r); err != nil {
		return nil, err
	}
	if r.plan == nil {
		return &Inspection{Plans: []Inspected{}, IsCompleted: true}, nil
	}
	i := Inspected{PlanContext: r.plan.Context.Names(), SessionID: r.trace.SupportCode, Trace: r.trace, Left: []Mark{}}
	for n := range r.plan.Steps {
		step := &r.plan.Steps[n]
		m := Mark{Flow: f.Slug, Stage: step.Inline}
		if step.Inline == "" {
			e.name(r, step, &m)
		}
		i.Left = append(i.Left, m)
	}
	if len(i.Left) > 0 {
		i.CurrentStage = &i.Left[0]
	}
	if len(i.Left) > 1 {
		i.NextPlannedStage = &i.Left[1]
	}
	return &Inspection{Plans: []Inspected{}, CurrentPlan: &i}, nil
}
