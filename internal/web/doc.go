// Package web is what every page and endpoint stands on: the router with its middleware, cookies, the server, and the client for calls to
// others. It knows nothing of sign-in.
//
// [NewRouter] wraps each request, from the outside in:
//
//	who asks     request id, client address (believing trusted proxies only), language      request.go client.go language.go
//	observe      access log, metrics, recovery from a panic                                 observe.go metrics.go
//	headers      Content-Security-Policy and the others                                     headers.go policy.go
//	sanity       length of the URL, its bytes, size of the body                             sanity.go
//
// Mounted where they belong, not everywhere: [CrossOrigin] on whatever acts by cookie, [Limiter] on what costs or can be guessed.
//
// Nothing here logs or measures a query, a cookie or a body: they hold codes, states and tokens.
package web
