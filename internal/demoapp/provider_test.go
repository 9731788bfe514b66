package demoapp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// fakeProvider is an OpenID Connect provider that says yes to everything, unless a test tells it otherwise.
type fakeProvider struct {
	*httptest.Server
	t   *testing.T
	key *ecdsa.PrivateKey

	claims   map[string]any                   // of the person
	mangle   func(map[string]any)             // changes the ID token's claims before they are signed
	signWith *ecdsa.PrivateKey                // instead of key
	userInfo map[string]any                   // instead of claims
	refusal  func(url.Values)                 // changes the answer to the authorization request
	noAnswer func(w http.ResponseWriter) bool // answers the token request instead

	asked    url.Values // the last authorization request
	nonce    string
	tokens   int
	ended    url.Values // the last request to end a session
	discover int
}

func newFakeProvider(t *testing.T) *fakeProvider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &fakeProvider{t: t, key: key, claims: map[string]any{"sub": "s-1", "name": "张三 <b>", "picture": "https://pictures.example/a.png", "groups": []string{"readers", "cooks"}}}
	keys := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k", Algorithm: oidc.ES256}}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("/authorize", p.authorize)
	mux.HandleFunc("/token", p.token)
	mux.HandleFunc("/userinfo", p.info)
	mux.HandleFunc("/end", func(w http.ResponseWriter, r *http.Request) {
		p.ended = r.URL.Query()
		http.Redirect(w, r, r.URL.Query().Get("post_logout_redirect_uri"), http.StatusFound)
	})
	mux.Handle("/", keys)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	keys.SetIssuer(p.URL)
	return p
}

func (p *fakeProvider) discovery(w http.ResponseWriter, _ *http.Request) {
	p.discover++
	p.reply(w, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "userinfo_endpoint": p.URL + "/userinfo",
		"end_session_endpoint": p.URL + "/end", "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"},
	})
}

func (p *fakeProvider) authorize(w http.ResponseWriter, r *http.Request) {
	p.asked = r.URL.Query()
	p.nonce = p.asked.Get("nonce")
	answer := url.Values{"code": {"the-code"}, "state": {p.asked.Get("state")}}
	if p.refusal != nil {
		p.refusal(answer)
	}
	http.Redirect(w, r, p.asked.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
}

func (p *fakeProvider) token(w http.ResponseWriter, r *http.Request) {
	p.tokens++
	if p.noAnswer != nil && p.noAnswer(w) {
		return
	}
	id, secret, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if id != "demo" || secret != "hush" || r.FormValue("code") != "the-code" || r.FormValue("redirect_uri") != p.asked.Get("redirect_uri") ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != p.asked.Get("code_challenge") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		p.reply(w, map[string]any{"error": "invalid_grant", "error_description": "that is not how it was asked for"})
		return
	}
	claims := maps.Clone(p.claims)
	maps.Copy(claims, map[string]any{"iss": p.URL, "aud": "demo", "nonce": p.nonce, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()})
	if p.mangle != nil {
		p.mangle(claims)
	}
	key := p.key
	if p.signWith != nil {
		key = p.signWith
	}
	body, _ := json.Marshal(claims)
	p.reply(w, map[string]any{"access_token": "at", "token_type": "Bearer", "expires_in": 3600, "id_token": oidctest.SignIDToken(key, "k", oidc.ES256, string(body))})
}

func (p *fakeProvider) info(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer at" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if p.userInfo != nil {
		p.reply(w, p.userInfo)
		return
	}
	p.reply(w, p.claims)
}

func (p *fakeProvider) reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		p.t.Error(err)
	}
}
