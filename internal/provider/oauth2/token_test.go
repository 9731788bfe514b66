package oauth2_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
	"github.com/weimen-id/weimen/internal/store"
)

// alive reports whether an access token still opens userinfo.
func (h *house) alive(token any) bool {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.http.URL+"/application/o/userinfo/", nil)
	must(h.t, err)
	r.Header.Set("Authorization", "Bearer "+token.(string))
	return h.anonymous().do(r).StatusCode == http.StatusOK
}

func TestAWrongTokenRequestIsRefused(t *testing.T) {
	h := newHouse(t, nil)
	h.second()
	p := h.anonymous()
	tests := []struct {
		name   string
		pairs  []string
		header []string
		status int
		want   string
	}{
		{"no grant type", []string{"grant_type", ""}, nil, 400, "invalid_request"},
		{"an unknown grant type", []string{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, nil, 400, "unsupported_grant_type"},
		{"no client", []string{"client_id", "", "client_secret", ""}, nil, 400, "invalid_client"},
		{"an unknown client", []string{"client_id", "nobody"}, nil, 400, "invalid_client"},
		{"no secret", []string{"client_secret", ""}, nil, 400, "invalid_client"},
		{"a wrong secret", []string{"client_secret", "wrong"}, nil, 400, "invalid_client"},
		{"a wrong secret in the header", []string{"client_secret", ""}, []string{"Authorization", "Basic ZGVtby1jbGllbnQ6d3Jvbmc="}, 401, "invalid_client"},
		{"a header that cannot be read", nil, []string{"Authorization", "Basic ???"}, 401, "invalid_client"},
		{"two ways at once", nil, []string{"Authorization", "Basic ZGVtby1jbGllbnQ6d3Jvbmc="}, 400, "invalid_request"},
		{"another client in the header", []string{"client_id", "other-client", "client_secret", ""}, []string{"Authorization", "Basic ZGVtby1jbGllbnQ6d3Jvbmc="}, 400, "invalid_request"},
		{"no code", []string{"code", ""}, nil, 400, "invalid_request"},
		{"an unknown code", []string{"code", "nothing"}, nil, 400, "invalid_grant"},
		{"another redirect URI", []string{"redirect_uri", callback + "/"}, nil, 400, "invalid_grant"},
		{"no redirect URI", []string{"redirect_uri", ""}, nil, 400, "invalid_grant"},
		{"another client's code", []string{"client_id", "other-client", "client_secret", "other-secret"}, nil, 400, "invalid_grant"},
		{"a wrong verifier", []string{"code_verifier", strings.Repeat("x", 43)}, nil, 400, "invalid_grant"},
		{"no verifier", []string{"code_verifier", ""}, nil, 400, "invalid_grant"},
		{"the challenge as verifier", []string{"code_verifier", challengeOf(verifier)}, nil, 400, "invalid_grant"},
		{"100 kB of code", []string{"code", strings.Repeat("x", 100_000)}, nil, 413, ""},
		{"50 kB of code", []string{"code", strings.Repeat("x", 50_000)}, nil, 400, "invalid_grant"},
		{"NUL in the code", []string{"code", "a\x00b"}, nil, 400, "invalid_request"},
		{"bytes that are no text in the scope", []string{"scope", "\xff"}, nil, 400, "invalid_request"},
		{"JSON", nil, []string{"Content-Type", "application/json"}, 400, "invalid_request"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := p.token(exchange(h.signedIn(0).code(), tt.pairs...), tt.header...)
			if a.StatusCode != tt.status {
				t.Fatalf("status %d, body %s", a.StatusCode, a.body)
			}
			if tt.want != "" && a.object(t)["error"] != tt.want {
				t.Errorf("body %s", a.body)
			}
			if tt.want != "" && a.Header.Get("Cache-Control") != "no-store" {
				t.Error("the answer may be cached")
			}
			if tt.status == http.StatusUnauthorized && !strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Basic") {
				t.Errorf("WWW-Authenticate: %q", a.Header.Get("WWW-Authenticate"))
			}
		})
	}
	t.Run("by GET", func(t *testing.T) {
		if a := p.get("/application/o/token/?" + exchange(h.signedIn(0).code()).Encode()); a.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("status %d", a.StatusCode)
		}
	})
	t.Run("with the parameters in the query", func(t *testing.T) {
		if a := p.post("/application/o/token/?"+exchange(h.signedIn(0).code()).Encode(), nil); a.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d", a.StatusCode)
		}
	})
	t.Run("with a parameter given twice", func(t *testing.T) {
		form := exchange(h.signedIn(0).code())
		form.Add("code", "other")
		if a := p.token(form); a.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d", a.StatusCode)
		}
	})
}

