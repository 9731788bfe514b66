package model

import "time"

// Session is a signed-in browser. The cookie holds a random token; only its hash is stored.
type Session struct {
	ID        SessionID
	TokenHash string
	User      UserID
	Created   time.Time
	LastUsed  time.Time
	Expires   time.Time
	// Persistent sessions outlive the browser: their cookie has an expiry.
	Persistent bool
	// AuthTime is when the person last proved who they are (OpenID Connect Core 2, auth_time).
	AuthTime time.Time
	// AuthMethod is authentik's auth_method ("password", "token", "source" ...), and after it what authenticators showed, in the words of RFC 8176: "password otp mfa".
	AuthMethod string
	// Source is the name of the source that was signed in with, if any.
	Source    string
	ClientIP  string
	UserAgent string
	// Browser is the hash of the browser cookie that the session began in.
	Browser string
	// Binding says where the session may be used from, in the words of package session; "" for anywhere.
	Binding string
}

// FlowRun is a stored plan: one run of a flow in one browser.
type FlowRun struct {
	// ID is derived from the browser, the flow and the query, so that each tab has its own run.
	ID      string
	Browser string
	Flow    FlowID
	Plan    []byte
	// Revision counts the writes: a run is advanced by a conditional write on it, so that one answer is taken once.
	Revision int64
	Expires  time.Time
}

// SourceRequest is a browser on its way to a source and back. It is found by the hash of the OAuth state (RFC 6749 section 10.12).
type SourceRequest struct {
	StateHash string
	Browser   string
	Source    SourceID
	// Next is where the person goes afterwards: a path on our origin.
	Next string
	// Locale is the reader's language when they left.
	Locale string
	// Keep is what the source type wants back, sealed (a PKCE verifier, a nonce).
	Keep    Sealed
	Created time.Time
	Expires time.Time
	// Outcome is where the first callback sent the browser: a second hit goes there too.
	Outcome    string
	ConsumedAt *time.Time
}

// SourceTrial is an administrator's browser on its way to a source and back, to see what a sign-in would come to. Nobody is signed in by it.
type SourceTrial struct {
	ID     string
	Source SourceID
	// User is the administrator, Session the one that it was begun in: nobody else may see the result.
	User    UserID
	Session SessionID
	Created time.Time
	Expires time.Time
	// Result is what it came to, sealed; "" as long as the browser has not come back.
	Result Sealed
}

// OneTimeLink signs in once without any source: the set-up and the rescue link.
type OneTimeLink struct {
	TokenHash string
	Purpose   string
	User      UserID
	Expires   time.Time
}
