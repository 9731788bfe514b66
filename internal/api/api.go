package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/web"
)

// Store is what the API reads by itself. Package store has it.
type Store interface {
	Snapshot() *model.Snapshot
	User(ctx context.Context, id model.UserID) (*model.User, error)
	UserByUsername(ctx context.Context, name string) (*model.User, error)
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
	GroupsOfAll(ctx context.Context, ids []model.UserID) (map[model.UserID][]model.UserGroup, error)
	UserPaths(ctx context.Context) ([]string, error)
	ListUsers(ctx context.Context, l store.List) ([]*model.User, int, error)
	Group(ctx context.Context, id model.GroupID) (*model.Group, error)
	MembersOf(ctx context.Context, groups ...model.GroupID) (map[model.GroupID][]model.UserID, error)
	CountMembers(ctx context.Context, groups ...model.GroupID) (map[model.GroupID]int, error)
	ListGroups(ctx context.Context, l store.List) ([]*model.Group, int, error)
	ListTokens(ctx context.Context, l store.List) ([]*model.Token, int, error)
	ListConnections(ctx context.Context, l store.List) ([]*model.Connection, int, error)
	ListSessions(ctx context.Context, user model.UserID) ([]*model.Session, error)
	ListConsents(ctx context.Context, user model.UserID) ([]*model.Consent, error)
	Event(ctx context.Context, id model.EventID) (*model.Event, error)
	ListEvents(ctx context.Context, l store.List) ([]*model.Event, int, error)
	CountTally(ctx context.Context, tally model.Tally, periods []store.Period) ([]store.Count, error)
	CountReasons(ctx context.Context, source string, periods []store.Period) ([]store.Count, error)
	CountActions(ctx context.Context, actions []string, periods []store.Period) ([]store.Count, error)
	Failures(ctx context.Context, source string, p store.Period) ([]store.FailureCount, error)
	TopApplications(ctx context.Context, action string, most int) ([]store.ApplicationCount, error)
	CountPeople(ctx context.Context, now time.Time) (people, sessions int, err error)
	Status(ctx context.Context) (store.Status, error)
	DevicesOf(ctx context.Context, user model.UserID) ([]*model.Device, error)
	ListDevices(ctx context.Context, l store.List) ([]*model.Device, int, error)
	ListInvitations(ctx context.Context, l store.List) ([]*model.Invitation, int, error)
	ListReputations(ctx context.Context, l store.List) ([]*model.Reputation, int, error)
	ListGroupConnections(ctx context.Context, l store.List) ([]*model.GroupConnection, int, error)
}

// Flows runs flows. Package flow has it.
type Flows interface {
	Show(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*flow.Reply, error)
	Answer(ctx context.Context, v *model.Visitor, slug string, query url.Values, a stage.Answer) (*flow.Reply, error)
	LinkFor(ctx context.Context, v *model.Visitor, f *model.Flow, u *model.User, lifetime time.Duration) (model.Secret, error)
	Graph(s *model.Snapshot, f *model.Flow) flow.Graph
	Inspect(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*flow.Inspection, error)
}

// Policies decides whether a person may use an application. Package policy has it.
type Policies interface {
	Evaluate(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, r *policy.Request) (policy.Result, error)
	Test(ctx context.Context, s *model.Snapshot, p *model.Policy, r *policy.Request) (policy.Result, error)
}

// Mappings tries property mappings out. Package mapping has it.
type Mappings interface {
	Try(ctx context.Context, s *model.Snapshot, m *model.PropertyMapping, about mapping.Subject, group *model.Group, given map[string]any) (any, error)
}

// Recogniser finds out who asks. Package access has it.
type Recogniser interface {
	Bearer(ctx context.Context, header string) (*access.Principal, error)
	Browser(ctx context.Context, v *model.Visitor) (*access.Principal, error)
}

