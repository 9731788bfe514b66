package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/config"
	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/policy/reputation"
	"github.com/weimen-id/weimen/internal/policy/uniquepassword"
	"github.com/weimen-id/weimen/internal/portal"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/consent"
	"github.com/weimen-id/weimen/internal/stage/identification"
	"github.com/weimen-id/weimen/internal/stage/invitation"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/user"
	"github.com/weimen-id/weimen/internal/web"
)

// App is the house, put together.
type App struct {
	settings config.Settings
	version  string
	log      *slog.Logger
	now      func() time.Time

	Store    *store.Store
	box      *keypair.Box
	shelves  Shelves
	registry *resource.Registry

	cookies   web.Cookies
	metrics   *web.Metrics
	catalogue *i18n.Catalogue
	renderer  *portal.Renderer

	events    *event.Recorder
	sessions  *session.Manager
	visitors  *visitors
	passwords *user.Passwords
	mail      mail.Transport
	console   fs.FS
	post      *mail.Post
	policies  *policy.Engine
	mappings  *mapping.Engine
	words     *vocabulary.Vocabulary
	flows     *flow.Executor
	sources   *source.Manager
	resources *resource.Manager
	provider  *oauth2.Server
	portal    *portal.Server

	handler http.Handler
}

// Options are what is not a setting.
type Options struct {
	Settings config.Settings
	Version  string
	Log      *slog.Logger
	// Now and Client are the clock and the client for calls to upstreams. Nil is the real ones.
	Now    func() time.Time
	Client *http.Client
	// Mail takes the letters of the installation in place of an SMTP server. Nil sends them by the settings.
	Mail mail.Transport
	// Console holds the administrator's console; nil where the binary has none. Package console gives it.
	Console fs.FS
}

// New opens the database, brings it up to date and puts the house together. Close it.
func New(ctx context.Context, o Options) (*App, error) {
	a := &App{settings: o.Settings, version: o.Version, log: o.Log, now: o.Now, mail: o.Mail, console: o.Console}
	if a.now == nil {
		a.now = time.Now
	}
	if o.Client == nil {
		o.Client = web.NewClient()
	}
	if err := a.openStore(ctx); err != nil {
		return nil, err
	}
	if err := a.openPost(); err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	if err := a.build(o.Client); err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	if err := a.firstStart(ctx); err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	return a, nil
}

// Handler answers every request.
func (a *App) Handler() http.Handler { return a.handler }

// Close sends the letters that are waiting, as far as that is quick, and closes the database.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), lastPost)
	defer cancel()
	a.post.Close(ctx)
	return a.Store.Close()
}

// Run keeps the configuration current until the context ends.
func (a *App) Run(ctx context.Context) error { return a.Store.Run(ctx) }

func (a *App) openStore(ctx context.Context) error {
	var err error
	if a.box, err = keypair.NewBox(a.settings.SecretKey.Reveal()); err != nil {
		return fmt.Errorf("secret key: %w", err)
	}
	if a.Store, err = OpenStore(ctx, a.settings, a.log); err != nil {
		return err
	}
	if err := a.Store.Migrate(ctx); err != nil {
		return errors.Join(fmt.Errorf("migrate database: %w", err), a.Store.Close())
	}
	if err := a.Store.Load(ctx); err != nil {
		return errors.Join(fmt.Errorf("read configuration: %w", err), a.Store.Close())
	}
	return nil
}

// OpenStore opens the database that the settings name.
func OpenStore(ctx context.Context, s config.Settings, log *slog.Logger) (*store.Store, error) {
	dsn := "sqlite:" + s.Database.Path
	if s.Database.Dialect == config.Postgres {
		dsn = s.Database.DSN.Reveal()
	}
	return store.Open(ctx, store.Options{DSN: dsn, Durability: string(s.Durability), Log: log})
}

