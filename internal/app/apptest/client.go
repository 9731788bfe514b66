package apptest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// clientSecret is the secret of every application that a test makes.
const clientSecret = "the secret of an application, 32+"

// Client is an application: an ordinary OpenID Connect client, by an independent library.
type Client struct {
	t     testing.TB
	house *House
	// Config is what the client knows of its provider.
	Config   oauth2.Config
	verifier *oidc.IDTokenVerifier
	provider *oidc.Provider
}

// Attempt is one sign-in at a client.
type Attempt struct {
	State, Nonce, Verifier string
	client                 *Client
}

// AddClient makes a provider with its application, and the client. Changes are laid over the provider's settings; may be nil.
func (h *House) AddClient(slug string, change map[string]any) *Client {
	h.t.Helper()
	s := h.App().Store.Snapshot()
	redirect := "http://" + slug + ".example/callback"
	values := map[string]any{
		"name": slug, "client_id": slug, "client_secret": clientSecret, "client_type": "confidential",
		"authorization_flow": s.FlowBySlug("default-provider-authorization-implicit-consent").ID,
		"invalidation_flow":  s.FlowBySlug("default-provider-invalidation-flow").ID,
		"redirect_uris":      []map[string]string{{"matching_mode": "strict", "url": redirect}},
	}
	var mappings []any
	for _, name := range []string{"openid", "email", "profile", "offline_access"} {
		mappings = append(mappings, s.MappingByManaged("goauthentik.io/providers/oauth2/scope-"+name).ID)
	}
	values["property_mappings"] = mappings
	for _, k := range s.KeyPairs {
		values["signing_key"] = k.ID
	}
	maps.Copy(values, change)
	h.Secrets.Add("the client secret", clientSecret)
	h.Put(Provider, "", values)
	for id, p := range h.App().Store.Snapshot().Providers {
		if p.Name == slug {
			h.Put(Application, slug, map[string]any{"name": slug, "slug": slug, "provider": id})
		}
	}
	return h.client(slug, redirect)
}

func (h *House) client(slug, redirect string) *Client {
	h.t.Helper()
	provider, err := oidc.NewProvider(context.Background(), h.URL+"/application/o/"+slug+"/")
	must(h.t, err)
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	return &Client{
		t: h.t, house: h, provider: provider, verifier: provider.Verifier(&oidc.Config{ClientID: slug}),
		Config: oauth2.Config{
			ClientID: slug, ClientSecret: clientSecret, Endpoint: endpoint, RedirectURL: redirect,
			Scopes: []string{"openid", "profile", "email"},
		},
	}
}

// Begin makes an attempt and the address that it begins at.
func (c *Client) Begin(options ...oauth2.AuthCodeOption) (*Attempt, string) {
	a := &Attempt{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier(), client: c}
	options = append([]oauth2.AuthCodeOption{oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)}, options...)
	return a, c.Config.AuthCodeURL(a.State, options...)
}

// Tokens are what a client has after a sign-in.
type Tokens struct {
	*oauth2.Token
	// Claims are those of the ID token, verified.
	Claims map[string]any
	// UserInfo is what the userinfo endpoint says.
	UserInfo map[string]any
}

// Code takes the code from the address that the browser is sent to.
func (a *Attempt) Code(p *Page) string {
	a.client.t.Helper()
	u, err := url.Parse(p.To)
	must(a.client.t, err)
	if !strings.HasPrefix(p.To, a.client.Config.RedirectURL) || u.Query().Get("state") != a.State || u.Query().Get("code") == "" {
		a.client.t.Fatalf("the browser was not sent back to the client with a code and its state:\n%s", p)
	}
	return u.Query().Get("code")
}

// Exchange exchanges a code.
func (a *Attempt) Exchange(code string, options ...oauth2.AuthCodeOption) (*oauth2.Token, error) {
	if len(options) == 0 {
		options = append(options, oauth2.VerifierOption(a.Verifier))
	}
	token, err := a.client.Config.Exchange(context.Background(), code, options...)
	if err == nil {
		a.client.note(token)
	}
	return token, err
}

// Finish exchanges the code, verifies the ID token and asks for the user's claims.
func (a *Attempt) Finish(p *Page) *Tokens {
	c := a.client
	c.t.Helper()
	token, err := a.Exchange(a.Code(p))
	must(c.t, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := c.verifier.Verify(context.Background(), raw)
	must(c.t, err)
	if id.Nonce != a.Nonce {
		c.t.Fatalf("the ID token's nonce is of another attempt")
	}
	out := &Tokens{Token: token}
	must(c.t, id.Claims(&out.Claims))
	info, status := c.UserInfo(token.AccessToken)
	if status != http.StatusOK {
		c.t.Fatalf("userinfo answers %d", status)
	}
	out.UserInfo = info
	return out
}

// SignIn signs a browser in that need not be asked anything.
func (c *Client) SignIn(b *Browser) *Tokens {
	c.t.Helper()
	attempt, address := c.Begin()
	p := b.Get(address)
	return attempt.Finish(p)
}

// Refresh exchanges a refresh token.
func (c *Client) Refresh(token string) (*oauth2.Token, error) {
	fresh, err := c.Config.TokenSource(context.Background(), &oauth2.Token{RefreshToken: token}).Token()
	if err == nil {
		c.note(fresh)
	}
	return fresh, err
}

// UserInfo asks for a user's claims with an access token, and gives the status too.
func (c *Client) UserInfo(token string) (map[string]any, int) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, c.provider.UserInfoEndpoint(), nil)
	must(c.t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := c.house.Program().Do(req)
	must(c.t, err)
	defer func() { _ = res.Body.Close() }()
	claims := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&claims) // a refusal has no claims
	return claims, res.StatusCode
}

func (c *Client) note(token *oauth2.Token) {
	c.house.Secrets.Add("an access token", token.AccessToken)
	c.house.Secrets.Add("a refresh token", token.RefreshToken)
}
