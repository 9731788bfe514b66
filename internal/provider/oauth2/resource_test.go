package oauth2_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
	"github.com/weimen-id/weimen/internal/store"
)

// RFC 6750 section 3.1.
func TestUserinfoTakesValidTokensOnly(t *testing.T) {
	h := newHouse(t, nil)
	b, p := h.signedIn(0), h.anonymous()
	tokens := p.token(exchange(b.code())).object(t)
	narrow := p.token(exchange(b.code("scope", "email"))).object(t)
	if narrow["id_token"] != nil {
		t.Error("an ID token came without the scope openid")
	}
	if a := h.bearer(narrow["access_token"]); a.StatusCode != http.StatusForbidden || !strings.Contains(a.Header.Get("WWW-Authenticate"), "insufficient_scope") {
		t.Errorf("without the scope openid: status %d, %s", a.StatusCode, a.Header.Get("WWW-Authenticate"))
	}
	for name, token := range map[string]string{
		"unknown": "x", "empty": "", "the ID token": tokens["id_token"].(string), "long": strings.Repeat("a.", 2000), "three dots": "a.b.c",
	} {
		if a := h.bearer(token); a.StatusCode != http.StatusUnauthorized || a.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: status %d", name, a.StatusCode)
		}
	}
	if a := p.get("/application/o/userinfo/?access_token=" + tokens["access_token"].(string)); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("a token in the query: status %d", a.StatusCode)
	}
	h.clock = 61 * time.Minute
	if h.alive(tokens["access_token"]) {
		t.Error("an expired token is alive")
	}
}

// A JWT is as good as its signature, and its id alone is worth nothing.
func TestAnAccessTokenThatIsAJWTMustBeWhole(t *testing.T) {
	h := newHouse(t, func(_ *house, c *oauth2.Config) { c.AccessTokenFormat = oauth2.TokenJWT })
	token := h.anonymous().token(exchange(h.signedIn(0).code())).object(t)["access_token"].(string)
	claims := payload(t, token)
	if !h.alive(token) || claims["azp"] != "demo-client" || claims["scope"] != "openid email profile" || claims["nonce"] != nil {
		t.Fatalf("claims: %v", claims)
	}
	if h.alive(claims["jti"].(string)) {
		t.Error("the id passed for the token")
	}
	parts := strings.Split(token, ".")
	if h.alive(parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))) {
		t.Error("a forged signature passed")
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte("somebody else's key, thirty-two bytes")}, nil)
	must(t, err)
	signed, err := signer.Sign(decode(t, parts[1]))
	must(t, err)
	forged, err := signed.CompactSerialize()
	must(t, err)
	if h.alive(forged) {
		t.Error("another key passed")
	}
}

func TestAnIDTokenIsEncryptedForWhoAsksForIt(t *testing.T) {
	h := newHouse(t, func(h *house, c *oauth2.Config) { k := h.keys[keypair.RSA]; c.EncryptionKey = &k })
	token := h.anonymous().token(exchange(h.signedIn(0).code())).object(t)["id_token"].(string)
	parsed, err := jose.ParseEncryptedCompact(token, []jose.KeyAlgorithm{jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256CBC_HS512})
	must(t, err)
	pair, err := keypair.Parse(keyPEMs()[keypair.RSA][0], keyPEMs()[keypair.RSA][1])
	must(t, err)
	inner, err := parsed.Decrypt(pair.PrivateKey())
	must(t, err)
	if claims := payload(t, string(inner)); claims["aud"] != "demo-client" {
		t.Errorf("claims: %v", claims)
	}
}

