package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/web"
)

func cookies(public string) web.Cookies {
	u, _ := url.Parse(public)
	return web.NewCookies(u)
}

func TestCookieAttributes(t *testing.T) {
	t.Parallel()
	https, http := cookies("https://id.example.com"), cookies("http://127.0.0.1:9000")
	tests := []struct {
		name string
		set  func(*httptest.ResponseRecorder)
		want string
	}{
		{"over https, for an hour", func(w *httptest.ResponseRecorder) { https.Set(w, "x", "v", time.Hour) }, "__Host-x=v; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax"},
		{"over https, while the browser runs", func(w *httptest.ResponseRecorder) { https.Set(w, "x", "v", 0) }, "__Host-x=v; Path=/; HttpOnly; Secure; SameSite=Lax"},
		{"over https, cleared", func(w *httptest.ResponseRecorder) { https.Clear(w, "x") }, "__Host-x=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"},
		{"over http", func(w *httptest.ResponseRecorder) { http.Set(w, "x", "v", time.Hour) }, "x=v; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			tt.set(w)
			if got := w.Header().Get("Set-Cookie"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// RFC 6265bis, section 4.1.3.2: what bears the __Host- prefix was set by this host.
func TestOverHTTPSACookiePlantedWithoutThePrefixIsNotRead(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: "weimen_browser", Value: "00112233445566778899aabbccddeeff"})
	if _, ok := cookies("https://id.example.com").ReadBrowser(r); ok {
		t.Error("it was read")
	}
}

func TestBrowserIsKnownByTheHashOfItsCookie(t *testing.T) {
	t.Parallel()
	c := cookies("https://id.example.com")
	first := httptest.NewRequest("GET", "/", nil)
	if _, ok := c.ReadBrowser(first); ok {
		t.Fatal("a browser without a cookie is known")
	}
	w := httptest.NewRecorder()
	browser := c.Browser(w, first)
	set := w.Result().Cookies()
	if len(set) != 1 || set[0].Name != "__Host-weimen_browser" || !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(set[0].Value) {
		t.Fatalf("cookies %v", set)
	}
	if sum := sha256.Sum256([]byte(set[0].Value)); browser != hex.EncodeToString(sum[:]) {
		t.Errorf("the browser is %s, not its cookie's hash", browser)
	}
	if again := c.Browser(w, first); again != browser || len(w.Result().Cookies()) != 1 {
		t.Error("a second call for the same request disagrees with the first")
	}

	second := httptest.NewRequest("GET", "/", nil)
	second.Header.Set("Cookie", "__Host-weimen_browser=rubbish; __Host-weimen_browser="+set[0].Value)
	w = httptest.NewRecorder()
	if got := c.Browser(w, second); got != browser || len(w.Result().Cookies()) != 0 {
		t.Errorf("the browser that came back is %s, want %s; it got %v", got, browser, w.Result().Cookies())
	}
	if other := c.Browser(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)); other == browser {
		t.Error("two browsers are the same")
	}
}
