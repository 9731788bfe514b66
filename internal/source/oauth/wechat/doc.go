// Package wechat is the source type for signing in with WeChat (微信) as a website application (网站应用) of the Open Platform.
//
//	browser ── open.weixin.qq.com/connect/qrconnect ── scan, confirm ── callback with code and state
//	server  ── api.weixin.qq.com/sns/oauth2/access_token ── openid, perhaps unionid, a token
//	server  ── api.weixin.qq.com/sns/userinfo ── nickname, avatar, perhaps unionid
//
// It is OAuth 2.0 in outline only: appid and secret instead of client_id and client_secret, everything in the query of a GET, no PKCE, no nonce, no redirect_uri in the
// exchange, errors with HTTP status 200, JSON as text/plain. So nothing of oauth.CodeFlow is used. The state is the only defence against a code that is not the browser's;
// package source makes and consumes it.
//
//	depart.go   the address that the browser goes to
//	exchange.go code to token
//	userinfo.go token to profile
//	wire.go     WeChat's dialect of JSON: errcode, raw control bytes
//	errors.go   every error code that a sign-in can meet, and whose it is to mend
//	account.go  profile to identifiers and properties
//
// A person has an openid, one per AppID, and perhaps a unionid, one per Open Platform account (开放平台帐号). Both are identifiers; see source for how they are matched. The
// unionid may be missing from either answer, be empty, or begin to appear one day. WeChat gives no e-mail address, and none is invented. The nickname is only shown.
//
// # Whose error it is
//
// Each errcode has a reason of its own, "wechat.<errcode>", which the message catalogue explains. Its model.Code and the detail "mend" tell who can help:
//
//	administrator  CodeInvalid      the settings here or at WeChat: 40125, 40013, 40164, 48001 ...
//	person         CodeExpired      sign in again: 40029, 40163, 42003 ...
//	person         CodeDenied       WeChat does not let this account: 40226, 50001, 50002
//	wait           CodeRateLimited  45009, 45011
//	wechat         CodeUpstream     -1, and faults of the network
//	weimen         CodeUpstream     WeChat did not understand what was sent: 41002 ...
//
// Sources: Tencent's pages on website login (developers.weixin.qq.com/doc/oplatform, "网站应用微信登录开发指南") and on global error codes.
package wechat
