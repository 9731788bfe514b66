package oauth2

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/provider"
)

// KindName is the wire name of this kind of provider.
const KindName = "oauth2"

// ClientType says whether a client can keep a secret (RFC 6749 section 2.1).
type ClientType string

// The client types.
const (
	Confidential ClientType = "confidential"
	Public       ClientType = "public"
)

// MatchingMode says how a redirect URI is compared.
type MatchingMode string

// The matching modes.
const (
	MatchStrict MatchingMode = "strict"
	MatchRegex  MatchingMode = "regex"
)

// RedirectURI is an address that codes may be sent to.
type RedirectURI struct {
	// Whether the address must be equal to the letter, or match as a pattern.
	MatchingMode MatchingMode `json:"matching_mode" required:"true" enum:"strict regex"`
	// The address, or a regular expression in RE2 that the whole address must match.
	URL string `json:"url" required:"true"`
}

// SubMode says what the subject of a token is.
type SubMode string

// The subject modes.
const (
	SubHashedUserID SubMode = "hashed_user_id"
	SubUserID       SubMode = "user_id"
	SubUserUUID     SubMode = "user_uuid"
	SubUserUsername SubMode = "user_username"
	SubUserEmail    SubMode = "user_email"
	SubUserUPN      SubMode = "user_upn"
)

// IssuerMode says who signs, as tokens tell it.
type IssuerMode string

// The issuer modes.
const (
	IssuerGlobal      IssuerMode = "global"
	IssuerPerProvider IssuerMode = "per_provider"
)

// TokenFormat is what access tokens look like.
type TokenFormat string

// The token formats.
const (
	TokenOpaque TokenFormat = "opaque"
	TokenJWT    TokenFormat = "jwt"
)

// Config is what a provider of this kind is set to.
type Config struct {
	// Confidential applications run on a server and keep the client secret. Public ones run in a browser or on a phone, where nothing stays secret.
	ClientType ClientType `json:"client_type" enum:"confidential public"`
	// The name that the application presents itself with. Made for you if you leave it empty.
	ClientID string `json:"client_id" rule:"unique,max=255"`
	// What the application proves itself with. Made for you if you leave it empty.
	ClientSecret model.Secret `json:"client_secret" rule:"readback,max=255"`
	// How long the application may take to exchange a code. A minute is plenty.
	AccessCodeValidity model.Duration `json:"access_code_validity" form:"validity"`
	// How long access tokens and ID tokens are valid.
	AccessTokenValidity model.Duration `json:"access_token_validity" form:"validity"`
	// How long a refresh token is valid. Each use gives a new one.
	RefreshTokenValidity model.Duration `json:"refresh_token_validity" form:"validity"`
	// Keep a refresh token until less than this is left of its life. With seconds=0 every use replaces it, which is safest.
	RefreshTokenThreshold model.Duration `json:"refresh_token_threshold" form:"validity"`
	// Put the claims of the scopes into the ID token too. Many applications never ask the userinfo endpoint.
	IncludeClaimsInIDToken bool `json:"include_claims_in_id_token" title:"Include claims in ID token" form:"protocol"`
	// Signs tokens: RS256 with an RSA key, ES256 with an EC key. ES256 costs the server a thirtieth. Without a key tokens are signed with the client secret (HS256).
	SigningKey *model.KeyPairID `json:"signing_key" ref:"certificatekeypair" form:"protocol"`
	// Encrypts ID tokens for an application that asks for it. Needs an RSA key.
	EncryptionKey *model.KeyPairID `json:"encryption_key" ref:"certificatekeypair" form:"advanced"`
	// Where codes may be sent. Strict addresses must be equal to the letter; patterns must match as a whole.
	RedirectURIs []RedirectURI `json:"redirect_uris" title:"Redirect URIs"`
	// Where the application is told that somebody signed out. It is kept; this version tells nobody.
	LogoutURI string `json:"logout_uri" title:"Logout URI" form:"advanced"`
	// How the application is told: by the server, or by the person's browser.
	LogoutMethod string `json:"logout_method" enum:"backchannel frontchannel" form:"advanced"`
	// What the application knows people by. It should never change: choose before the first person signs in.
	SubMode SubMode `json:"sub_mode" title:"Subject mode" enum:"hashed_user_id user_id user_uuid user_username user_email user_upn" form:"protocol"`
	// Whether each provider is an issuer of its own, or all share one.
	IssuerMode IssuerMode `json:"issuer_mode" enum:"global per_provider" form:"protocol"`
	// Sources whose tokens may be presented instead of a secret. They are kept; this version takes no such tokens.
	JWTFederationSources []model.SourceID `json:"jwt_federation_sources" title:"Federated sources" ref:"source" form:"advanced"`
	// Providers whose tokens may be presented instead of a secret. They are kept; this version takes no such tokens.
	JWTFederationProviders []model.ProviderID `json:"jwt_federation_providers" title:"Federated providers" ref:"provider" form:"advanced"`
	// Opaque access tokens are cheapest and tell nothing to whoever finds one. JWTs can be read by an API without asking us, and cost a second signature.
	AccessTokenFormat TokenFormat `json:"access_token_format" enum:"opaque jwt" form:"protocol"`
}

