// Package source lets people sign in with an account held elsewhere.
//
// A source's driver sends a browser away ([Driver.Begin]) and makes an [Account] of what comes back ([Driver.Finish]). This package does the rest, alike for all:
//
//	callback ── consume the request (state) ── Finish ── property mappings ── resolve identity ── decide ── act
//
//	mappings  what the account makes of a user, and which groups        properties.go
//	resolve   who, if anyone, do these identifiers belong to            identity.go, a pure function
//	decide    authenticate, link, enroll or deny                        match.go, a pure function; candidate.go gathers what it needs
//	act       plan the source's authentication or enrollment flow and   return.go
//	          let package flow run it; or connect a signed-in person
//
// Before a flow is run the policies of the source judge, with all that is known by then (policies.go). After it, in the same transaction, the account is connected (connect.go),
// fields of a known person follow the source by its rules (refresh.go), and so do the groups (groups.go).
//
// A person who is sent here in the middle of another flow comes back to the run that waits for them (resume.go). Whose account it may be is decided by midway.go, a pure
// function; the source's own flow then runs in the place of the step that waited.
//
// An account has typed identifiers. For WeChat they are the openid, one per AppID, and the unionid, one per Open Platform account; a connection keeps both, so
// that an app which is bound to an account later leads to the same person. A nickname is never an identifier.
//
// The kinds of source are the packages below this one.
package source
