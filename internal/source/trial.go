package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
)

// TrialLifetime is how long an administrator may take to try a source out, and how long the result is kept.
const TrialLifetime = 10 * time.Minute

// actionTrial is recorded of a trial. As every action that authentik does not know it begins with "custom_".
const actionTrial model.Action = "custom_source_trial"

// Trials keeps trials with real people. Package store has it.
type Trials interface {
	InsertSourceTrial(ctx context.Context, t *model.SourceTrial) error
	SourceTrial(ctx context.Context, id string) (*model.SourceTrial, error)
	FinishSourceTrial(ctx context.Context, id string, result model.Sealed, now time.Time) error
}

// Trial is how far a trial has come.
type Trial struct {
	// Source is the one that is tried out.
	Source *model.Source
	// State is "waiting", "done" or "expired".
	State string
	// Outcome is set once it is done.
	Outcome *Outcome
}

// The states of a trial.
const (
	TrialWaiting = "waiting"
	TrialDone    = "done"
	TrialExpired = "expired"
)

// BeginTrial sends the administrator's own browser to the real upstream, to see what a sign-in would come to. Who comes back is not signed in, and nothing is written of them but the
// outcome, for the administrator. The way back is held to the same state as that of a sign-in; what makes it a trial is kept sealed with it, so that nobody can make the one of the
// other. Whether the administrator may do so is for the caller to ask.
func (m *Manager) BeginTrial(ctx context.Context, s *model.Snapshot, v *model.Visitor, src *model.Source) (id, to string, err error) {
	if !v.SignedIn() || v.Browser == "" {
		return "", "", model.Invalid("non_field_errors", "A trial is begun in the browser that you are signed in with, not by a token.")
	}
	driver, err := m.driver(s, src)
	if err != nil {
		return "", "", unopened(src, err)
	}
	trial := &model.SourceTrial{ID: uuid.NewString(), Source: src.ID, User: v.User.ID, Session: v.Session.ID}
	to, request, err := m.leave(ctx, v, src, driver, "", map[string]string{keptTrial: trial.ID})
	if err != nil {
		return "", "", err
	}
	trial.Created, trial.Expires = request.Created, request.Created.Add(TrialLifetime)
	request.Expires = trial.Expires
	err = m.Store.InTx(ctx, func(ctx context.Context) error {
		if err := m.Store.InsertSourceTrial(ctx, trial); err != nil {
			return err
		}
		if err := m.Store.InsertSourceRequest(ctx, request); err != nil {
			return err
		}
		return m.recordTrial(ctx, v, src, "began", "")
	})
	return trial.ID, to, err
}

func (m *Manager) recordTrial(ctx context.Context, v *model.Visitor, src *model.Source, did, outcome string) error {
	details := map[string]any{"message": "A source was tried out with a real account; nobody was signed in by it", "source": src.Slug, "source_name": src.Name, "did": did}
	if outcome != "" {
		details["outcome"] = outcome
	}
	ev := event.New(actionTrial, app, v, details)
	event.Complete(ev, m.Now())
	return m.Store.InsertEvents(ctx, ev)
}

// tryOut is the return of a browser that left for a trial. It must still be the administrator's.
func (r *returning) tryOut(ctx context.Context, driver Driver, query url.Values) (*flow.Reply, error) {
	m, id := r.manager, r.keep[keptTrial]
	stored, err := m.trialOf(ctx, r.visitor, id)
	if errors.Is(err, model.ErrNotFound) || err == nil && stored.Source != r.source.ID {
		return nil, model.Refuse(model.CodeDenied, "source.trial_not_yours", "The trial is of another session, or over.")
	}
	if err != nil {
		return nil, err
	}
	trying := m.trying(r.snapshot, r.visitor, r.source, r.keep)
	account, err := driver.Finish(ctx, r.back(query))
	if errors.Is(err, model.ErrUnavailable) {
		return nil, err
	}
	outcome, err := trying.outcome(ctx, driver, account, err)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(outcome)
	if err != nil {
		return nil, fmt.Errorf("write the outcome of a trial: %w", err)
	}
	err = m.Store.InTx(ctx, func(ctx context.Context) error {
		if err := m.Store.FinishSourceTrial(ctx, id, model.Sealed(m.Box.Seal(string(text), trialPlace(id))), m.Now().UTC()); err != nil {
			return err
		}
		return m.recordTrial(ctx, r.visitor, r.source, "ended", outcome.Action)
	})
	if errors.Is(err, model.ErrNotFound) {
		return nil, model.Refuse(model.CodeDenied, "source.trial_not_yours", "The trial is over.")
	}
	if err != nil {
		return nil, err
	}
	return &flow.Reply{To: TrialPath(id), Ended: true}, nil
}

// TrialPath is the page of a trial that has ended.
func TrialPath(id string) string { return "/source/trial/" + id + "/" }

func trialPlace(id string) string { return "source_trials/result/" + id }

// trialOf gives a trial of the very session that asks: model.ErrNotFound for all others.
func (m *Manager) trialOf(ctx context.Context, v *model.Visitor, id string) (*model.SourceTrial, error) {
	if !v.SignedIn() {
		return nil, model.ErrNotFound
	}
	t, err := m.Store.SourceTrial(ctx, id)
	if err != nil {
		return nil, err
	}
	if t.User != v.User.ID || t.Session != v.Session.ID {
		return nil, model.ErrNotFound
	}
	return t, nil
}

// TrialOf tells the administrator who began a trial how far it has come, in the session that it began in: model.ErrNotFound for everybody else.
func (m *Manager) TrialOf(ctx context.Context, v *model.Visitor, id string) (*Trial, error) {
	stored, err := m.trialOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	t := &Trial{Source: m.Snapshot().Sources[stored.Source], State: TrialWaiting}
	switch {
	case t.Source == nil:
		return nil, model.ErrNotFound
	case !m.Now().Before(stored.Expires):
		t.State = TrialExpired
		return t, nil
	case stored.Result == "":
		return t, nil
	}
	text, err := m.Box.Open(string(stored.Result), trialPlace(id))
	if err != nil {
		return nil, fmt.Errorf("open the outcome of a trial: %w", err)
	}
	d := json.NewDecoder(bytes.NewBufferString(text))
	d.UseNumber()
	t.State, t.Outcome = TrialDone, &Outcome{}
	if err := d.Decode(t.Outcome); err != nil {
		return nil, fmt.Errorf("read the outcome of a trial: %w", err)
	}
	return t, nil
}

// openFor finds the source that a browser comes back from. One that is switched off lets nobody in, but it can be tried out.
func (m *Manager) openFor(ctx context.Context, s *model.Snapshot, slug, state string) (*model.Source, Driver, error) {
	src, driver, err := m.open(s, slug)
	if src := s.SourceBySlug(slug); err != nil && src != nil && !src.Enabled && len(state) == 32 {
		request, readErr := m.Store.SourceRequest(ctx, stateHash(state))
		if readErr != nil {
			return nil, nil, err
		}
		keep, readErr := m.kept(request)
		if readErr != nil || keep[keptTrial] == "" || request.Source != src.ID {
			return nil, nil, err
		}
		if driver, readErr = m.driver(s, src); readErr == nil {
			return src, driver, nil
		}
	}
	return src, driver, err
}