// RFC 7636 section 4.6; RFC 9700 section 4.8.2 (the PKCE downgrade, as in CVE-2023-48228).
func TestAVerifierWithoutAChallengeIsRefused(t *testing.T) {
	h := newHouse(t, nil)
	code := h.signedIn(0).code("code_challenge", "", "code_challenge_method", "")
	if a := h.anonymous().token(exchange(code)); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("status %d, body %s", a.StatusCode, a.body)
	}
}

func TestAChallengeInPlainIsVerified(t *testing.T) {
	h := newHouse(t, nil)
	for _, method := range []string{"plain", ""} {
		code := h.signedIn(0).code("code_challenge", verifier, "code_challenge_method", method)
		if a := h.anonymous().token(exchange(code)); a.StatusCode != http.StatusOK {
			t.Errorf("method %q: %s", method, a.body)
		}
		code = h.signedIn(0).code("code_challenge", verifier, "code_challenge_method", method)
		if a := h.anonymous().token(exchange(code, "code_verifier", strings.Repeat("y", 43))); a.object(t)["error"] != "invalid_grant" {
			t.Errorf("method %q: %s", method, a.body)
		}
	}
}

// RFC 6749 section 4.1.2: "If an authorization code is used more than once, the authorization server MUST deny the request and SHOULD revoke all tokens".
func TestACodeThatIsUsedTwiceRevokesItsTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		p, code := h.anonymous(), h.signedIn(0).code()
		token := p.token(exchange(code)).object(t)["access_token"]
		if !h.alive(token) {
			t.Fatal("the token never worked")
		}
		if a := p.token(exchange(code)); a.object(t)["error"] != "invalid_grant" {
			t.Errorf("the second use: %s", a.body)
		}
		if h.alive(token) {
			t.Error("the token of the first use is still alive")
		}
		if events := h.events(model.ActionSuspiciousRequest); len(events) != 1 {
			t.Errorf("events: %+v", events)
		}
	})
}

// The same by two at the same moment, many times over: whoever is second revokes, also where the first is not yet to be seen by readers.
func TestACodeThatIsUsedTwiceAtTheSameMomentLeavesNoToken(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		b := h.signedIn(0)
		for range 20 {
			code := b.code()
			var answers [2]answer
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() { answers[i] = h.anonymous().token(exchange(code)) })
			}
			wg.Wait()
			for _, a := range answers {
				if a.StatusCode == http.StatusOK && h.alive(a.object(t)["access_token"]) {
					t.Fatal("the token survived")
				}
			}
		}
	})
}

// The same, at once: of many requests one gets tokens, and those are revoked in the end.
func TestACodeThatIsUsedManyTimesAtOnceGivesTokensOnceAndRevokesThem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		code := h.signedIn(0).code()
		answers := make([]answer, 8)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = h.anonymous().token(exchange(code)) })
		}
		wg.Wait()
		granted := 0
		for _, a := range answers {
			if a.StatusCode == http.StatusOK {
				granted++
				if h.alive(a.object(t)["access_token"]) {
					t.Error("the token survived the replays")
				}
			} else if a.StatusCode != http.StatusBadRequest {
				t.Errorf("status %d: %s", a.StatusCode, a.body)
			}
		}
		if granted != 1 {
			t.Errorf("%d of %d requests got tokens", granted, len(answers))
		}
	})
}

func TestAnExpiredCodeIsRefused(t *testing.T) {
	h := newHouse(t, nil)
	code := h.signedIn(0).code()
	h.clock = 61 * time.Second
	if a := h.anonymous().token(exchange(code)); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("body %s", a.body)
	}
}

func TestADeactivatedPersonGetsNoTokens(t *testing.T) {
	h := newHouse(t, nil)
	b := h.signedIn(0)
	code, token := b.code(), h.anonymous().token(exchange(b.code())).object(t)["access_token"]
	_, err := h.store.UpdateUser(t.Context(), h.user.ID, func(u *model.User) error { u.IsActive = false; return nil })
	must(t, err)
	if a := h.anonymous().token(exchange(code)); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("body %s", a.body)
	}
	if h.alive(token) {
		t.Error("the access token is still alive")
	}
}

// offline gives tokens with a refresh token.
func (h *house) offline() map[string]any {
	h.t.Helper()
	b := h.signedIn(0)
	page := b.get(authorizePath + "?" + params("scope", "openid email profile offline_access").Encode()).location(h.t)
	shown := b.get(page.String()).object(h.t)
	back := b.post(page.String(), url.Values{"token": {shown["token"].(string)}}).location(h.t)
	return h.anonymous().token(exchange(back.Query().Get("code"))).object(h.t)
}

