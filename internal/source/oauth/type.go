package oauth

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/source"
)

// Info describes a type to administrators and API clients: authentik's SourceType.
type Info struct {
	Name             string  `json:"name"`
	VerboseName      string  `json:"verbose_name"`
	URLsCustomizable bool    `json:"urls_customizable"`
	RequestTokenURL  *string `json:"request_token_url"`
	AuthorizationURL *string `json:"authorization_url"`
	AccessTokenURL   *string `json:"access_token_url"`
	ProfileURL       *string `json:"profile_url"`
	OIDCWellKnownURL *string `json:"oidc_well_known_url"`
	OIDCJWKSURL      *string `json:"oidc_jwks_url"`
}

// Type is one variety of OAuth upstream.
type Type struct {
	Info
	// Open makes a driver of a source's settings. The place is the source's id: the namespace of identifiers that are the source's own.
	Open func(Settings) (source.Driver, error)
	// Check looks for what no field can tell alone, such as an AppID in the wrong shape. May be nil.
	Check func(Config) error
}

// Settings is what a type opens a driver from.
type Settings struct {
	Config
	// SourceID is the namespace of identifiers that only this source knows.
	SourceID string
	// Client makes the calls: time-limited, following no redirects.
	Client *http.Client
}
