package keypair

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// ErrKeyMismatch says that a private key is not the one of the certificate.
var ErrKeyMismatch = errors.New("the private key does not belong to the certificate")

// maxPEM is the length of a PEM text in bytes; a long chain has a tenth of it.
const maxPEM = 256 << 10

// Parse reads a certificate, perhaps followed by its issuers, and its private key if there is one; both are PEM. Keys may be PKCS #8,
// PKCS #1 or SEC 1 and must not have a passphrase. The errors are for the administrator who pasted the text.
func Parse(certificatePEM, keyPEM string) (*Pair, error) {
	chain, err := parseChain(certificatePEM)
	if err != nil {
		return nil, err
	}
	pair := &Pair{chain: chain}
	if strings.TrimSpace(keyPEM) == "" {
		return pair, nil
	}
	key, err := parseKey(keyPEM)
	if err != nil {
		return nil, err
	}
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(pair.Certificate().PublicKey) {
		return nil, ErrKeyMismatch
	}
	pair.key = key
	return pair, nil
}

func parseChain(text string) ([]*x509.Certificate, error) {
	if len(text) > maxPEM {
		return nil, errors.New("the certificate text is too long")
	}
	var chain []*x509.Certificate
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return nil, errors.New("the certificate text holds a private key; put it where the private key belongs")
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("the certificate text holds a %q, not a certificate", block.Type)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d cannot be read: %w", len(chain)+1, err)
		}
		chain = append(chain, cert)
	}
	if len(chain) == 0 {
		return nil, errors.New("no certificate found: it starts with -----BEGIN CERTIFICATE-----")
	}
	return chain, nil
}

// parseKey returns errors of its own only: those of the parsers might quote what they read.
func parseKey(text string) (crypto.Signer, error) {
	if len(text) > maxPEM {
		return nil, errors.New("the private key text is too long")
	}
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, errors.New("no private key found: it starts with -----BEGIN PRIVATE KEY-----")
		}
		var (
			key any
			err error
		)
		switch {
		case block.Type == "EC PARAMETERS": // openssl writes them before the key, which names its curve itself
			continue
		case block.Type == "ENCRYPTED PRIVATE KEY", block.Headers["DEK-Info"] != "":
			return nil, errors.New("the private key has a passphrase; remove it first, as with openssl pkey")
		case block.Type == "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case block.Type == "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case block.Type == "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		default:
			return nil, fmt.Errorf("the private key text holds a %q; RSA, EC and Ed25519 keys can be used", block.Type)
		}
		signer, ok := key.(crypto.Signer)
		if err != nil || !ok {
			return nil, errors.New("the private key cannot be read; RSA, EC and Ed25519 keys can be used")
		}
		return signer, nil
	}
}
