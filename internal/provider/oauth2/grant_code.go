package oauth2

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// exchanged is a code that was used up, and what came of it.
type exchanged struct {
	code    *model.AuthorizationCode
	user    *model.User
	tokens  *minted
	refused *oidc.Error // the request did not fit the code
}

// exchangeCode gives tokens for an authorization code (RFC 6749 section 4.1.3). The code is used up, and what comes of it stored, in one transaction: whoever comes second
// finds the tokens to revoke. A wrong request uses the code up as well.
func (s *Server) exchangeCode(t *tokenRequest) (*tokenResponse, error) {
	if err := t.client.authenticate(t.credentials); err != nil {
		return nil, err
	}
	code := t.form.Get("code")
	if code == "" {
		return nil, oidc.ErrInvalidRequest().WithDescription("code is missing")
	}
	hash := keypair.Hash(code)
	var x exchanged
	err := s.Store.InTx(t.Context(), func(ctx context.Context) error {
		var err error
		x, err = s.useCode(ctx, t, hash)
		return err
	})
	switch {
	case errors.Is(err, model.ErrNotFound):
		return nil, s.refuseCode(t, hash)
	case err != nil:
		return nil, err
	case x.refused != nil:
		return nil, x.refused
	}
	return s.respond(t.Context(), t, x.user, x.tokens, x.code.Nonce)
}

// useCode takes the code and stores its tokens: model.ErrNotFound where there is no such code, or no longer.
func (s *Server) useCode(ctx context.Context, t *tokenRequest, hash string) (x exchanged, err error) {
	c := t.client
	if x.code, x.user, err = s.Store.ConsumeAuthorizationCode(ctx, hash, c.provider.ID, s.now()); err != nil {
		return x, err
	}
	if x.refused = checkCode(t, x.code, x.user); x.refused != nil {
		return x, nil //nolint:nilerr // the code stays used up
	}
	x.tokens = s.mint(c, model.AccessToken{
		Grant: x.code.Grant, Provider: x.code.Provider, User: x.code.User, Session: x.code.Session, Scopes: c.granted(x.code.Scopes),
		AuthTime: x.code.AuthTime, AuthMethod: x.code.AuthMethod,
	})
	if slices.Contains(x.tokens.access.Scopes, oidc.ScopeOfflineAccess) {
		x.tokens.withRefresh(c, x.tokens.access.Scopes, x.code.Nonce)
	}
	return x, s.Store.InsertTokens(ctx, x.tokens.access, x.tokens.refresh)
}

// checkCode compares the request with what the code was issued for.
func checkCode(t *tokenRequest, stored *model.AuthorizationCode, u *model.User) *oidc.Error {
	switch {
	case !u.IsActive:
		return oidc.ErrInvalidGrant().WithDescription("The account is deactivated")
	case t.form.Get("redirect_uri") != stored.RedirectURI || !t.client.redirects.allow(stored.RedirectURI):
		return oidc.ErrInvalidGrant().WithDescription("redirect_uri is not the one of the authorization request")
	}
	return checkVerifier(stored, t.form.Get("code_verifier"))
}

// checkVerifier verifies the proof of RFC 7636 section 4.6. A verifier where there was no challenge is wrong too: somebody took the challenge out of the authorization
// request (RFC 9700 section 4.8.2, PKCE downgrade).
func checkVerifier(stored *model.AuthorizationCode, verifier string) *oidc.Error {
	switch {
	case stored.Challenge == "" && verifier == "":
		return nil
	case stored.Challenge == "":
		return oidc.ErrInvalidGrant().WithDescription("code_verifier is given, but the authorization request had no code_challenge")
	case verifier == "":
		return oidc.ErrInvalidGrant().WithDescription("code_verifier is missing")
	}
	if stored.Method == string(oidc.CodeChallengeMethodS256) {
		verifier = oidc.NewSHACodeChallenge(verifier)
	}
	if subtle.ConstantTimeCompare([]byte(verifier), []byte(stored.Challenge)) != 1 {
		return oidc.ErrInvalidGrant().WithDescription("code_verifier does not belong to the code_challenge")
	}
	return nil
}

// refuseCode finds out why a code could not be used. One that was used before revokes what it was exchanged for (RFC 6749 section 4.1.2).
func (s *Server) refuseCode(t *tokenRequest, hash string) error {
	refusal := oidc.ErrInvalidGrant().WithDescription("The code is unknown, expired or was used before")
	var replayed *model.AuthorizationCode
	// In a transaction, because only there a use at the same moment is seen, which other readers see a little later.
	err := s.Store.InTx(t.Context(), func(ctx context.Context) error {
		replayed = nil
		stored, err := s.Store.AuthorizationCode(ctx, hash)
		if err != nil {
			return err
		}
		if stored.ConsumedAt == nil || stored.Provider != t.client.provider.ID {
			return nil
		}
		replayed = stored
		return s.Store.RevokeGrant(ctx, stored.Grant, s.now())
	})
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return err
	}
	if replayed != nil {
		s.suspect(t, &model.User{ID: replayed.User}, "An authorization code was presented again; its tokens are revoked.")
	}
	return refusal
}
