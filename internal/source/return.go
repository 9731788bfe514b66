package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// home is where people go who wanted to go nowhere in particular.
const home = "/if/user/"

// app names this module in events, as authentik does.
const app = "authentik.sources.oauth"

// returning is one browser on its way back from a source.
type returning struct {
	manager  *Manager
	snapshot *model.Snapshot
	source   *model.Source
	visitor  *model.Visitor
	request  *model.SourceRequest
	account  *Account
	// properties are the user's as the mappings made them, mapped those that a mapping has set, groups those that the source told of; nil where it tells of none.
	properties map[string]any
	mapped     map[string]bool
	groups     map[string]map[string]any
	// namesake is the user who has the username that the source gave; 0 for nobody.
	namesake model.UserID
	// wanted is that username, where the person has got another in its place.
	wanted     string
	keep       map[string]string
	connecting *Connecting
	trace      *flow.Trace
	// trial is what is noted of a sign-in that is only tried out; nil where it is meant.
	trial *Outcome
}

// kept reads what the departure has left for the return.
func (m *Manager) kept(request *model.SourceRequest) (keep map[string]string, err error) {
	clear, err := m.Box.Open(string(request.Keep), "source_requests/keep/"+request.StateHash)
	if err == nil {
		err = json.Unmarshal([]byte(clear), &keep)
	}
	if err != nil {
		return nil, model.Refuse(model.CodeExpired, "source.state_expired", "What was kept for the return cannot be read.").Because(err)
	}
	return keep, nil
}

// run asks the driver who it is, decides and acts.
func (r *returning) run(ctx context.Context, driver Driver, query url.Values) (*flow.Reply, error) {
	m := r.manager
	began := time.Now()
	account, err := driver.Finish(ctx, r.back(query))
	if err != nil {
		return nil, m.failed(ctx, r.source, r.visitor, err, model.CodeExpired)
	}
	if err := r.understand(ctx, driver, account, began); err != nil {
		return nil, err
	}
	act := r.act
	if r.keep[keptFlow] != "" {
		act = r.resume
	}
	reply, err := act(ctx, true)
	if model.CodeOf(err) == model.CodeConflict {
		// Someone may have enrolled the same account this very moment, in another tab or on another server: then it is known now.
		reply, err = act(ctx, false)
	}
	return reply, err
}

// back is what the driver gets of the browser's return.
func (r *returning) back(query url.Values) Return {
	return Return{SourceID: r.source.ID, Query: query, CallbackURL: callbackURL(r.visitor.Origin, r.source), Locale: r.request.Locale, Keep: r.keep}
}

// understand takes the account that the upstream was asked for from a moment on, and makes a user's properties of it.
func (r *returning) understand(ctx context.Context, driver Driver, account *Account, asked time.Time) error {
	r.account = account
	if len(account.Identifiers) == 0 {
		return model.Refuse(model.CodeUpstream, "source.no_identifier", "Could not determine id.")
	}
	r.called(asked)
	began := time.Now()
	if err := r.read(ctx, driver); err != nil {
		return err
	}
	r.mappings(began)
	return nil
}

// act decides and does it. With retry an enrollment that meets something of its name or account is an error of model.CodeConflict, to be decided anew.
func (r *returning) act(ctx context.Context, retry bool) (*flow.Reply, error) {
	p, err := r.foresee(ctx)
	if err != nil {
		return nil, err
	}
	if p.flow == nil {
		return r.connect(ctx, p)
	}
	return r.start(ctx, p.flow, p.context, retry)
}

func (r *returning) flow(id *model.FlowID) *model.Flow {
	if id == nil {
		return nil
	}
	return r.snapshot.Flows[*id]
}