// SourceType describes a variety of OAuth source: authentik's SourceType. Package oauth has the values.
type SourceType struct {
	Name             string  `json:"name"`
	VerboseName      string  `json:"verbose_name"`
	URLsCustomizable bool    `json:"urls_customizable"`
	RequestTokenURL  *string `json:"request_token_url"`
	AuthorizationURL *string `json:"authorization_url"`
	AccessTokenURL   *string `json:"access_token_url"`
	ProfileURL       *string `json:"profile_url"`
	OIDCWellKnownURL *string `json:"oidc_well_known_url"`
	OIDCJWKSURL      *string `json:"oidc_jwks_url"`
}

// Deps is what the API is made of.
type Deps struct {
	Store      Store
	Resources  *resource.Manager
	Recogniser Recogniser
	Flows      Flows
	Policies   Policies
	// Mappings may be nil: then none can be tried out.
	Mappings Mappings
	// Sources checks sources and tries them out. May be nil: then none can be.
	Sources Sources
	// SourceTypes are the varieties of OAuth sources in this build.
	SourceTypes []SourceType
	// Origin is our own public origin, "https://id.example.org".
	Origin string
	// Version is that of this build.
	Version string
	// Visitor tells who makes a browser's request, with its session if it has one. It may set the browser cookie.
	Visitor func(w http.ResponseWriter, r *http.Request) (*model.Visitor, error)
	// Apply sets and clears the session cookie as a flow's reply says.
	Apply func(w http.ResponseWriter, r *http.Request, reply *flow.Reply)
	// Text gives a text of the message catalogue.
	Text func(locale, key string, args map[string]string) string
	// Sentence says in a language what an English sentence of ours says. May be nil: then people read English too.
	Sentence func(locale, english string) string
	// SetupURLs gives a provider's addresses: a JSON object, or model.ErrNotFound where it has no application. May be nil.
	SetupURLs func(s *model.Snapshot, id model.ProviderID) (any, error)
	// PreviewUser gives the claims that a provider would tell about a user. May be nil.
	PreviewUser func(ctx context.Context, s *model.Snapshot, id model.ProviderID, u *model.User) (map[string]any, error)
	// LaunchURL guesses where people open a provider's application. May be nil.
	LaunchURL func(s *model.Snapshot, p *model.Provider) string
	// Configures says what a stage lets people set up by themselves. May be nil.
	Configures func(s *model.Snapshot, st *model.Stage) stage.Configuration
	// NeedsMail says that a stage sends letters by the installation's settings. May be nil.
	NeedsMail func(s *model.Snapshot, st *model.Stage) bool
	// Process is the program that the API is part of.
	Process Process
	// Preview draws a login page as HTML; model.ErrNotFound where the brand has none. May be nil.
	Preview func(ctx context.Context, p Preview) ([]byte, error)
	// Limiter bounds the answers to flows, among which passwords may be guessed. It is that of the flows' pages. Nil bounds nothing.
	Limiter *web.Limiter
	Now     func() time.Time
	Log     *slog.Logger
}

// API serves /api/v3.
type API struct {
	Deps
	router  chi.Router
	mounted []collection
	// schema is written when it is first asked for: it takes longer than all of the start besides.
	schema func() (document, error)
}

// New makes the API.
func New(d Deps) *API {
	a := &API{Deps: d, router: chi.NewRouter()}
	a.router.NotFound(a.missing)
	a.router.MethodNotAllowed(a.notAllowed)
	a.routes()
	a.schema = sync.OnceValues(a.describe)
	return a
}

// ServeHTTP answers what is below /api/v3: mount it there.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.router.ServeHTTP(w, r) }

func (a *API) routes() {
	a.mountRoot()
	a.mountUsers()
	a.mountGroups()
	a.mountTokens()
	a.mountSessions()
	a.mountConsents()
	a.mountConnections()
	a.mountGroupConnections()
	a.mountDevices()
	a.mountInvitations()
	a.mountReputations()
	a.mountEvents()
	a.mountDashboard()
	a.mountSettings()
	a.mountApplications()
	a.mountEntitlements()
	a.mountBrands()
	a.mountCertificates()
	a.mountFlows()
	a.mountBindings()
	a.mountPrompts()
	a.mountKinds()
	a.mountSources()
	a.mountProviders()
	a.mountExecutor()
	a.mountForms()
}
