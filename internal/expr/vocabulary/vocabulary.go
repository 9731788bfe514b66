package vocabulary

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Store is what the words need of the database. Package store has it.
type Store interface {
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
	DevicesOf(ctx context.Context, id model.UserID) ([]*model.Device, error)
	FindUser(ctx context.Context, fields []string, value string, fold bool) (*model.User, error)
	User(ctx context.Context, id model.UserID) (*model.User, error)
}

// Resolver asks the domain name system. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// Deps is what a vocabulary is made of.
type Deps struct {
	Snapshot func() *model.Snapshot
	Store    Store
	// Record stores an event that ak_create_event made.
	Record func(ctx context.Context, e *model.Event) error
	// CallPolicy evaluates the policy of that name for ak_call_policy. May be nil.
	CallPolicy func(ctx context.Context, name string, o Occasion) (passing bool, messages []string, err error)
	// Entitled evaluates the bindings of an entitlement for the occasion's user. May be nil: then nobody has any.
	Entitled func(ctx context.Context, e *model.ApplicationEntitlement, o Occasion) (bool, error)
	// Whereabouts gives the entries that tell where an address is, "geoip" and "asn" as authentik names them. May be nil: then nobody knows.
	Whereabouts func(ip netip.Addr) map[string]any
	// Resolver is behind resolve_dns and reverse_dns; nil is the system's.
	Resolver Resolver
	Now      func() time.Time
	Log      *slog.Logger
}

// Vocabulary compiles expressions that know authentik's words.
type Vocabulary struct{ Deps }

// New makes a vocabulary.
func New(d Deps) *Vocabulary {
	if d.Resolver == nil {
		d.Resolver = net.DefaultResolver
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Vocabulary{Deps: d}
}

// Occasion is what an expression is evaluated on: who asks, for whom, in which run. Any of it may be missing.
type Occasion struct {
	Visitor *model.Visitor
	// User is whom it is about; nil is shown as an anonymous user.
	User *model.User
	// Context is the plan's. What the expression writes into it the plan sees, once the run of the expression ended well.
	Context *model.PlanContext
	Query   url.Values
	// Obj is request.obj, see policy.Request.
	Obj any
	// Redirect is behind context["flow_plan"].redirect(url); nil where there is no plan.
	Redirect func(url string)
	// Debug says that an administrator tries the expression out: nothing is stored.
	Debug bool
}

// Result is what an expression came to.
type Result struct {
	// Value is plain data, as package expr returns it: after [Expression.Run].
	Value any
	// Passing says whether what was returned is true: after [Expression.Holds].
	Passing bool
	// Messages are those of ak_message, in order.
	Messages []string
	// Logs are the lines of ak_logger, and the events that were not stored, for a test run.
	Logs []Log
}

// Log is a line that an expression logged. What somebody typed as a password is not in it.
type Log struct {
	Level   string // "debug", "info", "warning", "error"; "event" for an event
	Message string
	Details map[string]any
}
