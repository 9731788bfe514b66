// Package oauth is the source kind for OAuth upstreams: one kind, whose settings name a [Type].
//
// A type is the variety of an upstream: WeChat, GitHub, a plain OpenID Connect provider. Those with behaviour of their own live in the folders below this one; those
// that differ only in addresses, scopes and claim names are presets, one literal each.
package oauth
