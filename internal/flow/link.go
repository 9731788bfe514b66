package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// linkParameter is the query parameter of a link into a run, see [stage.Visit.Link].
const linkParameter = "flow_token"

// linked is what a link keeps: the run as it waits at the stage that made the link.
type linked struct {
	Plan *Plan `json:"plan"`
	// Run is the key of the run that the link was made in.
	Run   string     `json:"run"`
	Query url.Values `json:"query,omitempty"`
}

// noteLinks keeps what is left of the plan for the links that the present stage has made.
func (r *run) noteLinks() {
	for len(r.rests) < len(r.effects.Links) {
		rest := slices.Clone(r.plan.Steps)
		rest[0].ReEvaluate = false // its policies were asked; one that passes over restored runs must not keep the stage from seeing that its link came back
		r.rests = append(r.rests, rest)
	}
}

// tokens are the links of a request on their way into the database.
type tokens struct {
	hashes []string
	// old are those of the run's links that these take the place of: of several letters only the newest is good.
	old []string
}

// newLinks prepares the links of a request.
func (e *Executor) newLinks(r *run) tokens {
	if len(r.effects.Links) == 0 {
		return tokens{}
	}
	t := tokens{old: r.plan.Links}
	for _, l := range r.effects.Links {
		t.hashes = append(t.hashes, keypair.Hash(l.Token.Reveal()))
	}
	r.plan.Links = t.hashes
	return t
}

