package oauth2

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/model"
)

// userinfo gives the claims of an access token's scopes (OpenID Connect Core 5.3).
func (s *Server) userinfo(w http.ResponseWriter, r *http.Request) {
	snap := s.Snapshot()
	presented, err := bearer(r)
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	if presented == "" { // RFC 6750 section 3: without credentials no error is named
		w.Header().Set("WWW-Authenticate", `Bearer realm="OAuth 2.0"`)
		writeJSON(w, http.StatusUnauthorized, errInvalidToken("No access token is given"))
		return
	}
	a, u, c, err := s.findAccess(r.Context(), snap, presented)
	if errors.Is(err, model.ErrNotFound) {
		err = errInvalidToken("The access token is unknown, expired or revoked")
	}
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	c.allowOrigin(w, r)
	if !slices.Contains(a.Scopes, oidc.ScopeOpenID) {
		s.writeError(w, r, errInsufficientScope())
		return
	}
	claims, err := s.scopeClaims(r.Context(), c, u, a.Scopes)
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	claims["sub"] = subject(c.config.SubMode, u, snap.Installation)
	writeJSON(w, http.StatusOK, claims)
}

// bearer takes the token from the header, or from the form of a POST; never from the query, where it would be logged (RFC 6750 section 2).
func bearer(r *http.Request) (string, error) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token), nil
	}
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") == "" {
		return "", nil
	}
	form, err := parameters(r)
	return form.Get("access_token"), err
}

// findAccess finds a valid access token with its user and client: model.ErrNotFound where it is not, or no longer, valid.
func (s *Server) findAccess(ctx context.Context, snap *model.Snapshot, presented string) (*model.AccessToken, *model.User, *client, error) {
	id := jwtID(presented)
	a, u, err := s.Store.AccessToken(ctx, accessHash(presented, id))
	if err != nil {
		return nil, nil, nil, err
	}
	c, err := s.byProvider(snap, a.Provider)
	if errors.Is(err, errNoClient) {
		return nil, nil, nil, model.ErrNotFound
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if a.RevokedAt != nil || expired(a.Expires, s.now()) || !u.IsActive {
		return nil, nil, nil, model.ErrNotFound
	}
	if id != "" && c.keys.open(presented, &struct{}{}) != nil {
		return nil, nil, nil, model.ErrNotFound
	}
	return a, u, c, nil
}

// jwtID reads the id of an access token that is a JWT, without trusting it; "" for an opaque token.
func jwtID(token string) string {
	if strings.Count(token, ".") != 2 || len(token) > maxRequest {
		return ""
	}
	parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA, jose.HS256})
	if err != nil {
		return ""
	}
	var claims struct {
		ID string `json:"jti"`
	}
	if json.Unmarshal(parsed.UnsafePayloadWithoutVerification(), &claims) != nil {
		return ""
	}
	return claims.ID
}
