package openidconnect

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// wellKnown is the end of a discovery document's address (OpenID Connect Discovery 1.0 section 4).
const wellKnown = "/.well-known/openid-configuration"

// provider is what is known of an OpenID Connect provider.
type provider struct {
	oauth.Addresses
	// issuer is what ID tokens must name. Without one, they must name an issuer of origin.
	issuer, origin string
	algorithms     []string
	keys           keySet
}

// issuedBy reports whether an issuer is this provider.
func (p *provider) issuedBy(issuer string) bool {
	if p.issuer != "" {
		return issuer == p.issuer
	}
	return p.origin != "" && origin(issuer) == p.origin
}

// origin is the scheme and host of an address, "" if it is none.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// provider puts together the settings and the discovery document, if there is one.
func (d *driver) provider(ctx context.Context) (*provider, error) {
	c := d.settings.Config
	p := &provider{Addresses: d.info.Addresses(c), keys: d.keys}
	keysAt := c.OIDCJWKSURL
	if c.OIDCWellKnownURL != "" {
		doc, err := d.directory.document(ctx, d.upstream, c.OIDCWellKnownURL)
		if err != nil {
			return nil, err
		}
		p.issuer = doc.Issuer
		p.algorithms = doc.signatureAlgorithms()
		p.Authorization = or(p.Authorization, doc.AuthorizationEndpoint)
		p.Token = or(p.Token, doc.TokenEndpoint)
		p.Profile = or(p.Profile, doc.UserinfoEndpoint)
		keysAt = or(keysAt, doc.JWKSURI)
	}
	p.origin = origin(p.Authorization)
	if p.keys == nil && keysAt != "" {
		p.keys = d.directory.remoteKeys(d.upstream, keysAt)
	}
	if p.Authorization == "" || p.Token == "" || p.keys == nil {
		return nil, d.upstream.Refuse(model.CodeInvalid, "discovery", "The provider's addresses or keys are neither in the settings nor in its discovery document.")
	}
	return p, nil
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// document is what is used of a discovery document (OpenID Connect Discovery 1.0 section 3).
type document struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	UserinfoEndpoint      string   `json:"userinfo_endpoint"`
	JWKSURI               string   `json:"jwks_uri"`
	Algorithms            []string `json:"id_token_signing_alg_values_supported"`
}

// signatureAlgorithms are those that the provider signs with and that prove something: "none" and the HS family, whose key is the client secret, do not.
func (d *document) signatureAlgorithms() []string {
	return slices.DeleteFunc(slices.Clone(d.Algorithms), func(alg string) bool { return !slices.Contains(asymmetric(), alg) })
}

// directory keeps discovery documents and key sets by their addresses.
type directory struct {
	now       func() time.Time
	mu        sync.Mutex
	documents map[string]*kept[document]
	keySets   map[string]keySet
}

func newDirectory(now func() time.Time) *directory {
	return &directory{now: now, documents: map[string]*kept[document]{}, keySets: map[string]keySet{}}
}

// document gives the document at an address.
func (d *directory) document(ctx context.Context, u oauth.Upstream, address string) (*document, error) {
	d.mu.Lock()
	k := d.documents[address]
	if k == nil {
		k = &kept[document]{}
		d.documents[address] = k
	}
	d.mu.Unlock()
	return k.get(d.now(), keepFor, func() (*document, error) { return fetchDocument(ctx, u, address) })
}

func fetchDocument(ctx context.Context, u oauth.Upstream, address string) (*document, error) {
	answer, err := u.Get(ctx, address, "Accept", "application/json")
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, u.BadStatus(answer)
	}
	var doc document
	if json.Unmarshal(answer.Body, &doc) != nil {
		return nil, u.BadAnswer(answer.Endpoint, "the discovery document is not JSON")
	}
	if err := doc.check(address); err != nil {
		return nil, u.Refuse(model.CodeInvalid, "discovery", "The provider's discovery document cannot be used: "+err.Error()+".").With("endpoint", answer.Endpoint)
	}
	return &doc, nil
}

// check holds the document to OpenID Connect Discovery 1.0 section 4.3: the issuer must be the address that the document was found at.
func (d *document) check(address string) error {
	if base, ok := strings.CutSuffix(address, wellKnown); ok && strings.TrimSuffix(d.Issuer, "/") != strings.TrimSuffix(base, "/") {
		return errors.New("its issuer is not the address that it was fetched from")
	}
	for _, endpoint := range []string{d.Issuer, d.AuthorizationEndpoint, d.TokenEndpoint, d.JWKSURI} {
		if origin(endpoint) == "" {
			return errors.New("issuer, authorization_endpoint, token_endpoint or jwks_uri is missing")
		}
	}
	return nil
}
