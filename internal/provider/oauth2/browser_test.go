package oauth2_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// client is a browser or program. It follows no redirects.
type client struct {
	*http.Client
	h *house
}

func (h *house) anonymous() *client {
	jar, err := cookiejar.New(nil)
	must(h.t, err)
	return &client{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, h}
}

// signedIn is a browser in which the house's user signed in some time ago.
func (h *house) signedIn(ago time.Duration) *client {
	c := h.anonymous()
	s, token := h.sessions.Begin(&model.Visitor{Browser: browser}, 0)
	s.User, s.AuthMethod, s.AuthTime = h.user.ID, "password", s.AuthTime.Add(-ago)
	must(h.t, h.sessions.Insert(h.t.Context(), s))
	u, err := url.Parse(h.http.URL)
	must(h.t, err)
	c.Jar.SetCookies(u, []*http.Cookie{{Name: "session", Value: token.Reveal(), Path: "/"}})
	return c
}

// answer is a response, read.
type answer struct {
	*http.Response
	body string
}

func (c *client) do(r *http.Request) answer {
	c.h.t.Helper()
	res, err := c.Do(r)
	must(c.h.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(c.h.t, err)
	return answer{res, string(body)}
}

func (c *client) get(path string) answer {
	c.h.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = c.h.http.URL + path
	}
	r, err := http.NewRequestWithContext(c.h.t.Context(), http.MethodGet, path, nil)
	must(c.h.t, err)
	return c.do(r)
}

func (c *client) post(path string, form url.Values, header ...string) answer {
	c.h.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = c.h.http.URL + path
	}
	r, err := http.NewRequestWithContext(c.h.t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	must(c.h.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return c.do(r)
}

func (a answer) location(t *testing.T) *url.URL {
	t.Helper()
	u, err := url.Parse(a.Header.Get("Location"))
	must(t, err)
	return u
}

func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		t.Fatalf("status %d, body %q: %v", a.StatusCode, a.body, err)
	}
	return out
}

// params builds an authorization request: the usual one, changed by pairs. An empty value takes a parameter out.
func params(pairs ...string) url.Values {
	v := url.Values{
		"client_id": {"demo-client"}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid email profile"}, "state": {"st"}, "nonce": {"no"},
		"code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"},
	}
	return with(v, pairs...)
}

func with(v url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		} else {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// code authorizes, and gives the code.
func (c *client) code(pairs ...string) string {
	c.h.t.Helper()
	a := c.get("/application/o/authorize/?" + params(pairs...).Encode())
	code := a.location(c.h.t).Query().Get("code")
	if code == "" {
		c.h.t.Fatalf("no code: status %d, %s %s", a.StatusCode, a.Header.Get("Location"), a.body)
	}
	return code
}

// exchange builds a token request for a code, changed by pairs.
func exchange(code string, pairs ...string) url.Values {
	return with(url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier},
		"client_id": {"demo-client"}, "client_secret": {secret},
	}, pairs...)
}

func (c *client) token(form url.Values, header ...string) answer {
	c.h.t.Helper()
	return c.post("/application/o/token/", form, header...)
}
