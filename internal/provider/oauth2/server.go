package oauth2

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const (
	// maxURI is the length of an address in bytes.
	maxURI = 2048
	// maxRequest is the length of an authorization request in bytes, encoded: it has to fit into the address of the login page.
	maxRequest = 8 << 10
	// InlineAuthorize and InlineEndSession name the stages that this package adds to flows.
	InlineAuthorize  = "goauthentik.io/providers/oauth2/authorize"
	InlineEndSession = "goauthentik.io/providers/oauth2/end_session"
	// InlineConsent names the consent stage that is added where consent is needed and the flow has none. Package app supplies it.
	InlineConsent = "consent"
	// app is the module that events name.
	appName = "authentik.providers.oauth2"
)

// Store is what the provider needs of the database. Package store has it.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	InsertAuthorizationCode(ctx context.Context, c *model.AuthorizationCode) error
	ConsumeAuthorizationCode(ctx context.Context, hash string, provider model.ProviderID, now time.Time) (*model.AuthorizationCode, *model.User, error)
	AuthorizationCode(ctx context.Context, hash string) (*model.AuthorizationCode, error)
	InsertTokens(ctx context.Context, a *model.AccessToken, r *model.RefreshToken) error
	AccessToken(ctx context.Context, hash string) (*model.AccessToken, *model.User, error)
	RefreshToken(ctx context.Context, hash string) (*model.RefreshToken, *model.User, error)
	ConsumeRefreshToken(ctx context.Context, hash string, now time.Time) error
	RevokeGrant(ctx context.Context, grant string, now time.Time) error
	RevokeAccessToken(ctx context.Context, hash string, now time.Time) error
	UserByUsername(ctx context.Context, name string) (*model.User, error)
	InsertUser(ctx context.Context, u *model.User) error
	TokenByKeyHash(ctx context.Context, hash string) (*model.Token, *model.User, error)
	event.Writer
}

// Pages answers browsers. Package portal has it.
type Pages interface {
	// Refuse shows why the request is refused, and records it under a support code.
	Refuse(w http.ResponseWriter, r *http.Request, refusal *model.Error)
	// Reply answers with what a flow has come to: its cookies, and a redirect or a page.
	Reply(w http.ResponseWriter, r *http.Request, reply *flow.Reply)
	// Fail answers for a fault of ours, or 503 where the database is not there.
	Fail(w http.ResponseWriter, r *http.Request, err error)
}

// Flows runs flows. Package flow has it.
type Flows interface {
	Start(ctx context.Context, v *model.Visitor, st flow.Start) (*flow.Reply, error)
	Cancel(ctx context.Context, v *model.Visitor, slug string, query url.Values) error
	Inline(name string, d stage.Driver)
}

// Deps is what a server is made of.
type Deps struct {
	// Origin is our public origin, "https://id.example.org". Issuers and addresses begin with it, whatever host was asked.
	Origin   string
	Snapshot func() *model.Snapshot
	Box      kind.Box
	// KeyPair opens a key pair.
	KeyPair  func(*model.KeyPair) (*keypair.Pair, error)
	Mappings *mapping.Engine
	Policies flow.Policies
	Flows    Flows
	Store    Store
	Pages    Pages
	// Visit tells who asks, by the cookies.
	Visit func(w http.ResponseWriter, r *http.Request) (*model.Visitor, error)
	// HasConsent reports whether a flow holds a stage that asks for consent.
	HasConsent func(s *model.Snapshot, f *model.Flow) bool
	Now        func() time.Time
	Log        *slog.Logger
}

// Server answers the protocol's endpoints.
type Server struct{ Deps }

// New makes a server, and adds its stages to those that flows may hold.
func New(d Deps) *Server {
	s := &Server{d}
	s.Flows.Inline(InlineAuthorize, &issuer{s})
	s.Flows.Inline(InlineEndSession, &sessionEnder{s})
	return s
}

// Mount adds the endpoints. None of them may stand behind a protection against requests of other sites: they are made for those.
func (s *Server) Mount(r chi.Router) {
	r.Route("/application/o", func(r chi.Router) {
		r.Get("/authorize/", s.authorize)
		r.Post("/authorize/", s.authorize)
		r.Get("/authorize/post/", s.formPost)
		s.open(r, "/token/", s.token, http.MethodPost)
		s.open(r, "/userinfo/", s.userinfo, http.MethodGet, http.MethodPost)
		r.Post("/introspect/", s.introspect)
		r.Post("/revoke/", s.revoke)
		for _, path := range []string{"/token/", "/introspect/", "/revoke/"} {
			r.Get(path, onlyPost) // else it would be taken for the page of an application
		}
		s.open(r, "/{slug}/.well-known/openid-configuration", s.discovery, http.MethodGet)
		s.open(r, "/{slug}/jwks/", s.keys, http.MethodGet)
		r.Get("/{slug}/end-session/", s.endSession)
		r.Post("/{slug}/end-session/", s.endSession)
		r.Get("/{slug}/", s.toDiscovery)
	})
}

func onlyPost(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Allow", http.MethodPost)
	writeJSON(w, http.StatusMethodNotAllowed, oidc.ErrInvalidRequest().WithDescription("This endpoint takes POST only"))
}

// now is the time as both databases keep it.
func (s *Server) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }
