package oauth2_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/expr/vocabulary"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/mapping/scope"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/consent"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
	"github.com/weimen-id/weimen/internal/testenv"
	"github.com/weimen-id/weimen/internal/web"
)

const (
	callback = "https://app.example.org/callback"
	secret   = "s3cret with:signs%and+more"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636 appendix B
	browser  = "the-browser"
)

// keyPEMs are made once: an RSA key takes longer than all the rest of a test.
var keyPEMs = sync.OnceValue(func() map[keypair.Algorithm][2]string {
	out := map[keypair.Algorithm][2]string{}
	for _, a := range []keypair.Algorithm{keypair.RSA, keypair.ECDSA} {
		certificate, key, err := keypair.Generate(keypair.Request{CommonName: "test", Algorithm: a}, time.Now())
		if err != nil {
			return nil // then every test fails that needs one
		}
		out[a] = [2]string{certificate, key}
	}
	return out
})

// house is the provider on a real store, with the least around it.
type house struct {
	t        *testing.T
	store    *store.Store
	server   *oauth2.Server
	sessions *session.Manager
	flows    *flow.Executor
	box      *keypair.Box
	http     *httptest.Server
	clock    time.Duration // how far the server's clock is ahead
	user     *model.User
	provider model.ProviderID
	app      model.ApplicationID
	flow     model.FlowID // the authorization flow
	login    model.FlowID
	keys     map[keypair.Algorithm]model.KeyPairID
	refused  *model.Error // the last refusal that was shown
	ctx      func(context.Context) context.Context
}

// newHouse makes a house whose provider has the settings that change leaves.
func newHouse(t *testing.T, change func(*house, *oauth2.Config)) *house {
	t.Helper()
	return newHouseOn(t, storetest.Open(t), change)
}

// onBoth runs a test on both databases.
func onBoth(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, newHouse(t, nil)) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, newHouseOn(t, storetest.OpenDSN(t, testenv.Postgres(t)), nil)) })
}

func newHouseOn(t *testing.T, s *store.Store, change func(*house, *oauth2.Config)) *house {
	t.Helper()
	h := &house{t: t, store: s, keys: map[keypair.Algorithm]model.KeyPairID{}}
	var err error
	if h.box, err = keypair.NewBox(strings.Repeat("k", 40)); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	now := func() time.Time { return time.Now().Add(h.clock) }
	h.sessions = session.NewManager(h.store, now)
	policies := policy.New(kind.NewShelf[policy.Driver](), h.box, h.store, log)
	h.flows = flow.New(flow.Deps{
		Snapshot: h.store.Snapshot, Stages: kind.NewShelf(consent.Kind(h.store, now), h.loginKind()), Box: h.box, Policies: policies, Store: h.store, Failures: attempt.NewFailures(h.store, attempt.MostFailures, now),
		Next: func(raw string) (string, bool) { return raw, strings.HasPrefix(raw, "/") }, Now: now, Log: log,
	})
	h.flows.Inline(oauth2.InlineConsent, consent.New(consent.Defaults(), h.store, now))

	h.http = httptest.NewUnstartedServer(nil)
	h.http.Start()
	t.Cleanup(h.http.Close)
	h.server = oauth2.New(oauth2.Deps{
		Origin: h.http.URL, Snapshot: h.store.Snapshot, Box: h.box,
		KeyPair: func(k *model.KeyPair) (*keypair.Pair, error) {
			key, err := h.box.Open(string(k.Key), "key_pairs/key/"+k.Name)
			if err != nil {
				return nil, err
			}
			return keypair.Parse(k.Certificate, key)
		},
		Mappings: mapping.New(kind.NewShelf(scope.Kind()), h.box, vocabulary.New(vocabulary.Deps{Snapshot: h.store.Snapshot, Store: h.store, Now: now})), Policies: policies, Flows: h.flows, Store: h.store, Pages: h, Visit: h.visit,
		HasConsent: func(s *model.Snapshot, f *model.Flow) bool {
			for _, b := range s.BindingsOf(f.ID) {
				if s.Stages[b.Stage].Kind == "consent" {
					return true
				}
			}
			return false
		},
		Now: now, Log: log,
	})
	public, err := url.Parse(h.http.URL)
	if err != nil {
		t.Fatal(err)
	}
	router := web.NewRouter(web.Options{Public: public, Log: log})
	h.server.Mount(router)
	router.HandleFunc("/if/flow/{slug}/", h.flowPage)
	h.http.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.ctx != nil {
			r = r.WithContext(h.ctx(r.Context()))
		}
		router.ServeHTTP(w, r)
	})

	h.user = &model.User{
		Username: "ouid", Name: "张三", Email: "z@example.org", IsActive: true, Path: "users", Type: model.UserInternal, Attributes: map[string]any{"upn": "z@corp"},
	}
	must(t, h.store.InsertUser(t.Context(), h.user))
	h.seed(change)
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) change(fn func(ctx context.Context, tx *store.Change) error) {
	h.t.Helper()
	must(h.t, h.store.Change(h.t.Context(), fn))
}

// seed makes the configuration: flows, keys, the default mappings, a provider with its application.
func (h *house) seed(change func(*house, *oauth2.Config)) {
	h.t.Helper()
	h.change(func(ctx context.Context, tx *store.Change) error {
		login := model.NewFlow()
		login.Name, login.Slug, login.Title, login.Designation = "Login", "login", "Welcome", model.DesignationAuthentication
		must(h.t, tx.Put(ctx, &login))
		step := &model.Stage{Name: "login", Kind: "testlogin", Config: model.Config("{}")}
		must(h.t, tx.Put(ctx, step))
		b := model.NewFlowStageBinding()
		b.Flow, b.Stage = login.ID, step.ID
		must(h.t, tx.Put(ctx, &b))
		authorize := model.NewFlow()
		authorize.Name, authorize.Slug, authorize.Title, authorize.Designation = "Authorize", "authorize", "Redirecting", model.DesignationAuthorization
		authorize.Authentication = model.RequireAuthenticated
		must(h.t, tx.Put(ctx, &authorize))
		end := model.NewFlow()
		end.Name, end.Slug, end.Title, end.Designation = "End", "end", "Signed out", model.DesignationInvalidation
		must(h.t, tx.Put(ctx, &end))
		brand := model.NewBrand()
		brand.Domain, brand.Default, brand.FlowAuthentication = "default", true, &login.ID
		must(h.t, tx.Put(ctx, &brand))
		h.flow, h.login = authorize.ID, login.ID

		for a, pair := range keyPEMs() {
			k := &model.KeyPair{Name: string(a), Certificate: pair[0], Key: model.Sealed(h.box.Seal(pair[1], "key_pairs/key/"+string(a)))}
			must(h.t, tx.Put(ctx, k))
			h.keys[a] = k.ID
		}
		p := &model.Provider{Name: "demo", AuthorizationFlow: authorize.ID, InvalidationFlow: end.ID, Kind: oauth2.KindName, Config: model.Config("{}")}
		for _, d := range scope.Defaults() {
			managed := d.Managed
			config, err := json.Marshal(map[string]any{"scope_name": d.ScopeName, "description": d.Description})
			must(h.t, err)
			m := &model.PropertyMapping{Name: d.Name, Managed: &managed, Expression: d.Expression, Kind: "scope", Config: config}
			must(h.t, tx.Put(ctx, m))
			p.PropertyMappings = append(p.PropertyMappings, m.ID)
		}
		must(h.t, tx.Put(ctx, p))
		h.provider = p.ID
		app := model.NewApplication()
		app.Name, app.Slug, app.Provider = "Demo", "demo", &p.ID
		must(h.t, tx.Put(ctx, &app))
		h.app = app.ID
		return nil
	})
	h.configure(h.provider, func(c *oauth2.Config) {
		*c = oauth2.Defaults()
		c.ClientID, c.ClientSecret = "demo-client", model.NewSecret(secret)
		c.RedirectURIs = []oauth2.RedirectURI{{MatchingMode: oauth2.MatchStrict, URL: callback}}
		key := h.keys[keypair.ECDSA]
		c.SigningKey = &key
		if change != nil {
			change(h, c)
		}
	})
}

