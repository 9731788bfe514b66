package keypair_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/keypair"
)

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func encode(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// certify makes a certificate for a key of any sort.
func certify(t *testing.T, key crypto.Signer) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1e10, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return encode("CERTIFICATE", der)
}

func generate(t testing.TB, req keypair.Request) (certificate, key string) {
	t.Helper()
	certificate, key, err := keypair.Generate(req, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return certificate, key
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		algorithm keypair.Algorithm
		keyType   keypair.KeyType
	}{{"", keypair.KeyRSA}, {keypair.RSA, keypair.KeyRSA}, {keypair.ECDSA, keypair.KeyEC}, {keypair.Ed25519, keypair.KeyEd25519}}
	for _, tt := range tests {
		t.Run("algorithm "+string(tt.algorithm), func(t *testing.T) {
			t.Parallel()
			certificate, key := generate(t, keypair.Request{
				CommonName: "authentik Self-signed Certificate", Days: 30, Algorithm: tt.algorithm,
				Names: []string{"id.example.com", "192.0.2.1", "2001:db8::1", "https://id.example.com/x", "*.example.com"},
			})
			pair, err := keypair.Parse(certificate, key)
			if err != nil {
				t.Fatal(err)
			}
			if got := pair.Subject(); got != "OU=Self-signed,O=Weimen,CN=authentik Self-signed Certificate" {
				t.Error(got)
			}
			if pair.KeyType() != tt.keyType || !pair.HasKey() || !pair.Expires().Equal(time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)) {
				t.Errorf("%s, key %t, expires %v", pair.KeyType(), pair.HasKey(), pair.Expires())
			}
			leaf := pair.Certificate()
			if diff := cmp.Diff([]string{"id.example.com", "*.example.com"}, leaf.DNSNames); diff != "" {
				t.Error(diff)
			}
			if len(leaf.IPAddresses) != 2 || len(leaf.URIs) != 1 || leaf.IsCA {
				t.Errorf("%v, %v, CA %t", leaf.IPAddresses, leaf.URIs, leaf.IsCA)
			}
			if err := leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	for name, req := range map[string]keypair.Request{
		"no common name":       {CommonName: " "},
		"a long common name":   {CommonName: strings.Repeat("张", 65)},
		"an unknown algorithm": {CommonName: "x", Algorithm: "ed448"},
		"a negative validity":  {CommonName: "x", Days: -1},
		"an endless validity":  {CommonName: "x", Days: 1 << 30},
		"an empty name":        {CommonName: "x", Names: []string{""}},
		"a name with blanks":   {CommonName: "x", Names: []string{"a b"}},
		"a Chinese host name":  {CommonName: "x", Names: []string{"微信.example"}},
		"a URI without host":   {CommonName: "x", Names: []string{"://"}},
	} {
		if _, _, err := keypair.Generate(req, time.Now()); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

// TestFacts checks what is shown of certificates made by OpenSSL; the fingerprints are those of "openssl x509 -fingerprint".
func TestFacts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file, subject, sha1 string
		keyType             keypair.KeyType
	}{
		{"dsa.pem", `CN=dsa example,O=例子\, 有限公司,C=CN`, "eb:9e:04:59:ad:15:cb:24:5b:a4:dc:6b:73:9d:ad:22:5e:9b:17:08", keypair.KeyDSA},
		{"ed448.pem", "OU=Self-signed,O=authentik,CN=ed448 example", "b1:24:00:60:59:cf:7a:a2:d5:60:b0:be:ea:de:ad:f3:66:42:f6:54", keypair.KeyEd448},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			pair, err := keypair.Parse(readFile(t, tt.file), "")
			if err != nil {
				t.Fatal(err)
			}
			if pair.Subject() != tt.subject || pair.KeyType() != tt.keyType || pair.FingerprintSHA1() != tt.sha1 {
				t.Errorf("got %s, %s, %s", pair.Subject(), pair.KeyType(), pair.FingerprintSHA1())
			}
			if n := len(pair.FingerprintSHA256()); n != 95 || strings.ToLower(pair.FingerprintSHA256()) != pair.FingerprintSHA256() {
				t.Error(pair.FingerprintSHA256())
			}
			if _, err := pair.Signer(); !errors.Is(err, keypair.ErrNoPrivateKey) {
				t.Errorf("got %v", err)
			}
			if _, err := pair.PublicJWK(); err == nil {
				t.Error("want an error: such a key has no algorithm here")
			}
		})
	}
}

