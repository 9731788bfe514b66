package oauth2

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// introspect tells a client about a token of its own (RFC 7662). About all others it says only that they are not active.
func (s *Server) introspect(w http.ResponseWriter, r *http.Request) {
	t, err := s.readTokenRequest(w, r)
	if err == nil {
		err = t.client.authenticate(t.credentials)
	}
	if err == nil && t.client.config.ClientType == Public {
		err = oidc.ErrUnauthorizedClient().WithDescription("A public client cannot ask about tokens")
	}
	var answer map[string]any
	if err == nil {
		answer, err = s.describe(r.Context(), t)
	}
	if errors.Is(err, model.ErrNotFound) {
		answer, err = map[string]any{"active": false}, nil
	}
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// describe finds the token, first among those that the client says it is of.
func (s *Server) describe(ctx context.Context, t *tokenRequest) (map[string]any, error) {
	token := t.form.Get("token")
	if token == "" {
		return nil, oidc.ErrInvalidRequest().WithDescription("token is missing")
	}
	kinds := []func(context.Context, *tokenRequest, string) (map[string]any, error){s.describeAccess, s.describeRefresh}
	if t.form.Get("token_type_hint") == "refresh_token" {
		kinds[0], kinds[1] = kinds[1], kinds[0]
	}
	answer, err := kinds[0](ctx, t, token)
	if errors.Is(err, model.ErrNotFound) {
		return kinds[1](ctx, t, token)
	}
	return answer, err
}

func (s *Server) describeAccess(ctx context.Context, t *tokenRequest, token string) (map[string]any, error) {
	a, u, c, err := s.findAccess(ctx, t.snap, token)
	if err != nil {
		return nil, err
	}
	if c != t.client {
		return nil, model.ErrNotFound
	}
	answer := map[string]any{}
	if c.config.IncludeClaimsInIDToken {
		if answer, err = s.scopeClaims(ctx, c, u, a.Scopes); err != nil {
			return nil, err
		}
	}
	maps.Copy(answer, identity(c, u, a, "", t.snap.Installation))
	return active(answer, c, u, a.Scopes), nil
}

func (s *Server) describeRefresh(ctx context.Context, t *tokenRequest, token string) (map[string]any, error) {
	r, u, err := s.Store.RefreshToken(ctx, keypair.Hash(token))
	if err != nil {
		return nil, err
	}
	if r.Provider != t.client.provider.ID || r.ConsumedAt != nil || r.RevokedAt != nil || expired(r.Expires, s.now()) || !u.IsActive {
		return nil, model.ErrNotFound
	}
	like := &model.AccessToken{Created: r.Created, Expires: r.Expires, Session: r.Session, AuthTime: r.AuthTime, AuthMethod: r.AuthMethod}
	return active(identity(t.client, u, like, "", t.snap.Installation), t.client, u, r.Scopes), nil
}

// active adds what RFC 7662 section 2.2 names.
func active(answer map[string]any, c *client, u *model.User, scopes []string) map[string]any {
	answer["active"], answer["client_id"], answer["scope"] = true, c.config.ClientID, strings.Join(scopes, " ")
	answer["username"] = u.Username
	return answer
}
