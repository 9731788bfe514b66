package oauth2_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	xoauth2 "golang.org/x/oauth2"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
)

// TestAnIndependentClientSignsIn runs the code flow with go-oidc and x/oauth2, which know nothing of us.
func TestAnIndependentClientSignsIn(t *testing.T) {
	tests := []struct {
		name   string
		change func(h *house, c *oauth2.Config)
		style  xoauth2.AuthStyle
	}{
		{"ES256, secret in the header", nil, xoauth2.AuthStyleInHeader},
		{"ES256, secret in the form", nil, xoauth2.AuthStyleInParams},
		{"RS256", func(h *house, c *oauth2.Config) { k := h.keys[keypair.RSA]; c.SigningKey = &k }, xoauth2.AuthStyleInHeader},
		{"one issuer for all", func(_ *house, c *oauth2.Config) { c.IssuerMode = oauth2.IssuerGlobal }, xoauth2.AuthStyleInHeader},
		{"a JWT as access token", func(_ *house, c *oauth2.Config) { c.AccessTokenFormat = oauth2.TokenJWT }, xoauth2.AuthStyleInHeader},
		{"a public client", func(_ *house, c *oauth2.Config) { c.ClientType = oauth2.Public }, xoauth2.AuthStyleInParams},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t, tt.change)
			ctx := oidc.ClientContext(t.Context(), h.http.Client())
			issuer := h.http.URL + "/application/o/demo/"
			if strings.HasPrefix(tt.name, "one issuer") {
				ctx = oidc.InsecureIssuerURLContext(ctx, h.http.URL+"/")
			}
			p, err := oidc.NewProvider(ctx, issuer)
			must(t, err)
			conf := xoauth2.Config{
				ClientID: "demo-client", ClientSecret: secret, Endpoint: p.Endpoint(), RedirectURL: callback,
				Scopes: []string{"openid", "email", "profile", "offline_access"},
			}
			conf.Endpoint.AuthStyle = tt.style
			if strings.HasPrefix(tt.name, "a public") {
				conf.ClientSecret = ""
			}
			b := h.signedIn(0)
			// offline_access asks for consent, which the implicit flow has no stage for
			a := b.get(conf.AuthCodeURL("st", oidc.Nonce("no"), xoauth2.S256ChallengeOption(verifier)))
			page := a.location(t)
			consent := b.get(page.String()).object(t)
			if consent["component"] != "ak-stage-consent" {
				t.Fatalf("expected consent, got %v", consent)
			}
			a = b.post(page.String(), url.Values{"token": {consent["token"].(string)}})
			back := a.location(t)
			if got := back.Query().Get("state"); got != "st" || !strings.HasPrefix(back.String(), callback+"?") {
				t.Fatalf("back at %s", back)
			}
			tokens, err := conf.Exchange(ctx, back.Query().Get("code"), xoauth2.VerifierOption(verifier))
			must(t, err)
			idToken, err := p.Verifier(&oidc.Config{ClientID: "demo-client"}).Verify(ctx, tokens.Extra("id_token").(string))
			must(t, err)
			must(t, idToken.VerifyAccessToken(tokens.AccessToken))
			if idToken.Nonce != "no" || idToken.Subject != h.user.UID(h.store.Snapshot().Installation) {
				t.Errorf("nonce %q, subject %q", idToken.Nonce, idToken.Subject)
			}
			info, err := p.UserInfo(ctx, xoauth2.StaticTokenSource(tokens))
			must(t, err)
			if info.Subject != idToken.Subject || info.Email != "z@example.org" {
				t.Errorf("userinfo: %+v", info)
			}
			refreshed, err := conf.TokenSource(ctx, &xoauth2.Token{RefreshToken: tokens.RefreshToken}).Token()
			must(t, err)
			if refreshed.AccessToken == tokens.AccessToken || refreshed.RefreshToken == tokens.RefreshToken {
				t.Error("refreshing gave the same tokens")
			}
		})
	}
}

func TestTheIDTokenHoldsTheseClaims(t *testing.T) {
	h := newHouse(t, nil)
	response := h.anonymous().token(exchange(h.signedIn(time.Hour).code())).object(t)
	claims := payload(t, response["id_token"].(string))
	for _, name := range []string{"exp", "iat", "auth_time"} {
		if _, ok := claims[name].(float64); !ok {
			t.Errorf("%s is %v", name, claims[name])
		}
		delete(claims, name)
	}
	for _, name := range []string{"at_hash", "sid", "sub"} {
		if s, _ := claims[name].(string); s == "" {
			t.Errorf("%s is missing", name)
		}
		delete(claims, name)
	}
	want := map[string]any{
		"iss": h.http.URL + "/application/o/demo/", "aud": "demo-client", "nonce": "no", "acr": "goauthentik.io/providers/oauth2/default", "amr": []any{"pwd"},
		"email": "z@example.org", "email_verified": false, "name": "张三", "given_name": "张三", "preferred_username": "ouid", "nickname": "ouid",
		"groups": []any{},
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if response["token_type"] != "Bearer" || response["expires_in"] != 3600.0 || response["scope"] != "openid email profile" {
		t.Errorf("response: %v", response)
	}
	if _, ok := response["refresh_token"]; ok {
		t.Error("a refresh token came without offline_access")
	}
}

// payload reads a token without verifying it.
func payload(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("not a token: %q", token)
	}
	out := map[string]any{}
	must(t, json.Unmarshal(decode(t, parts[1]), &out))
	return out
}

