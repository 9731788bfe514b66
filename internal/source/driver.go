package source

import (
	"context"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Driver is one source, opened from its settings.
type Driver interface {
	// Begin says where the browser must go. It asks the upstream for nothing, except where to go (OpenID Connect's discovery document).
	Begin(ctx context.Context, b Begin) (Departure, error)
	// Finish makes an account of what the browser brought back. It asks the upstream; errors are *model.Error with a Reason for the person, a Detail for the
	// audit trail, and no secret anywhere.
	Finish(ctx context.Context, r Return) (*Account, error)
}

// Begin is what a driver needs to send a browser away.
type Begin struct {
	// CallbackURL is the absolute address that the upstream sends the browser back to.
	CallbackURL string
	// State is 32 hex digits, new for each departure (RFC 6749 section 10.12).
	State string
	// Locale is the reader's language, "en" or "zh".
	Locale string
	// LoginHint is what the person typed before, if anything.
	LoginHint string
}

// Departure is where the browser goes, and what comes back to Finish.
type Departure struct {
	URL string
	// Keep is kept sealed until the return: a PKCE verifier, a nonce. May be empty.
	Keep map[string]string
}

// Return is a browser that came back with a state of ours.
type Return struct {
	// SourceID is the source that the browser left from, as the stored state says. It is the namespace of identifiers that only this source knows; a
	// driver that needs it refuses to go on without it.
	SourceID model.SourceID
	// Query is the callback's query, or its form where the upstream posts.
	Query       url.Values
	CallbackURL string
	Locale      string
	Keep        map[string]string
}

// Account is a person's account at the upstream.
type Account struct {
	// Identifiers name the account, the most lasting first. The first is shown as the connection's identifier.
	Identifiers []model.Identifier
	// Properties are the user's properties before mappings: username, name, email, attributes, groups. Nil values are dropped later.
	Properties map[string]any
	// EmailVerified says that the upstream vouches for the e-mail address among the properties: nobody is recognised by one that may be anybody's.
	EmailVerified bool
	// Info is the upstream's profile as it came, for mappings ("info", "oauth_userinfo"). It holds no tokens.
	Info map[string]any
	// Token is what mappings may know of the upstream's token ("token"): its scope and lifetime, for example. It holds no tokens either.
	Token map[string]any
	// Calls are what the upstream was asked for it, for the trace of the sign-in.
	Calls []Call
}

// Call is a request to an upstream: what it was for ("token", "profile"), and how long it took.
type Call struct {
	Name string
	Took time.Duration
}

// TokenThenProfile are the calls of a driver that gets a token first and the profile with it: when it began, had the token, had the profile.
func TokenThenProfile(began, token, profile time.Time) []Call {
	return []Call{{Name: "token", Took: token.Sub(began)}, {Name: "profile", Took: profile.Sub(token)}}
}

// Button is a source's place on the login page.
type Button struct {
	// URL begins the sign-in.
	URL string
	// IconURL is the administrator's icon; "" for the type's own.
	IconURL string
	// Type is the variety of the upstream, for the type's own icon.
	Type string
}

// Varied is a driver that knows the variety of its upstream.
type Varied interface{ Variety() string }

// Providing is a driver that knows which properties it can give at all. One that is not is taken to give any.
type Providing interface {
	// Provides reports whether an account may have a property, such as "email".
	Provides(property string) bool
}

// Identifying is a driver that can type an identifier which an administrator gives by hand. Without it, an identifier is the source's own subject.
type Identifying interface {
	// IdentifiersOf gives what the value may be. At the next sign-in the account itself says which.
	IdentifiersOf(id model.SourceID, value string) []model.Identifier
}
