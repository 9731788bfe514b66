package openidconnect

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/source/oauth/oauthtest"
)

func TestSuite(t *testing.T) {
	t.Parallel()
	oauthtest.Run(t, oauthtest.Subject{
		Type:      Type,
		Configure: func(c *oauth.Config, base string) { c.OIDCWellKnownURL = base + wellKnown },
		Upstream:  func(base string) http.Handler { return newOP(base) },
		Visit:     func(h http.Handler, departure *url.URL) { h.(*op).visit(departure) },
	})
}

// house is a source at a provider.
type house struct {
	op     *op
	driver *driver
	now    time.Time
}

func open(t *testing.T, change func(c *oauth.Config, o *op)) *house {
	t.Helper()
	h := &house{now: time.Now()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.op.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	h.op = newOP(server.URL)
	c := oauth.Defaults()
	c.ConsumerKey, c.ConsumerSecret = oauthtest.ClientID, model.NewSecret(oauthtest.Secret)
	c.OIDCWellKnownURL = server.URL + wellKnown
	if change != nil {
		change(&c, h.op)
	}
	if faults := check(c); len(faults) > 0 {
		t.Fatalf("the settings are refused: %v", faults)
	}
	client := server.Client()
	client.Timeout = 5 * time.Second
	opened, err := Type().Open(oauth.Settings{Config: c, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	h.driver = opened.(*driver)
	h.driver.directory.now = func() time.Time { return h.now }
	return h
}

// signIn sends a browser there and back; query adds to the callback.
func (h *house) signIn(t *testing.T, query url.Values) (*source.Account, error) {
	t.Helper()
	d, err := h.driver.Begin(t.Context(), source.Begin{CallbackURL: "https://id.example.org/cb", State: "abc", Locale: "zh", LoginHint: "ada"})
	if err != nil {
		return nil, err
	}
	u, _ := url.Parse(d.URL)
	h.op.visit(u)
	q := url.Values{"code": {oauthtest.Code}, "state": {"abc"}}
	for name, values := range query {
		q[name] = values
	}
	return h.driver.Finish(t.Context(), source.Return{SourceID: "src", Query: q, CallbackURL: "https://id.example.org/cb", Keep: d.Keep})
}

func wantReason(t *testing.T, err error, reason string) {
	t.Helper()
	var e *model.Error
	if !errors.As(err, &e) || e.Reason != reason {
		t.Fatalf("got %v, want %s", err, reason)
	}
	t.Log(e.Detail)
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	got, err := h.signIn(t, url.Values{"iss": {h.op.base}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"username": "ada", "name": "Ada Lovelace", "email": "a@example.org", "groups": []string{"staff", "dev"}}
	if diff := cmp.Diff(want, got.Properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]model.Identifier{{Kind: model.IdentifierSubject, Namespace: "src", Value: "s1"}}, got.Identifiers); diff != "" {
		t.Errorf("identifiers (-want +got):\n%s", diff)
	}
	if q := h.op.asked; q.Get("scope") != "email openid profile" || q.Get("login_hint") != "ada" || q.Get("ui_locales") != "zh-CN zh" {
		t.Errorf("departure %v", q)
	}
}

// Only an address that the provider says it has verified may lead into the account of whoever has it (OpenID Connect Core 1.0 section 5.7).
func TestAnEmailIsVerifiedOnlyWhereTheProviderSaysSo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		claims oauth.Profile
		want   bool
	}{
		{oauth.Profile{}, false},
		{oauth.Profile{"email_verified": nil}, false},
		{oauth.Profile{"email_verified": false}, false},
		{oauth.Profile{"email_verified": "false"}, false},
		{oauth.Profile{"email_verified": json.Number("1")}, false},
		{oauth.Profile{"email_verified": "true"}, true},
		{oauth.Profile{"email_verified": true}, true},
	} {
		if got := verified(tt.claims); got != tt.want {
			t.Errorf("%v: %t", tt.claims, got)
		}
	}
}

// An address that nobody verified must not lead into the account of whoever owns it.
func TestUnverifiedEmailIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, unverified := range []any{false, "false"} {
		h := open(t, func(_ *oauth.Config, o *op) { o.userinfo = map[string]any{"email_verified": unverified} })
		got, err := h.signIn(t, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Properties["email"] != nil {
			t.Errorf("email %v", got.Properties["email"])
		}
	}
}

// TestIDTokenValidation is OpenID Connect Core 1.0 section 3.1.3.7.
func TestIDTokenValidation(t *testing.T) {
	t.Parallel()
	claim := func(name string, value any) func(*op) { return func(o *op) { o.claims = map[string]any{name: value} } }
	other := newKey()
	tests := []struct {
		name   string
		change func(*op)
		reason string
	}{
		{"another issuer", claim("iss", "https://evil.example.org"), "oauth.id_token"},
		{"another audience", claim("aud", "another"), "oauth.id_token"},
		{"an audience of two without azp", claim("aud", []string{oauthtest.ClientID, "another"}), "oauth.id_token"},
		{"another authorized party", claim("azp", "another"), "oauth.id_token"},
		{"expired", claim("exp", time.Now().Add(-time.Minute).Unix()), "oauth.id_token"},
		{"without an expiry", claim("exp", nil), "oauth.id_token"},
		{"another nonce", claim("nonce", "another"), "oauth.id_token"},
		{"without a nonce", claim("nonce", nil), "oauth.id_token"},
		{"of another access token", claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "oauth.id_token"},
		{"without a subject", func(o *op) { o.claims = map[string]any{"sub": nil}; o.userinfo = map[string]any{"sub": nil} }, "oauth.no_subject"},
		{"signed with another key", func(o *op) { o.sign = func(c []byte) string { return signed(jose.ES256, other, "k1", c) } }, "oauth.id_token"},
		{"signed with the client secret", func(o *op) {
			o.sign = func(c []byte) string { return signed(jose.HS256, []byte(oauthtest.Secret), "k1", c) }
		}, "oauth.id_token"},
		{"not signed at all", func(o *op) {
			o.sign = func(c []byte) string { return "eyJhbGciOiJub25lIn0." + b64(c) + "." }
		}, "oauth.id_token"},
		{"not a token", func(o *op) { o.sign = func([]byte) string { return "x" } }, "oauth.id_token"},
		{"none", func(o *op) { o.sign = func([]byte) string { return "" } }, "oauth.id_token"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t, func(_ *oauth.Config, o *op) { tt.change(o) })
			_, err := h.signIn(t, nil)
			wantReason(t, err, tt.reason)
		})
	}
}