func TestParseTakesEveryUsualKeyFormat(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(ecKey)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(ecKey)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		cert crypto.Signer
		key  string
	}{
		{"PKCS #1", rsaKey, encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey))},
		{"SEC 1", ecKey, encode("EC PRIVATE KEY", sec1)},
		{"SEC 1 behind its parameters", ecKey, encode("EC PARAMETERS", []byte{6, 1, 1}) + encode("EC PRIVATE KEY", sec1)},
		{"PKCS #8", ecKey, "  \r\n" + strings.ReplaceAll(encode("PRIVATE KEY", pkcs8), "\n", "\r\n")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pair, err := keypair.Parse(certify(t, tt.cert), tt.key)
			if err != nil || !pair.HasKey() {
				t.Error(err)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	certificate, key := generate(t, keypair.Request{CommonName: "a", Algorithm: keypair.ECDSA})
	_, otherKey := generate(t, keypair.Request{CommonName: "b", Algorithm: keypair.ECDSA})
	_, rsaKey := generate(t, keypair.Request{CommonName: "c"})
	tests := []struct{ name, certificate, key, want string }{
		{"no certificate", "", key, "no certificate found: it starts with -----BEGIN CERTIFICATE-----"},
		{"something else", "hello", "", "no certificate found: it starts with -----BEGIN CERTIFICATE-----"},
		{"a key as certificate", key, "", "the certificate text holds a private key; put it where the private key belongs"},
		{"a request as certificate", encode("CERTIFICATE REQUEST", nil), "", `the certificate text holds a "CERTIFICATE REQUEST", not a certificate`},
		{"a certificate as key", certificate, certificate, `the private key text holds a "CERTIFICATE"; RSA, EC and Ed25519 keys can be used`},
		{"a key of another certificate", certificate, otherKey, keypair.ErrKeyMismatch.Error()},
		{"a key of another sort", certificate, rsaKey, keypair.ErrKeyMismatch.Error()},
		{"no key", certificate, "hello", "no private key found: it starts with -----BEGIN PRIVATE KEY-----"},
		{"a broken key", certificate, encode("PRIVATE KEY", []byte("secret")), "the private key cannot be read; RSA, EC and Ed25519 keys can be used"},
		{"a key with a passphrase", certificate, encode("ENCRYPTED PRIVATE KEY", nil), "the private key has a passphrase; remove it first, as with openssl pkey"},
		{
			"a key with a passphrase, old format", certificate, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
			"the private key has a passphrase; remove it first, as with openssl pkey",
		},
		{"an endless certificate", strings.Repeat("x", 1<<20), "", "the certificate text is too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := keypair.Parse(tt.certificate, tt.key)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	if _, err := keypair.Parse(encode("CERTIFICATE", []byte("x")), ""); err == nil {
		t.Error("want an error for a broken certificate")
	}
}

func TestKeyIDBelongsToTheKey(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := func(certificate string) string {
		pair, err := keypair.Parse(certificate, "")
		if err != nil {
			t.Fatal(err)
		}
		return pair.ID()
	}
	first, renewed := certify(t, key), certify(t, key)
	if first == renewed {
		t.Fatal("the certificates are alike")
	}
	if id(first) != id(renewed) || len(id(first)) != 32 {
		t.Errorf("got %s and %s", id(first), id(renewed))
	}
	other, _ := generate(t, keypair.Request{CommonName: "x", Algorithm: keypair.ECDSA})
	if id(first) == id(other) {
		t.Error("two keys have one id")
	}
}
