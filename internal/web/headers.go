package web

import "net/http"

// secure sends the headers that every answer should bear. A handler may change them before it writes: a page its policy, a static file or
// the discovery document its Cache-Control.
func secure(https bool) func(http.Handler) http.Handler {
	headers := [][2]string{
		{policyHeader, StrictPolicy().String()},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		// Not no-referrer: with it browsers send "Origin: null" with our own forms, and older ones are then taken for another site.
		{"Referrer-Policy", "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cache-Control", "no-store"},
	}
	if https {
		headers = append(headers, [2]string{"Strict-Transport-Security", "max-age=31536000"}) // RFC 6797, section 6.1
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			for _, kv := range headers {
				h.Set(kv[0], kv[1])
			}
			next.ServeHTTP(w, r)
		})
	}
}
