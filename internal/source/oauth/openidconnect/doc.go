// Package openidconnect is the source type for any OpenID Connect provider (OpenID Connect Core 1.0, authorization code flow).
//
//	type.go      the type, the driver: state and PKCE from oauth.CodeFlow, nonce, ID token, userinfo
//	discovery.go the provider's addresses and keys, from its discovery document or from the settings
//	keys.go      the keys that a provider publishes
//	kept.go      keeping what a provider publishes
//	verify.go    what an ID token must prove
//
// The provider is known by its discovery document, fetched when it is needed and kept for an hour, or by addresses and keys in the settings. Addresses in the settings win
// over those of the document.
//
// Without a document nothing says which issuer to expect; then it must be of the same origin as the authorization address.
package openidconnect
