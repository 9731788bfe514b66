package app_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app"
	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
)

const bootstrapPassword = "correct horse battery"

// setUpLink asks for the link that a start prints, as a path of the house.
func setUpLink(t *testing.T, h *apptest.House) string {
	t.Helper()
	link, err := h.App().SetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(link, h.URL)
}

func TestTheSetUpLinkMakesTheFirstAdministratorOnce(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		link := setUpLink(t, h)
		b := h.Browser("zh-CN")
		form := b.Get(link)
		if form.Status != 200 || form.Heading() == "" {
			t.Fatalf("no page: %s", form)
		}
		for _, wrong := range [][2]string{{"short", "short"}, {"long enough 1", "long enough 2"}, {"", ""}} {
			if p := b.Post(link, url.Values{"password": {wrong[0]}, "password_repeat": {wrong[1]}}); p.Status != 400 || b.SignedIn() {
				t.Errorf("password %q: %s", wrong, p)
			}
		}
		b.Get(link) // opening it uses nothing up: programs open links too
		h.Secrets.Add("the password", bootstrapPassword)
		p := b.Submit(form, map[string]string{"password": bootstrapPassword, "password_repeat": bootstrapPassword})
		if p.URL.Path != "/if/user/" || !b.SignedIn() {
			t.Fatalf("not signed in: %s", p)
		}
		thief := h.Browser("en")
		h.Refused(thief.Post(link, url.Values{"password": {"another password"}, "password_repeat": {"another password"}}), "link.used")
		if setUpLink(t, h) != "" {
			t.Error("there is a set-up link, though an administrator has a password")
		}
		admin := h.Browser("en")
		if page := passwordSignIn(admin, "akadmin", bootstrapPassword); !admin.SignedIn() {
			t.Errorf("the password does not sign in: %s", page)
		}
	})
}

// passwordSignIn answers the default flow: the name, then the password.
func passwordSignIn(b *apptest.Browser, name, password string) *apptest.Page {
	p := b.Submit(b.Get("/flows/-/default/authentication/"), map[string]string{"uid_field": name})
	return b.Submit(p, map[string]string{"password": password})
}

func TestALinkThatIsWrongOrTooOldIsRefused(t *testing.T) {
	t.Parallel()
	refuse(t, []refusal{
		{"it is made up", "link.used", func(s *scene) *apptest.Page {
			return s.Post("/link/set-up/"+strings.Repeat("x", 43)+"/", url.Values{"password": {bootstrapPassword}, "password_repeat": {bootstrapPassword}})
		}, nil},
		{"it has expired", "link.used", func(s *scene) *apptest.Page {
			link := setUpLink(s.t, s.House)
			s.Database.Exec("UPDATE one_time_links SET expires = " + map[bool]string{true: "1", false: "timestamptz '2001-01-01'"}[s.Settings.Database.Path != ""])
			s.mark()
			return s.Post(link, url.Values{"password": {bootstrapPassword}, "password_repeat": {bootstrapPassword}})
		}, nil},
		{"it is for something else", "link.used", func(s *scene) *apptest.Page {
			link := setUpLink(s.t, s.House)
			s.mark()
			return s.Post(strings.Replace(link, "/set-up/", "/rescue/", 1), url.Values{})
		}, nil},
	})
}

func TestTheRescueLinkSignsInWhileTheServerRunsAndWeChatIsDown(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{"WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
		h.WeChat.Close()
		link, err := app.Rescue(t.Context(), h.Settings, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		link = strings.TrimPrefix(link, h.URL)
		b := h.Browser("en")
		page := b.Get(link)
		if b.SignedIn() {
			t.Error("opening the link signs in: whatever looks at it would be administrator")
		}
		if p := b.Submit(page, nil); p.URL.Path != "/if/user/" || !b.SignedIn() {
			t.Errorf("not signed in: %s", p)
		}
		h.Refused(h.Browser("en").Post(link, url.Values{}), "link.used")
		var methods []any
		for _, e := range h.EventsWhere("action", string(model.ActionLogin)) {
			methods = append(methods, e.Context["auth_method"])
		}
		if diff := cmp.Diff([]any{"rescue"}, methods); diff != "" {
			t.Errorf("logins recorded (-want +got):\n%s", diff)
		}
	})
}

func TestTheBootstrapPasswordAndTokenWorkFromTheFirstStart(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		token := "a-bootstrap-token-for-automation"
		h := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{
			"WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword, "WEIMEN_BOOTSTRAP_TOKEN=" + token, "WEIMEN_BOOTSTRAP_EMAIL=root@example.org",
		}})
		h.Secrets.Add("the bootstrap password", bootstrapPassword)
		h.Secrets.Add("the bootstrap token", token)
		if setUpLink(t, h) != "" {
			t.Error("there is a set-up link beside the password")
		}
		b := h.Browser("en")
		if p := passwordSignIn(b, "akadmin", bootstrapPassword); !b.SignedIn() {
			t.Errorf("the password does not sign in: %s", p)
		}
		wrong := h.Browser("en")
		if p := passwordSignIn(wrong, "akadmin", "a wrong password"); wrong.SignedIn() || p.Status >= 500 {
			t.Errorf("a wrong password: %s", p)
		}
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+"/api/v3/core/users/me/", nil)
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := h.Program().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		var me struct {
			User struct{ Username, Email string }
		}
		if err := json.Unmarshal(body, &me); err != nil || me.User.Username != "akadmin" || me.User.Email != "root@example.org" {
			t.Errorf("the token is answered %d: %s", res.StatusCode, body)
		}
	})
}

