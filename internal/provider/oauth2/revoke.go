package oauth2

import (
	"context"
	"errors"
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// revoke ends a token of the client (RFC 7009). A token that is not there, or not the client's, is answered as if it had been revoked.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	t, err := s.readTokenRequest(w, r)
	if err == nil {
		err = t.client.authenticate(t.credentials)
	}
	if err == nil {
		err = s.end(r.Context(), t)
	}
	if answer := (*oidc.Error)(nil); errors.As(err, &answer) && answer.ErrorType == oidc.InvalidClient {
		w.Header().Set("WWW-Authenticate", `Basic realm="OAuth 2.0 client"`)
		writeJSON(w, http.StatusUnauthorized, answer)
		return
	}
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		s.writeError(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
}

// end revokes a refresh token with all that came of its grant (RFC 7009 section 2.1), or an access token alone.
func (s *Server) end(ctx context.Context, t *tokenRequest) error {
	token := t.form.Get("token")
	if token == "" {
		return oidc.ErrInvalidRequest().WithDescription("token is missing")
	}
	refresh, _, err := s.Store.RefreshToken(ctx, keypair.Hash(token))
	if err == nil {
		if refresh.Provider != t.client.provider.ID {
			return nil
		}
		return s.Store.RevokeGrant(ctx, refresh.Grant, s.now())
	}
	if !errors.Is(err, model.ErrNotFound) {
		return err
	}
	access, _, c, err := s.findAccess(ctx, t.snap, token)
	if err != nil || c != t.client {
		return err
	}
	return s.Store.RevokeAccessToken(ctx, access.TokenHash, s.now())
}
