package app_test

import (
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// TestCodeAndStateNeverStandInAnAddressAfterTheCallback keeps them out of histories, logs of proxies and Referer headers (RFC 9700 section 4.2.4).
func TestCodeAndStateNeverStandInAnAddressAfterTheCallback(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		client := h.AddClient("shop", nil)
		b := h.Browser("en")
		attempt, address := client.Begin()
		attempt.Finish(b.SignInAt(b.Get(address).Link(login), "alice"))
		b.Get("/if/user/")
		for _, x := range h.Exchanges() {
			if strings.HasPrefix(x.Path, "/source/oauth/callback/") {
				if to := x.Header.Get("Location"); to != "" {
					h.Secrets.Absent(t, "the address after the callback", to)
				}
				if x.Header.Get("Referrer-Policy") != "same-origin" && x.Header.Get("Referrer-Policy") != "no-referrer" {
					t.Errorf("Referrer-Policy of the callback is %q", x.Header.Get("Referrer-Policy"))
				}
				continue
			}
			h.Secrets.Absent(t, "the address of "+x.Method+" "+x.Path, x.URL.String())
		}
		if h.Secrets.Len() < 8 {
			t.Errorf("only %d secrets passed by: the house looked in the wrong place", h.Secrets.Len())
		}
	})
}

// TestCookiesAreOnlyForUs holds their attributes (RFC 6265bis).
func TestCookiesAreOnlyForUs(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	h.Browser("en").SignIn("wechat", "alice")
	seen := 0
	for _, x := range h.Exchanges() {
		for _, c := range x.Header.Values("Set-Cookie") {
			seen++
			if !strings.Contains(c, "; HttpOnly") || !strings.Contains(c, "; SameSite=Lax") || !strings.Contains(c, "; Path=/") || strings.Contains(c, "Domain=") {
				t.Errorf("%.20s... has the wrong attributes: %s", c, c[strings.Index(c, ";"):])
			}
		}
	}
	if seen < 2 {
		t.Errorf("%d cookies were set, want a browser's and a session's", seen)
	}
}

// TestSigningInChangesTheSession is session fixation: a cookie from before the sign-in is worth nothing afterwards.
func TestSigningInChangesTheSession(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	b, thief := h.Browser("en"), h.Browser("en")
	planted := strings.Repeat("ab", 32)
	b.SetCookie("weimen_session", planted)
	b.SignIn("wechat", "alice")
	if b.Cookie("weimen_session") == planted || !b.SignedIn() {
		t.Error("the session that was planted is used")
	}
	first := b.Cookie("weimen_session")
	b.Get("/flows/-/default/invalidation/")
	if b.SignedIn() {
		t.Error("signed in after signing out")
	}
	thief.SetCookie("weimen_session", first)
	if thief.SignedIn() {
		t.Error("the session lives on after signing out")
	}
}
