package oauth2

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// grantPassword is what authentik takes for another name of client_credentials.
const grantPassword oidc.GrantType = "password"

// tokenResponse is the answer of RFC 6749 section 5.1 and OpenID Connect Core 3.1.3.3.
type tokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope"`
	ExpiresIn    int64  `json:"expires_in"`
	IDToken      string `json:"id_token,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

// tokenRequest is a request of a client that exists.
type tokenRequest struct {
	*http.Request
	snap   *model.Snapshot
	client *client
	form   url.Values
	credentials
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	t, err := s.readTokenRequest(w, r)
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	var response *tokenResponse
	switch oidc.GrantType(t.form.Get("grant_type")) {
	case oidc.GrantTypeCode:
		response, err = s.exchangeCode(t)
	case oidc.GrantTypeRefreshToken:
		response, err = s.refresh(t)
	case oidc.GrantTypeClientCredentials, grantPassword:
		response, err = s.clientCredentials(t)
	case "":
		err = oidc.ErrInvalidRequest().WithDescription("grant_type is missing")
	default:
		err = oidc.ErrUnsupportedGrantType().WithDescription("Supported are authorization_code, refresh_token and client_credentials")
	}
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, response)
}

func (s *Server) readTokenRequest(w http.ResponseWriter, r *http.Request) (*tokenRequest, error) {
	form, err := parameters(r)
	if err != nil {
		return nil, err
	}
	t := &tokenRequest{Request: r, snap: s.Snapshot(), form: form}
	if t.credentials, err = readCredentials(r, form); err != nil {
		return nil, err
	}
	t.client, err = s.byID(t.snap, t.id)
	if errors.Is(err, errNoClient) {
		return nil, oidc.ErrInvalidClient().WithDescription("There is no such client, or its secret is wrong")
	}
	if err != nil {
		return nil, err
	}
	t.client.allowOrigin(w, r)
	return t, nil
}

// visitor is a program: nothing but the network tells who it is.
func visitor(r *http.Request) *model.Visitor {
	v := &model.Visitor{UserAgent: clip(r.UserAgent()), RequestID: web.RequestID(r.Context())}
	if ip := web.ClientOf(r.Context()).IP; ip.IsValid() {
		v.ClientIP = ip.String()
	}
	return v
}

// minted are tokens that are about to be given out: what is stored of them, and what the client gets.
type minted struct {
	access        *model.AccessToken
	refresh       *model.RefreshToken
	accessSecret  string // the token, or the id of the JWT
	refreshSecret string
}

// mint makes an access token like the template, which says whose it is and for what.
func (s *Server) mint(c *client, template model.AccessToken) *minted {
	m := &minted{access: &template, accessSecret: keypair.NewToken(32)}
	m.access.Created = s.now()
	m.access.Expires = m.access.Created.Add(c.accessValid)
	m.access.TokenHash = accessHash(m.accessSecret, "")
	if c.config.AccessTokenFormat == TokenJWT {
		m.access.TokenHash = accessHash("", m.accessSecret)
	}
	return m
}

// withRefresh adds a refresh token, for all the scopes that were once granted (RFC 6749 section 6).
func (m *minted) withRefresh(c *client, scopes []string, nonce string) {
	a := m.access
	m.refreshSecret = keypair.NewToken(32)
	m.refresh = &model.RefreshToken{
		TokenHash: keypair.Hash(m.refreshSecret), Grant: a.Grant, Provider: a.Provider, User: a.User, Session: a.Session, Scopes: scopes, Nonce: nonce,
		AuthTime: a.AuthTime, AuthMethod: a.AuthMethod, Created: a.Created, Expires: a.Created.Add(c.refreshValid),
	}
}

// respond writes the answer for tokens that are stored. It signs outside of any transaction.
func (s *Server) respond(ctx context.Context, t *tokenRequest, u *model.User, m *minted, nonce string) (*tokenResponse, error) {
	c, a := t.client, m.access
	response := &tokenResponse{
		AccessToken: m.accessSecret, TokenType: oidc.BearerToken, Scope: strings.Join(a.Scopes, " "),
		ExpiresIn: int64(a.Expires.Sub(a.Created) / time.Second), RefreshToken: m.refreshSecret,
	}
	withID, withJWT := slices.Contains(a.Scopes, oidc.ScopeOpenID), c.config.AccessTokenFormat == TokenJWT
	if !withID && !withJWT {
		return response, nil
	}
	claims := map[string]any{}
	if c.config.IncludeClaimsInIDToken {
		var err error
		if claims, err = s.scopeClaims(ctx, c, u, a.Scopes); err != nil {
			return nil, err
		}
	}
	maps.Copy(claims, identity(c, u, a, nonce, t.snap.Installation))
	if withJWT {
		jwt := maps.Clone(claims)
		delete(jwt, "nonce")
		jwt["jti"], jwt["scope"], jwt["azp"], jwt["client_id"] = m.accessSecret, response.Scope, c.config.ClientID, c.config.ClientID
		var err error
		if response.AccessToken, err = c.keys.sign(c.keys.access, jwt); err != nil {
			return nil, err
		}
	}
	if !withID {
		return response, nil
	}
	hash, err := oidc.ClaimHash(response.AccessToken, c.keys.algorithm)
	if err != nil {
		return nil, err
	}
	claims["at_hash"] = hash
	response.IDToken, err = c.keys.idToken(claims)
	return response, err
}

// suspect records that a code or token was used in a way that only a thief, or a broken client, would.
func (s *Server) suspect(t *tokenRequest, u *model.User, message string) {
	ev := event.New(model.ActionSuspiciousRequest, appName, visitor(t.Request), map[string]any{
		"message": message, "provider": t.client.provider.Name, "client_id": t.client.config.ClientID,
	})
	if u != nil {
		ev.User = event.UserOf(u)
	}
	s.record(t.Context(), ev)
	s.Log.WarnContext(t.Context(), "suspicious token request", "client_id", t.client.config.ClientID, "reason", message, "request_id", web.RequestID(t.Context()))
}
