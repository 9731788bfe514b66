package stage

import (
	"context"
	"net/url"

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
}

// Message is a short text for the next page.
type Message struct {
	Key  string
	Args map[string]string
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

// Tell shows a short message on the next page.
func (v *Visit) Tell(key string, args map[string]string) {
	v.effects.Messages = append(v.effects.Messages, Message{Key: key, Args: args})
}
