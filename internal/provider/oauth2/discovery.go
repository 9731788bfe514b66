package oauth2

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/model"
)

// base is where all endpoints lie.
const base = "/application/o/"

// document is an answer that is the same for everybody until the configuration changes.
type document struct {
	body []byte
	etag string
}

func newDocument(v any) (document, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return document{}, err
	}
	sum := sha256.Sum256(body)
	return document{body: body, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, nil
}

func (d document) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", d.etag)
	w.Header().Set("Cache-Control", "no-cache") // ask each time, and be told that nothing changed
	if r.Header.Get("If-None-Match") == d.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(d.body)
}

// URLs are the addresses that an application is set up with.
type URLs struct {
	Issuer       string `json:"issuer"`
	Authorize    string `json:"authorize"`
	Token        string `json:"token"`
	UserInfo     string `json:"user_info"`
	ProviderInfo string `json:"provider_info"`
	Logout       string `json:"logout"`
	JWKS         string `json:"jwks"`
}

// SetupURLs gives the addresses of a provider: model.ErrNotFound where it has no application.
func (s *Server) SetupURLs(snap *model.Snapshot, id model.ProviderID) (URLs, error) {
	c, err := s.byProvider(snap, id)
	if err != nil {
		return URLs{}, model.ErrNotFound
	}
	return s.urls(c), nil
}

func (s *Server) urls(c *client) URLs {
	shared, own := s.Origin+base, s.Origin+base+c.app.Slug+"/"
	return URLs{
		Issuer: c.issuer, Authorize: shared + "authorize/", Token: shared + "token/", UserInfo: shared + "userinfo/",
		ProviderInfo: own + ".well-known/openid-configuration", Logout: own + "end-session/", JWKS: own + "jwks/",
	}
}

// metadata is the library's document, and what it has no field for.
type metadata struct {
	oidc.DiscoveryConfiguration
	// These two are told although they are false: authentik tells them.
	Request bool `json:"request_parameter_supported"`
	Claims  bool `json:"claims_parameter_supported"`
	// Issuer says that answers name their issuer (RFC 9207 section 3).
	IssParameter bool `json:"authorization_response_iss_parameter_supported"`
}

// discoveryOf writes the document of OpenID Connect Discovery 1.0 section 3.
func (s *Server) discoveryOf(c *client) (document, error) {
	urls := s.urls(c)
	auth := []oidc.AuthMethod{oidc.AuthMethodPost, oidc.AuthMethodBasic}
	tokenAuth := auth
	if c.config.ClientType == Public {
		tokenAuth = append(tokenAuth, oidc.AuthMethodNone)
	}
	m := metadata{IssParameter: true, DiscoveryConfiguration: oidc.DiscoveryConfiguration{
		Issuer: urls.Issuer, AuthorizationEndpoint: urls.Authorize, TokenEndpoint: urls.Token, UserinfoEndpoint: urls.UserInfo,
		EndSessionEndpoint: urls.Logout, JwksURI: urls.JWKS, IntrospectionEndpoint: s.Origin + base + "introspect/", RevocationEndpoint: s.Origin + base + "revoke/",
		ScopesSupported: c.scopes, ResponseTypesSupported: []string{"code"}, ResponseModesSupported: []string{"query", "fragment", "form_post"},
		GrantTypesSupported:               []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeClientCredentials, grantPassword},
		ACRValuesSupported:                []string{acr},
		SubjectTypesSupported:             []string{"public"},
		TokenEndpointAuthMethodsSupported: tokenAuth, RevocationEndpointAuthMethodsSupported: tokenAuth, IntrospectionEndpointAuthMethodsSupported: auth,
		IDTokenSigningAlgValuesSupported: []string{string(c.keys.algorithm)},
		ClaimsSupported: []string{
			"sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "at_hash", "sid", "email", "email_verified", "name", "given_name",
			"preferred_username", "nickname", "picture", "groups",
		},
		CodeChallengeMethodsSupported: []oidc.CodeChallengeMethod{oidc.CodeChallengeMethodPlain, oidc.CodeChallengeMethodS256},
	}}
	if c.keys.encrypter != nil {
		m.IDTokenEncryptionAlgValuesSupported = []string{string(jose.RSA_OAEP_256)}
		m.IDTokenEncryptionEncValuesSupported = []string{string(jose.A256CBC_HS512)}
	}
	return newDocument(m)
}

func (s *Server) discovery(w http.ResponseWriter, r *http.Request) {
	s.serveDocument(w, r, func(c *client) document { return c.discovery })
}

func (s *Server) keys(w http.ResponseWriter, r *http.Request) {
	s.serveDocument(w, r, func(c *client) document { return c.jwks })
}

func (s *Server) serveDocument(w http.ResponseWriter, r *http.Request, pick func(*client) document) {
	c, err := s.bySlug(s.Snapshot(), chi.URLParam(r, "slug"))
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	c.allowOrigin(w, r)
	pick(c).serve(w, r)
}

func (s *Server) toDiscovery(w http.ResponseWriter, r *http.Request) {
	c, err := s.bySlug(s.Snapshot(), chi.URLParam(r, "slug"))
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	http.Redirect(w, r, base+c.app.Slug+"/.well-known/openid-configuration", http.StatusFound)
}
