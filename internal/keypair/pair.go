package keypair

import (
	"crypto"
	"crypto/dsa" //nolint:staticcheck // only to name the type of a foreign certificate
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"strings"
	"time"
)

// KeyType is the sort of a certificate's public key, in the words of the API.
type KeyType string

// The key types. KeyUnknown is for whatever has no word.
const (
	KeyRSA     KeyType = "rsa"
	KeyEC      KeyType = "ec"
	KeyDSA     KeyType = "dsa"
	KeyEd25519 KeyType = "ed25519"
	KeyEd448   KeyType = "ed448"
	KeyUnknown KeyType = ""
)

// Pair is a certificate, what stands above it in its chain, and perhaps its private key. It does not change.
type Pair struct {
	chain []*x509.Certificate // the certificate itself, then its issuers
	key   crypto.Signer       // nil without a private key
}

// Certificate returns the certificate itself.
func (p *Pair) Certificate() *x509.Certificate { return p.chain[0] }

// Chain returns the certificate and its issuers, as far as they were given.
func (p *Pair) Chain() []*x509.Certificate { return append([]*x509.Certificate(nil), p.chain...) }

// HasKey reports whether the private key is there.
func (p *Pair) HasKey() bool { return p.key != nil }

// PrivateKey returns the private key, nil if there is none.
func (p *Pair) PrivateKey() crypto.Signer { return p.key }

// ID returns the key id (kid): hex digits made from the public key, so that it stays when the certificate is renewed for the same
// key, and differs for every other.
func (p *Pair) ID() string {
	sum := sha256.Sum256(p.Certificate().RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:16])
}

// Expires returns the end of the certificate's validity.
func (p *Pair) Expires() time.Time { return p.Certificate().NotAfter }

// Subject returns the distinguished name, its last part first (RFC 4514 section 2.1), as in "OU=Self-signed,O=Weimen,CN=example".
func (p *Pair) Subject() string {
	var name pkix.RDNSequence
	if rest, err := asn1.Unmarshal(p.Certificate().RawSubject, &name); err != nil || len(rest) > 0 {
		return p.Certificate().Subject.String()
	}
	return name.String()
}

// FingerprintSHA1 returns the SHA-1 of the certificate as hex bytes with colons between.
func (p *Pair) FingerprintSHA1() string {
	sum := sha1.Sum(p.Certificate().Raw)
	return colons(sum[:])
}

// FingerprintSHA256 returns the SHA-256 of the certificate as hex bytes with colons between.
func (p *Pair) FingerprintSHA256() string {
	sum := sha256.Sum256(p.Certificate().Raw)
	return colons(sum[:])
}

func colons(sum []byte) string {
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = hex.EncodeToString([]byte{b})
	}
	return strings.Join(parts, ":")
}

// KeyType returns the sort of the public key.
func (p *Pair) KeyType() KeyType {
	switch p.Certificate().PublicKey.(type) {
	case *rsa.PublicKey:
		return KeyRSA
	case *ecdsa.PublicKey:
		return KeyEC
	case ed25519.PublicKey:
		return KeyEd25519
	case *dsa.PublicKey:
		return KeyDSA
	}
	// The standard library does not know Ed448 keys; they are known by their identifier (RFC 8410 section 3).
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		PublicKey asn1.BitString
	}
	ed448 := asn1.ObjectIdentifier{1, 3, 101, 113}
	if _, err := asn1.Unmarshal(p.Certificate().RawSubjectPublicKeyInfo, &info); err == nil && info.Algorithm.Algorithm.Equal(ed448) {
		return KeyEd448
	}
	return KeyUnknown
}
