package oauth2

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// acr is the one authentication context class that tokens name.
const acr = "goauthentik.io/providers/oauth2/default"

// subject is what the client knows the person by. It is "" where the mode asks for an e-mail address and the person has none: an empty subject would be the same for all
// of them.
func subject(mode SubMode, u *model.User, installation string) string {
	switch mode {
	case SubUserID:
		return strconv.FormatInt(int64(u.ID), 10)
	case SubUserUUID:
		return u.UUID
	case SubUserUsername:
		return u.Username
	case SubUserEmail:
		return u.Email
	case SubUserUPN:
		if upn, ok := u.Attributes["upn"].(string); ok && upn != "" {
			return upn
		}
	case SubHashedUserID:
	}
	return u.UID(installation)
}

// sessionID names a session to clients without giving away its id here.
func sessionID(id model.SessionID) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// amr says how the person proved who they are (RFC 8176); nil where no value of the registry fits, as for a source.
func amr(method string) []string {
	first, shown, _ := strings.Cut(method, " ")
	words := strings.Fields(shown)
	switch {
	case first == "password", first == "app_password":
		return append([]string{"pwd"}, words...)
	case len(words) > 0:
		return words
	case first == "auth_mfa":
		return []string{"mfa"}
	case first == "auth_webauthn_pwl":
		return []string{"hwk"}
	}
	return nil
}

// protocolClaims are those that the protocol depends on. No mapping can change them: a client would take one person, or one issuer, for another.
func protocolClaims() []string {
	return []string{"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "auth_time", "nonce", "at_hash", "c_hash", "azp", "sid", "acr", "amr", "scope", "client_id"}
}

// scopeClaims runs the mappings for the granted scopes. Those that fail are recorded and left out.
func (s *Server) scopeClaims(ctx context.Context, c *client, u *model.User, scopes []string) (map[string]any, error) {
	about := mapping.Subject{User: u, Provider: c.provider, Scopes: scopes, Visitor: &model.Visitor{RequestID: web.RequestID(ctx)}}
	if client := web.ClientOf(ctx); client.IP.IsValid() {
		about.Visitor.ClientIP, about.Visitor.Host = client.IP.String(), client.Host
	}
	claims, failures, err := s.Mappings.Claims(ctx, c.mappings, about)
	if err != nil {
		return nil, err
	}
	s.recordFailures(ctx, c, u, failures)
	for _, name := range protocolClaims() {
		delete(claims, name)
	}
	return claims, nil
}

func (s *Server) recordFailures(ctx context.Context, c *client, u *model.User, failures []mapping.Failure) {
	for _, f := range failures {
		ev := event.New(model.ActionMappingException, appName, nil, map[string]any{
			"message": f.Err.Error(), "mapping": map[string]any{"pk": string(f.Mapping.ID), "name": f.Mapping.Name}, "provider": c.provider.Name,
		})
		ev.User = event.UserOf(u)
		s.record(ctx, ev)
	}
}

// record writes events that belong to no transaction. That they cannot be written is no reason to fail the request.
func (s *Server) record(ctx context.Context, events ...*model.Event) {
	for _, ev := range events {
		event.Complete(ev, s.now())
	}
	if err := s.Store.InsertEvents(ctx, events...); err != nil {
		s.Log.ErrorContext(ctx, "event cannot be recorded", "err", err)
	}
}

// identity is what an ID token says about an access token's person (OpenID Connect Core 2).
func identity(c *client, u *model.User, a *model.AccessToken, nonce, installation string) map[string]any {
	claims := map[string]any{
		"iss": c.issuer, "sub": subject(c.config.SubMode, u, installation), "aud": c.config.ClientID,
		"exp": a.Expires.Unix(), "iat": a.Created.Unix(), "acr": acr,
	}
	if !a.AuthTime.IsZero() {
		claims["auth_time"] = a.AuthTime.Unix()
	}
	if values := amr(a.AuthMethod); values != nil {
		claims["amr"] = values
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if a.Session != "" {
		claims["sid"] = sessionID(a.Session)
	}
	return claims
}

// hint reads an ID token of ours that a client gives back, and says whom it names. It may have expired (OpenID Connect RP-Initiated Logout 2).
func (c *client) hint(token string) (string, bool) {
	var claims struct {
		Issuer   string        `json:"iss"`
		Subject  string        `json:"sub"`
		Audience oidc.Audience `json:"aud"`
	}
	if len(token) > maxRequest || c.keys.open(token, &claims) != nil {
		return "", false
	}
	return claims.Subject, claims.Issuer == c.issuer && slices.Contains(claims.Audience, c.config.ClientID)
}

// PreviewUser gives the claims that an ID token for a user would hold if the client asked for all scopes: model.ErrNotFound where the provider has no application.
func (s *Server) PreviewUser(ctx context.Context, snap *model.Snapshot, id model.ProviderID, u *model.User) (map[string]any, error) {
	c, err := s.byProvider(snap, id)
	if err != nil {
		return nil, model.ErrNotFound
	}
	now := s.now()
	claims, err := s.scopeClaims(ctx, c, u, c.scopes)
	if err != nil {
		return nil, err
	}
	maps.Copy(claims, identity(c, u, &model.AccessToken{Created: now, Expires: now.Add(c.accessValid), AuthTime: now}, "", snap.Installation))
	return claims, nil
}

// accessHash is what an access token is found by: the token itself, or the id of a JWT, marked so that the id alone is no token.
func accessHash(token, jwtID string) string {
	if jwtID != "" {
		return keypair.Hash("jwt:" + jwtID)
	}
	return keypair.Hash(token)
}

// expired reports whether a time has come.
func expired(t, now time.Time) bool { return !now.Before(t) }
