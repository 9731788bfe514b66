package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strconv"
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
}

// run asks the driver who it is, decides and acts.
func (r *returning) run(ctx context.Context, driver Driver, query url.Values) (*flow.Reply, error) {
	m := r.manager
	clear, err := m.Box.Open(string(r.request.Keep), "source_requests/keep/"+r.request.StateHash)
	if err == nil {
		err = json.Unmarshal([]byte(clear), &r.keep)
	}
	if err != nil {
		return nil, model.Refuse(model.CodeExpired, "source.state_expired", "What was kept for the return cannot be read.").Because(err)
	}
	began := time.Now()
	r.account, err = driver.Finish(ctx, Return{
		SourceID: r.source.ID, Query: query, CallbackURL: callbackURL(r.visitor.Origin, r.source), Locale: r.request.Locale, Keep: r.keep,
	})
	if err != nil {
		return nil, m.failed(ctx, r.source, r.visitor, err, model.CodeExpired)
	}
	if len(r.account.Identifiers) == 0 {
		return nil, model.Refuse(model.CodeUpstream, "source.no_identifier", "Could not determine id.")
	}
	r.called(began)
	began = time.Now()
	if err := r.read(ctx, driver); err != nil {
		return nil, err
	}
	r.mappings(began)
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

// act decides and does it. With retry an enrollment that meets something of its name or account is an error of model.CodeConflict, to be decided anew.
func (r *returning) act(ctx context.Context, retry bool) (*flow.Reply, error) {
	r.wish()
	situation, err := r.gather(ctx, r.signedIn())
	if err != nil {
		return nil, err
	}
	d := Decide(situation)
	switch d.Action {
	case Authenticate, Already:
		if d.Action == Already && r.keep[keptMode] != "reauthenticate" {
			return r.connect(ctx, d.User, "source.already")
		}
		return r.authenticate(ctx, d.User, retry)
	case Link:
		if !r.visitor.SignedIn() {
			return r.authenticate(ctx, d.User, retry)
		}
		if r.keep[keptMode] == "reauthenticate" {
			return nil, model.Refuse(model.CodeDenied, "source.linked_to_other", "Someone else was to sign in again.")
		}
		if r.keep[keptUser] != strconv.FormatInt(int64(d.User), 10) {
			return nil, model.Refuse(model.CodeDenied, "source.signed_in_meanwhile", "The person left to sign in, and was signed in meanwhile.")
		}
		return r.connect(ctx, d.User, "source.connected")
	case Enroll:
		return r.enroll(ctx, retry)
	case Deny:
	}
	refusal := model.Refuse(model.CodeDenied, d.Reason, "Request to authenticate with "+r.source.Name+" has been denied.").With("cause", d.Cause)
	if d.Reason == "source.conflict" {
		refusal = refusal.With("action", model.ActionConfigurationWarning)
	}
	return nil, refusal
}

// authenticate runs the source's authentication flow for a user.
func (r *returning) authenticate(ctx context.Context, id model.UserID, retry bool) (*flow.Reply, error) {
	u, err := r.manager.Store.User(ctx, id)
	if err != nil {
		return nil, err
	}
	if !u.IsActive {
		return nil, model.Refuse(model.CodeDenied, "source.user_inactive", "The user is deactivated.").With("username", u.Username)
	}
	c := r.context()
	stage.SlotPendingUser.Set(c, u)
	if err := r.manager.allowed(ctx, r.snapshot, r.source, r.visitor, u, c, r.request.Next); err != nil {
		return nil, err
	}
	f := r.flow(r.source.AuthenticationFlow)
	if f == nil {
		return nil, model.Refuse(model.CodeDenied, "source.no_authentication", "The source has no authentication flow.").
			With("username", u.Username).With("action", model.ActionConfigurationError)
	}
	if r.keep[keptMode] == "reauthenticate" {
		flow.SlotReauthenticate.Set(c, true)
	}
	return r.start(ctx, f, c, retry)
}

// enroll runs the source's enrollment flow.
func (r *returning) enroll(ctx context.Context, retry bool) (*flow.Reply, error) {
	if err := r.freeUsername(ctx); err != nil {
		return nil, err
	}
	c := r.context()
	r.connecting.Enrolls = true
	stage.SlotUserPath.Set(c, r.source.UserPath())
	if err := r.manager.allowed(ctx, r.snapshot, r.source, r.visitor, nil, c, r.request.Next); err != nil {
		return nil, err
	}
	f := r.flow(r.source.EnrollmentFlow)
	if f == nil {
		return nil, model.Refuse(model.CodeDenied, "source.no_enrollment", "Source is not configured for enrollment.")
	}
	return r.start(ctx, f, c, retry)
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
func (r *returning) connect(ctx context.Context, user model.UserID, message string) (*flow.Reply, error) {
	if err := r.manager.allowed(ctx, r.snapshot, r.source, r.visitor, r.visitor.User, r.context(), r.request.Next); err != nil {
		return nil, err
	}
	c := r.connection(user)
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
		To: r.destination(), Ended: true, Messages: []stage.Message{{Key: message, Args: map[string]string{"source": r.source.Name}}},
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
