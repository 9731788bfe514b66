package demoapp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// browser keeps cookies and follows redirects.
type browser struct {
	t        *testing.T
	client   *http.Client
	language string
	home     string
}

// page is what a browser shows in the end.
type page struct {
	status  int
	header  http.Header
	address *url.URL
	html    string
}

func (b browser) open(path string) page {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil)
}

func (b browser) send(method, path string, header map[string]string) page {
	b.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.home + path
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.language)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{status: answer.StatusCode, header: answer.Header, address: answer.Request.URL, html: string(body)}
}

// start runs the application and returns a browser for it.
func start(t *testing.T, p *fakeProvider) (*app, browser) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Start()
	t.Cleanup(server.Close)
	a, h := build(Options{Issuer: p.URL, ClientID: "demo", ClientSecret: "hush", BaseURL: server.URL})
	a.patience = patience{tries: 3, pause: time.Millisecond}
	server.Config.Handler = h
	return a, newBrowser(t, server.URL)
}

func newBrowser(t *testing.T, home string) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return browser{t: t, client: &http.Client{Jar: jar}, language: "en", home: home}
}

func (p page) wants(t *testing.T, status int, texts ...string) {
	t.Helper()
	if p.status != status {
		t.Errorf("status %d, want %d", p.status, status)
	}
	for _, text := range texts {
		if !strings.Contains(p.html, text) {
			t.Errorf("the page lacks %q:\n%s", text, p.html)
		}
	}
}

func TestSomeoneSignsInAndSeesTheirClaimsAndSignsOut(t *testing.T) {
	t.Parallel()
	p := newFakeProvider(t)
	_, b := start(t, p)

	b.open("/").wants(t, http.StatusOK, "Sign in", "demo client", "internal/demoapp")
	in := b.open("/login")
	in.wants(t, http.StatusOK, "Hello, <bdi>张三 &lt;b&gt;</bdi>", "readers, cooks", `data-claim="sub"><bdi>s-1`, `src="https://pictures.example/a.png"`, "no e-mail address", "Sign out")
	if in.address.Path != "/" || in.address.RawQuery != "" {
		t.Errorf("the browser stays at %s, where the code can be read", in.address)
	}
	if policy := in.header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src data: https://pictures.example;") ||
		!strings.Contains(policy, "form-action 'self' "+p.URL+";") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %s", policy)
	}
	want := []string{"openid profile email", "code", "S256", b.home + "/callback"}
	got := []string{p.asked.Get("scope"), p.asked.Get("response_type"), p.asked.Get("code_challenge_method"), p.asked.Get("redirect_uri")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("authorization request (-want +got):\n%s", diff)
	}

	b.send(http.MethodPost, "/logout", nil).wants(t, http.StatusOK, "Sign in")
	if p.ended.Get("id_token_hint") == "" || p.ended.Get("post_logout_redirect_uri") != b.home+"/" {
		t.Errorf("the provider was asked to end the session with %v", p.ended)
	}
	if home := b.open("/"); strings.Contains(home.html, "张三") {
		t.Error("still signed in")
	}
}

func TestPagesAreInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	p := newFakeProvider(t)
	_, b := start(t, p)
	b.language = "zh-Hans-CN,zh;q=0.9,en;q=0.5"
	b.open("/").wants(t, http.StatusOK, `lang="zh-CN"`, "登录")
	b.open("/login").wants(t, http.StatusOK, "你好，<bdi>张三", "退出登录")
	b.language = "fr"
	b.open("/nowhere").wants(t, http.StatusNotFound, `lang="en"`, "no such page")
}

// What must not be believed: OpenID Connect Core 1.0 sections 3.1.3.7 and 5.3.2.
func TestOnlyAProofForThisSignInIsAccepted(t *testing.T) {
	t.Parallel()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func(*fakeProvider) {
		return func(p *fakeProvider) { p.mangle = func(c map[string]any) { c[name] = value } }
	}
	tests := []struct {
		name   string
		change func(*fakeProvider)
		want   string
	}{
		{"a nonce of another sign-in", claim("nonce", "other"), "its nonce is of another sign-in"},
		{"no nonce", claim("nonce", ""), "its nonce is of another sign-in"},
		{"another client's token", claim("aud", "other"), "verify the ID token"},
		{"another issuer's token", claim("iss", "https://other.example"), "verify the ID token"},
		{"an expired token", claim("exp", time.Now().Add(-time.Minute).Unix()), "verify the ID token"},
		{"a token with another access token", claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "another access token"},
		{"a token signed by a stranger", func(p *fakeProvider) { p.signWith = stranger }, "verify the ID token"},
		{"user info of someone else", func(p *fakeProvider) { p.userInfo = map[string]any{"sub": "s-2"} }, "user info is of someone else"},
		{
			"no ID token at all", func(p *fakeProvider) {
				p.noAnswer = func(w http.ResponseWriter) bool {
					p.reply(w, map[string]any{"access_token": "at", "token_type": "Bearer"})
					return true
				}
			}, "no ID token",
		},
		{
			"a provider that fails", func(p *fakeProvider) {
				p.noAnswer = func(w http.ResponseWriter) bool {
					http.Error(w, "secret inner life", http.StatusInternalServerError)
					return true
				}
			}, "500",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newFakeProvider(t)
			tt.change(p)
			_, b := start(t, p)
			got := b.open("/login")
			got.wants(t, http.StatusBadGateway, "could not be verified", tt.want)
			if strings.Contains(got.html, "inner life") || p.tokens != 1 {
				t.Errorf("%d token requests, page %s", p.tokens, got.html)
			}
			b.open("/").wants(t, http.StatusOK, "Sign in")
		})
	}
}

