package keypair

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// ErrNoPrivateKey says that a certificate without its private key was to sign.
var ErrNoPrivateKey = errors.New("the certificate has no private key, so it cannot sign")

// Signer signs tokens with the key of a Pair. Its methods ID, SignatureAlgorithm and Key are those that OpenID libraries ask for.
type Signer struct {
	id        string
	algorithm jose.SignatureAlgorithm
	key       crypto.Signer
}

// Signer returns the signer of a pair, with the algorithm that its key is made for: RS256, ES256, ES384, ES512 or EdDSA. RSA keys of
// less than 2048 bits are refused (RFC 7518 section 3.3).
func (p *Pair) Signer() (*Signer, error) {
	if p.key == nil {
		return nil, ErrNoPrivateKey
	}
	algorithm, err := p.Algorithm()
	if err != nil {
		return nil, err
	}
	return &Signer{id: p.ID(), algorithm: algorithm, key: p.key}, nil
}

// Algorithm returns the signature algorithm for the key.
func (p *Pair) Algorithm() (jose.SignatureAlgorithm, error) {
	switch key := p.Certificate().PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < 2048 {
			return "", fmt.Errorf("the RSA key has %d bits; signing needs 2048 or more", bits)
		}
		return jose.RS256, nil
	case *ecdsa.PublicKey:
		switch key.Curve {
		case elliptic.P256():
			return jose.ES256, nil
		case elliptic.P384():
			return jose.ES384, nil
		case elliptic.P521():
			return jose.ES512, nil
		}
		return "", fmt.Errorf("the curve %s is not one for signing tokens; P-256, P-384 and P-521 are", key.Curve.Params().Name)
	case ed25519.PublicKey:
		return jose.EdDSA, nil
	}
	return "", errors.New("keys of this type cannot sign tokens; RSA, EC and Ed25519 keys can")
}

// ID returns the key id.
func (s *Signer) ID() string { return s.id }

// SignatureAlgorithm returns the algorithm.
func (s *Signer) SignatureAlgorithm() jose.SignatureAlgorithm { return s.algorithm }

// Key returns the private key.
func (s *Signer) Key() any { return s.key }

// JOSE returns a signer that puts the key id and, if it is not empty, the type (such as "JWT" or "at+jwt") into the header.
func (s *Signer) JOSE(typ string) (jose.Signer, error) {
	options := &jose.SignerOptions{}
	if typ != "" {
		options = options.WithType(jose.ContentType(typ))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: s.algorithm, Key: jose.JSONWebKey{Key: s.key, KeyID: s.id}}, options)
	if err != nil {
		return nil, fmt.Errorf("prepare signature: %w", err)
	}
	return signer, nil
}

// Sign returns the payload as a signed token in compact form.
func (s *Signer) Sign(payload []byte, typ string) (string, error) {
	signer, err := s.JOSE(typ)
	if err != nil {
		return "", err
	}
	signature, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return signature.CompactSerialize()
}

// PublicJWK returns the public key as a JWK (RFC 7517) for signatures, with the certificate chain (x5c) and its thumbprints (x5t, x5t#S256).
func (p *Pair) PublicJWK() (jose.JSONWebKey, error) {
	algorithm, err := p.Algorithm()
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	sum1, sum256 := sha1.Sum(p.Certificate().Raw), sha256.Sum256(p.Certificate().Raw)
	return jose.JSONWebKey{
		Key:                         p.Certificate().PublicKey,
		KeyID:                       p.ID(),
		Algorithm:                   string(algorithm),
		Use:                         "sig",
		Certificates:                p.Chain(),
		CertificateThumbprintSHA1:   sum1[:],
		CertificateThumbprintSHA256: sum256[:],
	}, nil
}
