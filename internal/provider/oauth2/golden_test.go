package oauth2_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/provider/oauth2"
)

//nolint:gochecknoglobals // a flag of the tests
var update = flag.Bool("update", false, "write the golden files")

// golden compares JSON with a file. What differs from run to run is replaced first.
func golden(t *testing.T, h *house, name, body string) {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(body), "", "  "); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	text := strings.ReplaceAll(out.String(), h.http.URL, "https://id.example.org")
	for pattern, with := range map[string]string{
		`"(x|y|n|kid|x5t|x5t#S256)": "[^"]+"`: `"$1": "..."`, `(?s)"x5c": \[.*?\]`: `"x5c": ["..."]`,
		`"(exp|iat|auth_time)": \d+`: `"$1": 0`, `"(sid|sub|access_token|id_token|refresh_token|at_hash)": "[^"]+"`: `"$1": "..."`,
	} {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, with)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		must(t, os.WriteFile(path, []byte(text+"\n"), 0o600))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if diff := cmp.Diff(string(want), text+"\n"); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestGoldenDocuments(t *testing.T) {
	h := newHouse(t, nil)
	p := h.anonymous()
	base := "/application/o/demo/"
	golden(t, h, "discovery_es256", p.get(base+".well-known/openid-configuration").body)
	golden(t, h, "jwks_es256", p.get(base+"jwks/").body)
	h.configure(h.provider, func(c *oauth2.Config) {
		rsa := h.keys[keypair.RSA]
		c.SigningKey, c.EncryptionKey, c.ClientType, c.IssuerMode = &rsa, &rsa, oauth2.Public, oauth2.IssuerGlobal
	})
	golden(t, h, "discovery_rs256_public", p.get(base+".well-known/openid-configuration").body)
	golden(t, h, "jwks_rs256", p.get(base+"jwks/").body)
	h.configure(h.provider, func(c *oauth2.Config) { c.SigningKey = nil })
	golden(t, h, "jwks_hs256", p.get(base+"jwks/").body)
}

func TestGoldenAnswers(t *testing.T) {
	h := newHouse(t, nil)
	p := h.anonymous()
	tokens := h.offline()
	body := func(v any) string {
		b, err := json.Marshal(v)
		must(t, err)
		return string(b)
	}
	golden(t, h, "token", body(tokens))
	golden(t, h, "id_token", body(payload(t, tokens["id_token"].(string))))
	golden(t, h, "error_invalid_client", p.token(exchange("x", "client_secret", "wrong")).body)
	golden(t, h, "error_invalid_grant", p.token(exchange("x")).body)
	golden(t, h, "error_invalid_token", p.get("/application/o/userinfo/").body)
	golden(t, h, "userinfo", h.bearer(tokens["access_token"]).body)
	form := with(machine(), "grant_type", "", "client_secret", secret, "token", tokens["access_token"].(string))
	golden(t, h, "introspection", p.post("/application/o/introspect/", form).body)
	form.Set("token", tokens["refresh_token"].(string))
	golden(t, h, "introspection_refresh", p.post("/application/o/introspect/", form).body)
	form.Set("token", "unknown")
	golden(t, h, "introspection_inactive", p.post("/application/o/introspect/", form).body)
}

// bearer asks userinfo with a token in the header.
func (h *house) bearer(token any, header ...string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.http.URL+"/application/o/userinfo/", nil)
	must(h.t, err)
	r.Header.Set("Authorization", "Bearer "+token.(string))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return h.anonymous().do(r)
}

func TestDocumentsAreSentOnce(t *testing.T) {
	h := newHouse(t, nil)
	for _, path := range []string{"/application/o/demo/.well-known/openid-configuration", "/application/o/demo/jwks/"} {
		first := h.anonymous().get(path)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.http.URL+path, nil)
		must(t, err)
		r.Header.Set("If-None-Match", first.Header.Get("ETag"))
		if a := h.anonymous().do(r); a.StatusCode != http.StatusNotModified || a.body != "" {
			t.Errorf("%s: status %d", path, a.StatusCode)
		}
	}
	if to := h.anonymous().get("/application/o/demo/").location(t); to.Path != "/application/o/demo/.well-known/openid-configuration" {
		t.Errorf("the application's address leads to %s", to)
	}
	if a := h.anonymous().get("/application/o/nothing/jwks/"); a.StatusCode != http.StatusNotFound {
		t.Errorf("an application that is not there: status %d", a.StatusCode)
	}
}

func TestARemovedSigningKeyIsNotReplacedByTheSecret(t *testing.T) {
	h := newHouse(t, func(_ *house, c *oauth2.Config) {
		gone := model.KeyPairID("00000000-0000-4000-8000-000000000000")
		c.SigningKey = &gone
	})
	if a := h.anonymous().token(machine("client_secret", secret)); a.object(t)["error"] != "server_error" {
		t.Errorf("body %s", a.body)
	}
	if a := h.signedIn(0).get(authorizePath + "?" + params().Encode()); a.Header.Get("Location") != "" {
		t.Errorf("sent to %s", a.Header.Get("Location"))
	}
}