// build makes the rooms, each from those below it.
func (a *App) build(client *http.Client) error {
	hasher, err := keypair.NewPasswords(keypair.DefaultCost())
	if err != nil {
		return err
	}
	places, err := geoip.Open(a.settings.GeoIP.Database, a.settings.GeoIP.ASNDatabase)
	if err != nil {
		return err
	}
	a.cookies = web.NewCookies(a.settings.URL)
	a.metrics = web.NewMetrics()
	a.events = event.NewRecorder(a.Store, a.now)
	a.sessions = session.NewManager(a.Store, a.now).WithPlaces(places)
	a.visitors = newVisitors(session.NewVisitors(a.sessions, a.cookies, a.settings.Origin()), a.settings.RateLimit)
	users := user.NewUsers(a.Store, uniquepassword.Longest, a.now)
	a.passwords = user.NewPasswords(users, hasher, a.now)
	a.words = a.newWords(places)
	failures := attempt.NewFailures(a.Store, attempt.MostFailures, a.now)
	a.shelves = newShelves(kindDeps{
		keep: func(ctx context.Context, change func(context.Context) error) error {
			return a.resources.KeepAdministrator(ctx, change)
		},
		judge: judge{a}, users: users, places: places, hasher: hasher, log: a.log,
		devices: device.New(a.Store, a.box), text: a.catalogue.Text, finder: stageFinder{a},
		words: a.words, store: a.Store, sessions: a.sessions, passwords: a.passwords, post: a.post, guard: attempt.New(a.Store, attempt.DefaultLimits(), a.now),
		sends: attempt.New(a.Store, attempt.SendLimits(), a.now), buttons: a.button, client: client, now: a.now,
	})
	a.registry = resource.NewRegistry(a.shelves.Describe())
	if a.renderer, err = a.newRenderer(); err != nil {
		return err
	}
	a.policies = policy.New(a.shelves.Policies, a.box, a.Store, a.log).WithEvents(a.record)
	a.mappings = mapping.New(a.shelves.Mappings, a.box, a.words)
	a.flows = flow.New(flow.Deps{
		Snapshot: a.Store.Snapshot, Stages: a.shelves.Stages, Box: a.box, Policies: a.policies, Store: observed{users, reputation.NewRecorder(a.Store, a.now)}, Failures: failures, Next: a.next,
		Application: a.application, Now: a.now, Log: a.log,
	})
	a.sources = source.New(source.Deps{
		Snapshot: a.Store.Snapshot, Sources: a.shelves.Sources, Box: a.box, Store: a.Store, Flows: a.flows, Policies: a.policies, Mappings: a.mappings,
		Failures: failures, Next: a.next, Now: a.now, Log: a.log,
	})
	a.flows.Inline(invitation.Inline, invitation.Use(a.Store))
	a.flows.Inline(source.ConnectStage, a.sources.Stage())
	a.flows.Inline(oauth2.InlineConsent, consent.New(consent.Config{Mode: "expiring", ConsentExpireIn: "weeks=4"}, a.Store, a.now))
	a.resources = resource.New(resource.Deps{
		Registry: a.registry, Store: users, Box: a.box, Hasher: a.passwords, CheckExpressions: a.checkExpressions, CheckSource: a.sources.Check, Now: a.now,
		Ways: a.waysIn,
		Identifiers: func(src *model.Source, value string) ([]model.Identifier, error) {
			return a.sources.Identifiers(a.Store.Snapshot(), src, value), nil
		},
	})
	a.portal = portal.NewServer(portal.Deps{
		Renderer: a.renderer, Snapshot: a.Store.Snapshot, Store: users, Flows: a.flows, Sources: a.sources, Sessions: a.sessions,
		Visitors: a.visitors, Policies: a.policies, Resources: a.resources, Passwords: a.passwords, Failures: failures, Events: a.events, Cookies: a.cookies, Console: a.console, Button: a.sources.Button, Configures: a.configures,
		FormSource: func(s *model.Snapshot, path string) string { return a.provider.FormSource(s, path) },
		LaunchURL:  a.launchURL, Next: a.next, Limiter: web.NewLimiter(5, 60, 100_000), Now: a.now, Log: a.log,
	})
	a.provider = oauth2.New(oauth2.Deps{
		Origin: a.settings.Origin(), Snapshot: a.Store.Snapshot, Box: a.box, KeyPair: a.keyPair, Mappings: a.mappings, Policies: a.policies,
		Flows: a.flows, Store: a.Store, Pages: a.portal.Pages(), Visit: a.visitors.Of, HasConsent: a.hasConsent, Now: a.now, Log: a.log,
	})
	a.handler, err = a.routes()
	return err
}

// newRenderer makes the renderer with the own screens of stages.
func (a *App) newRenderer() (*portal.Renderer, error) {
	var screens []stage.Screen
	for _, k := range a.shelves.Stages.All() {
		d, err := k.OpenDefault()
		if err != nil {
			return nil, fmt.Errorf("open %s with its defaults: %w", k.Name, err)
		}
		if s, ok := d.(stage.Screener); ok {
			screens = append(screens, s.Screen())
		}
	}
	r, err := portal.New(a.catalogue, screens...)
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	return r, nil
}

func (a *App) next(raw string) (string, bool) { return web.SafeNext(a.settings.URL, raw) }

// application finds the application that a next path leads to. The provider is made after the flows that ask.
func (a *App) application(s *model.Snapshot, next string) *stage.ApplicationRef {
	return a.provider.Application(s, next)
}