// Defaults are the settings of a new provider.
func Defaults() Config {
	return Config{
		ClientType: Confidential, AccessCodeValidity: "minutes=1", AccessTokenValidity: "hours=1", RefreshTokenValidity: "days=30",
		RefreshTokenThreshold: "seconds=0", IncludeClaimsInIDToken: true, LogoutMethod: "backchannel", SubMode: SubHashedUserID,
		IssuerMode: IssuerPerProvider, AccessTokenFormat: TokenOpaque,
	}
}

// Fill makes a client id and a secret where there is none. A public client has a secret too: it may sign tokens.
func (c *Config) Fill() {
	if c.ClientID == "" {
		c.ClientID = keypair.NewText(keypair.Alphanumeric, 40)
	}
	if !c.ClientSecret.IsSet() {
		c.ClientSecret = model.NewSecret(keypair.NewText(keypair.Alphanumeric, 128))
	}
}

// Validate checks what no tag can say.
func (c *Config) Validate() error {
	fields := map[string][]string{}
	for name, d := range map[string]model.Duration{
		"access_code_validity": c.AccessCodeValidity, "access_token_validity": c.AccessTokenValidity, "refresh_token_validity": c.RefreshTokenValidity,
	} {
		if length, err := d.Parse(); err == nil && length <= 0 {
			fields[name] = []string{"Enter a time longer than nothing."}
		}
	}
	for i, r := range c.RedirectURIs {
		if err := r.validate(); err != nil {
			fields["redirect_uris"] = append(fields["redirect_uris"], fmt.Sprintf("Item %d: %s", i+1, err))
		}
	}
	if !printable(c.ClientID) {
		fields["client_id"] = []string{"Use printable ASCII characters only."}
	}
	if len(fields) > 0 {
		return &model.Error{Code: model.CodeInvalid, Message: "invalid settings of the provider", Fields: fields}
	}
	return nil
}

// printable reports whether a text consists of VSCHAR (RFC 6749 appendix A).
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

func (r RedirectURI) validate() error {
	if r.MatchingMode == MatchRegex {
		_, err := r.pattern()
		return err
	}
	u, err := url.Parse(r.URL)
	if err != nil || u.Scheme == "" || !printable(r.URL) || len(r.URL) > maxURI {
		return fmt.Errorf("%q is not an absolute address", r.URL)
	}
	if !allowedScheme(u.Scheme) {
		return fmt.Errorf("addresses that begin with %s: are never allowed", u.Scheme)
	}
	if u.Fragment != "" || strings.HasSuffix(r.URL, "#") {
		return fmt.Errorf("a redirect URI has no part after # (RFC 6749 section 3.1.2)")
	}
	return nil
}

// pattern compiles the pattern of a regex entry so that it matches a whole address or nothing.
func (r RedirectURI) pattern() (*regexp.Regexp, error) {
	p, err := regexp.Compile(`\A(?:` + r.URL + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("%q is not a regular expression of RE2: %w", r.URL, err)
	}
	return p, nil
}

// allowedScheme refuses addresses that a browser would run instead of opening.
func allowedScheme(scheme string) bool {
	switch strings.ToLower(scheme) {
	case "javascript", "data", "vbscript":
		return false
	}
	return true
}

// Kind describes providers that speak OAuth 2.0 and OpenID Connect.
func Kind() kind.Kind[provider.Driver] {
	return kind.Of(kind.Info{
		Name: KindName, VerboseName: "OAuth2/OpenID Provider", VerboseNamePlural: "OAuth2/OpenID Providers",
		Component: "ak-provider-oauth2-form", MetaModelName: "authentik_providers_oauth2.oauth2provider", Schema: "OAuth2Provider",
		Description: "Signs people in to applications that speak OpenID Connect or OAuth 2.0.",
	}, Defaults(), func(c Config) (provider.Driver, error) { return &driver{config: c}, nil })
}

// driver is what the settings alone say.
type driver struct{ config Config }

var _ provider.Driver = (*driver)(nil)

// LaunchURL is the origin of the first redirect URI that is not a pattern.
func (d *driver) LaunchURL() string {
	for _, entry := range d.config.RedirectURIs {
		if origin, ok := entry.origin(); ok && entry.MatchingMode == MatchStrict {
			return origin + "/"
		}
	}
	return ""
}
