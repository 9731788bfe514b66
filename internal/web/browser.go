package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

const (
	browserCookie = "weimen_browser"
	browserMaxAge = 365 * 24 * time.Hour
	browserBytes  = 16
)

// Browser tells which browser asks, giving it a cookie on its first visit. What comes back is the hash of the cookie's random value: it binds
// what is under way to this browser, and whoever reads it in the database cannot pass for the browser.
//
// After the first call for a request, further calls and ReadBrowser agree with it.
func (c Cookies) Browser(w http.ResponseWriter, r *http.Request) string {
	if browser, ok := c.ReadBrowser(r); ok {
		return browser
	}
	random := make([]byte, browserBytes)
	_, _ = rand.Read(random) // never fails (crypto/rand)
	value := hex.EncodeToString(random)
	c.Set(w, browserCookie, value, browserMaxAge)
	r.AddCookie(&http.Cookie{Name: c.Name(browserCookie), Value: value})
	return hashBrowser(value)
}

// ReadBrowser tells which browser asks; false for one that was not here before.
func (c Cookies) ReadBrowser(r *http.Request) (string, bool) {
	for _, cookie := range r.CookiesNamed(c.Name(browserCookie)) {
		if b, err := hex.DecodeString(cookie.Value); err == nil && len(b) == browserBytes {
			return hashBrowser(cookie.Value), true
		}
	}
	return "", false
}

func hashBrowser(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}
