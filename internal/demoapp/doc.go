// Package demoapp is the application of `weimen demo`: an ordinary OpenID Connect client, as any engineer would write one.
//
// It knows nothing of Weimen but an issuer, a client id and a client secret, and would work the same with any other provider. Read it as an example:
//
//	login.go     off to the provider: state, nonce and PKCE, kept in a cookie; and back: code to tokens, tokens verified
//	logout.go    signing out here and at the provider (OpenID Connect RP-Initiated Logout 1.0)
//	provider.go  the provider's addresses and keys, from its discovery document
//	session.go   who is signed in here, in memory
//	page.go      what people see; claims.go and texts.go fill it
//
// The routes are /, /login, /callback and, by POST, /logout. The provider must allow Options.BaseURL + CallbackPath as redirect URI and Options.BaseURL + "/"
// as the address to come back to after signing out, and it must sign ID tokens with a key (RS256, ES256), not with the client secret.
//
// The package stands beside the house: it imports nothing of ours, so that it cannot lean on anything an application elsewhere would not have.
package demoapp