func renew(token any, pairs ...string) url.Values {
	return with(url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {token.(string)}, "client_id": {"demo-client"}, "client_secret": {secret},
	}, pairs...)
}

// RFC 9700 section 4.14.2: a refresh token is replaced at each use, and the use of a replaced one revokes the grant.
func TestARefreshTokenThatIsUsedTwiceRevokesItsGrant(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		p, first := h.anonymous(), h.offline()
		second := p.token(renew(first["refresh_token"])).object(t)
		if second["id_token"] == nil || !h.alive(second["access_token"]) || second["refresh_token"] == first["refresh_token"] {
			t.Fatalf("refreshed: %v", second)
		}
		if a := p.token(renew(first["refresh_token"])); a.object(t)["error"] != "invalid_grant" {
			t.Errorf("the second use: %s", a.body)
		}
		if h.alive(second["access_token"]) || h.alive(first["access_token"]) {
			t.Error("an access token of the grant is still alive")
		}
		if a := p.token(renew(second["refresh_token"])); a.object(t)["error"] != "invalid_grant" {
			t.Errorf("the newest refresh token: %s", a.body)
		}
		if events := h.events(model.ActionSuspiciousRequest); len(events) == 0 || events[0].User.Username != "ouid" {
			t.Errorf("events: %+v", events)
		}
	})
}

func TestARefreshTokenThatIsUsedManyTimesAtOnceIsReplacedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		token := h.offline()["refresh_token"]
		statuses := make([]answer, 8)
		var wg sync.WaitGroup
		for i := range statuses {
			wg.Go(func() { statuses[i] = h.anonymous().token(renew(token)) })
		}
		wg.Wait()
		granted := 0
		for _, a := range statuses {
			if a.StatusCode == http.StatusOK {
				granted++
				if h.alive(a.object(t)["access_token"]) {
					t.Error("the token survived the replays")
				}
			}
		}
		if granted != 1 {
			t.Errorf("%d requests got tokens", granted)
		}
	})
}

func TestAWrongRefreshIsRefused(t *testing.T) {
	h := newHouse(t, nil)
	h.second()
	p := h.anonymous()
	token := h.offline()["refresh_token"]
	tests := []struct {
		name  string
		pairs []string
		want  string
	}{
		{"no token", []string{"refresh_token", ""}, "invalid_request"},
		{"an unknown token", []string{"refresh_token", "x"}, "invalid_grant"},
		{"another client's token", []string{"client_id", "other-client", "client_secret", "other-secret"}, "invalid_grant"},
		{"a wrong secret", []string{"client_secret", "x"}, "invalid_client"},
		{"more scopes than were granted", []string{"scope", "openid goauthentik.io/api"}, "invalid_scope"},
	}
	for _, tt := range tests {
		if got := p.token(renew(token, tt.pairs...)).object(t)["error"]; got != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
	t.Run("fewer scopes narrow the access token only", func(t *testing.T) {
		a := p.token(renew(token, "scope", "email")).object(t)
		if a["scope"] != "email" || a["id_token"] != nil {
			t.Fatalf("answer: %v", a)
		}
		if a = p.token(renew(a["refresh_token"])).object(t); a["scope"] != "openid email profile offline_access" {
			t.Errorf("answer: %v", a)
		}
		token = a["refresh_token"]
	})
	t.Run("expired", func(t *testing.T) {
		h.clock = 31 * 24 * time.Hour
		if got := p.token(renew(token)).object(t)["error"]; got != "invalid_grant" {
			t.Errorf("got %v", got)
		}
	})
}

func TestARefreshTokenIsKeptWhileItHasEnoughOfItsLife(t *testing.T) {
	h := newHouse(t, func(_ *house, c *oauth2.Config) { c.RefreshTokenThreshold = "days=1" })
	p, token := h.anonymous(), h.offline()["refresh_token"]
	if got := p.token(renew(token)).object(t)["refresh_token"]; got != token {
		t.Error("it was replaced at once")
	}
	h.clock = 29*24*time.Hour + time.Hour
	if got := p.token(renew(token)).object(t)["refresh_token"]; got == token || got == nil {
		t.Errorf("near its end: %v", got)
	}
}

func machine(pairs ...string) url.Values {
	return with(url.Values{"grant_type": {"client_credentials"}, "client_id": {"demo-client"}, "scope": {"openid profile"}}, pairs...)
}

func TestAProgramSignsInAsTheClientItself(t *testing.T) {
	h := newHouse(t, nil)
	p := h.anonymous()
	for range 2 {
		a := p.token(machine("client_secret", secret))
		if a.StatusCode != http.StatusOK || a.object(t)["refresh_token"] != nil {
			t.Fatal(a.body)
		}
		claims := payload(t, a.object(t)["id_token"].(string))
		if claims["preferred_username"] != "ak-demo-client_credentials" {
			t.Errorf("claims: %v", claims)
		}
	}
	u, err := h.store.UserByUsername(t.Context(), "ak-demo-client_credentials")
	must(t, err)
	if u.Type != model.UserServiceAccount || u.Path != "goauthentik.io/apps/demo" {
		t.Errorf("user: %+v", u)
	}
	if events := h.events(model.ActionLogin); len(events) != 2 {
		t.Errorf("%d events", len(events))
	}
}

func TestManyProgramsAtTheFirstTimeShareOneServiceAccount(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if a := h.anonymous().token(machine("client_secret", secret)); a.StatusCode != http.StatusOK {
					t.Errorf("status %d: %s", a.StatusCode, a.body)
				}
			})
		}
		wg.Wait()
	})
}