// button is a source's place on the login page. The sources are made after the stages that ask.
func (a *App) button(s *model.Snapshot, src *model.Source) (identification.Button, bool) {
	b, ok := a.sources.Button(s, src)
	return identification.Button{URL: b.URL, IconURL: b.IconURL, Type: b.Type}, ok
}

// keyPair opens a stored certificate and its key.
func (a *App) keyPair(k *model.KeyPair) (*keypair.Pair, error) {
	clear := ""
	if k.Key != "" {
		var err error
		if clear, err = a.box.Open(string(k.Key), resource.KeyPlace(k.ID)); err != nil {
			return nil, fmt.Errorf("open key: %w", err)
		}
	}
	return keypair.Parse(k.Certificate, clear)
}

// hasConsent reports whether a flow holds a stage that asks for consent.
func (a *App) hasConsent(s *model.Snapshot, f *model.Flow) bool {
	return slices.ContainsFunc(s.BindingsOf(f.ID), func(b *model.FlowStageBinding) bool {
		st := s.Stages[b.Stage]
		if st == nil {
			return false
		}
		k, ok := a.shelves.Stages.Get(st.Kind)
		if !ok {
			return false
		}
		d, err := k.OpenDefault()
		_, asks := d.(stage.Consenter)
		return err == nil && asks
	})
}

// waysIn tells what the stages of a flow open. One that shuts it counts only where no policy may pass it over.
func (a *App) waysIn(s *model.Snapshot, f *model.Flow) stage.Ways {
	var w stage.Ways
	for _, b := range s.BindingsOf(f.ID) {
		st := s.Stages[b.Stage]
		if st == nil {
			continue
		}
		d, err := a.shelves.Stages.Open(st.Kind, st.Config, a.box, "stages/config/"+string(st.ID))
		if e, ok := d.(stage.Entrance); err == nil && ok {
			o := e.Opens(s)
			if o.Shut && !slices.ContainsFunc(s.PoliciesOf(model.TargetID(b.ID)), func(p *model.PolicyBinding) bool { return p.Enabled }) {
				w.SignsIn = false
				return w
			}
			w = w.And(o)
		}
	}
	return w
}

// configures says what a stage lets people set up by themselves.
func (a *App) configures(_ *model.Snapshot, st *model.Stage) stage.Configuration {
	if st == nil {
		return stage.Configuration{}
	}
	d, err := a.shelves.Stages.Open(st.Kind, st.Config, a.box, "stages/config/"+string(st.ID))
	if c, ok := d.(stage.Configurable); err == nil && ok {
		return c.Configures()
	}
	return stage.Configuration{}
}

// needsMail says whether a stage sends letters by the installation's settings.
func (a *App) needsMail(_ *model.Snapshot, st *model.Stage) bool {
	d, err := a.shelves.Stages.Open(st.Kind, st.Config, a.box, "stages/config/"+string(st.ID))
	p, ok := d.(stage.Posting)
	return err == nil && ok && p.WritesByInstallation()
}

// launchURL is where an application is opened for a person: what the administrator says, with the person's fields filled in, else what its provider makes of itself.
func (a *App) launchURL(s *model.Snapshot, app *model.Application, u *model.User) string {
	if app.MetaLaunchURL != "" {
		fields := strings.NewReplacer("%(username)s", url.PathEscape(u.Username), "%(email)s", url.PathEscape(u.Email), "%(uuid)s", u.UUID, "%(pk)s", strconv.FormatInt(int64(u.ID), 10))
		return fields.Replace(app.MetaLaunchURL)
	}
	if app.Provider == nil {
		return ""
	}
	return a.provider.LaunchURL(s, *app.Provider)
}

// routes puts the surfaces on one router.
func (a *App) routes() (http.Handler, error) {
	r := web.NewRouter(web.Options{
		Public: a.settings.URL, TrustedProxies: a.settings.TrustedProxies, Log: a.log, Metrics: a.metrics, Answer: a.portal.Answer, BodyLimit: a.bodyLimit,
	})
	guard, err := web.CrossOrigin(a.settings.URL, a.portal.Answer)
	if err != nil {
		return nil, err
	}
	a.health(r)
	a.provider.Mount(r)
	r.Group(func(r chi.Router) {
		r.Use(guard)
		r.Mount("/api/v3", a.newAPI())
		a.portal.Mount(r)
	})
	return r, nil
}

// health adds what operators ask.
func (a *App) health(r chi.Router) {
	r.Get("/-/health/live/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	r.Get("/-/health/ready/", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := a.Store.Ping(ctx); err != nil {
			web.SetRetryAfter(w, 5*time.Second)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	r.Handle("/-/metrics/", a.metrics.Handler())
}