// save stores the links. It runs after the request's writes, when a new user has an id.
func (t tokens) save(ctx context.Context, e *Executor, r *run) error {
	now := e.Now().UTC()
	if len(t.hashes) > 0 {
		for _, hash := range t.old {
			if err := ignoreNotFound(e.Store.ConsumeFlowToken(ctx, hash, now)); err != nil {
				return err
			}
		}
	}
	for i, hash := range t.hashes {
		p := *r.plan
		p.Steps, p.Asked, p.Turn, p.Links, p.User = r.rests[i], "", p.Turn+1, nil, userID(r.visitor)
		clear, err := json.Marshal(linked{Plan: &p, Run: r.key, Query: r.query})
		if err != nil {
			return fmt.Errorf("write plan: %w", err)
		}
		err = e.Store.InsertFlowToken(ctx, &model.FlowToken{
			TokenHash: hash, Flow: r.flow.ID, Browser: r.visitor.Browser, Expires: now.Add(r.effects.Links[i].Lifetime),
			Plan: []byte(e.Box.Seal(string(clear), linkPlace(hash))),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// linkPlace is what a link's plan is sealed to.
func linkPlace(hash string) string { return "flow_tokens/plan/" + hash }

// follow opens a link. In the browser that the run began in it goes on at once; in another, a page asks for a click first, because programs open the links of letters to look
// for harm. With answered the click has come. The link leaves the address at once.
func (e *Executor) follow(ctx context.Context, v *model.Visitor, slug string, query url.Values, answered bool) (*Reply, error) {
	f := e.Snapshot().FlowBySlug(slug)
	if f == nil {
		return nil, model.Refuse(model.CodeNotFound, "flow.not_found", "There is no such flow.")
	}
	hash := keypair.Hash(query.Get(linkParameter))
	r := e.begin(v, f, shown(query))
	var refusal *model.Error
	if err := e.Failures.Check(attempt.Links, v); errors.As(err, &refusal) {
		return e.refused(ctx, r, refusal)
	}
	t, err := e.Store.FlowToken(ctx, hash)
	if errors.Is(err, model.ErrNotFound) {
		if err := e.Failures.Failed(ctx, attempt.Links, v); err != nil {
			return nil, err
		}
		return e.refused(ctx, r, model.Refuse(model.CodeInvalid, "flow.link_unknown", "There is no such link."))
	}
	if err != nil {
		return nil, err
	}
	own := !v.NewBrowser && t.Browser == v.Browser
	l, err := e.openLink(t, f)
	if err != nil {
		if page := e.underWay(ctx, r, hash, l); page != "" {
			return &Reply{To: page, Flow: f}, nil
		}
		return e.refused(ctx, r, err)
	}
	if !own && !answered {
		c := newConfirm(e.flowInfo(r))
		return &Reply{Flow: f, Challenge: c}, nil
	}
	return e.takeUp(ctx, r, t, l)
}

// openLink reads a link, or says why it is good no more.
func (e *Executor) openLink(t *model.FlowToken, f *model.Flow) (*linked, error) {
	if t.Flow != f.ID {
		return nil, model.Refuse(model.CodeInvalid, "flow.link_unknown", "The link is one of another flow.").With("action", model.ActionSuspiciousRequest)
	}
	clear, err := e.Box.Open(string(t.Plan), linkPlace(t.TokenHash))
	l := &linked{Plan: &Plan{Context: model.NewPlanContext()}}
	if err == nil {
		err = json.Unmarshal([]byte(clear), l)
	}
	switch {
	case err != nil || l.Plan.Version != planVersion:
		return nil, model.Refuse(model.CodeExpired, "flow.link_expired", "What the link keeps cannot be read.").Because(err)
	case t.ConsumedAt != nil:
		return l, model.Refuse(model.CodeExpired, "flow.link_used", "The link was used already, or a newer one was sent.")
	case !e.Now().Before(t.Expires):
		return l, model.Refuse(model.CodeExpired, "flow.link_expired", "The link has expired.")
	}
	return l, nil
}

// underWay gives the page of the run that the link was taken up in, where this browser did it: a link is often opened twice.
func (e *Executor) underWay(ctx context.Context, r *run, hash string, l *linked) string {
	if l == nil || r.visitor.NewBrowser {
		return ""
	}
	r.readdress(l, hash)
	if _, err := e.Store.FlowRun(ctx, r.key, r.visitor.Browser); err != nil {
		return ""
	}
	return r.page()
}

// readdress gives the run the page that a link leads to. Its handle follows from the link, so that the link leads there again.
func (r *run) readdress(l *linked, hash string) {
	query := url.Values{}
	maps.Copy(query, l.Query)
	query.Set(runParameter, keypair.Hash("run of " + hash)[:24])
	r.query = query
	r.key = runKey(r.visitor.Browser, r.flow.ID, query)
}

// takeUp goes on with the run of a link.
func (e *Executor) takeUp(ctx context.Context, r *run, t *model.FlowToken, l *linked) (*Reply, error) {
	p := l.Plan
	if p.User != 0 && p.User != userID(r.visitor) {
		return e.refused(ctx, r, model.Refuse(model.CodeDenied, "flow.link_other_user", "The link is for somebody who is not signed in here."))
	}
	before := stage.SlotPendingUser.Value(p.Context)
	if p.User == 0 && r.visitor.SignedIn() && (before == nil || before.ID != r.visitor.User.ID) {
		// The run is that of somebody who was signed out. Its stages would take who is signed in here for them, and write what a stranger typed into this user.
		return e.refused(ctx, r, model.Refuse(model.CodeDenied, "flow.requires_signed_out", "The link is for somebody who is signed out."))
	}
	if p.User == 0 {
		if err := e.require(ctx, r.flow, r.visitor, p.Context); err != nil {
			return e.refused(ctx, r, err)
		}
	}
	ok, err := e.refresh(ctx, p)
	if err != nil {
		return nil, err
	}
	if !ok || before != nil && before.IsActive && !stage.SlotPendingUser.Value(p.Context).IsActive {
		return e.refused(ctx, r, model.Refuse(model.CodeExpired, "flow.link_expired", "The user of the link is gone, was deactivated or has a new password."))
	}
	r.readdress(l, t.TokenHash)
	p.User = userID(r.visitor)
	r.take(p)
	stage.SlotIsRestored.Set(p.Context, true)
	e.mark(r, nil, Mark{Did: DidResume})
	r.away, r.claim = true, e.claims(t, l.Run)
	r.effects.Messages = append(r.effects.Messages, stage.Message{Key: "flow.link.verified"})
	reply, err := e.advance(ctx, r, nil)
	if reply != nil && reply.To != "" {
		reply.Challenge, reply.Driver = nil, nil // it is shown at the run's own address, to programs too
	}
	return reply, err
}

// claims takes a link, once, and ends the run that it was made in: the run goes on in one place.
func (e *Executor) claims(t *model.FlowToken, key string) func(context.Context) error {
	return func(ctx context.Context) error {
		err := e.Store.ConsumeFlowToken(ctx, t.TokenHash, e.Now().UTC())
		if errors.Is(err, model.ErrNotFound) {
			return model.Refuse(model.CodeExpired, "flow.link_used", "The link was used at the same moment.")
		}
		if err != nil {
			return err
		}
		for range 3 {
			origin, err := e.Store.FlowRun(ctx, key, t.Browser)
			if err != nil || !e.made(origin, t.TokenHash) {
				return ignoreNotFound(err)
			}
			if err := e.Store.DeleteFlowRun(ctx, origin.ID, origin.Revision); !errors.Is(err, model.ErrConflict) {
				return ignoreNotFound(err)
			}
		}
		return model.Refuse(model.CodeConflict, "flow.link_used", "The run goes on in another browser at the same moment.")
	}
}

// made reports whether a stored run is the one that has sent a link, and not a later one of the same page.
func (e *Executor) made(stored *model.FlowRun, hash string) bool {
	clear, err := e.Box.Open(string(stored.Plan), place(stored.ID))
	if err != nil {
		return false
	}
	p, err := decodePlan([]byte(clear))
	return err == nil && slices.Contains(p.Links, hash)
}

// confirm asks for a click before a link is taken.
type confirm struct{ stage.Base }

var _ stage.Asker = (*confirm)(nil)

func newConfirm(info *stage.FlowInfo) *confirm {
	return &confirm{stage.Base{Component: "ak-stage-email", FlowInfo: info}}
}

// Form is one button.
func (*confirm) Form() stage.Form {
	return stage.Form{Lead: "flow.link.opened", Submit: "flow.link.go_on"}
}
