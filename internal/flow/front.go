package flow

import (
	"context"
	"fmt"
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Front gives the page by which people come in, for who only wants to look at it: nothing begins, and nothing is stored. It is that of the flow's first stage that offers a way
// in; others are passed over, for entering them may do something. The snapshot need not be the present one. model.ErrNotFound: no stage of the flow offers a way in.
func (e *Executor) Front(ctx context.Context, s *model.Snapshot, f *model.Flow, v *model.Visitor) (stage.Challenge, error) {
	r := e.begin(v, f, url.Values{})
	r.snapshot, r.plan = s, &Plan{Version: planVersion, Flow: f.ID, Context: model.NewPlanContext()}
	for _, b := range s.BindingsOf(f.ID) {
		d, visit, err := e.visit(r, &Step{Binding: b.ID})
		if err != nil {
			return nil, fmt.Errorf("open stage: %w", err)
		}
		entrance, ok := d.(stage.Entrance)
		if !ok {
			continue
		}
		if w := entrance.Opens(s); !w.Names && !w.Passkeys && len(w.Sources) == 0 {
			continue
		}
		o, err := d.Enter(ctx, visit)
		if err != nil {
			return nil, fmt.Errorf("enter stage: %w", err)
		}
		if ask, ok := o.(stage.Ask); ok {
			stage.BaseOf(ask.Challenge).FlowInfo = e.flowInfo(r)
			return ask.Challenge, nil
		}
	}
	return nil, model.ErrNotFound
}
