package demoapp

import (
	"context"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// provider is what the discovery document says.
type provider struct {
	*oidc.Provider
	endSession  string // "" if the provider has none
	issInAnswer bool   // answers to authorization requests name the issuer (RFC 9207)
}

// patience is how long a provider may take to start.
type patience struct {
	tries int
	pause time.Duration
}

// discover returns the provider, asking for its discovery document (OpenID Connect Discovery 1.0 section 4) until it was read once. A provider that is being
// started at the same moment is given some time.
func (a *app) discover(ctx context.Context) (*provider, error) {
	a.mu.Lock()
	known := a.provider
	a.mu.Unlock()
	if known != nil {
		return known, nil
	}
	for try := 1; ; try++ {
		p, err := a.readDiscovery(ctx)
		if err == nil {
			a.mu.Lock()
			a.provider = p
			a.mu.Unlock()
			return p, nil
		}
		if try >= a.patience.tries {
			return nil, fmt.Errorf("read the discovery document of %s: %w", a.issuer, err)
		}
		select {
		case <-time.After(a.patience.pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (a *app) readDiscovery(ctx context.Context) (*provider, error) {
	// The library checks that the document is of this very issuer.
	p, err := oidc.NewProvider(a.outgoing(ctx), a.issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		EndSession  string `json:"end_session_endpoint"`
		IssInAnswer bool   `json:"authorization_response_iss_parameter_supported"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, err
	}
	return &provider{Provider: p, endSession: more.EndSession, issInAnswer: more.IssInAnswer}, nil
}

// outgoing makes the libraries use our client.
func (a *app) outgoing(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, a.client)
}

// flow is the authorization code flow with this provider.
func (a *app) flow(p *provider) *oauth2.Config {
	c := a.oauth
	c.Endpoint = p.Endpoint()
	// By default the library tries both ways of sending the secret, and a code must not be sent twice.
	c.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	return &c
}
