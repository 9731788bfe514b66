package openidconnect

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

const (
	// keepNonce is where a departure keeps the nonce.
	keepNonce = "nonce"
	// bodyLimit is the most that any answer may hold, in bytes; a large key set has some 20,000.
	bodyLimit = 512 << 10
)

// Type is OpenID Connect. The discovery documents and keys of all its sources are kept with it.
func Type() oauth.Type {
	info := oauth.Info{Name: "openidconnect", VerboseName: "OpenID Connect", URLsCustomizable: true}
	directory := newDirectory(time.Now)
	return oauth.Type{
		Info:  info,
		Check: check,
		Gives: []string{"username", "name", "email", "groups"},
		Open: func(s oauth.Settings) (source.Driver, error) {
			d := &driver{
				settings: s, info: info, directory: directory,
				upstream: oauth.Upstream{Prefix: "oauth", Title: "The OpenID Connect provider", Client: s.Client, Limit: bodyLimit},
			}
			return d, d.readKeys()
		},
	}
}

type driver struct {
	settings  oauth.Settings
	info      oauth.Info
	upstream  oauth.Upstream
	directory *directory
	keys      keySet // those of the settings, nil if there are none
}

var _ source.Driver = (*driver)(nil)

// Begin implements source.Driver. PKCE with S256 is always used: a provider that does not know it passes it over (RFC 6749 section 3.1).
func (d *driver) Begin(ctx context.Context, b source.Begin) (source.Departure, error) {
	ctx, cancel := d.settings.Within(ctx)
	defer cancel()
	p, err := d.provider(ctx)
	if err != nil {
		return source.Departure{}, err
	}
	nonce := rand.Text()
	extra := url.Values{"nonce": {nonce}}
	if b.LoginHint != "" {
		extra.Set("login_hint", b.LoginHint)
	}
	if b.Locale == "zh" {
		extra.Set("ui_locales", "zh-CN zh")
	}
	departure, err := d.codeFlow(p).Depart(b, extra)
	if err != nil {
		return source.Departure{}, err
	}
	departure.Keep[keepNonce] = nonce
	return departure, nil
}

// Finish implements source.Driver.
func (d *driver) Finish(ctx context.Context, r source.Return) (*source.Account, error) {
	ctx, cancel := d.settings.Within(ctx)
	defer cancel()
	p, err := d.provider(ctx)
	if err != nil {
		return nil, err
	}
	// RFC 9207: a provider that names itself in the callback must be the one that was asked.
	if iss := r.Query.Get("iss"); iss != "" && !p.issuedBy(iss) {
		return nil, d.upstream.Refuse(model.CodeInvalid, "issuer_mismatch", "The callback is of another provider.")
	}
	flow, began := d.codeFlow(p), time.Now()
	token, err := flow.Redeem(ctx, r)
	if err != nil {
		return nil, err
	}
	redeemed := time.Now()
	claims, err := d.verify(ctx, p, token, r.Keep[keepNonce])
	if err != nil {
		return nil, err
	}
	if err := d.addUserinfo(ctx, flow, token, claims); err != nil {
		return nil, err
	}
	calls := source.TokenThenProfile(began, redeemed, time.Now())
	identifier, err := oauth.OwnIdentifier(r, claims.Text("sub"))
	if err != nil {
		return nil, err
	}
	return &source.Account{
		Identifiers: []model.Identifier{identifier}, Properties: properties(claims), EmailVerified: verified(claims), Info: claims, Token: token.Known, Calls: calls,
	}, nil
}

func (d *driver) codeFlow(p *provider) *oauth.CodeFlow {
	return &oauth.CodeFlow{
		Settings: d.settings, Addresses: p.Addresses, Upstream: d.upstream,
		Scopes: []string{"openid", "email", "profile"}, PKCE: oauth.PKCES256, ClientAuth: d.settings.AuthorizationCodeAuthMethod,
	}
}

// addUserinfo adds what the provider tells at its userinfo endpoint. The answer must be about the same person (OpenID Connect Core 1.0 section 5.3.2); what the
// signed ID token says already stays.
func (d *driver) addUserinfo(ctx context.Context, flow *oauth.CodeFlow, token oauth.Token, claims oauth.Profile) error {
	if flow.Profile == "" {
		return nil
	}
	document, err := flow.Fetch(ctx, token, flow.Profile)
	if err != nil {
		return err
	}
	userinfo, _ := document.(map[string]any)
	if sub, _ := userinfo["sub"].(string); sub != claims["sub"] {
		return d.upstream.Refuse(model.CodeUpstream, "subject_mismatch", "The provider gave the profile of someone else.")
	}
	for name, value := range userinfo {
		if _, there := claims[name]; !there {
			claims[name] = value
		}
	}
	return nil
}

// verified reports whether the provider says that it has verified the e-mail address (OpenID Connect Core 1.0 section 5.1). Some providers write the truth as a text.
func verified(claims oauth.Profile) bool {
	v := claims["email_verified"]
	return v == true || v == "true"
}

// properties reads the standard claims (OpenID Connect Core 1.0 section 5.1). An e-mail address that the provider says it has not verified is left out: sources may be
// set to recognise people by it.
func properties(claims oauth.Profile) map[string]any {
	p := map[string]any{
		"username": oauth.OrNil(claims.Text("preferred_username", "nickname")),
		"name":     oauth.OrNil(oauth.DisplayName(claims.Text("name"))),
		"email":    nil,
	}
	if verified := claims["email_verified"]; verified != false && verified != "false" {
		p["email"] = oauth.OrNil(claims.Text("email"))
	}
	if groups := claims.List("groups"); groups != nil {
		p["groups"] = groups
	}
	return p
}

// check looks for keys: without any, an ID token proves nothing.
func check(c oauth.Config) map[string][]string {
	faults := map[string][]string{}
	if len(c.OIDCJWKS) > 0 {
		if _, err := parseKeys(c.OIDCJWKS); err != nil {
			faults["oidc_jwks"] = []string{"Enter a JSON Web Key Set with public keys (RFC 7517)."}
		}
	} else if c.OIDCJWKSURL == "" && c.OIDCWellKnownURL == "" {
		faults["oidc_jwks_url"] = []string{"Give the address of the provider's keys, the keys themselves, or a discovery document that names them."}
	}
	if secret := c.ConsumerSecret.Reveal(); strings.TrimSpace(secret) != secret {
		faults["consumer_secret"] = []string{"Remove the blanks at the ends: they are not part of it."}
	}
	return faults
}