func TestASecondStartChangesNothing(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		flow := h.App().Store.Snapshot().FlowBySlug("default-authentication-flow")
		h.Put("authentik_flows.flow", flow.Slug, map[string]any{"title": "Changed by the administrator"})
		h.Remove("authentik_flows.flow", "default-source-enrollment")
		rows, version := h.Database.Rows(), h.App().Store.Snapshot().Version
		events := h.Database.Count("events")
		h.Restart()
		s := h.App().Store.Snapshot()
		if s.FlowBySlug("default-authentication-flow").Title != "Changed by the administrator" || s.FlowBySlug("default-source-enrollment") != nil {
			t.Error("the second start took the administrator's changes back")
		}
		after := h.Database.Rows()
		maps.DeleteFunc(after, func(table string, _ int) bool { return table == "one_time_links" })
		delete(rows, "one_time_links")
		if diff := cmp.Diff(rows, after); diff != "" || s.Version != version || h.Database.Count("events") != events {
			t.Errorf("version %d, then %d; events %d, then %d; rows:\n%s", version, s.Version, events, h.Database.Count("events"), diff)
		}
	})
}

// An installation that began before there were authenticators gets the flows that are new, and a login page that asks for what people set up. What its administrator changed or
// deleted stays so.
func TestAnOlderInstallationGetsTheNewDefaults(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.Put("authentik_flows.flow", "default-authentication-flow", map[string]any{"title": "Changed by the administrator"})
		for _, slug := range []string{
			"default-source-enrollment", "default-password-change", "default-user-settings-flow", "default-recovery-flow", "default-enrollment-flow", "default-unenrollment-flow",
			"default-authenticator-totp-setup", "default-authenticator-static-setup", "default-authenticator-webauthn-setup",
		} {
			h.Remove("authentik_flows.flow", slug)
		}
		for _, st := range h.App().Store.Snapshot().Stages {
			if st.Name == "default-authentication-mfa-validation" {
				h.Remove("authentik_stages_authenticator_validate.authenticatorvalidatestage", string(st.ID))
			}
		}
		h.Database.Exec("UPDATE installation SET defaults = 1")
		h.Restart()
		s := h.App().Store.Snapshot()
		if s.FlowBySlug("default-authentication-flow").Title != "Changed by the administrator" || s.FlowBySlug("default-source-enrollment") != nil {
			t.Error("the administrator's changes were taken back")
		}
		if s.FlowBySlug("default-recovery-flow") == nil || s.FlowBySlug("default-authenticator-webauthn-setup") == nil {
			t.Error("the new flows are missing")
		}
		names := []string{}
		for _, b := range s.BindingsOf(s.FlowBySlug("default-authentication-flow").ID) {
			names = append(names, strings.TrimPrefix(s.Stages[b.Stage].Name, "default-authentication-"))
		}
		if diff := cmp.Diff([]string{"identification", "password", "mfa-validation", "login"}, names); diff != "" {
			t.Errorf("stages of the login page (-want +got):\n%s", diff)
		}
		h.Remove("authentik_flows.flow", "default-recovery-flow")
		h.Restart()
		if h.App().Store.Snapshot().FlowBySlug("default-recovery-flow") != nil {
			t.Error("what was deleted after the upgrade came back")
		}
	})
}

// TestTwoServersThatStartAtOnceOnAnEmptyDatabaseMakeOneInstallation is a deployment with two replicas.
func TestTwoServersThatStartAtOnceOnAnEmptyDatabaseMakeOneInstallation(t *testing.T) {
	t.Parallel()
	h := apptest.NewEmpty(t, apptest.Options{Postgres: true, Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=a-bootstrap-token-for-automation"}})
	servers, errs := make([]apptest.Server, 3), make([]error, 3)
	var all sync.WaitGroup
	for i := range servers {
		all.Go(func() { servers[i], errs[i] = h.TryStart() })
	}
	all.Wait()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("server %d: %v", i+1, err)
		}
	}
	h.Serve(servers[0])
	alone := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=a-bootstrap-token-for-automation"}})
	want, got := alone.Database.Rows(), h.Database.Rows()
	for _, bookkeeping := range []string{"goose_db_version", "sqlite_sequence"} {
		delete(want, bookkeeping)
		delete(got, bookkeeping)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("one server makes -, three make +:\n%s", diff)
	}
}

// How long it takes is logged here and measured by make bench.
func TestAStartEndsReady(t *testing.T) {
	for _, postgres := range []bool{false, true} {
		t.Run(map[bool]string{false: "SQLite", true: "PostgreSQL"}[postgres], func(t *testing.T) {
			h := apptest.NewEmpty(t, apptest.Options{Postgres: postgres})
			for _, which := range []string{"first", "second"} {
				start := time.Now()
				h.Serve(h.Start())
				if p := h.Browser("en").Get("/-/health/ready/"); p.Status != http.StatusNoContent {
					t.Fatalf("ready: %s", p)
				}
				t.Logf("from the %s start to ready: %s", which, time.Since(start).Round(time.Millisecond))
			}
		})
	}
}

func TestMetricsTellOfRequestsByRoute(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	b := h.Browser("en")
	b.SignIn("wechat", "alice")
	text := b.Get("/-/metrics/").Body
	if !strings.Contains(text, `route="/source/{kind}/callback/{slug}"`) || !strings.Contains(text, "# TYPE") {
		t.Errorf("the callback is not measured:\n%s", text)
	}
	h.Secrets.Absent(t, "the metrics", text)
}
