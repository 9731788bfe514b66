package oauth2

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// The types in the headers of tokens (RFC 7519 section 5.1, RFC 9068 section 2.1).
const (
	typeIDToken     = "JWT"
	typeAccessToken = "at+jwt"
)

// keys sign, verify and encrypt the tokens of one client.
type keys struct {
	algorithm jose.SignatureAlgorithm
	id        jose.Signer
	access    jose.Signer
	// verify is the public key, or the client secret with HS256.
	verify    any
	public    []jose.JSONWebKey
	encrypter jose.Encrypter // nil: tokens are not encrypted
}

func (s *Server) openKeys(snap *model.Snapshot, config Config) (keys, error) {
	var k keys
	var err error
	if config.SigningKey == nil {
		k, err = secretKeys([]byte(config.ClientSecret.Reveal()))
	} else {
		k, err = s.pairKeys(snap, *config.SigningKey)
	}
	if err != nil || config.EncryptionKey == nil {
		return k, err
	}
	pair, err := s.pair(snap, *config.EncryptionKey)
	if err != nil {
		return keys{}, fmt.Errorf("encryption key: %w", err)
	}
	k.encrypter, err = jose.NewEncrypter(
		jose.A256CBC_HS512,
		jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: pair.Certificate().PublicKey, KeyID: pair.ID()},
		(&jose.EncrypterOptions{}).WithType("JWT").WithContentType("JWT"),
	)
	return k, err
}

// pair opens a key pair once for each snapshot, however many clients sign with it.
func (s *Server) pair(snap *model.Snapshot, id model.KeyPairID) (*keypair.Pair, error) {
	type key struct{ id model.KeyPairID }
	type opened struct {
		pair *keypair.Pair
		err  error
	}
	o := model.Derive(snap, key{id}, func() opened {
		noun := snap.KeyPairs[id]
		if noun == nil {
			return opened{err: errors.New("the key is gone")}
		}
		pair, err := s.KeyPair(noun)
		return opened{pair, err}
	})
	return o.pair, o.err
}

func (s *Server) pairKeys(snap *model.Snapshot, id model.KeyPairID) (keys, error) {
	pair, err := s.pair(snap, id)
	if err != nil {
		return keys{}, fmt.Errorf("signing key: %w", err)
	}
	signer, err := pair.Signer()
	if err != nil {
		return keys{}, err
	}
	k := keys{algorithm: signer.SignatureAlgorithm(), verify: pair.Certificate().PublicKey}
	if k.id, err = signer.JOSE(typeIDToken); err != nil {
		return keys{}, err
	}
	if k.access, err = signer.JOSE(typeAccessToken); err != nil {
		return keys{}, err
	}
	public, err := pair.PublicJWK()
	k.public = []jose.JSONWebKey{public}
	return k, err
}

// secretKeys sign with the client secret (OpenID Connect Core 10.1, symmetric signatures).
func secretKeys(secret []byte) (keys, error) {
	k := keys{algorithm: jose.HS256, verify: secret}
	var err error
	signing := jose.SigningKey{Algorithm: jose.HS256, Key: secret}
	if k.id, err = jose.NewSigner(signing, (&jose.SignerOptions{}).WithType(typeIDToken)); err != nil {
		return keys{}, fmt.Errorf("prepare signature: %w", err)
	}
	k.access, err = jose.NewSigner(signing, (&jose.SignerOptions{}).WithType(typeAccessToken))
	return k, err
}

// sign gives claims as a token in compact form.
func (k *keys) sign(signer jose.Signer, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("write claims: %w", err)
	}
	signature, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return signature.CompactSerialize()
}

// idToken signs claims, and encrypts the token if the client wants it so (RFC 7519 section 11.2: signed, then encrypted).
func (k *keys) idToken(claims map[string]any) (string, error) {
	token, err := k.sign(k.id, claims)
	if err != nil || k.encrypter == nil {
		return token, err
	}
	encrypted, err := k.encrypter.Encrypt([]byte(token))
	if err != nil {
		return "", fmt.Errorf("encrypt token: %w", err)
	}
	return encrypted.CompactSerialize()
}

// open gives the claims of a token that these keys signed. Its times are not looked at.
func (k *keys) open(token string, claims any) error {
	signature, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{k.algorithm})
	if err != nil {
		return err
	}
	payload, err := signature.Verify(k.verify)
	if err != nil {
		return err
	}
	return json.Unmarshal(payload, claims)
}

// document is the key set (RFC 7517 section 5). It is empty where the client secret signs.
func (k *keys) document() (document, error) {
	public := k.public
	if public == nil {
		public = []jose.JSONWebKey{}
	}
	return newDocument(jose.JSONWebKeySet{Keys: public})
}