// context is what the source knows, under authentik's names.
func (r *returning) context() *model.PlanContext {
	c := model.NewPlanContext()
	stage.SlotPromptData.Set(c, maps.Clone(r.properties))
	stage.SlotUserBackend.Set(c, "authentik.core.auth.InbuiltBackend")
	stage.SlotAuthMethod.Set(c, "source")
	stage.SlotIsSSO.Set(c, true)
	stage.SlotSource.Set(c, stage.SourceRef{ID: r.source.ID, Slug: r.source.Slug, Name: r.source.Name})
	stage.SlotRedirect.Set(c, r.destination())
	r.vouch(c)
	SlotUserInfo.Set(c, r.account.Info)
	SlotConnection.Set(c, r.connection(0))
	if r.groups != nil {
		SlotGroups.Set(c, r.groups)
	}
	return c
}

// vouch notes the e-mail address that the upstream has verified: whoever is made of it need not show once more to read it.
func (r *returning) vouch(c *model.PlanContext) {
	if address, _ := r.properties["email"].(string); address != "" && r.trusted("email") {
		stage.SlotEmailVerified.Set(c, strings.ToLower(address))
	}
}

func (r *returning) destination() string {
	if r.request.Next != "" {
		return r.request.Next
	}
	return home
}

// connection is the connection that the account makes.
func (r *returning) connection(user model.UserID) *Connecting {
	profile, err := json.Marshal(r.account.Info)
	if err != nil {
		profile = nil
	}
	r.connecting = &Connecting{
		User: user, Source: r.source.ID, Identifiers: r.account.Identifiers, Profile: profile, State: r.request.StateHash,
		Told: r.told(), Wanted: r.wanted,
	}
	return r.connecting
}

func (r *returning) start(ctx context.Context, f *model.Flow, c *model.PlanContext, retry bool) (*flow.Reply, error) {
	reply, err := r.manager.Flows.Start(ctx, r.visitor, flow.Start{
		Flow: f, Context: c, Append: []string{ConnectStage}, Query: r.keptPage(), Retry: retry, Trace: r.trace.Copy(),
	})
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", f.Slug, err)
	}
	return reply, nil
}

// connect connects the account to the signed-in person.
func (r *returning) connect(ctx context.Context, p *prospect) (*flow.Reply, error) {
	c := r.connection(p.User)
	err := r.manager.Store.InTx(ctx, func(ctx context.Context) error {
		events, err := r.manager.save(ctx, arrival{
			Connecting: c, visitor: r.visitor, user: r.visitor.User, source: r.source, destination: r.destination(),
		})
		if err != nil || len(events) == 0 {
			return err
		}
		for _, ev := range events {
			event.Complete(ev, r.manager.Now())
		}
		return r.manager.Store.InsertEvents(ctx, events...)
	})
	if err != nil {
		return nil, err
	}
	return &flow.Reply{
		To: r.destination(), Ended: true, Messages: []stage.Message{{Key: p.message, Args: map[string]string{"source": r.source.Name}}},
	}, nil
}

// settle remembers where the callback led, for a second one; what was connected has noted it itself, with what it wrote. It does so also where the browser has hung
// up meanwhile: it may be about to come again.
func (r *returning) settle(ctx context.Context, reply *flow.Reply, err error) {
	outcome := refusedOutcome
	switch {
	case errors.Is(err, model.ErrUnavailable):
		return
	case err == nil && reply.Refusal == nil && r.connecting != nil && r.connecting.noted:
		return
	case err == nil && reply.Refusal == nil:
		outcome = reply.To
	}
	ctx = context.WithoutCancel(ctx)
	if err := r.manager.remember(ctx, r.request.StateHash, outcome); err != nil {
		r.manager.Log.WarnContext(ctx, "outcome of a callback not noted", "source", r.source.Slug, "request_id", r.visitor.RequestID, "err", err)
	}
}

// linked is the event of a new connection.
func linked(v *model.Visitor, u *model.User, src *model.Source, id model.Identifier) *model.Event {
	ev := event.New(model.ActionSourceLinked, app, v, map[string]any{
		"message": "Linked Source", "source": src.Slug, "source_name": src.Name, "identifier": id.Value, "identifier_kind": string(id.Kind),
	})
	ev.User = event.UserOf(u)
	return ev
}
