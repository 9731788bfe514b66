// Package oauth2 is the provider that speaks OAuth 2.0 and OpenID Connect.
//
// All endpoints lie under /application/o/:
//
//	authorize/                          who are you, and may you?       authorize.go → request.go, interact.go → issue.go → respond.go
//	token/                              grants become tokens            token.go → grant_code.go, grant_refresh.go, grant_client.go
//	userinfo/ introspect/ revoke/       what a token says, and its end  userinfo.go introspect.go revoke.go
//	<application>/end-session/          signing out                     endsession.go
//	<application>/.well-known/openid-configuration, <application>/jwks/ ready bytes                             discovery.go
//
// An authorization, from the browser's side:
//
//	request ─ client? redirect URI? ── no: a page; nothing is sent anywhere ─────────────────────────────┐
//	   │ yes: from here on errors go to the client                                                       │
//	signed in? ── no: the authentication flow, and back here ── prompt=none: login_required              │
//	   │                                                                                                 │
//	long enough ago (prompt=login, max_age)? ── the authentication flow once more, and back with a marker │
//	   │                                                                                                 │
//	may this person use the application (policies)? ── no ───────────────────────────────────────────────┤
//	   │                                                                                                 │
//	authorization flow (+ consent) + the stage that issues the code ── redirect with the code        refusal
//
// Invariants:
//
//   - Nothing is redirected to an address that is not registered (RFC 9700 section 4.1).
//   - Codes, access and refresh tokens are random, stored by SHA-256 only, and codes and refresh tokens are used up by one conditional write. What a used one is
//     presented for a second time revokes all that came of its grant (RFC 6749 section 4.1.2, RFC 9700 section 4.14.2).
//   - Access tokens are opaque unless the provider says otherwise: see docs/adr.
//   - What configuration decides is worked out once for each snapshot: clients with their signers, keys, documents, patterns and mappings. See client.go.
//
// The package leaves pages and cookies to [Pages], signing in to flows, and claims to property mappings.
package oauth2
