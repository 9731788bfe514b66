package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/geoip/geoiptest"
)

const policiesKey = "a-bootstrap-token-for-policies"

// administer calls the API as the first administrator and gives the answer's body.
func administer(t *testing.T, h *apptest.House, want int, method, path string, body any) []byte {
	t.Helper()
	raw, err := json.Marshal(body)
	noError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), method, h.URL+"/api/v3"+path, strings.NewReader(string(raw)))
	noError(t, err)
	req.Header.Set("Authorization", "Bearer "+policiesKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := h.Program().Do(req)
	noError(t, err)
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	noError(t, err)
	if res.StatusCode != want {
		t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, answer)
	}
	return answer
}

// TestEveryKindOfPolicyGoesThereAndBack creates, reads, changes and deletes one policy of each kind. Each answer is decoded by authentik's published client.
func TestEveryKindOfPolicyGoesThereAndBack(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey}})
	type object = map[string]any
	for _, tt := range []struct {
		kind           string
		create, change object
		client         func() any
	}{
		{"dummy", object{"result": true, "wait_min": 1.0, "wait_max": 2.0}, object{"wait_max": 3.0}, func() any { return &ak.DummyPolicy{} }},
		{
			"event_matcher",
			object{"action": "login_failed", "client_ip": "192.0.2.1", "app": nil, "model": nil},
			object{"app": "authentik.core", "model": "authentik_core.user", "action": nil},
			func() any { return &ak.EventMatcherPolicy{} },
		},
		{
			"password",
			object{"length_min": 8.0, "check_zxcvbn": true, "error_message": "No. 不行"},
			object{"symbol_charset": "!\"§ ", "zxcvbn_score_threshold": 3.0},
			func() any { return &ak.PasswordPolicy{} },
		},
		{"password_expiry", object{"days": 90.0}, object{"deny_only": true}, func() any { return &ak.PasswordExpiryPolicy{} }},
		{"reputation", object{"check_ip": false, "threshold": -3.0}, object{"threshold": 10.0}, func() any { return &ak.ReputationPolicy{} }},
		{"unique_password", object{"num_historical_passwords": 3.0}, object{"password_field": "secret"}, func() any { return &ak.UniquePasswordPolicy{} }},
		{
			"geoip",
			object{"countries": []any{"CN", "DE"}, "asns": []any{64500.0}, "check_history_distance": true},
			object{"countries": []any{}, "history_max_distance_km": 5.0},
			func() any { return &ak.GeoIPPolicy{} },
		},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			path := "/policies/" + tt.kind + "/"
			check := func(answer []byte, want object) (id string) {
				t.Helper()
				if err := json.Unmarshal(answer, tt.client()); err != nil {
					t.Fatalf("authentik's client cannot decode it: %v\n%s", err, answer)
				}
				var got object
				noError(t, json.Unmarshal(answer, &got))
				for k, v := range want {
					if diff := cmp.Diff(v, got[k]); diff != "" {
						t.Errorf("%s (-sent +answered):\n%s", k, diff)
					}
				}
				return fmt.Sprint(got["pk"])
			}
			tt.create["name"] = "the " + tt.kind
			at := path + check(administer(t, h, http.StatusCreated, http.MethodPost, path, tt.create), tt.create) + "/"
			check(administer(t, h, http.StatusOK, http.MethodGet, at, nil), tt.create)
			check(administer(t, h, http.StatusOK, http.MethodPatch, at, tt.change), tt.change)
			check(administer(t, h, http.StatusOK, http.MethodGet, at, nil), tt.change)
			administer(t, h, http.StatusNoContent, http.MethodDelete, at, nil)
		})
	}
}

// wrong tries to sign in with a wrong password.
func wrong(h *apptest.House, name string) {
	b := h.Browser("en")
	p := b.Submit(b.Get("/if/flow/default-authentication-flow/"), map[string]string{"uid_field": name})
	b.Submit(p, map[string]string{"password": "wrong"})
}

