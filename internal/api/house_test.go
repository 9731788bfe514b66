package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/api"
	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/mapping/scope"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/provider"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/source/oauth/openidconnect"
	"github.com/weimen-id/weimen/internal/source/oauth/wechat"
	"github.com/weimen-id/weimen/internal/stage/consent"
	"github.com/weimen-id/weimen/internal/stage/deny"
	"github.com/weimen-id/weimen/internal/stage/identification"
	"github.com/weimen-id/weimen/internal/stage/password"
	"github.com/weimen-id/weimen/internal/stage/prompt"
	"github.com/weimen-id/weimen/internal/stage/redirect"
	"github.com/weimen-id/weimen/internal/stage/userlogin"
	"github.com/weimen-id/weimen/internal/stage/userlogout"
	"github.com/weimen-id/weimen/internal/stage/userwrite"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/user"
)

// origin is where the installation under test claims to be.
const origin = "https://id.example.org"

// house is an API over a real database, with an administrator and a token.
type house struct {
	t         *testing.T
	store     *store.Store
	resources *resource.Manager
	box       kind.Box
	flows     *flow.Executor
	api       *api.API
	server    *httptest.Server
	admin     *model.User
	// key is the administrator's token, sent with every call; "" sends none.
	key string
	// browser signs the calls without a token in.
	browser *model.Visitor
}

func open(t *testing.T) *house {
	t.Helper()
	return openOn(t, "sqlite:"+filepath.Join(t.TempDir(), "w.db"))
}

func openOn(t *testing.T, dsn string) *house {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{DSN: dsn, Durability: store.DurabilityFast})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	must(t, db.Migrate(ctx))
	must(t, db.Load(ctx))
	box, err := keypair.NewBox(strings.Repeat("k", 64))
	must(t, err)
	hasher, err := keypair.NewPasswords(keypair.Cost{Memory: 64, Time: 1, Threads: 1})
	must(t, err)
	h := &house{t: t, store: db, box: box}
	guard := attempt.New(db, attempt.DefaultLimits(), time.Now)
	passwords := user.NewPasswords(db, hasher, time.Now)
	sessions := session.NewManager(db, time.Now)
	types := append(oauth.Presets(), wechat.Type(), openidconnect.Type())
	stages := kind.NewShelf(
		consent.Kind(db, time.Now), deny.Kind(), password.Kind(password.Deps{Passwords: passwords, Guard: guard}), prompt.Kind(prompt.Deps{}), redirect.Kind(), userlogin.Kind(sessions), userlogout.Kind(sessions),
		userwrite.Kind(db, passwords, sessions), identification.Kind(identification.Deps{
			Users: db, Passwords: passwords, Guard: guard,
			Buttons: func(*model.Snapshot, *model.Source) (identification.Button, bool) {
				return identification.Button{}, false
			},
		}),
	)
	mappings := kind.NewShelf[mapping.Driver](scope.Kind())
	policies := kind.NewShelf[policy.Driver]()
	sources := kind.NewShelf[source.Driver](oauth.Kind(types, http.DefaultClient)) //nolint:forbidigo // it makes no calls here
	providers := kind.NewShelf[provider.Driver](oauth2.Kind())
	engine := policy.New(policies, box, db, slog.New(slog.DiscardHandler))
	h.resources = resource.New(resource.Deps{
		Registry: resource.NewRegistry(resource.Kinds{
			Stages: stages.Describe(), Policies: policies.Describe(), Mappings: mappings.Describe(), Sources: sources.Describe(), Providers: providers.Describe(),
		}),
		Store: db, Box: box, Hasher: passwords, Now: time.Now,
	})
	flows := flow.New(flow.Deps{
		Snapshot: db.Snapshot, Stages: stages, Box: box, Policies: engine, Store: db, Failures: attempt.NewFailures(db, attempt.MostFailures, time.Now), Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Next: func(raw string) (string, bool) { return raw, strings.HasPrefix(raw, "/") },
	})
	h.flows = flows
	sourceTypes := make([]api.SourceType, 0, len(types))
	for _, x := range types {
		sourceTypes = append(sourceTypes, api.SourceType(x.Info))
	}
	h.api = api.New(api.Deps{
		Store: db, Resources: h.resources, Recogniser: access.NewRecogniser(db, time.Now), Flows: flows, Policies: engine, SourceTypes: sourceTypes,
		Origin: origin, Version: "0.1.0", Now: time.Now, Log: slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelError})),
		Visitor: func(_ http.ResponseWriter, r *http.Request) (*model.Visitor, error) {
			if h.browser != nil {
				v := *h.browser
				return &v, nil
			}
			return &model.Visitor{Browser: "browser", Origin: origin, Now: time.Now(), Locale: "en"}, nil
		},
		Apply: func(w http.ResponseWriter, _ *http.Request, reply *flow.Reply) {
			if reply.Session != nil {
				http.SetCookie(w, &http.Cookie{Name: "session", Value: "yes", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
			}
		},
		Text:      func(_, key string, _ map[string]string) string { return "text of " + key },
		SetupURLs: func(*model.Snapshot, model.ProviderID) (any, error) { return nil, model.ErrNotFound },
	})
	must(t, err)
	router := chi.NewRouter()
	router.Mount("/api/v3", h.api)
	h.server = httptest.NewServer(router)
	t.Cleanup(h.server.Close)
	h.bootstrap(ctx)
	return h
}