// configure changes a provider's settings.
func (h *house) configure(id model.ProviderID, change func(*oauth2.Config)) {
	h.t.Helper()
	h.change(func(ctx context.Context, tx *store.Change) error {
		p := *tx.Snapshot().Providers[id]
		c := oauth2.Defaults()
		place := "providers/config/" + strconv.FormatInt(int64(id), 10)
		must(h.t, kind.Load(&c, p.Config, h.box, place))
		change(&c)
		must(h.t, c.Validate())
		var err error
		p.Config, err = kind.Seal(c, h.box, place)
		must(h.t, err)
		return tx.Put(ctx, &p)
	})
}

// second adds another client, with an application of its own.
func (h *house) second() {
	h.t.Helper()
	var id model.ProviderID
	h.change(func(ctx context.Context, tx *store.Change) error {
		p := *tx.Snapshot().Providers[h.provider]
		p.ID, p.Name, p.Config = 0, "other", model.Config("{}")
		must(h.t, tx.Put(ctx, &p))
		id = p.ID
		app := model.NewApplication()
		app.Name, app.Slug, app.Provider = "Other", "other", &p.ID
		return tx.Put(ctx, &app)
	})
	h.configure(id, func(c *oauth2.Config) {
		c.ClientID, c.ClientSecret = "other-client", model.NewSecret("other-secret")
		c.RedirectURIs = []oauth2.RedirectURI{{MatchingMode: oauth2.MatchStrict, URL: callback}}
	})
}

// loginKind is a stage that signs the house's user in when asked to.
func (h *house) loginKind() kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{Name: "testlogin"}, struct{}{}, func(struct{}) (stage.Driver, error) { return loginStage{h}, nil })
}

type loginStage struct{ h *house }

type loginChallenge struct{ stage.Base }

func (l loginStage) Enter(context.Context, *stage.Visit) (stage.Outcome, error) {
	return stage.Ask{Challenge: &loginChallenge{stage.Base{Component: "test-login"}}}, nil
}

func (l loginStage) Submit(_ context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	s, token := l.h.sessions.Begin(v.Visitor, 0)
	s.AuthMethod, s.User = "password", l.h.user.ID
	v.Write(func(ctx context.Context) error { return l.h.sessions.Insert(ctx, s) })
	v.SignIn(s, token, l.h.user)
	return stage.Done{}, nil
}

// visit, Refuse, Reply, Fail and flowPage stand for the portal.

func (h *house) visit(_ http.ResponseWriter, r *http.Request) (*model.Visitor, error) {
	v := &model.Visitor{Browser: browser, Locale: "en", ClientIP: "192.0.2.7", Origin: h.http.URL, Host: r.Host, Now: time.Now(), RequestID: web.RequestID(r.Context())}
	c, err := r.Cookie("session")
	if err != nil {
		return v, nil //nolint:nilerr // nobody is signed in
	}
	v.Session, v.User, err = h.sessions.Find(r.Context(), c.Value)
	if model.CodeOf(err) == model.CodeNotFound {
		v.Session, v.User, err = nil, nil, nil
	}
	return v, err
}

func (h *house) Refuse(w http.ResponseWriter, _ *http.Request, e *model.Error) {
	h.refused = e
	http.Error(w, "refused: "+e.Reason, http.StatusBadRequest)
}

func (h *house) Fail(w http.ResponseWriter, _ *http.Request, err error) {
	http.Error(w, "failed: "+err.Error(), http.StatusInternalServerError)
}

func (h *house) Reply(w http.ResponseWriter, r *http.Request, reply *flow.Reply) {
	if reply.Session != nil {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: reply.SessionToken.Reveal(), Path: "/"})
	}
	switch {
	case reply.Refusal != nil:
		h.Refuse(w, r, reply.Refusal)
	case reply.To != "":
		http.Redirect(w, r, reply.To, http.StatusSeeOther)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(reply.Challenge)
	}
}

func (h *house) flowPage(w http.ResponseWriter, r *http.Request) {
	v, err := h.visit(w, r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	slug := strings.Trim(strings.TrimPrefix(r.URL.Path, "/if/flow/"), "/")
	var reply *flow.Reply
	if r.Method == http.MethodPost {
		_ = r.ParseForm()
		reply, err = h.flows.Answer(r.Context(), v, slug, r.URL.Query(), flow.Texts(r.PostForm))
	} else {
		reply, err = h.flows.Show(r.Context(), v, slug, r.URL.Query())
	}
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	h.Reply(w, r, reply)
}