// RFC 7662 section 2.1 and 2.2: a client learns of its own tokens only.
func TestIntrospectionTellsAClientOfItsOwnTokensOnly(t *testing.T) {
	h := newHouse(t, nil)
	h.second()
	p, tokens := h.anonymous(), h.offline()
	ask := func(token any, pairs ...string) answer {
		return p.post("/application/o/introspect/", with(url.Values{
			"token": {token.(string)}, "client_id": {"demo-client"}, "client_secret": {secret},
		}, pairs...))
	}
	for _, name := range []string{"access_token", "refresh_token"} {
		for _, hint := range []string{"", "access_token", "refresh_token", "nonsense"} {
			if got := ask(tokens[name], "token_type_hint", hint).object(t); got["active"] != true || got["client_id"] != "demo-client" {
				t.Errorf("%s with hint %q: %v", name, hint, got)
			}
		}
		if got := ask(tokens[name], "client_id", "other-client", "client_secret", "other-secret"); got.body != `{"active":false}` {
			t.Errorf("%s asked by another client: %s", name, got.body)
		}
		if got := ask(tokens[name], "client_secret", "wrong").object(t); got["error"] != "invalid_client" {
			t.Errorf("%s with a wrong secret: %v", name, got)
		}
	}
	if got := ask("").object(t)["error"]; got != "invalid_request" {
		t.Errorf("no token: %v", got)
	}
	h.configure(h.provider, func(c *oauth2.Config) { c.ClientType = oauth2.Public })
	if got := ask(tokens["access_token"], "client_secret", "").object(t)["error"]; got != "unauthorized_client" {
		t.Errorf("a public client: %v", got)
	}
}

// RFC 7009 section 2.1.
func TestRevocation(t *testing.T) {
	h := newHouse(t, nil)
	h.second()
	p := h.anonymous()
	revoke := func(token any, pairs ...string) int {
		return p.post("/application/o/revoke/", with(url.Values{
			"token": {token.(string)}, "client_id": {"demo-client"}, "client_secret": {secret},
		}, pairs...)).StatusCode
	}
	tokens := h.offline()
	if got := revoke("unknown"); got != http.StatusOK {
		t.Errorf("an unknown token: status %d", got)
	}
	if got := revoke(tokens["access_token"], "client_secret", "wrong"); got != http.StatusUnauthorized {
		t.Errorf("a wrong secret: status %d", got)
	}
	if got := revoke(""); got != http.StatusBadRequest {
		t.Errorf("no token: status %d", got)
	}
	other := []string{"client_id", "other-client", "client_secret", "other-secret"}
	if revoke(tokens["access_token"], other...); !h.alive(tokens["access_token"]) {
		t.Error("another client revoked the access token")
	}
	revoke(tokens["refresh_token"], other...)
	tokens = p.token(renew(tokens["refresh_token"])).object(t)
	if tokens["access_token"] == nil {
		t.Fatal("another client revoked the refresh token")
	}
	if got := revoke(tokens["access_token"]); got != http.StatusOK || h.alive(tokens["access_token"]) {
		t.Errorf("the access token: status %d", got)
	}
	tokens = p.token(renew(tokens["refresh_token"])).object(t)
	revoke(tokens["refresh_token"])
	if h.alive(tokens["access_token"]) || p.token(renew(tokens["refresh_token"])).StatusCode == http.StatusOK {
		t.Error("something of the grant outlived its refresh token")
	}
}

// OpenID Connect RP-Initiated Logout 1.0 sections 2 and 3.
func TestEndSession(t *testing.T) {
	h := newHouse(t, nil)
	hint := h.anonymous().token(exchange(h.signedIn(0).code())).object(t)["id_token"].(string)
	end := func(b *client, pairs ...string) answer {
		return b.get("/application/o/demo/end-session/?" + with(url.Values{}, pairs...).Encode())
	}
	t.Run("goes to a registered address with the state", func(t *testing.T) {
		to := end(h.signedIn(0), "post_logout_redirect_uri", callback, "id_token_hint", hint, "state", "a&b").location(t)
		if to.String() != callback+"?state=a%26b" {
			t.Errorf("sent to %s", to)
		}
	})
	t.Run("so too when nobody is signed in any more", func(t *testing.T) {
		if to := end(h.anonymous(), "post_logout_redirect_uri", callback).location(t); to.String() != callback {
			t.Errorf("sent to %s", to)
		}
	})
	t.Run("so too with an expired hint", func(t *testing.T) {
		h.clock = 2 * time.Hour
		defer func() { h.clock = 0 }()
		if to := end(h.signedIn(0), "post_logout_redirect_uri", callback, "id_token_hint", hint).location(t); to.String() != callback {
			t.Errorf("sent to %s", to)
		}
	})
	for name, pairs := range map[string][]string{
		"no address":                 nil,
		"an unregistered address":    {"post_logout_redirect_uri", "https://evil.example/"},
		"javascript":                 {"post_logout_redirect_uri", "javascript:alert(1)"},
		"a forged hint":              {"post_logout_redirect_uri", callback, "id_token_hint", hint[:len(hint)-4] + "AAAA"},
		"another client's id":        {"post_logout_redirect_uri", callback, "client_id", "other-client"},
		"an address with 10 kB more": {"post_logout_redirect_uri", callback + strings.Repeat("x", 10_000)},
	} {
		t.Run("stays here with "+name, func(t *testing.T) {
			b := h.signedIn(0)
			page := end(b, pairs...).location(t)
			if page.Path != "/if/flow/end/" {
				t.Fatalf("sent to %s", page)
			}
			if shown := b.get(page.String()).object(t); shown["component"] != "ak-stage-session-end" || shown["application_name"] != "Demo" {
				t.Errorf("shown %v", shown)
			}
		})
	}
	t.Run("by POST", func(t *testing.T) {
		a := h.signedIn(0).post("/application/o/demo/end-session/", url.Values{"post_logout_redirect_uri": {callback}})
		if a.location(t).String() != callback {
			t.Errorf("sent to %s", a.Header.Get("Location"))
		}
	})
}