// bootstrap makes the administrator, their group and their token.
func (h *house) bootstrap(ctx context.Context) {
	h.admin = &model.User{Username: "akadmin", Name: "authentik Default Admin", Email: "root@example.com", IsActive: true}
	must(h.t, h.store.InsertUser(ctx, h.admin))
	must(h.t, h.store.InsertGroup(ctx, &model.Group{Name: "authentik Admins", IsSuperuser: true, Users: []model.UserID{h.admin.ID}}))
	h.key = h.token(ctx, h.admin, model.IntentAPI)
}

func (h *house) token(ctx context.Context, u *model.User, intent model.Intent) string {
	key := keypair.NewText(keypair.Alphanumeric, 60)
	must(h.t, h.resources.Issue(ctx, &model.Token{Identifier: "t-" + key[:8], Intent: intent, User: u.ID}, model.NewSecret(key)))
	return key
}

// person makes an ordinary user and gives their token.
func (h *house) person(name string) (*model.User, string) {
	u := &model.User{Username: name, Name: name, IsActive: true}
	must(h.t, h.store.InsertUser(context.Background(), u))
	return u, h.token(context.Background(), u, model.IntentAPI)
}

// client is authentik's published client.
func (h *house) client() *ak.APIClient {
	u, err := url.Parse(h.server.URL)
	must(h.t, err)
	config := ak.NewConfiguration()
	config.Host, config.Scheme = u.Host, "http"
	config.Servers = ak.ServerConfigurations{{URL: h.server.URL + "/api/v3"}}
	config.AddDefaultHeader("Authorization", "Bearer "+h.key)
	return ak.NewAPIClient(config)
}

// reply is an answer of the API.
type reply struct {
	status int
	raw    []byte
	header http.Header
}

// object reads the answer as a JSON object, its numbers as they were written.
func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	out, err := kind.DecodeObject(r.raw)
	if err != nil {
		t.Fatalf("status %d, not an object: %s", r.status, r.raw)
	}
	return out
}

// call asks the API. A body that is text is sent as it is, else as JSON.
func (h *house) call(method, path string, body any) reply {
	h.t.Helper()
	return h.callWith(method, path, body, nil)
}

// callWith is call with further headers.
func (h *house) callWith(method, path string, body any, headers map[string]string) reply {
	h.t.Helper()
	var sent io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		sent = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		must(h.t, err)
		sent = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, h.server.URL+"/api/v3"+path, sent)
	must(h.t, err)
	if h.key != "" {
		r.Header.Set("Authorization", "Bearer "+h.key)
	}
	if sent != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer, err := h.server.Client().Do(r)
	must(h.t, err)
	defer func() { _ = answer.Body.Close() }()
	return readReply(h.t, answer)
}

func readReply(t *testing.T, answer *http.Response) reply {
	t.Helper()
	raw, err := io.ReadAll(answer.Body)
	must(t, err)
	return reply{answer.StatusCode, raw, answer.Header}
}

// want asks and insists on the status.
func (h *house) want(status int, method, path string, body any) map[string]any {
	h.t.Helper()
	r := h.call(method, path, body)
	if r.status != status {
		h.t.Fatalf("%s %s: status %d, want %d: %s", method, path, r.status, status, r.raw)
	}
	if status == http.StatusNoContent {
		return nil
	}
	return r.object(h.t)
}

func (h *house) post(path string, body any) map[string]any {
	h.t.Helper()
	return h.want(http.StatusCreated, http.MethodPost, path, body)
}

func (h *house) get(path string) map[string]any {
	h.t.Helper()
	return h.want(http.StatusOK, http.MethodGet, path, nil)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}
