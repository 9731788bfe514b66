package model

import "time"

// Visitor is who makes a request: a browser, and perhaps a person signed in with it.
type Visitor struct {
	// Browser is the hash of the browser cookie; it binds what is under way to this browser.
	Browser string
	// NewBrowser says that the cookie was made for this very request: nothing can be under way in it.
	NewBrowser bool
	// Session and User are nil where nobody is signed in.
	Session *Session
	User    *User

	Locale    string // "en" or "zh"
	ClientIP  string
	UserAgent string
	RequestID string
	// Method and Path are those of the request.
	Method, Path string
	// Origin is our own public origin, "https://id.example.org".
	Origin string
	// Host is the host that the browser asked, for the choice of a brand.
	Host string
	// Now is when the request arrived.
	Now time.Time
}

// SignedIn reports whether a person is signed in.
func (v *Visitor) SignedIn() bool { return v.Session != nil && v.User != nil }
