package flow

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// RunLifetime is how long a person may take for a flow.
const RunLifetime = 30 * time.Minute

// SlotReauthenticate says that a signed-in person is to prove who they are again (OpenID Connect Core 3.1.2.1, prompt=login and max_age).
var SlotReauthenticate = model.NewSlot[bool]("goauthentik.io/flows/reauthenticate")

// Store is what the executor needs of the database. Package store has it.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	FlowRun(ctx context.Context, id, browser string) (*model.FlowRun, error)
	SaveFlowRun(ctx context.Context, r *model.FlowRun) error
	DeleteFlowRun(ctx context.Context, id string, revision int64) error
	User(ctx context.Context, id model.UserID) (*model.User, error)
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
	InsertFlowToken(ctx context.Context, t *model.FlowToken) error
	FlowToken(ctx context.Context, hash string) (*model.FlowToken, error)
	ConsumeFlowToken(ctx context.Context, hash string, now time.Time) error
	event.Writer
}

// Failures limits what goes wrong from an address. Package attempt has it.
type Failures interface {
	Check(what string, v *model.Visitor) error
	Failed(ctx context.Context, what string, v *model.Visitor) error
}

// Deps is what an executor is made of.
type Deps struct {
	// Snapshot gives the present configuration.
	Snapshot func() *model.Snapshot
	Stages   *kind.Shelf[stage.Driver]
	Box      kind.Box
	Policies Policies
	Store    Store
	Failures Failures
	// Next reduces a "next" parameter to a path on our own origin, or says that it is not one.
	Next func(raw string) (string, bool)
	// Application finds the application that a next path leads to, for the login page's "continue to". It may give nil.
	Application func(s *model.Snapshot, next string) *stage.ApplicationRef
	Now         func() time.Time
	Log         *slog.Logger
}

// Executor runs flows.
type Executor struct {
	Deps
	policies Policies
	groups   interface {
		GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
	}
	inline map[string]stage.Driver
}

// New makes an executor. Add inline stages before it serves.
func New(d Deps) *Executor {
	return &Executor{Deps: d, policies: d.Policies, groups: d.Store, inline: map[string]stage.Driver{redirectStage: elsewhere{}}}
}

// Inline adds a stage that no administrator puts into a flow: sources and providers append theirs to a plan by name.
func (e *Executor) Inline(name string, d stage.Driver) { e.inline[name] = d }

// Start is a run that a source or a provider begins.
type Start struct {
	Flow *model.Flow
	// Context is what the starter knows. It belongs to the run from then on.
	Context *model.PlanContext
	// Append names inline stages that run after the flow's own.
	Append []string
	// Query is what the flow's page gets in its address, next to the handle of the run.
	Query url.Values
	// Retry says that whoever starts will try again after a conflict: it comes back as an error of model.CodeConflict, and is not recorded.
	Retry bool
	// Trace is what happened before, if anything worth telling did.
	Trace *Trace
}

// Reply is what to answer a browser or a program.
type Reply struct {
	// To is where the browser goes: the run has ended, or goes on at its page. Empty if Challenge is to be shown here.
	To string
	// Ended says that the run is over.
	Ended bool
	// Challenge is what to show; Driver is the stage that made it, nil for refusals.
	Challenge stage.Challenge
	Driver    stage.Driver
	// Refusal is set where the challenge is a refusal.
	Refusal *model.Error
	Flow    *model.Flow
	// Session and SessionToken are a new session for the browser's cookie; SignOut takes the cookie away.
	Session      *model.Session
	SessionToken model.Secret
	SignOut      bool
	Messages     []stage.Message
	// Locale is the language that the person has chosen for this browser; "" for no choice.
	Locale string
	// Onward are the addresses that answering the challenge may lead to, so that a page's content security policy can allow them: browsers hold form-action against
	// redirects as well.
	Onward []string
}

// Show answers a GET of a flow's page: it goes on to the first stage that asks, and changes nothing that was asked before.
func (e *Executor) Show(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*Reply, error) {
	if query.Get(linkParameter) != "" {
		return e.follow(ctx, v, slug, query, false)
	}
	r, reply, err := e.open(ctx, v, slug, query)
	if err != nil || reply != nil {
		return reply, err
	}
	return e.advance(ctx, r, nil)
}

// Answer takes what a person sent to the challenge that is due.
func (e *Executor) Answer(ctx context.Context, v *model.Visitor, slug string, query url.Values, a stage.Answer) (*Reply, error) {
	if query.Get(linkParameter) != "" {
		return e.follow(ctx, v, slug, query, true)
	}
	r, reply, err := e.open(ctx, v, slug, query)
	if err != nil || reply != nil {
		return reply, err
	}
	return e.advance(ctx, r, a)
}

// Start begins a run. Stages that need nothing of the person run at once; if one asks, Reply.To is the page where it does.
func (e *Executor) Start(ctx context.Context, v *model.Visitor, st Start) (*Reply, error) {
	r := e.begin(v, st.Flow, url.Values{})
	r.started, r.away, r.retry = true, true, st.Retry
	if st.Trace != nil {
		r.trace = st.Trace
	}
	for name, values := range st.Query {
		r.query[name] = values
	}
	r.query.Set(runParameter, newHandle())
	r.key = runKey(v.Browser, st.Flow.ID, r.query)
	p, err := e.plan(ctx, r, st.Flow, st.Context)
	if err != nil {
		return e.refused(ctx, r, err)
	}
	p.Started = true
	for _, name := range st.Append {
		p.Steps = append(p.Steps, Step{Inline: name})
	}
	r.plan = p
	return e.advance(ctx, r, nil)
}

// Cancel ends a run, if there is one.
func (e *Executor) Cancel(ctx context.Context, v *model.Visitor, slug string, query url.Values) error {
	s := e.Snapshot()
	f := s.FlowBySlug(slug)
	if f == nil {
		return nil
	}
	stored, err := e.Store.FlowRun(ctx, runKey(v.Browser, f.ID, query), v.Browser)
	if err != nil {
		return ignoreNotFound(err)
	}
	return ignoreConflict(e.Store.DeleteFlowRun(ctx, stored.ID, stored.Revision))
}
