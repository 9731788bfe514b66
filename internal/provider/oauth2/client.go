package oauth2

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
)

// client is a provider with all that a snapshot says about it, worked out once.
type client struct {
	provider  *model.Provider
	app       *model.Application
	config    Config
	redirects redirects
	secret    [sha256.Size]byte

	codeValid, accessValid, refreshValid, refreshThreshold time.Duration

	issuer   string
	keys     keys
	mappings []*mapping.Mapping
	// scopes are those that the mappings serve, in order.
	scopes          []string
	discovery, jwks document
}

// clients are those of a snapshot. Each is opened when it is first asked for.
type clients struct {
	byID       map[string]func() (*client, error)
	byProvider map[model.ProviderID]func() (*client, error)
	// origins are those that some client may be called back at.
	origins map[string]bool
}

// errNoClient says that there is no such client, or that it has no application.
var errNoClient = errors.New("no such client")

func (s *Server) clients(snap *model.Snapshot) *clients {
	type key struct{}
	return model.Derive(snap, key{}, func() *clients { return s.index(snap) })
}

// index reads the settings of all providers. One that cannot be read is logged and left out; of two with one client id the older one counts.
func (s *Server) index(snap *model.Snapshot) *clients {
	all := &clients{byID: map[string]func() (*client, error){}, byProvider: map[model.ProviderID]func() (*client, error){}, origins: map[string]bool{}}
	sorted := make([]*model.Provider, 0, len(snap.Providers))
	for _, p := range snap.Providers {
		if p.Kind == KindName && snap.ApplicationOf(p.ID) != nil {
			sorted = append(sorted, p)
		}
	}
	slices.SortFunc(sorted, func(a, b *model.Provider) int { return cmp.Compare(a.ID, b.ID) })
	for _, p := range sorted {
		config := Defaults()
		if err := kind.Load(&config, p.Config, s.Box, place(p.ID)); err != nil {
			s.Log.Error("provider cannot be read", "provider", p.Name, "err", err)
			continue
		}
		open := sync.OnceValues(func() (*client, error) { return s.openClient(snap, p, config) })
		all.byProvider[p.ID] = open
		if _, taken := all.byID[config.ClientID]; !taken {
			all.byID[config.ClientID] = open
		}
		for _, entry := range config.RedirectURIs {
			if origin, ok := entry.origin(); ok {
				all.origins[origin] = true
			}
		}
	}
	return all
}

// place is what a provider's secrets are sealed to.
func place(id model.ProviderID) string { return "providers/config/" + strconv.FormatInt(int64(id), 10) }

func (s *Server) openClient(snap *model.Snapshot, p *model.Provider, config Config) (*client, error) {
	c := &client{
		provider: p, app: snap.ApplicationOf(p.ID), config: config, redirects: compileRedirects(config.RedirectURIs),
		secret:    sha256.Sum256([]byte(config.ClientSecret.Reveal())),
		codeValid: config.AccessCodeValidity.Or(time.Minute), accessValid: config.AccessTokenValidity.Or(time.Hour),
		refreshValid: config.RefreshTokenValidity.Or(30 * 24 * time.Hour), refreshThreshold: config.RefreshTokenThreshold.Or(0),
	}
	c.issuer = s.Origin + "/"
	if config.IssuerMode == IssuerPerProvider {
		c.issuer = s.Origin + base + c.app.Slug + "/"
	}
	var err error
	if c.keys, err = s.openKeys(snap, config); err != nil {
		s.Log.Error("provider cannot sign", "provider", p.Name, "err", err)
		return nil, fmt.Errorf("open keys of provider %s: %w", p.Name, err)
	}
	var failures []mapping.Failure
	c.mappings, failures = s.Mappings.Scopes(snap, p.PropertyMappings)
	for _, f := range failures {
		s.Log.Error("scope mapping cannot be opened", "provider", p.Name, "mapping", f.Mapping.Name, "err", f.Err)
	}
	for _, m := range c.mappings {
		if name := mapping.ScopeOf(m); !slices.Contains(c.scopes, name) {
			c.scopes = append(c.scopes, name)
		}
	}
	if c.jwks, err = c.keys.document(); err != nil {
		return nil, fmt.Errorf("write keys of provider %s: %w", p.Name, err)
	}
	c.discovery, err = s.discoveryOf(c)
	return c, err
}

// byID gives the client that presents itself by this name.
func (s *Server) byID(snap *model.Snapshot, id string) (*client, error) {
	if open, ok := s.clients(snap).byID[id]; ok && id != "" {
		return open()
	}
	return nil, errNoClient
}

func (s *Server) byProvider(snap *model.Snapshot, id model.ProviderID) (*client, error) {
	if open, ok := s.clients(snap).byProvider[id]; ok {
		return open()
	}
	return nil, errNoClient
}

func (s *Server) bySlug(snap *model.Snapshot, slug string) (*client, error) {
	app := snap.ApplicationBySlug(slug)
	if app == nil || app.Provider == nil {
		return nil, errNoClient
	}
	return s.byProvider(snap, *app.Provider)
}

// knows reports whether a secret is the client's, in the same time for every secret (RFC 6749 section 10.10).
func (c *client) knows(secret string) bool {
	sum := sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(sum[:], c.secret[:]) == 1 && c.config.ClientSecret.IsSet()
}

// granted keeps the scopes that mappings serve, in the order of the request, each once (RFC 6749 section 3.3).
func (c *client) granted(asked []string) []string {
	out := []string{}
	for _, scope := range asked {
		if slices.Contains(c.scopes, scope) && !slices.Contains(out, scope) {
			out = append(out, scope)
		}
	}
	return out
}

// permissions are what a person is asked to allow.
func (c *client) descriptions(scopes []string) map[string]string {
	out := map[string]string{}
	for _, m := range c.mappings {
		scope, ok := m.Driver.(mapping.Scope)
		if ok && slices.Contains(scopes, scope.ScopeName()) && scope.Description() != "" {
			out[scope.ScopeName()] = scope.Description()
		}
	}
	return out
}
