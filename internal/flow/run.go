package flow

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// runParameter is the query parameter that names a run which a source or provider started. The handle is worth nothing outside of its browser.
const runParameter = "run"

// run is one request's work on a plan.
type run struct {
	snapshot *model.Snapshot
	flow     *model.Flow
	// visitor is who makes the request, as the stages leave them: one may sign in. It counts once the request is committed; until then arrived is true.
	visitor *model.Visitor
	arrived *model.Visitor
	query   url.Values
	key     string
	plan    *Plan
	trace   *Trace
	// revision is that of the stored run; 0 where none is stored.
	revision int64
	started  bool
	// expires is when the stored run does.
	expires time.Time
	// away says that this request is not one for the run's page: the browser has to be sent there.
	away bool
	// claim is what must be taken, once, for the run to go on in this request; nil for nothing.
	claim func(ctx context.Context) error
	// retry says that a conflict goes up to whoever started the run, see Start.
	retry bool
	// progressed says that a step was passed in this request.
	progressed bool
	// restarted says that a wrong answer has begun the flow anew in this request.
	restarted bool
	effects   stage.Effects
	// rests are what is left of the plan for each of the effects' links.
	rests [][]Step
	// trial says that the run is only thought through: what policies note is not stored.
	trial bool
	// outcome is what the run has come to, once it has ended.
	outcome string
}

// begin makes the work of a request on a run of which nothing is known yet.
func (e *Executor) begin(v *model.Visitor, f *model.Flow, query url.Values) *run {
	visitor := *v
	return &run{
		snapshot: e.Snapshot(), flow: f, visitor: &visitor, arrived: v, query: query, key: runKey(v.Browser, f.ID, query), trace: NewTrace(e.Now()),
	}
}

// page is the address of the run's page.
func (r *run) page() string {
	to := "/if/flow/" + url.PathEscape(r.flow.Slug) + "/"
	if q := r.query.Encode(); q != "" {
		to += "?" + q
	}
	return to
}

// inspectorParameter marks a run that its administrator looks at, as in authentik's links. A flow that signs people in then begins though somebody is signed in.
const inspectorParameter = "inspector"

// runKey names a run by what it belongs to: the browser, the flow, and the query of its page. The reader's language is not part of it.
func runKey(browser string, f model.FlowID, query url.Values) string {
	q := url.Values{}
	for name, values := range query {
		if name != "lang" && name != inspectorParameter {
			q[name] = values
		}
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{browser, string(f), q.Encode()}, "\n")))
	return hex.EncodeToString(sum[:])
}

// pending is the plan's user, nil if there is none.
func (r *run) pending() *model.User {
	if r.plan == nil {
		return nil
	}
	return stage.SlotPendingUser.Value(r.plan.Context)
}

func newHandle() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// open finds the run of a page, or begins one. It may answer at once instead: for a flow that does not apply, or that is already done.
func (e *Executor) open(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*run, *Reply, error) {
	f := e.Snapshot().FlowBySlug(slug)
	if f == nil {
		return nil, nil, model.Refuse(model.CodeNotFound, "flow.not_found", "There is no such flow.")
	}
	r := e.begin(v, f, query)
	if err := e.resume(ctx, r); err != nil {
		return nil, nil, err
	}
	if r.plan != nil {
		return r, nil, nil
	}
	if query.Get(runParameter) != "" {
		reply, err := e.refused(ctx, r, model.Refuse(model.CodeExpired, "flow.expired", "The run of this flow has ended."))
		return nil, reply, err
	}
	if f.Designation == model.DesignationAuthentication && v.SignedIn() {
		inspects, err := e.inspects(ctx, v, query)
		if err != nil {
			return nil, nil, err
		}
		if !inspects {
			reply, err := e.finish(ctx, r)
			return nil, reply, err
		}
	}
	c := model.NewPlanContext()
	if e.Application != nil {
		if app := e.Application(r.snapshot, query.Get("next")); app != nil {
			stage.SlotApplication.Set(c, *app)
		}
	}
	p, err := e.plan(ctx, r, f, c)
	if err != nil {
		reply, err := e.refused(ctx, r, err)
		return nil, reply, err
	}
	c.Clean()
	r.plan = p
	return r, nil, nil
}

// inspects tells whether an administrator only looks at the run.
func (e *Executor) inspects(ctx context.Context, v *model.Visitor, query url.Values) (bool, error) {
	if !query.Has(inspectorParameter) {
		return false, nil
	}
	return e.isSuperuser(ctx, v)
}

// resume reads the stored run, if there is one that still fits. One that does not is as good as none.
func (e *Executor) resume(ctx context.Context, r *run) error {
	if r.visitor.NewBrowser {
		return nil
	}
	stored, err := e.Store.FlowRun(ctx, r.key, r.visitor.Browser)
	if err != nil {
		return ignoreNotFound(err)
	}
	if !e.Now().Before(stored.Expires) {
		return e.drop(ctx, stored)
	}
	clear, err := e.Box.Open(string(stored.Plan), place(r.key))
	if err != nil {
		return e.drop(ctx, stored)
	}
	p, err := decodePlan([]byte(clear))
	if err != nil || p.Flow != r.flow.ID || p.User != userID(r.visitor) {
		return e.drop(ctx, stored)
	}
	ok, err := e.refresh(ctx, p)
	if err != nil {
		return err
	}
	if !ok {
		return e.drop(ctx, stored)
	}
	r.take(p)
	r.revision, r.expires = stored.Revision, stored.Expires
	return nil
}

// take makes a stored plan the run's.
func (r *run) take(p *Plan) {
	r.plan, r.started = p, p.Started
	if p.Trace == nil {
		p.Trace = r.trace
	}
	r.trace = p.Trace
}

// refresh reads the plan's user anew. It reports whether there still is one to go on with: what a run knows of somebody who has got a new password elsewhere meanwhile may be
// what a thief has shown.
func (e *Executor) refresh(ctx context.Context, p *Plan) (ok bool, err error) {
	u, has := stage.SlotPendingUser.Get(p.Context)
	if !has || u == nil || u.ID == 0 {
		return true, nil
	}
	fresh, err := e.Store.User(ctx, u.ID)
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	// The plan may hold the moment more exactly than the database.
	if fresh.PasswordChangeDate.Sub(u.PasswordChangeDate) > time.Second {
		return false, nil
	}
	stage.SlotPendingUser.Set(p.Context, fresh)
	p.Context.Clean()
	return true, nil
}

func (e *Executor) drop(ctx context.Context, stored *model.FlowRun) error {
	return ignoreConflict(e.Store.DeleteFlowRun(ctx, stored.ID, stored.Revision))
}

func userID(v *model.Visitor) model.UserID {
	if v.User == nil {
		return 0
	}
	return v.User.ID
}

// place is what a stored plan is sealed to.
func place(key string) string { return "flow_runs/plan/" + key }

func ignoreNotFound(err error) error {
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	return err
}

func ignoreConflict(err error) error {
	if errors.Is(err, model.ErrConflict) || errors.Is(err, model.ErrNotFound) {
		return nil
	}
	return err
}
