package oauth

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// timeLimit is how long a sign-in waits for an upstream where the client given to Kind has no limit of its own.
const timeLimit = 10 * time.Second

// Kind describes OAuth sources of these types. The client makes every call to every upstream.
func Kind(types []Type, client *http.Client) kind.Kind[source.Driver] {
	info := kind.Info{
		Name:              "oauth",
		VerboseName:       "OAuth Source",
		VerboseNamePlural: "OAuth Sources",
		Component:         "ak-source-oauth-form",
		MetaModelName:     "authentik_sources_oauth.oauthsource",
		Description:       "People sign in with WeChat, GitHub or any OpenID Connect provider.",
	}
	defaults := Defaults()
	defaults.types = types
	client = restrained(client)
	return kind.Of(info, defaults, func(c Config) (source.Driver, error) {
		t, ok := find(types, c.ProviderType)
		if !ok {
			return nil, fmt.Errorf("no OAuth source type %q in this build", c.ProviderType)
		}
		settings := Settings{Config: c, Client: client}
		d, err := t.Open(settings)
		if err != nil {
			return nil, err
		}
		return &typed{Driver: d, kind: t, settings: settings}, nil
	})
}

// typed is a driver that knows its type, and the settings that it was opened from.
type typed struct {
	source.Driver
	kind     Type
	settings Settings
}

var (
	_ source.Varied      = (*typed)(nil)
	_ source.Identifying = (*typed)(nil)
	_ source.Providing   = (*typed)(nil)
)

// IdentifiersOf asks the type, where it knows more than one sort of identifier.
func (d *typed) IdentifiersOf(id model.SourceID, value string) []model.Identifier {
	if x, ok := d.Driver.(source.Identifying); ok {
		return x.IdentifiersOf(id, value)
	}
	return []model.Identifier{{Kind: model.IdentifierSubject, Namespace: string(id), Value: value}}
}

// Provides says what the type gives.
func (d *typed) Provides(property string) bool {
	return d.kind.Gives == nil || slices.Contains(d.kind.Gives, property)
}

// Variety is the type's name, by which pages choose an icon.
func (d *typed) Variety() string { return d.kind.Name }

func find(types []Type, name string) (Type, bool) {
	for _, t := range types {
		if t.Name == name {
			return t, true
		}
	}
	return Type{}, false
}

// restrained is the client with what every call here relies on. A redirect is not followed, because the query or the headers hold secrets that were meant for
// one host; it comes back as an answer with an unwanted status.
func restrained(client *http.Client) *http.Client {
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.Jar = nil
	if c.Timeout <= 0 {
		c.Timeout = timeLimit
	}
	return &c
}
