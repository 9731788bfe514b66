package flow

import (
	"context"
	"errors"
	"fmt"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
)

// commit does what the stages of this request want done, in one transaction with the run itself.
func (e *Executor) commit(ctx context.Context, r *run, save, ended bool) error {
	if !save && !(ended && r.revision > 0) && len(r.effects.Writes) == 0 && len(r.effects.Events) == 0 && r.claim == nil {
		return nil
	}
	var stored *model.FlowRun
	pending := r.pending()
	enrolled := pending != nil && pending.ID == 0
	made := len(r.effects.Events)
	tokens := e.newLinks(r)
	err := e.Store.InTx(ctx, func(ctx context.Context) (err error) {
		r.effects.Events = r.effects.Events[:made] // what the writes record is recorded anew where the database runs them again
		if r.claim != nil {
			if err := r.claim(ctx); err != nil {
				return err
			}
		}
		if ended && r.revision > 0 {
			if err := e.Store.DeleteFlowRun(ctx, r.key, r.revision); err != nil {
				return moved(err)
			}
		}
		for _, write := range r.effects.Writes {
			if err := write(ctx); err != nil {
				return err
			}
		}
		if err := e.record(ctx, r, ended); err != nil {
			return err
		}
		if err := tokens.save(ctx, e, r); err != nil {
			return err
		}
		if !save {
			return nil
		}
		stored, err = e.save(ctx, r)
		return err
	})
	if err != nil {
		if enrolled {
			pending.ID = 0 // it was taken back, and will be someone else's
		}
		return err
	}
	if stored != nil {
		r.revision, r.expires = stored.Revision, stored.Expires
	}
	r.claim = nil
	for _, after := range r.effects.After {
		after(ctx)
	}
	return nil
}

func moved(err error) error {
	if errors.Is(err, model.ErrConflict) || errors.Is(err, model.ErrNotFound) {
		return errMoved
	}
	return err
}

func (e *Executor) save(ctx context.Context, r *run) (*model.FlowRun, error) {
	r.plan.User = userID(r.visitor)
	clear, err := r.plan.encode()
	if err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	stored := &model.FlowRun{
		ID: r.key, Browser: r.visitor.Browser, Flow: r.flow.ID, Revision: r.revision, Expires: e.Now().Add(max(RunLifetime, r.effects.Patience)).UTC(),
		Plan: []byte(e.Box.Seal(string(clear), place(r.key))),
	}
	return stored, moved(e.Store.SaveFlowRun(ctx, stored))
}

// record writes the request's events, and with the last of them what the run did: nothing where it has nothing else to tell. One that was made before its user had an
// id gets it now.
func (e *Executor) record(ctx context.Context, r *run, ended bool) error {
	if len(r.effects.Events) == 0 {
		return nil
	}
	if ended {
		r.effects.Events = append(r.effects.Events, traceEvents(r)...)
	}
	pending := r.pending()
	for _, ev := range r.effects.Events {
		if pending != nil && pending.ID != 0 && (ev.User == nil || ev.User.ID == 0) {
			ev.User = event.UserOf(pending)
		}
		if ev.SupportCode == "" {
			ev.SupportCode = r.trace.SupportCode
		}
		event.Complete(ev, e.Now())
	}
	return e.Store.InsertEvents(ctx, r.effects.Events...)
}