// TestUserinfoOfSomeoneElse is OpenID Connect Core 1.0 section 5.3.2.
func TestUserinfoOfSomeoneElse(t *testing.T) {
	t.Parallel()
	for _, sub := range []any{"s2", nil} {
		h := open(t, func(_ *oauth.Config, o *op) { o.userinfo = map[string]any{"sub": sub} })
		_, err := h.signIn(t, nil)
		wantReason(t, err, "oauth.subject_mismatch")
	}
}

// TestMixUp is RFC 9207 section 2.4.
func TestMixUp(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	_, err := h.signIn(t, url.Values{"iss": {"https://evil.example.org"}})
	wantReason(t, err, "oauth.issuer_mismatch")
	if h.op.requests["/token"] != 0 {
		t.Error("the code was sent on")
	}
}

// TestCodeOfAnotherBrowser is RFC 7636: a code is worth nothing without the verifier that was kept for it.
func TestCodeOfAnotherBrowser(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	d, err := h.driver.Begin(t.Context(), source.Begin{CallbackURL: "https://id.example.org/cb", State: "abc"})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(d.URL)
	h.op.visit(u)
	_, err = h.driver.Finish(t.Context(), source.Return{
		SourceID: "src", Query: url.Values{"code": {oauthtest.Code}}, CallbackURL: "https://id.example.org/cb",
		Keep: map[string]string{"code_verifier": "another", "nonce": d.Keep["nonce"]},
	})
	wantReason(t, err, "oauth.code_rejected")
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change map[string]any
	}{
		{"an issuer of another address", map[string]any{"issuer": "https://evil.example.org"}},
		{"without an issuer", map[string]any{"issuer": nil}},
		{"without keys", map[string]any{"jwks_uri": nil}},
		{"without a token endpoint", map[string]any{"token_endpoint": nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t, func(_ *oauth.Config, o *op) { o.discovery = tt.change })
			_, err := h.signIn(t, nil)
			wantReason(t, err, "oauth.discovery")
		})
	}
}