// RFC 6749 section 10.12, RFC 9207 section 2.4.
func TestAnswersThatThisBrowserDidNotAskForAreRefused(t *testing.T) {
	t.Parallel()
	p := newFakeProvider(t)
	_, b := start(t, p)
	b.open("/callback?code=the-code").wants(t, http.StatusBadRequest, "not started here")
	b.open("/callback?code=the-code&state=made-up").wants(t, http.StatusBadRequest, "not started here")

	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	away := b.open("/login")
	back := "/callback?code=the-code&state=" + stateOf(t, away)
	newBrowser(t, b.home).open(back).wants(t, http.StatusBadRequest, "not started here")
	b.open(back+"&iss=https%3A%2F%2Fother.example").wants(t, http.StatusBadRequest, "another issuer")
	b.open(back).wants(t, http.StatusBadRequest, "not started here")
	if p.tokens != 0 {
		t.Errorf("%d codes were exchanged", p.tokens)
	}
}

func stateOf(t *testing.T, p page) string {
	t.Helper()
	u, err := url.Parse(p.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("state")
}

func TestTabsDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	p := newFakeProvider(t)
	_, b := start(t, p)
	follow := b.client.CheckRedirect
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	first, second := b.open("/login"), b.open("/login")
	b.client.CheckRedirect = follow
	for _, tab := range []page{first, second} {
		b.open(tab.header.Get("Location")).wants(t, http.StatusOK, "张三")
	}
}

func TestARefusalOfTheProviderIsShownPlainly(t *testing.T) {
	t.Parallel()
	p := newFakeProvider(t)
	p.refusal = func(answer url.Values) {
		answer.Del("code")
		answer.Set("error", "access_denied")
		answer.Set("error_description", "<i>not today</i>")
	}
	_, b := start(t, p)
	b.open("/login").wants(t, http.StatusForbidden, "did not sign you in", "access_denied: &lt;i&gt;not today&lt;/i&gt;")
}

func TestAProviderThatStartsLaterIsFound(t *testing.T) {
	t.Parallel()
	p := newFakeProvider(t)
	a, b := start(t, p)
	a.issuer = "http://127.0.0.1:1" // nobody there yet
	b.open("/").wants(t, http.StatusOK, "Sign in")
	b.open("/login").wants(t, http.StatusBadGateway, "does not answer", "127.0.0.1:1")
	a.issuer = p.URL
	b.open("/login").wants(t, http.StatusOK, "张三")
	b.open("/login").wants(t, http.StatusOK, "张三")
	if p.discover != 1 {
		t.Errorf("discovery was read %d times", p.discover)
	}
}

func TestSigningOutIsNotForOtherSites(t *testing.T) {
	t.Parallel()
	p := newFakeProvider(t)
	_, b := start(t, p)
	b.open("/login")
	if got := b.send(http.MethodPost, "/logout", map[string]string{"Sec-Fetch-Site": "cross-site"}); got.status != http.StatusForbidden {
		t.Errorf("status %d", got.status)
	}
	b.open("/").wants(t, http.StatusOK, "张三")
}

func TestASessionEnds(t *testing.T) {
	t.Parallel()
	p := newFakeProvider(t)
	a, b := start(t, p)
	b.open("/login")
	a.now = func() time.Time { return time.Now().Add(sessionLife + time.Second) }
	b.open("/").wants(t, http.StatusOK, "Sign in")
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	a, _ := build(Options{})
	for range sessionsMost + 10 {
		a.open(session{})
	}
	if len(a.sessions) > sessionsMost {
		t.Errorf("%d sessions", len(a.sessions))
	}
}

func TestCookiesAreOutOfReachOfScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	a, _ := build(Options{BaseURL: "https://demo.example/"})
	c := a.cookie("demoapp_x", "v", "/", time.Hour)
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 3600 {
		t.Errorf("cookie %s", c)
	}
	if a.oauth.RedirectURL != "https://demo.example/callback" {
		t.Errorf("redirect URI %s", a.oauth.RedirectURL)
	}
}
