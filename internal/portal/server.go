package portal

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/web"
)

// Store is what the portal reads and writes beside flows. Package store has it.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	User(ctx context.Context, id model.UserID) (*model.User, error)
	UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error)
	ListConnections(ctx context.Context, l store.List) ([]*model.Connection, int, error)
	Connection(ctx context.Context, id model.ConnectionID) (*model.Connection, error)
	RevokeSessionTokens(ctx context.Context, session model.SessionID, now time.Time) error
	DevicesOf(ctx context.Context, id model.UserID) ([]*model.Device, error)
	ConsumeOneTimeLink(ctx context.Context, tokenHash, purpose string, now time.Time) (*model.OneTimeLink, error)
}

// Flows runs flows. Package flow has it.
type Flows interface {
	Show(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*flow.Reply, error)
	Answer(ctx context.Context, v *model.Visitor, slug string, query url.Values, a stage.Answer) (*flow.Reply, error)
	Start(ctx context.Context, v *model.Visitor, st flow.Start) (*flow.Reply, error)
	Cancel(ctx context.Context, v *model.Visitor, slug string, query url.Values) error
}

// Sources sends people to sources and back. Package source has it.
type Sources interface {
	Depart(ctx context.Context, v *model.Visitor, d source.Departing) (string, error)
	Return(ctx context.Context, v *model.Visitor, slug string, query url.Values) (*flow.Reply, error)
	TrialOf(ctx context.Context, v *model.Visitor, id string) (*source.Trial, error)
}

// Sessions ends and lists sessions. Package session has it.
type Sessions interface {
	Begin(v *model.Visitor, lifetime time.Duration) (*model.Session, model.Secret)
	Insert(ctx context.Context, s *model.Session) error
	End(ctx context.Context, id model.SessionID) error
	EndAll(ctx context.Context, user model.UserID, except model.SessionID) (int, error)
	List(ctx context.Context, user model.UserID) ([]*model.Session, error)
}

// Visitors tells who makes a request and keeps them signed in. Package session has it.
type Visitors interface {
	Of(w http.ResponseWriter, r *http.Request) (*model.Visitor, error)
	Keep(w http.ResponseWriter, s *model.Session, token model.Secret)
	Forget(w http.ResponseWriter)
}

// Resources changes what a person has. Package resource has it.
type Resources interface {
	DeleteConnection(ctx context.Context, by resource.Actor, id model.ConnectionID) error
	DeleteDevice(ctx context.Context, by resource.Actor, class model.DeviceClass, id model.DeviceID) error
}

// Policies decides whether a person may use an application. Package policy has it.
type Policies interface {
	Evaluate(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, r *policy.Request) (policy.Result, error)
}

// Passwords makes password hashes. Package user has it.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
}

// Failures limits what goes wrong from an address. Package attempt has it.
type Failures interface {
	Check(what string, v *model.Visitor) error
	Failed(ctx context.Context, what string, v *model.Visitor) error
}

// Deps is what the portal is made of.
type Deps struct {
	Renderer  *Renderer
	Snapshot  func() *model.Snapshot
	Store     Store
	Flows     Flows
	Sources   Sources
	Sessions  Sessions
	Visitors  Visitors
	Policies  Policies
	Resources Resources
	Passwords Passwords
	Failures  Failures
	Events    *event.Recorder
	Cookies   web.Cookies
	// Console holds the files of the administrator's console as package console describes them; nil where this binary has none.
	Console fs.FS
	// Button tells how a source is shown; ok is false for one without a button.
	Button func(s *model.Snapshot, src *model.Source) (b source.Button, ok bool)
	// Configures says what a stage lets people set up by themselves. The stage may be nil.
	Configures func(s *model.Snapshot, st *model.Stage) stage.Configuration
	// FormSource gives the origin outside of ours that a path leads to in the end: an authorization request's redirect URI, once it is checked. "" for none.
	FormSource func(s *model.Snapshot, path string) string
	// LaunchURL is where an application is opened for a person; "" where that is not known.
	LaunchURL func(s *model.Snapshot, a *model.Application, u *model.User) string
	// Next reduces a "next" parameter to a path on our own origin, or says that it is not one.
	Next    func(raw string) (string, bool)
	Limiter *web.Limiter
	Now     func() time.Time
	Log     *slog.Logger
}

// Server answers what a person's browser asks.
type Server struct{ Deps }

// NewServer makes a server.
func NewServer(d Deps) *Server { return &Server{d} }

// handler is a page: it knows who asks, and what it cannot do it returns.
type handler func(w http.ResponseWriter, r *http.Request, v *model.Visitor) error