func TestDiscoveryAndKeysAreKept(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	steps := []struct {
		name      string
		before    func()
		discovery int
		keys      int
	}{
		{"both are fetched once", func() {}, 1, 1},
		{"and then kept", func() {}, 1, 1},
		{"a new key is found", func() {
			h.now = h.now.Add(time.Minute)
			set(t, h.op, func(o *op) {
				o.key, o.keyID = newKey(), "k2"
				o.claims = map[string]any{"exp": h.now.Add(time.Hour).Unix()}
			})
		}, 1, 2},
		{"after an hour both are fetched again", func() {
			h.now = h.now.Add(keepFor)
			set(t, h.op, func(o *op) { o.claims = map[string]any{"exp": h.now.Add(time.Hour).Unix()} })
		}, 2, 3},
		{"the old ones serve while the provider gives no new ones", func() {
			h.now = h.now.Add(keepFor)
			set(t, h.op, func(o *op) {
				o.claims = map[string]any{"exp": h.now.Add(time.Hour).Unix()}
				o.down[wellKnown], o.down["/keys"] = true, true
			})
		}, 3, 4},
	}
	for _, step := range steps {
		step.before()
		if _, err := h.signIn(t, nil); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if h.op.requests[wellKnown] != step.discovery || h.op.requests["/keys"] != step.keys {
			t.Errorf("%s: asked %v", step.name, h.op.requests)
		}
	}
	h.now = h.now.Add(grace)
	_, err := h.signIn(t, nil)
	wantReason(t, err, "oauth.http_status")
}

func TestAddressesAndKeysInTheSettings(t *testing.T) {
	t.Parallel()
	manual := func(c *oauth.Config, o *op) {
		c.OIDCWellKnownURL = ""
		c.AuthorizationURL, c.AccessTokenURL, c.ProfileURL = oauth.At(o.base+"/authorize"), oauth.At(o.base+"/token"), oauth.At(o.base+"/userinfo")
	}
	keysInline := func(c *oauth.Config, o *op) {
		manual(c, o)
		text, _ := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: o.key.Public()}}})
		_ = json.Unmarshal(text, &c.OIDCJWKS)
	}
	keysAt := func(c *oauth.Config, o *op) { manual(c, o); c.OIDCJWKSURL = o.base + "/keys" }
	for name, change := range map[string]func(*oauth.Config, *op){"keys in the settings": keysInline, "keys at an address": keysAt} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, change)
			if _, err := h.signIn(t, nil); err != nil {
				t.Fatal(err)
			}
			if h.op.requests[wellKnown] != 0 {
				t.Error("the discovery document was fetched")
			}
			set(t, h.op, func(o *op) { o.claims = map[string]any{"iss": "https://evil.example.org"} })
			_, err := h.signIn(t, nil)
			wantReason(t, err, "oauth.id_token")
		})
	}
}

func TestKeysAreRequired(t *testing.T) {
	t.Parallel()
	faults := check(oauth.Config{OIDCJWKS: map[string]any{"keys": []any{}}})
	if len(faults["oidc_jwks"]) == 0 {
		t.Error("an empty key set is accepted")
	}
	if faults := check(oauth.Config{}); len(faults["oidc_jwks_url"]) == 0 {
		t.Error("settings without keys are accepted")
	}
}
