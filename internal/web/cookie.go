package web

import (
	"net/http"
	"net/url"
	"time"
)

// Cookies sets and reads cookies that only we see: HttpOnly, for our own host, sent on navigation from elsewhere (a person coming back from
// WeChat) but not on requests that other sites make behind their back (SameSite=Lax). Where the public address is https, names begin
// with __Host-, so that no sibling domain can plant one.
type Cookies struct{ secure bool }

// NewCookies makes the cookies of a public address.
func NewCookies(public *url.URL) Cookies { return Cookies{secure: public.Scheme == "https"} }

// Name gives the name on the wire.
func (c Cookies) Name(name string) string {
	if c.secure {
		return "__Host-" + name
	}
	return name
}

// Set gives the browser a cookie. With age zero it lasts as long as the browser runs.
func (c Cookies) Set(w http.ResponseWriter, name, value string, age time.Duration) {
	cookie := c.cookie(name, value)
	cookie.MaxAge = int(age / time.Second)
	http.SetCookie(w, cookie)
}

// Clear takes the cookie away from the browser.
func (c Cookies) Clear(w http.ResponseWriter, name string) {
	cookie := c.cookie(name, "")
	cookie.MaxAge = -1
	http.SetCookie(w, cookie)
}

// Read gives the cookie's value; false where the browser sent none or an empty one.
func (c Cookies) Read(r *http.Request, name string) (string, bool) {
	cookie, err := r.Cookie(c.Name(name))
	if err != nil || cookie.Value == "" {
		return "", false
	}
	return cookie.Value, true
}

func (c Cookies) cookie(name, value string) *http.Cookie {
	return &http.Cookie{
		Name:     c.Name(name),
		Value:    value,
		Path:     "/",
		Secure:   c.secure,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}
}
