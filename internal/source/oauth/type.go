package oauth

import (
	"context"
	"net/http"

	"github.com/weimen-id/weimen/internal/source"
)

// Info describes a type to administrators and API clients: authentik's SourceType.
type Info struct {
	Name        string `json:"name"`
	VerboseName string `json:"verbose_name"`
	// URLsCustomizable says that a source may have addresses of its own. It is true for WeChat too, where authentik says false: tests need the simulator, and
	// deployments abroad other entry hosts of WeChat's API.
	URLsCustomizable bool    `json:"urls_customizable"`
	RequestTokenURL  *string `json:"request_token_url"`
	AuthorizationURL *string `json:"authorization_url"`
	AccessTokenURL   *string `json:"access_token_url"`
	ProfileURL       *string `json:"profile_url"`
	OIDCWellKnownURL *string `json:"oidc_well_known_url"`
	OIDCJWKSURL      *string `json:"oidc_jwks_url"`
}

// Addresses are the endpoints that a source really uses. An address that nobody gave is "".
type Addresses struct{ Authorization, Token, Profile string }

// Addresses gives the source's own endpoints where the type allows them and they are set, else the type's.
func (i Info) Addresses(c Config) Addresses {
	pick := func(own, types *string) string {
		if i.URLsCustomizable && own != nil && *own != "" {
			return *own
		}
		if types != nil {
			return *types
		}
		return ""
	}
	return Addresses{
		Authorization: pick(c.AuthorizationURL, i.AuthorizationURL),
		Token:         pick(c.AccessTokenURL, i.AccessTokenURL),
		Profile:       pick(c.ProfileURL, i.ProfileURL),
	}
}

// At is an address in an [Info] literal.
func At(address string) *string { return &address }

// Type is one variety of OAuth upstream.
type Type struct {
	Info
	// Open makes a driver of a source's settings. It asks nothing of the upstream. Identifiers that are the source's own take their namespace from
	// source.Return when a browser comes back.
	Open func(Settings) (source.Driver, error)
	// Gives names the properties that accounts of this type may have, for source.Providing. Nil: any.
	Gives []string
	// Check looks for what no field can tell alone, such as an AppID in the wrong shape. It returns messages by field, nil if nothing is wrong. May be nil.
	Check func(Config) map[string][]string
	// Simulator plays the upstream where a source is only tried out. Nil: there is none.
	Simulator Simulator
}

// SimulatedBy gives the type a simulator.
func (t Type) SimulatedBy(s Simulator) Type {
	t.Simulator = s
	return t
}

// Settings is what a type opens a driver from.
type Settings struct {
	Config
	// Client makes the calls: time-limited, following no redirects.
	Client *http.Client
}

// Within bounds all the calls of one sign-in together by the client's time limit, so that a slow upstream cannot use it up once per call.
func (s Settings) Within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.Client.Timeout)
}
