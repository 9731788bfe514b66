package store

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/model"
)

// FlowRun reads a run that this browser began. Whether it has expired is for the caller to say.
func (s *Store) FlowRun(ctx context.Context, id, browser string) (*model.FlowRun, error) {
	r := &model.FlowRun{}
	err := s.readOne(ctx, `SELECT id, browser, flow_id, plan, revision, expires FROM flow_runs WHERE id = $1 AND browser = $2`,
		[]any{&r.ID, &r.Browser, &r.Flow, &r.Plan, &r.Revision, intoTime{&r.Expires}}, id, browser)
	if err != nil {
		return nil, wrap("read flow run", err)
	}
	return r, nil
}

const (
	// A run that has expired gives way to a new one. Its revision goes on, so that an answer to the old one stays too late.
	insertFlowRun = `INSERT INTO flow_runs (id, browser, flow_id, plan, revision, expires) VALUES ($1, $2, $3, $4, 1, $5)
		ON CONFLICT (id) DO UPDATE SET browser = excluded.browser, flow_id = excluded.flow_id, plan = excluded.plan,
		revision = flow_runs.revision + 1, expires = excluded.expires WHERE flow_runs.expires <= $6 RETURNING revision`
	updateFlowRun = `UPDATE flow_runs SET flow_id = $3, plan = $4, expires = $5, revision = revision + 1
		WHERE id = $1 AND browser = $2 AND revision = $6 RETURNING revision`
)

// SaveFlowRun inserts a run of revision 0, and updates another if its revision is still the stored one. It sets the new revision.
// model.ErrConflict: somebody else was there first.
func (s *Store) SaveFlowRun(ctx context.Context, r *model.FlowRun) error {
	plan := r.Plan
	if plan == nil {
		plan = []byte{}
	}
	args := []any{r.ID, r.Browser, r.Flow, plan, moment(r.Expires)}
	var err error
	if r.Revision == 0 {
		err = s.writeOne(ctx, insertFlowRun, []any{&r.Revision}, append(args, moment(s.now()))...)
	} else {
		err = s.writeOne(ctx, updateFlowRun, []any{&r.Revision}, append(args, r.Revision)...)
	}
	return wrap("save flow run", tooLate(err))
}

// DeleteFlowRun ends a run if its revision is still this one, else it is model.ErrConflict.
func (s *Store) DeleteFlowRun(ctx context.Context, id string, revision int64) error {
	return wrap("delete flow run", tooLate(s.must(ctx, `DELETE FROM flow_runs WHERE id = $1 AND revision = $2 RETURNING 1`, id, revision)))
}

// tooLate is how a conditional write reports that its condition did not hold.
func tooLate(err error) error {
	if errors.Is(err, model.ErrNotFound) {
		return model.ErrConflict
	}
	return err
}