func TestAPersonWithTheNameOfAServiceAccountIsNotIt(t *testing.T) {
	h := newHouse(t, nil)
	must(t, h.store.InsertUser(t.Context(), &model.User{
		Username: "ak-demo-client_credentials", IsActive: true, Type: model.UserInternal, Attributes: map[string]any{},
	}))
	if a := h.anonymous().token(machine("client_secret", secret)); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("body %s", a.body)
	}
}

func TestAProgramSignsInWithAnAppPassword(t *testing.T) {
	h := newHouse(t, nil)
	for i, intent := range []model.Intent{model.IntentAppPassword, model.IntentAPI} {
		key := "key-of-" + string(intent)
		must(t, h.store.InsertToken(t.Context(), &model.Token{
			Identifier: key, Intent: intent, User: h.user.ID, KeyHash: keypair.Hash(key), KeySealed: model.Sealed(h.box.Seal(key, "x")),
		}))
		_ = i
	}
	p := h.anonymous()
	tests := []struct {
		name string
		form url.Values
		want any
	}{
		{"by username and password", machine("username", "ouid", "password", "key-of-app_password"), nil},
		{"by both in the place of the secret", machine("client_secret", "b3VpZDprZXktb2YtYXBwX3Bhc3N3b3Jk"), nil},
		{"under another name of the grant", machine("grant_type", "password", "username", "ouid", "password", "key-of-app_password"), nil},
		{"with somebody else's name", machine("username", "other", "password", "key-of-app_password"), "invalid_grant"},
		{"with a token for the API", machine("username", "ouid", "password", "key-of-api"), "invalid_grant"},
		{"with a wrong password", machine("username", "ouid", "password", "x"), "invalid_grant"},
		{"without a password", machine("username", "ouid"), "invalid_grant"},
		{"without anything", machine(), "invalid_client"},
		{"with a wrong secret", machine("client_secret", "x"), "invalid_client"},
	}
	for _, tt := range tests {
		if got := p.token(tt.form).object(t)["error"]; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestTokensAreStoredByHashOnly(t *testing.T) {
	h := newHouse(t, nil)
	tokens := h.offline()
	for _, name := range []string{"access_token", "refresh_token"} {
		token := tokens[name].(string)
		if _, _, err := h.store.AccessToken(context.Background(), token); err == nil {
			t.Errorf("%s is stored in clear", name)
		}
		if _, _, err := h.store.RefreshToken(context.Background(), token); err == nil {
			t.Errorf("%s is stored in clear", name)
		}
	}
	if _, _, err := h.store.AccessToken(context.Background(), keypair.Hash(tokens["access_token"].(string))); err != nil {
		t.Error(err)
	}
}

// A grant is prolonged at each use: somebody who is kept out by now would otherwise stay in for ever.
func TestWhoMayNoLongerUseTheApplicationCannotRefresh(t *testing.T) {
	h := newHouse(t, nil)
	first := h.offline()
	somebody := &model.User{Username: "other", IsActive: true, Attributes: map[string]any{}}
	must(t, h.store.InsertUser(t.Context(), somebody))
	b := model.NewPolicyBinding()
	b.Target, b.User = model.TargetID(h.app), &somebody.ID
	h.change(func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &b) })
	if a := h.anonymous().token(renew(first["refresh_token"])).object(t); a["error"] != "invalid_grant" {
		t.Errorf("refreshed: %v", a)
	}
	b.User = &h.user.ID
	h.change(func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &b) })
	if a := h.anonymous().token(renew(first["refresh_token"])).object(t); a["access_token"] == nil {
		t.Errorf("let in again: %v", a)
	}
}
