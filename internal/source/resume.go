package source

import (
	"context"
	"maps"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// What is kept of a run that waits for its person to come back.
const (
	keptFlow  = "weimen_flow"
	keptQuery = "weimen_query"
	keptStep  = "weimen_step"
)

// slotArrivals are the accounts that people have brought back in the middle of the run, by the hash of the state that they came back with.
var slotArrivals = model.NewSlot[map[string]*brought]("goauthentik.io/sources/arrivals")

// brought is an account on its way to a user, and the groups that came with it.
type brought struct {
	Connecting *Connecting               `json:"connecting"`
	Groups     map[string]map[string]any `json:"groups,omitempty"`
	// Page is where the run went on.
	Page string `json:"page"`
}

// waiting keeps with a departure which run waits for the return, and gives how long it does. A run that does not wait at this source is none to leave from.
func (m *Manager) waiting(ctx context.Context, v *model.Visitor, src *model.Source, d Departing, keep map[string]string) (time.Duration, error) {
	w, err := m.Flows.Waiting(ctx, v, d.Flow, d.Query)
	if err != nil {
		return 0, detailed(err, src)
	}
	if w.Source != src.ID || !w.At(d.Step) {
		return 0, detailed(model.Refuse(model.CodeExpired, "source.detour_gone", "The run does not wait for this source."), src)
	}
	keep[keptFlow], keep[keptQuery], keep[keptStep] = d.Flow, d.Query.Encode(), d.Step
	return w.Patience, nil
}

// resume goes on with the run that the browser left for this source.
func (r *returning) resume(ctx context.Context, retry bool) (*flow.Reply, error) {
	query, err := url.ParseQuery(r.keep[keptQuery])
	if err != nil {
		return nil, err
	}
	w, err := r.manager.Flows.Waiting(ctx, r.visitor, r.keep[keptFlow], query)
	if err != nil {
		return nil, err
	}
	if w.Source != r.source.ID || !w.At(r.keep[keptStep]) {
		return nil, model.Refuse(model.CodeExpired, "source.detour_gone", "The run waits no longer at this step.")
	}
	return r.decideMidway(ctx, w, retry)
}

// decideMidway decides whose the account is, and goes on.
func (r *returning) decideMidway(ctx context.Context, w *flow.Waiting, retry bool) (*flow.Reply, error) {
	r.wish()
	m := Midway{Enrolling: w.Flow().Designation == model.DesignationEnrollment}
	m.Pending, m.User = r.pendingOf(w)
	known := model.UserID(0)
	if m.Pending == PendingProven {
		known = m.User
	}
	var err error
	if m.Situation, err = r.gather(ctx, known); err != nil {
		return nil, err
	}
	d := DecideMidway(m)
	back := flow.Return{Retry: retry}
	switch d.Action {
	case Already:
		return r.goOn(ctx, w, d, back)
	case Link, Authenticate:
		if m.Pending != PendingProven {
			back.Flow = r.flow(r.source.AuthenticationFlow)
		}
		return r.goOn(ctx, w, d, back)
	case Enroll:
		back.Flow = r.flow(r.source.EnrollmentFlow)
		return r.goOn(ctx, w, d, back)
	case Deny:
	}
	refusal := model.Refuse(model.CodeDenied, d.Reason, "The account cannot be used in the flow.").With("cause", d.Cause).With("flow", w.Flow().Slug)
	if d.Reason == "source.already_enrolled" {
		refusal.Next = home // where signing in leads
		if next, ok := r.manager.Next(r.keptPage().Get("next")); ok {
			refusal.Next = next
		}
	}
	return nil, refusal
}

// next is where the person was going: to the run that waits for them, else to where they wanted to go.
func (r *returning) next() string {
	if slug := r.keep[keptFlow]; slug != "" {
		to := url.URL{Path: "/if/flow/" + slug + "/", RawQuery: r.keep[keptQuery]}
		return to.String()
	}
	return r.request.Next
}

// keptPage is the query of the run's page.
func (r *returning) keptPage() url.Values {
	query, _ := url.ParseQuery(r.keep[keptQuery]) // it was read before
	return query
}

// pendingOf tells how well a run knows its user.
func (r *returning) pendingOf(w *flow.Waiting) (Pending, model.UserID) {
	u := stage.SlotPendingUser.Value(w.Context())
	_, authenticated := stage.SlotUserBackend.Get(w.Context())
	switch {
	case u == nil && r.visitor.SignedIn():
		return PendingProven, r.visitor.User.ID
	case u == nil:
		return PendingNobody, 0
	case u.ID == 0 && w.Flow().Designation == model.DesignationEnrollment:
		return PendingNew, 0
	case u.ID == 0:
		return PendingNamed, 0
	case authenticated, r.visitor.SignedIn() && r.visitor.User.ID == u.ID:
		return PendingProven, u.ID
	}
	return PendingNamed, u.ID
}

// goOn tells the run what the source knows, and lets it go on.
func (r *returning) goOn(ctx context.Context, w *flow.Waiting, d Decision, back flow.Return) (*flow.Reply, error) {
	var u *model.User
	if d.User != 0 {
		var err error
		if u, err = r.manager.Store.User(ctx, d.User); err != nil {
			return nil, err
		}
		if !u.IsActive {
			return nil, model.Refuse(model.CodeDenied, "source.user_inactive", "The user is deactivated.").With("username", u.Username)
		}
	} else if err := r.freeUsername(ctx); err != nil {
		return nil, err
	}
	c := w.Context()
	r.tell(c, w, u, d)
	if err := r.manager.allowed(ctx, r.door(w.Page()), u, c); err != nil {
		return nil, err
	}
	step := flow.Step{Inline: ConnectStage, Argument: r.request.StateHash}
	// A new account is connected once the flow is done with everything else that it asks of its user, unless the source's own flow makes that user.
	if d.Action == Authenticate || d.Action == Already || d.Action == Enroll && back.Flow != nil {
		back.Next = []flow.Step{step}
	} else {
		back.Last = []flow.Step{step}
	}
	back.Trace = r.trace
	return r.manager.Flows.GoOn(ctx, w, back)
}

// tell writes what the source knows into a run. Where the run goes in the end stays as it is, and so does what people have answered already: the source fills what is
// missing. For a user who exists only what they have not got is filled; what else follows the source follows it by its own rules, when the account is connected.
func (r *returning) tell(c *model.PlanContext, w *flow.Waiting, u *model.User, d Decision) {
	fresh := r.context() // makes r.connecting
	stage.SlotSource.Set(c, stage.SlotSource.Value(fresh))
	SlotUserInfo.Set(c, r.account.Info)
	properties := maps.Clone(r.properties)
	r.connecting.User, r.connecting.Enrolls = d.User, d.Action == Enroll
	if u != nil {
		properties = missing(properties, u)
	}
	gathered := stage.SlotPromptData.Value(c)
	if typed, ok := gathered["username"].(string); ok && typed != "" {
		r.connecting.Wanted = "" // they go by the name that they chose
	}
	if merged := fill(gathered, properties); len(merged) > 0 {
		stage.SlotPromptData.Set(c, merged)
	}
	arrivals := maps.Clone(slotArrivals.Value(c))
	if arrivals == nil {
		arrivals = map[string]*brought{}
	}
	arrivals[r.request.StateHash] = &brought{Connecting: r.connecting, Groups: r.groups, Page: w.Page()}
	slotArrivals.Set(c, arrivals)
	if _, ok := SlotConnection.Get(c); !ok { // that of the source that has begun the run is still to be connected
		SlotConnection.Set(c, r.connecting)
	}
	proven := d.Action == Authenticate || d.Action == Link && !r.proven(w)
	switch {
	case proven:
		stage.SlotPendingUser.Set(c, u)
		stage.SlotUserBackend.Set(c, stage.SlotUserBackend.Value(fresh))
		stage.SlotAuthMethod.Set(c, "source")
		stage.SlotIsSSO.Set(c, true)
	case d.Action == Enroll:
		if _, verified := stage.SlotEmailVerified.Get(c); !verified {
			r.vouch(c)
		}
		stage.SlotAuthMethod.Set(c, "source")
		stage.SlotIsSSO.Set(c, true)
		stage.SlotUserPath.Set(c, r.source.UserPath())
	case d.Action == Already:
		stage.SlotIsSSO.Set(c, true)
	}
}

func (r *returning) proven(w *flow.Waiting) bool {
	pending, _ := r.pendingOf(w)
	return pending == PendingProven
}

// fill gives what is in front, and what is only behind; objects are filled within.
func fill(front, behind map[string]any) map[string]any {
	out := maps.Clone(front)
	if out == nil {
		out = map[string]any{}
	}
	for name, value := range behind {
		have, ok := out[name]
		inner, isObject := have.(map[string]any)
		more, alsoObject := value.(map[string]any)
		switch {
		case isObject && alsoObject:
			out[name] = fill(inner, more)
		case !ok || have == nil || have == "":
			out[name] = value
		}
	}
	return out
}

// missing leaves of a source's properties what a user has not got. A user keeps their username and their place.
func missing(properties map[string]any, u *model.User) map[string]any {
	out := map[string]any{}
	for name, have := range map[string]string{"name": u.Name, "email": u.Email} {
		if value, ok := properties[name]; ok && have == "" {
			out[name] = value
		}
	}
	attributes := map[string]any{}
	told, _ := properties["attributes"].(map[string]any)
	for name, value := range told {
		if _, ok := u.Attributes[name]; !ok {
			attributes[name] = value
		}
	}
	if len(attributes) > 0 {
		out["attributes"] = attributes
	}
	return out
}
