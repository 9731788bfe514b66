package keypair

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Algorithm is the sort of a key to generate, in the words of the API.
type Algorithm string

// The algorithms: RSA with 2048 bits, ECDSA on P-256, Ed25519.
const (
	RSA     Algorithm = "rsa"
	ECDSA   Algorithm = "ecdsa"
	Ed25519 Algorithm = "ed25519"
)

const (
	rsaBits       = 2048
	defaultDays   = 365
	maxDays       = 100 * 365
	maxCommonName = 64 // RFC 5280 appendix A, ub-common-name
)

// Request describes a certificate to generate.
type Request struct {
	CommonName string
	Names      []string // subject alternative names: host names, IP addresses, URIs
	Days       int      // of validity; 365 if 0
	// Organization is the subject's O; "Weimen" if empty.
	Organization string
	Algorithm    Algorithm // RSA if empty
}

// Generate makes a key and a certificate signed by it, both as PEM. The key is PKCS #8.
func Generate(req Request, now time.Time) (certificatePEM, keyPEM string, err error) {
	template, err := req.template(now)
	if err != nil {
		return "", "", err
	}
	key, err := newKey(req.Algorithm)
	if err != nil {
		return "", "", err
	}
	if _, isRSA := key.(*rsa.PrivateKey); isRSA {
		template.KeyUsage |= x509.KeyUsageKeyEncipherment
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return "", "", fmt.Errorf("sign certificate: %w", err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", "", fmt.Errorf("encode private key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})), nil
}

func newKey(algorithm Algorithm) (crypto.Signer, error) {
	switch algorithm {
	case RSA, "":
		return rsa.GenerateKey(rand.Reader, rsaBits)
	case ECDSA:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case Ed25519:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	return nil, fmt.Errorf("keys of type %q cannot be generated; rsa, ecdsa and ed25519 can", algorithm)
}

func (r Request) template(now time.Time) (*x509.Certificate, error) {
	name := strings.TrimSpace(r.CommonName)
	if name == "" || utf8.RuneCountInString(name) > maxCommonName || !utf8.ValidString(name) {
		return nil, fmt.Errorf("the common name must have 1 to %d characters", maxCommonName)
	}
	days := r.Days
	if days == 0 {
		days = defaultDays
	}
	if days < 1 || days > maxDays {
		return nil, fmt.Errorf("the validity must be 1 to %d days", maxDays)
	}
	subject, err := selfSignedSubject(name, cmp.Or(r.Organization, "Weimen"))
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("choose serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          serial.Add(serial, big.NewInt(1)),
		RawSubject:            subject,
		NotBefore:             now.Add(-time.Hour), // a client's clock may be behind
		NotAfter:              now.AddDate(0, 0, days),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, san := range r.Names {
		if err := addName(template, strings.TrimSpace(san)); err != nil {
			return nil, err
		}
	}
	return template, nil
}

// selfSignedSubject encodes the name in the order in which authentik writes it: common name, organisation, unit.
func selfSignedSubject(commonName, organization string) ([]byte, error) {
	part := func(last int, value string) pkix.RelativeDistinguishedNameSET {
		return pkix.RelativeDistinguishedNameSET{{Type: asn1.ObjectIdentifier{2, 5, 4, last}, Value: value}}
	}
	subject, err := asn1.Marshal(pkix.RDNSequence{part(3, commonName), part(10, organization), part(11, "Self-signed")})
	if err != nil {
		return nil, fmt.Errorf("encode subject: %w", err)
	}
	return subject, nil
}

func addName(template *x509.Certificate, name string) error {
	switch ip := net.ParseIP(name); {
	case name == "":
		return errors.New("a subject alternative name is empty")
	case ip != nil:
		template.IPAddresses = append(template.IPAddresses, ip)
	case strings.Contains(name, "://"):
		uri, err := url.Parse(name)
		if err != nil || uri.Host == "" {
			return fmt.Errorf("the subject alternative name %q is no URI", name)
		}
		template.URIs = append(template.URIs, uri)
	case strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf || r == ',' || r == '/' }):
		return fmt.Errorf("the subject alternative name %q is no host name; write names of other scripts in their xn-- form", name)
	default:
		template.DNSNames = append(template.DNSNames, name)
	}
	return nil
}
