package stage

import (
	"context"
	"crypto/rand"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Visit is one request of a person to a stage of a running flow.
type Visit struct {
	*model.Visitor
	Snapshot *model.Snapshot
	Flow     *model.Flow
	Binding  *model.FlowStageBinding // nil for a stage that no administrator put there
	Stage    *model.Stage            // likewise
	// Context is the plan's context.
	Context *model.PlanContext
	// Query is the query of the flow's page: next, and whatever else came with it.
	Query url.Values
	// Step tells this step from all others of the run, see [Base.Step].
	Step string
	// Argument is what the step of an inline stage was given, "" for nothing.
	Argument string

	effects *Effects
}

// NewVisit is for the executor and for tests.
func NewVisit(v *model.Visitor, e *Effects) *Visit { return &Visit{Visitor: v, effects: e} }

// Effects collects what a request will do once all its stages agreed.
type Effects struct {
	Writes []func(ctx context.Context) error
	After  []func(ctx context.Context)
	Events []*model.Event
	// Session, if set, is the session that the browser gets, by the token in its cookie.
	Session      *model.Session
	SessionToken model.Secret
	// SignOut takes the session cookie away.
	SignOut bool
	// Messages are keys of the message catalogue, shown on the next page.
	Messages []Message
	// Locale, if set, is the language that the person has chosen for this browser.
	Locale string
	// Links take the run up at the present stage, see [Visit.Link].
	Links []Link
	// Patience is how long the run is kept at least while it waits, see [Visit.Wait].
	Patience time.Duration
}

// Link is a single-use address of a run.
type Link struct {
	// Token is what the link carries. Only its hash is stored.
	Token    model.Secret
	Lifetime time.Duration
}

// Message is a short text for the next page.
type Message struct {
	Key  string
	Args map[string]string
	// Literal is shown as it is, in place of a text of the catalogue: what an administrator's policy says.
	Literal string
}

// Write adds work to the request's one transaction. It runs after all stages of the request, in the order added. A *model.Error with a Reason refuses the
// request as [Refuse] does, and undoes everything.
func (v *Visit) Write(f func(ctx context.Context) error) {
	v.effects.Writes = append(v.effects.Writes, f)
}

// After adds work for when the transaction is done: what cannot be undone, such as sending mail.
func (v *Visit) After(f func(ctx context.Context)) { v.effects.After = append(v.effects.After, f) }

// Record adds an event, written in the same transaction after all work. Its user may still be without an id: that of the pending user is taken when it is
// written. Work may record too what only it can know.
func (v *Visit) Record(e *model.Event) { v.effects.Events = append(v.effects.Events, e) }

// Link makes an absolute address that takes the run up at the present stage, once, within the lifetime, in whatever browser it is opened: for an e-mail. The stage is entered
// again and finds [SlotIsRestored]; the run from which the link was sent ends. It is good once the request is done, until the run makes another. What the run knows then
// goes with it.
func (v *Visit) Link(lifetime time.Duration) model.Secret {
	token := rand.Text()
	v.effects.Links = append(v.effects.Links, Link{Token: model.NewSecret(token), Lifetime: lifetime})
	return model.NewSecret(v.Origin + "/if/flow/" + url.PathEscape(v.Flow.Slug) + "/?" + url.Values{"flow_token": {token}}.Encode())
}

// Wait keeps the run at least this long while it waits for the person, who is elsewhere.
func (v *Visit) Wait(d time.Duration) { v.effects.Patience = max(v.effects.Patience, d) }

// Detour names this step in the address that a person leaves by, see [Detour]. Only the run's own page knows it.
func (v *Visit) Detour() string {
	secret, ok := SlotDetour.Get(v.Context)
	if !ok {
		secret = rand.Text()
		SlotDetour.Set(v.Context, secret)
	}
	return v.Step + "." + secret
}

// SignIn gives the browser a session. The stage that makes it also writes it; the user may still be without an id. The rest of the flow sees the person
// signed in.
func (v *Visit) SignIn(s *model.Session, token model.Secret, u *model.User) {
	v.effects.Session, v.effects.SessionToken, v.effects.SignOut = s, token, false
	v.Session, v.User = s, u
}

// SignOut takes the browser's session away.
func (v *Visit) SignOut() {
	v.effects.Session, v.effects.SessionToken, v.effects.SignOut = nil, model.Secret{}, true
	v.Session, v.User = nil, nil
}

// Say shows words on the next page that an administrator wrote, as they are.
func (v *Visit) Say(words string) {
	v.effects.Messages = append(v.effects.Messages, Message{Literal: words})
}

// Speak turns to the language that the person has chosen.
func (v *Visit) Speak(locale string) { v.effects.Locale = locale }

// Tell shows a short message on the next page.
func (v *Visit) Tell(key string, args map[string]string) {
	v.effects.Messages = append(v.effects.Messages, Message{Key: key, Args: args})
}
