package oauth

import (
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of an OAuth source.
type Config struct {
	// The variety of the upstream.
	ProviderType string `json:"provider_type" required:"true" enum:"apple openidconnect entraid azuread discord facebook github gitlab google mailcow okta patreon reddit slack twitch twitter wechat"`
	// Only for OAuth 1, which Weimen does not speak.
	RequestTokenURL *string `json:"request_token_url" rule:"max=255" form:"protocol"`
	// Overrides the type's authorization address. Leave it unset unless the upstream is your own or a test.
	AuthorizationURL *string `json:"authorization_url" rule:"max=255" form:"protocol"`
	// Overrides the type's token address.
	AccessTokenURL *string `json:"access_token_url" rule:"max=255" form:"protocol"`
	// Overrides the type's profile address.
	ProfileURL *string `json:"profile_url" rule:"max=255" form:"protocol"`
	// The client id that the upstream gave. At WeChat: AppID.
	ConsumerKey string `json:"consumer_key" required:"true"`
	// The client secret that the upstream gave. At WeChat: AppSecret.
	ConsumerSecret model.Secret `json:"consumer_secret" required:"true"`
	// More scopes, separated by blanks; a leading * replaces the type's own.
	AdditionalScopes string `json:"additional_scopes" form:"protocol"`
	// An OpenID Connect discovery document, from which the addresses are taken when they are needed.
	OIDCWellKnownURL string `json:"oidc_well_known_url" form:"protocol"`
	// Where the upstream publishes its signing keys.
	OIDCJWKSURL string `json:"oidc_jwks_url" form:"protocol"`
	// The upstream's signing keys as a JSON Web Key Set, where it publishes none.
	OIDCJWKS map[string]any `json:"oidc_jwks" form:"protocol"`
	// Proof Key for Code Exchange (RFC 7636), where the type allows a choice. OpenID Connect always uses S256; WeChat knows none.
	PKCE string `json:"pkce" enum:"none plain S256" form:"protocol"`
	// How the client credentials go to the token endpoint, where the type allows a choice.
	AuthorizationCodeAuthMethod string `json:"authorization_code_auth_method" enum:"basic_auth post_body" form:"protocol"`
	// WeChat only: a label of your choice for the Open Platform account that this app is bound to. Sources with the same label share unionids, so that one
	// person is recognised across their apps. Empty: unionids count for this source alone.
	OpenPlatformAccount string `json:"open_platform_account" rule:"max=100" form:"matching"`

	// types are those of this build, for Validate. They come with the defaults that Kind gives; without them Validate checks what holds for every type.
	types []Type
}

// The values of PKCE and AuthorizationCodeAuthMethod.
const (
	PKCENone  = "none"
	PKCEPlain = "plain"
	PKCES256  = "S256"

	BasicAuth = "basic_auth" // RFC 6749 section 2.3.1, HTTP Basic
	PostBody  = "post_body"  // RFC 6749 section 2.3.1, in the request body
)

// Defaults are the settings of a new source.
func Defaults() Config {
	return Config{PKCE: PKCENone, AuthorizationCodeAuthMethod: BasicAuth, OIDCJWKS: map[string]any{}}
}
