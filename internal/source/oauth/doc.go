// Package oauth is the source kind for OAuth upstreams: one kind, whose settings name a [Type].
//
// A type is the variety of an upstream: WeChat, GitHub, a plain OpenID Connect provider. Those with behaviour of their own live in the folders below this one; those
// that differ only in addresses, scopes and claim names are presets, one literal each (presets.go).
//
//	kind.go      Kind: the kind of this shelf; the type is looked up by provider_type
//	config.go    Config: the settings, alike for all types
//	check.go     what is refused when settings are saved
//	type.go      Type: what a variety must bring
//	preset.go    Preset: a type made of one literal
//	codeflow.go  CodeFlow: the authorization code grant with PKCE, for presets and openidconnect
//	upstream.go  Upstream: asking a server, with limits, and without letting secrets into errors
//	mask.go      Mask: hiding secrets in texts that an upstream wrote
//	profile.go   Profile: reading claims; cleaning a display name
//	examine.go   what settings alone tell; inspect.go what the upstream says to a made-up code
//	rehearse.go  Simulator: a sign-in played within the process, over a network in memory (memory.go)
//
// # Errors
//
// What Finish returns is always a *model.Error. Its Reason is "<prefix>.<what>", where the prefix is that of the type's Upstream ("oauth", "wechat"), its Detail is for
// the audit trail. Neither holds the client secret, the code, or a token, whatever the upstream answers: texts of an upstream go through a [Mask], and errors of
// net/http, which print whole URLs, are never wrapped but described.
//
// # What it leaves to others
//
// State is made, bound to the browser and consumed by package source; this package only puts it into the address. Tokens are used once, for the profile, and
// dropped: nothing of them is returned or stored.
package oauth