func TestScriptsOfTheApplicationMayReadAnswersAndOthersMayNot(t *testing.T) {
	h := newHouse(t, func(_ *house, c *oauth2.Config) {
		c.ClientType = oauth2.Public
		c.RedirectURIs = append(c.RedirectURIs, oauth2.RedirectURI{MatchingMode: oauth2.MatchRegex, URL: `https://spa\.example\.org/.*`})
	})
	token := h.anonymous().token(exchange(h.signedIn(0).code())).object(t)["access_token"]
	for origin, want := range map[string]string{
		"https://app.example.org": "https://app.example.org", "https://spa.example.org": "https://spa.example.org",
		"https://evil.example": "", "null": "", "http://app.example.org": "", "https://app.example.org.evil.example": "",
	} {
		for path, a := range map[string]answer{
			"token": h.anonymous().token(exchange("x"), "Origin", origin), "userinfo": h.bearer(token, "Origin", origin),
			"discovery": h.asOrigin(http.MethodGet, "/application/o/demo/.well-known/openid-configuration", origin),
			"jwks":      h.asOrigin(http.MethodGet, "/application/o/demo/jwks/", origin), "preflight": h.asOrigin(http.MethodOptions, "/application/o/token/", origin),
		} {
			if got := a.Header.Get("Access-Control-Allow-Origin"); got != want || a.Header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s from %s: %q, want %q", path, origin, got, want)
			}
		}
	}
}

func (h *house) asOrigin(method, path, origin string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+path, nil)
	must(h.t, err)
	r.Header.Set("Origin", origin)
	return h.anonymous().do(r)
}

func TestWithoutADatabaseClientsAreToldToTryAgain(t *testing.T) {
	h := newHouse(t, nil)
	code := h.signedIn(0).code()
	h.ctx = func(ctx context.Context) context.Context {
		ctx, cancel := context.WithTimeout(ctx, 0)
		cancel()
		return ctx
	}
	a := h.anonymous().token(exchange(code))
	if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || a.object(t)["error"] != "temporarily_unavailable" {
		t.Errorf("status %d, body %s", a.StatusCode, a.body)
	}
}

// TestStatementBudgets holds what each request may ask of the database.
func TestStatementBudgets(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		var last *store.Counter
		h.ctx = func(ctx context.Context) context.Context {
			ctx, last = store.CountStatements(ctx)
			return ctx
		}
		check := func(name string, most int) {
			t.Helper()
			t.Logf("%s: %d statements", name, last.Statements())
			if n := last.Statements(); n > most {
				t.Errorf("%s asks the database %d times, %d are allowed", name, n, most)
			}
		}
		p := h.anonymous()
		code := h.signedIn(0).code()
		check("authorize", 5)
		tokens := p.token(exchange(code)).object(t)
		check("token", 4)
		h.bearer(tokens["access_token"])
		check("userinfo", 2)
		p.post("/application/o/introspect/", url.Values{"token": {tokens["access_token"].(string)}, "client_id": {"demo-client"}, "client_secret": {secret}})
		check("introspect", 2)
		p.token(machine("client_secret", secret))
		p.token(machine("client_secret", secret))
		check("client_credentials", 4)
		tokens = h.offline()
		check("token with a refresh token", 4)
		p.token(renew(tokens["refresh_token"]))
		check("refresh", 4)
	})
}