func TestReputationsAreCountedOnceAPolicyAsks(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey, "WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
		score := func(name string) int {
			t.Helper()
			n, err := h.App().Store.Reputation(t.Context(), name, "")
			noError(t, err)
			return n
		}
		wrong(h, "akadmin")
		if n := h.Database.Count("reputations"); n != 0 {
			t.Errorf("%d scores were counted that nobody asks for", n)
		}
		administer(t, h, http.StatusCreated, http.MethodPost, "/policies/reputation/", map[string]any{"name": "suspicious"})
		wrong(h, "akadmin")
		wrong(h, "AKADMIN")
		wrong(h, "nobody")
		if a, b := score("akadmin"), score("nobody"); a != -2 || b > -1 {
			t.Errorf("after wrong passwords: %d and %d", a, b)
		}
		b := h.Browser("en")
		p := b.Submit(b.Get("/if/flow/default-authentication-flow/"), map[string]string{"uid_field": "akadmin"})
		b.Submit(p, map[string]string{"password": bootstrapPassword})
		if n := score("akadmin"); !b.SignedIn() || n != -1 {
			t.Errorf("after a sign-in: %d", n)
		}
	})
}

func TestReplacedPasswordsAreKeptOnceAPolicyAsks(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey, "WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
	u, err := h.App().Store.UserByUsername(context.Background(), "akadmin")
	noError(t, err)
	set := func(password string) {
		t.Helper()
		administer(t, h, http.StatusNoContent, http.MethodPost, fmt.Sprintf("/core/users/%d/set_password/", u.ID), map[string]any{"password": password})
	}
	set("the second of them")
	if n := h.Database.Count("password_history"); n != 0 {
		t.Errorf("%d passwords were kept that nobody asks for", n)
	}
	administer(t, h, http.StatusCreated, http.MethodPost, "/policies/unique_password/", map[string]any{"name": "new", "num_historical_passwords": 2})
	for i := range 4 {
		set(fmt.Sprintf("one more of them %d", i))
	}
	if n := h.Database.Count("password_history"); n != 2 {
		t.Errorf("%d passwords are kept, want 2", n)
	}
}

func TestAPlaceIsFoundInTheDatabaseThatTheSettingsName(t *testing.T) {
	t.Parallel()
	city := filepath.Join(t.TempDir(), "city.mmdb")
	geoiptest.Write(t, city, map[string]map[string]any{"127.0.0.0/8": geoiptest.Place("DE", "Berlin", 52.52, 13.405)})
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey, "WEIMEN_GEOIP_DATABASE=" + city}})
	for country, wanted := range map[string]bool{"DE": true, "FR": false} {
		var made, bound struct{ PK string }
		noError(t, json.Unmarshal(administer(t, h, http.StatusCreated, http.MethodPost, "/policies/geoip/", map[string]any{"name": country, "countries": []string{country}}), &made))
		flow := h.App().Store.Snapshot().FlowBySlug("default-authentication-flow")
		binding := map[string]any{"target": flow.ID, "policy": made.PK, "order": 0}
		noError(t, json.Unmarshal(administer(t, h, http.StatusCreated, http.MethodPost, "/policies/bindings/", binding), &bound))
		p := h.Browser("en").Get("/if/flow/default-authentication-flow/")
		if passes := strings.Contains(p.Body, "uid_field"); passes != wanted {
			t.Errorf("%s: %s", country, p)
		}
		refused := false
		for _, e := range h.EventsWhere("action", "login_failed") {
			refused = refused || strings.Contains(fmt.Sprint(e.Context["rule"]), country)
		}
		if refused == wanted {
			t.Errorf("%s: named in the audit trail: %v", country, refused)
		}
		administer(t, h, http.StatusNoContent, http.MethodDelete, "/policies/bindings/"+bound.PK+"/", nil)
	}
	t.Run("and expressions read it", func(t *testing.T) {
		var made struct{ PK string }
		noError(t, json.Unmarshal(administer(t, h, http.StatusCreated, http.MethodPost, "/policies/expression/", map[string]any{
			"name": "from Germany", "expression": `ak_message(context["geoip"]["city"])` + "\n" + `return context["geoip"]["country"] == "DE" and "asn" not in context`,
		}), &made))
		flow := h.App().Store.Snapshot().FlowBySlug("default-authentication-flow")
		administer(t, h, http.StatusCreated, http.MethodPost, "/policies/bindings/", map[string]any{"target": flow.ID, "policy": made.PK, "order": 0})
		if p := h.Browser("en").Get("/if/flow/default-authentication-flow/"); !strings.Contains(p.Body, "uid_field") {
			t.Error(p)
		}
	})
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