func TestScopesWithoutClaimsInTheIDTokenAreInUserinfo(t *testing.T) {
	h := newHouse(t, func(_ *house, c *oauth2.Config) { c.IncludeClaimsInIDToken = false })
	p := h.anonymous()
	response := p.token(exchange(h.signedIn(0).code())).object(t)
	if claims := payload(t, response["id_token"].(string)); claims["email"] != nil {
		t.Errorf("the ID token holds %v", claims["email"])
	}
	info := p.post("/application/o/userinfo/", url.Values{"access_token": {response["access_token"].(string)}}).object(t)
	if info["email"] != "z@example.org" {
		t.Errorf("userinfo: %v", info)
	}
}

func TestTheSubjectFollowsItsMode(t *testing.T) {
	h := newHouse(t, nil)
	want := map[oauth2.SubMode]string{
		oauth2.SubHashedUserID: h.user.UID(h.store.Snapshot().Installation), oauth2.SubUserID: "1", oauth2.SubUserUUID: h.user.UUID, oauth2.SubUserUsername: "ouid",
		oauth2.SubUserEmail: "z@example.org", oauth2.SubUserUPN: "z@corp",
	}
	for mode, subject := range want {
		h.configure(h.provider, func(c *oauth2.Config) { c.SubMode = mode })
		claims, err := h.server.PreviewUser(t.Context(), h.store.Snapshot(), h.provider, h.user)
		must(t, err)
		if claims["sub"] != subject {
			t.Errorf("%s: %v, want %s", mode, claims["sub"], subject)
		}
	}
}

// An empty subject would be one and the same for everybody without an address (OpenID Connect Core 2: sub is locally unique and never reassigned).
func TestSomebodyWithoutAnEmailCannotEnterAnApplicationThatKnowsPeopleByIt(t *testing.T) {
	h := newHouse(t, func(_ *house, c *oauth2.Config) { c.SubMode = oauth2.SubUserEmail })
	_, err := h.store.UpdateUser(t.Context(), h.user.ID, func(u *model.User) error { u.Email = ""; return nil })
	must(t, err)
	to := h.signedIn(0).get("/application/o/authorize/?" + params().Encode()).location(t)
	if to.Query().Get("error") != "access_denied" {
		t.Errorf("sent to %s", to)
	}
}

func TestAMappingCannotChangeWhatTheProtocolDependsOn(t *testing.T) {
	h := newHouse(t, nil)
	addMapping(t, h, "openid", `return {"sub": "1", "iss": "https://evil.example", "aud": "x", "exp": 9999999999, "nonce": "x", "sid": "x", "mine": 1}`)
	claims := payload(t, h.anonymous().token(exchange(h.signedIn(0).code())).object(t)["id_token"].(string))
	if claims["sub"] != h.user.UID(h.store.Snapshot().Installation) || claims["aud"] != "demo-client" || claims["nonce"] != "no" || claims["mine"] != 1.0 {
		t.Errorf("claims: %v", claims)
	}
}

func TestAFailingMappingIsRecordedAndLeftOut(t *testing.T) {
	h := newHouse(t, nil)
	addMapping(t, h, "openid", "return 1 / 0")
	a := h.anonymous().token(exchange(h.signedIn(0).code()))
	if a.StatusCode != http.StatusOK {
		t.Fatal(a.body)
	}
	events := h.events(model.ActionMappingException)
	if len(events) != 1 || !strings.Contains(events[0].Context["message"].(string), "line 1") {
		t.Errorf("events: %+v", events)
	}
}

func TestSetupURLs(t *testing.T) {
	h := newHouse(t, nil)
	got, err := h.server.SetupURLs(h.store.Snapshot(), h.provider)
	must(t, err)
	base := h.http.URL + "/application/o/"
	want := oauth2.URLs{
		Issuer: base + "demo/", Authorize: base + "authorize/", Token: base + "token/", UserInfo: base + "userinfo/",
		ProviderInfo: base + "demo/.well-known/openid-configuration", Logout: base + "demo/end-session/", JWKS: base + "demo/jwks/",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("urls (-want +got):\n%s", diff)
	}
	if _, err := h.server.SetupURLs(h.store.Snapshot(), 99); model.CodeOf(err) != model.CodeNotFound {
		t.Errorf("err: %v", err)
	}
}
