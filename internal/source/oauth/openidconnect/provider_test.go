package openidconnect

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/weimen-id/weimen/internal/source/oauth/oauthtest"
)

// op is a small OpenID Connect provider: it keeps the authorization request, holds the token request to it, signs ID tokens, and lies where a test wants it to.
type op struct {
	base string

	mu        sync.Mutex
	key       *ecdsa.PrivateKey
	keyID     string
	asked     url.Values // the authorization request
	requests  map[string]int
	down      map[string]bool
	claims    map[string]any // added to the ID token, replacing the proper ones; nil takes one away
	userinfo  map[string]any // likewise
	sign      func(claims []byte) string
	discovery map[string]any
}

func newOP(base string) *op {
	return &op{base: base, key: newKey(), keyID: "k1", requests: map[string]int{}, down: map[string]bool{}}
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil
	}
	return key
}

// visit is a browser that comes with an authorization request, and whose person agrees.
func (o *op) visit(departure *url.URL) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = departure.Query()
}

func (o *op) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.requests[r.URL.Path]++
	if o.down[r.URL.Path] {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case wellKnown:
		o.answer(w, with(map[string]any{
			"issuer": o.base, "authorization_endpoint": o.base + "/authorize", "token_endpoint": o.base + "/token",
			"userinfo_endpoint": o.base + "/userinfo", "jwks_uri": o.base + "/keys",
			"id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"},
		}, o.discovery))
	case "/keys":
		o.answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: o.key.Public(), KeyID: o.keyID, Use: "sig", Algorithm: "ES256"}}})
	case "/token":
		o.token(w, r)
	case "/userinfo":
		if r.Header.Get("Authorization") != "Bearer "+oauthtest.AccessToken {
			http.Error(w, "{}", http.StatusUnauthorized)
			return
		}
		o.answer(w, with(map[string]any{"sub": "s1", "email": "a@example.org", "email_verified": true, "groups": []string{"staff", "dev"}}, o.userinfo))
	default:
		http.NotFound(w, r)
	}
}

// token holds the request to RFC 6749 section 4.1.3 and RFC 7636 section 4.6.
func (o *op) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	verifier := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	switch {
	case id != oauthtest.ClientID || secret != oauthtest.Secret:
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"invalid_client"}`)
		return
	case r.FormValue("code") != oauthtest.Code, r.FormValue("redirect_uri") != o.asked.Get("redirect_uri"),
		o.asked.Get("code_challenge_method") != "S256", base64.RawURLEncoding.EncodeToString(verifier[:]) != o.asked.Get("code_challenge"):
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_grant"}`)
		return
	}
	now := time.Now()
	hash := sha256.Sum256([]byte(oauthtest.AccessToken))
	claims, _ := json.Marshal(with(map[string]any{
		"iss": o.base, "sub": "s1", "aud": oauthtest.ClientID, "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(), "nonce": o.asked.Get("nonce"),
		"at_hash": base64.RawURLEncoding.EncodeToString(hash[:16]), "preferred_username": "ada", "name": "Ada Lovelace",
	}, o.claims))
	sign := o.sign
	if sign == nil {
		sign = func(claims []byte) string { return signed(jose.ES256, o.key, o.keyID, claims) }
	}
	o.answer(w, map[string]any{"access_token": oauthtest.AccessToken, "token_type": "Bearer", "id_token": sign(claims), "refresh_token": oauthtest.RefreshToken})
}

func (o *op) answer(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) }

func signed(alg jose.SignatureAlgorithm, key any, keyID string, claims []byte) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", keyID))
	if err != nil {
		return err.Error()
	}
	jws, err := signer.Sign(claims)
	if err != nil {
		return err.Error()
	}
	text, _ := jws.CompactSerialize()
	return text
}

// with gives the claims with changes: a nil value takes a claim away.
func with(claims, changes map[string]any) map[string]any {
	out := maps.Clone(claims)
	for name, value := range changes {
		if value == nil {
			delete(out, name)
			continue
		}
		out[name] = value
	}
	return out
}

func set(t *testing.T, o *op, change func(*op)) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	change(o)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
