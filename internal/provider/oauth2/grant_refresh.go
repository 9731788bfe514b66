package oauth2

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// refresh gives new tokens for a refresh token (RFC 6749 section 6), which is replaced at each use, or when little of its life is left if the provider says so.
func (s *Server) refresh(t *tokenRequest) (*tokenResponse, error) {
	if err := t.client.authenticate(t.credentials); err != nil {
		return nil, err
	}
	presented := t.form.Get("refresh_token")
	if presented == "" {
		return nil, oidc.ErrInvalidRequest().WithDescription("refresh_token is missing")
	}
	old, user, err := s.Store.RefreshToken(t.Context(), keypair.Hash(presented))
	if errors.Is(err, model.ErrNotFound) {
		return nil, errRefreshToken()
	}
	if err != nil {
		return nil, err
	}
	if old.Provider != t.client.provider.ID {
		return nil, errRefreshToken()
	}
	if old.ConsumedAt != nil || old.RevokedAt != nil {
		return nil, s.refuseReuse(t, old, user)
	}
	now := s.now()
	if expired(old.Expires, now) || !user.IsActive {
		return nil, errRefreshToken()
	}
	scopes, err := narrow(t, old)
	if err != nil {
		return nil, err
	}
	if err := s.mayRefresh(t, user, scopes); err != nil {
		return nil, err
	}
	tokens := s.mint(t.client, model.AccessToken{
		Grant: old.Grant, Provider: old.Provider, User: old.User, Session: old.Session, Scopes: scopes, AuthTime: old.AuthTime, AuthMethod: old.AuthMethod,
	})
	rotate := t.client.refreshThreshold <= 0 || old.Expires.Sub(now) < t.client.refreshThreshold
	if rotate {
		tokens.withRefresh(t.client, old.Scopes, old.Nonce)
	}
	reused, err := s.replace(t.Context(), old, tokens, rotate)
	switch {
	case err != nil:
		return nil, err
	case reused:
		return nil, s.refuseReuse(t, old, user)
	case !rotate:
		tokens.refreshSecret = presented
	}
	return s.respond(t.Context(), t, user, tokens, "") // OpenID Connect Core 12.2: no nonce
}

// mayRefresh asks the application's policies again: each use prolongs the grant, so that somebody who may no longer use the application would otherwise keep it for ever.
// The refresh token stays as it is, for the person may be let in again.
func (s *Server) mayRefresh(t *tokenRequest, u *model.User, scopes []string) error {
	plan := model.NewPlanContext()
	plan.Put("oauth_scopes", scopes)
	plan.Put("oauth_grant_type", string(oidc.GrantTypeRefreshToken))
	result, err := s.mayUse(t.Request, t.snap, t.client, visitor(t.Request), u, plan)
	if err == nil && !result.Passing {
		err = oidc.ErrInvalidGrant().WithDescription("A policy of the application denied access")
	}
	return err
}

// replace uses the old token up and stores the new ones, or reports that somebody else was faster.
func (s *Server) replace(ctx context.Context, old *model.RefreshToken, tokens *minted, rotate bool) (reused bool, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if rotate {
			if err := s.Store.ConsumeRefreshToken(ctx, old.TokenHash, s.now()); err != nil {
				return err
			}
		}
		return s.Store.InsertTokens(ctx, tokens.access, tokens.refresh)
	})
	if errors.Is(err, model.ErrConflict) {
		return true, nil
	}
	return false, err
}

// refuseReuse answers a token that was replaced or revoked. Either its thief or its owner comes too late, and nobody can tell which: all that came of the grant ends (RFC
// 9700 section 4.14.2).
func (s *Server) refuseReuse(t *tokenRequest, old *model.RefreshToken, u *model.User) error {
	if err := s.Store.RevokeGrant(t.Context(), old.Grant, s.now()); err != nil {
		return err
	}
	s.suspect(t, u, "A refresh token was presented again after it was replaced or revoked; its grant is revoked.")
	return errRefreshToken()
}

func errRefreshToken() error {
	return oidc.ErrInvalidGrant().WithDescription("The refresh token is unknown, expired or was used before")
}

// narrow gives the scopes of the new access token: those asked for, which must all have been granted, or all of them (RFC 6749 section 6).
func narrow(t *tokenRequest, old *model.RefreshToken) ([]string, error) {
	asked := strings.Fields(t.form.Get("scope"))
	if len(asked) == 0 {
		return t.client.granted(old.Scopes), nil
	}
	for _, scope := range asked {
		if !slices.Contains(old.Scopes, scope) {
			return nil, oidc.ErrInvalidScope().WithDescription("A scope is asked for that was not granted")
		}
	}
	return t.client.granted(asked), nil
}