// Mount adds the portal's routes.
func (s *Server) Mount(r chi.Router) {
	r.Get("/", s.page(s.root))
	r.Get("/if/flow/{slug}/", s.page(s.showFlow))
	r.With(s.Limiter.Middleware(s.Answer)).Post("/if/flow/{slug}/", s.page(s.answerFlow))
	r.Get("/flows/-/default/{designation}/", s.page(s.defaultFlow))
	r.Get("/flows/-/cancel/", s.page(s.cancelFlow))
	r.Get("/flows/-/configure/{stage}/", s.page(s.configure))
	r.Get("/source/{kind}/login/{slug}/", s.page(s.depart))
	r.Get("/source/{kind}/callback/{slug}/", s.page(s.callback))
	r.Post("/source/{kind}/callback/{slug}/", s.page(s.callback))
	r.Get("/source/trial/{id}/", s.page(s.trialEnded))
	r.Get("/if/user/", s.page(s.account))
	r.Post("/if/user/", s.page(s.changeAccount))
	r.Get("/if/signed-out/", s.page(s.signedOut))
	r.Get(consolePath+"*", s.page(s.console))
	for _, file := range []string{"assets/*", "mark.svg"} {
		r.Get(consolePath+file, s.consoleFile)
	}
	r.Get("/application/launch/{slug}/", s.page(s.launch))
	r.Get("/link/{purpose}/{token}/", s.page(s.showLink))
	r.With(s.Limiter.Middleware(s.Answer)).Post("/link/{purpose}/{token}/", s.page(s.useLink))
	r.Get(scriptFolder+"{file}", s.script)
	r.Get(styleFolder+"{file}", s.styleSheet)
	for _, path := range []string{"/if/flow/{slug}", "/if/user", "/if/admin", "/source/{kind}/login/{slug}", "/application/launch/{slug}"} {
		r.Get(path, withSlash)
	}
}

// withSlash leads people who typed an address without its last slash.
func withSlash(w http.ResponseWriter, r *http.Request) {
	to := url.URL{Path: r.URL.Path + "/", RawQuery: r.URL.RawQuery}
	http.Redirect(w, r, to.RequestURI(), http.StatusFound)
}

// page turns a handler into an http.HandlerFunc: it finds out who asks and draws what the handler could not do.
func (s *Server) page(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := s.Visitors.Of(w, r)
		if err != nil {
			s.Refuse(w, r, nil, err)
			return
		}
		if err := h(w, r, v); err != nil {
			s.Refuse(w, r, v, err)
		}
	}
}

// frame is what surrounds every page of a request.
func (s *Server) frame(r *http.Request, v *model.Visitor) Page {
	p := Page{Lang: web.Locale(r.Context()), Now: s.Now(), Brand: s.brand(web.ClientOf(r.Context()).Host)}
	if r.Method == http.MethodGet {
		p.Path = r.URL.RequestURI()
	}
	if v != nil && v.SignedIn() {
		p.SignOutURL = "/flows/-/default/invalidation/"
	}
	return p
}

// brand is the brand of a host, as pages show it. Its colours are worked out once.
func (s *Server) brand(host string) Brand {
	type key struct{ id model.BrandID }
	snapshot := s.Snapshot()
	b := snapshot.Brand(host)
	return model.Derive(snapshot, key{b.ID}, func() Brand { return s.Renderer.BrandOf(b) })
}

// draw sends a page that leads nowhere outside.
func (s *Server) draw(w http.ResponseWriter, status int, p Page, render func(w http.ResponseWriter) error) error {
	return s.drawUnder(w, status, s.Renderer.ContentSecurityPolicy(p.Brand), render)
}

// drawUnder sends a page that lives under a content security policy.
func (s *Server) drawUnder(w http.ResponseWriter, status int, policy string, render func(w http.ResponseWriter) error) error {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return render(&late{ResponseWriter: w, status: status})
}

// late sends the status with the first byte of the page, so that a page that cannot be drawn can still be answered for with another.
type late struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (l *late) Write(b []byte) (int, error) {
	if !l.begun {
		l.begun = true
		l.WriteHeader(l.status)
	}
	return l.ResponseWriter.Write(b)
}

func (s *Server) formTargets(onward []string) []string {
	var targets []string
	for _, to := range onward {
		if target := s.formTarget(to); target != "" {
			targets = append(targets, target)
		}
	}
	return targets
}

// formTarget gives the origin outside of ours that an address leads to, "" for none.
func (s *Server) formTarget(to string) string {
	if strings.HasPrefix(to, "/") {
		return s.FormSource(s.Snapshot(), to)
	}
	source, _ := web.SourceOf(to)
	return source
}

const (
	flashCookie = "weimen_flash"
	flashMaxAge = 2 * time.Minute
)

// tell keeps short messages for the next page.
func (s *Server) tell(w http.ResponseWriter, messages []stage.Message) {
	if len(messages) == 0 {
		return
	}
	b, err := json.Marshal(messages)
	if err == nil && len(b) < 2048 {
		s.Cookies.Set(w, flashCookie, base64.RawURLEncoding.EncodeToString(b), flashMaxAge)
	}
}

// told takes the messages that were kept for this page.
func (s *Server) told(w http.ResponseWriter, r *http.Request) []stage.Message {
	value, ok := s.Cookies.Read(r, flashCookie)
	if !ok {
		return nil
	}
	s.Cookies.Clear(w, flashCookie)
	b, err := base64.RawURLEncoding.DecodeString(value)
	var messages []stage.Message
	if err != nil || json.Unmarshal(b, &messages) != nil {
		return nil
	}
	return messages
}
