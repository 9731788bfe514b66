package keypair_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/weimen-id/weimen/internal/keypair"
)

func pairOf(t testing.TB, key crypto.Signer, certificate string) *keypair.Pair {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := keypair.Parse(certificate, encode("PRIVATE KEY", der))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func TestSignaturesAreVerifiedByThePublishedKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		algorithm keypair.Algorithm
		want      jose.SignatureAlgorithm
	}{{keypair.RSA, jose.RS256}, {keypair.ECDSA, jose.ES256}, {keypair.Ed25519, jose.EdDSA}}
	for _, tt := range tests {
		t.Run(string(tt.algorithm), func(t *testing.T) {
			t.Parallel()
			pair, err := keypair.Parse(generate(t, keypair.Request{CommonName: "x", Algorithm: tt.algorithm}))
			if err != nil {
				t.Fatal(err)
			}
			signer, err := pair.Signer()
			if err != nil {
				t.Fatal(err)
			}
			token, err := signer.Sign([]byte(`{"sub":"张三"}`), "at+jwt")
			if err != nil {
				t.Fatal(err)
			}
			jwk, err := pair.PublicJWK()
			if err != nil {
				t.Fatal(err)
			}
			published, err := json.Marshal(jwk)
			if err != nil {
				t.Fatal(err)
			}
			var key jose.JSONWebKey
			if err := json.Unmarshal(published, &key); err != nil {
				t.Fatal(err)
			}
			signature, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{tt.want})
			if err != nil {
				t.Fatal(err)
			}
			payload, err := signature.Verify(key)
			if err != nil || string(payload) != `{"sub":"张三"}` {
				t.Errorf("got %s, %v", payload, err)
			}
			header := signature.Signatures[0].Protected
			if header.KeyID != pair.ID() || header.ExtraHeaders["typ"] != "at+jwt" || header.Algorithm != string(tt.want) {
				t.Errorf("header %+v", header)
			}
			if signer.ID() != pair.ID() || signer.SignatureAlgorithm() != tt.want || signer.Key() == nil {
				t.Error("the signer does not speak for its pair")
			}
		})
	}
}

// TestPublicJWKHoldsNoPrivatePart reads the members of the published key: RFC 7518 section 6 names the private ones.
func TestPublicJWKHoldsNoPrivatePart(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []keypair.Algorithm{keypair.RSA, keypair.ECDSA, keypair.Ed25519} {
		pair, err := keypair.Parse(generate(t, keypair.Request{CommonName: "x", Algorithm: algorithm}))
		if err != nil {
			t.Fatal(err)
		}
		jwk, err := pair.PublicJWK()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(jwk)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]any
		if err := json.Unmarshal(text, &members); err != nil {
			t.Fatal(err)
		}
		for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "k"} {
			if _, ok := members[private]; ok {
				t.Errorf("%s: the published key has %q", algorithm, private)
			}
		}
		for _, public := range []string{"kty", "kid", "alg", "use", "x5c", "x5t", "x5t#S256"} {
			if _, ok := members[public]; !ok {
				t.Errorf("%s: the published key lacks %q", algorithm, public)
			}
		}
		if !jwk.IsPublic() || !jwk.Valid() || !bytes.Equal(jwk.Certificates[0].Raw, pair.Certificate().Raw) {
			t.Errorf("%s: not a public key with its certificate", algorithm)
		}
	}
}

func TestAlgorithmFollowsTheCurve(t *testing.T) {
	t.Parallel()
	for curve, want := range map[elliptic.Curve]jose.SignatureAlgorithm{
		elliptic.P224(): "", elliptic.P256(): jose.ES256, elliptic.P384(): jose.ES384, elliptic.P521(): jose.ES512,
	} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pairOf(t, key, certify(t, key)).Algorithm()
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v", curve.Params().Name, got, err)
		}
	}
}

// TestShortRSAKeysDoNotSign holds RFC 7518 section 3.3: a key of 2048 bits or larger must be used.
func TestShortRSAKeysDoNotSign(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pairOf(t, key, certify(t, key)).Signer()
	if err == nil || !strings.Contains(err.Error(), "1024 bits") {
		t.Errorf("got %v", err)
	}
}

func BenchmarkSign(b *testing.B) {
	for _, algorithm := range []keypair.Algorithm{keypair.RSA, keypair.ECDSA, keypair.Ed25519} {
		b.Run(string(algorithm), func(b *testing.B) {
			pair, err := keypair.Parse(generate(b, keypair.Request{CommonName: "x", Algorithm: algorithm}))
			if err != nil {
				b.Fatal(err)
			}
			signer, err := pair.Signer()
			if err != nil {
				b.Fatal(err)
			}
			payload := bytes.Repeat([]byte("x"), 500)
			for b.Loop() {
				if _, err := signer.Sign(payload, "JWT"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
