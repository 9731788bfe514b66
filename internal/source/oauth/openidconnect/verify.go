package openidconnect

import (
	"context"
	"crypto"
	"crypto/subtle"
	"encoding/json"
	"errors"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// keySet verifies a signature.
type keySet = oidc.KeySet

// asymmetric are the algorithms that an ID token may be signed with.
func asymmetric() []string {
	return []string{
		oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512,
		oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
	}
}

// verify takes the claims of an ID token that holds (OpenID Connect Core 1.0 section 3.1.3.7): signed with one of the provider's keys and algorithms, of the issuer,
// for this client, in time, and for this sign-in by its nonce.
func (d *driver) verify(ctx context.Context, p *provider, token oauth.Token, nonce string) (oauth.Profile, error) {
	refusal := d.upstream.Refuse(model.CodeUpstream, "id_token", "The provider's ID token does not hold.")
	if !token.ID.IsSet() {
		return nil, refusal.With("cause", "there is none in the token answer")
	}
	if remote, ok := p.keys.(*remoteKeys); ok {
		if err := remote.ready(ctx); err != nil {
			return nil, err
		}
	}
	algorithms := p.algorithms
	if len(algorithms) == 0 {
		algorithms = asymmetric()
	}
	verifier := oidc.NewVerifier(p.issuer, p.keys, &oidc.Config{
		ClientID:             d.settings.ConsumerKey,
		SupportedSigningAlgs: algorithms,
		SkipIssuerCheck:      p.issuer == "", // issuedBy, below
		Now:                  d.directory.now,
	})
	id, err := verifier.Verify(ctx, token.ID.Reveal())
	if err != nil {
		// The library quotes claims of the token, and what the provider answered for its keys.
		return nil, refusal.With("cause", token.Mask.Text(err.Error()))
	}
	var azp struct {
		AuthorizedParty string `json:"azp"`
	}
	var raw json.RawMessage
	if err := errors.Join(id.Claims(&azp), id.Claims(&raw)); err != nil {
		return nil, refusal.With("cause", "its claims are not JSON")
	}
	claims, err := oauth.DecodeProfile(raw)
	switch {
	case err != nil:
		return nil, refusal.With("cause", "its claims are not a JSON object")
	case !p.issuedBy(id.Issuer):
		return nil, refusal.With("cause", "its issuer is of another origin than the authorization address")
	case nonce == "" || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1:
		return nil, refusal.With("cause", "its nonce is of another sign-in")
	case azp.AuthorizedParty != "" && azp.AuthorizedParty != d.settings.ConsumerKey,
		len(id.Audience) > 1 && azp.AuthorizedParty == "":
		return nil, refusal.With("cause", "it is for another client")
	case id.AccessTokenHash != "" && id.VerifyAccessToken(token.Access.Reveal()) != nil:
		return nil, refusal.With("cause", "it belongs to another access token")
	case id.Subject == "" || len(id.Subject) > 255: // section 2: at most 255 characters
		return nil, d.upstream.Refuse(model.CodeUpstream, "no_subject", "The provider did not say who the person is.")
	}
	return claims, nil
}

// readKeys takes the keys of the settings, if there are any and the settings name no place to fetch them from.
func (d *driver) readKeys() error {
	c := d.settings.Config
	if len(c.OIDCJWKS) == 0 || c.OIDCJWKSURL != "" {
		return nil
	}
	keys, err := parseKeys(c.OIDCJWKS)
	if err != nil {
		return err
	}
	d.keys = keys
	return nil
}

// parseKeys reads the public keys of a JSON Web Key Set (RFC 7517 section 5).
func parseKeys(set map[string]any) (*oidc.StaticKeySet, error) {
	text, err := json.Marshal(set)
	if err != nil {
		return nil, err
	}
	var parsed jose.JSONWebKeySet
	if err := json.Unmarshal(text, &parsed); err != nil {
		return nil, errors.New("not a JSON Web Key Set")
	}
	static := &oidc.StaticKeySet{}
	for _, key := range parsed.Keys {
		if public := key.Public(); public.Valid() && key.Use != "enc" {
			static.PublicKeys = append(static.PublicKeys, crypto.PublicKey(public.Key))
		}
	}
	if len(static.PublicKeys) == 0 {
		return nil, errors.New("no public key in the set")
	}
	return static, nil
}
