package policy

import (
	"context"
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
)

// Request is what a policy judges.
type Request struct {
	Visitor *model.Visitor
	// User is whom the decision is about: the pending user of a flow, else who is signed in; nil for nobody.
	User *model.User
	// Context is the running plan's context; never nil. What a policy writes into it the plan sees.
	Context *model.PlanContext
	// Query is the query of the page that the person asked for: of a flow, or an application's request.
	Query url.Values
	// Obj is what the policy stands before: a *model.Flow, *model.FlowStageBinding, *model.Source or *model.Application; nil if that is not known.
	Obj any
	// Redirect sends the browser elsewhere in place of what the policy stands before; nil where that cannot be.
	Redirect func(url string)
	// Write adds work to the transaction of the run that asks: it is undone with the run, and not done where the run is refused. Nil where nothing may change, as in
	// a listing or a try-out.
	Write func(work func(ctx context.Context) error)
	// Event is what a notification rule is about; nil elsewhere.
	Event *model.Event
	// Debug says that an administrator tries the policy out.
	Debug bool
}

// Result is a decision, and what to tell the person.
type Result struct {
	Passing bool
	// Messages are shown as they are: what an administrator wrote.
	Messages []string
	// Texts are shown in the reader's language.
	Texts []Text
	// Rule names what refused, and before what, for the audit trail. The engine fills it in.
	Rule string
	// Logs are what the policy noted, for who tries it out.
	Logs []Log
}

// Log is a line that a policy noted.
type Log struct {
	Level   string // "debug", "info", "warning" or "error"
	Message string
	Details map[string]any
}

// Text names a text of the message catalogue (see package i18n), and what is put into it.
type Text struct {
	Key  string
	Args map[string]string
}

// Driver is one policy, opened from its settings. A policy that fails may give messages along with its error: they are shown as those of a decision are.
type Driver interface {
	Evaluate(ctx context.Context, r *Request) (Result, error)
}
