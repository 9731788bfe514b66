package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/netip"
	"sync"
)

// request is what the router found out about a request.
type request struct {
	id     string
	client Client
	locale func() string
	// wish is the language that the person who is signed in has chosen.
	wish string
}

type requestKey struct{}

// nobody stands for a request that did not come through the router, as in tests.
func nobody() *request { return &request{locale: func() string { return English }} }

func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return nobody()
}

// RequestID gives the id that the answer bears as X-Request-Id and the log as request_id.
func RequestID(ctx context.Context) string { return requestOf(ctx).id }

// ClientOf gives who asks, as far as the network tells.
func ClientOf(ctx context.Context) Client { return requestOf(ctx).client }

// Locale gives the reader's language, "en" or "zh".
func Locale(ctx context.Context) string { return requestOf(ctx).locale() }

// PreferLocale says what the person who is signed in has chosen once and for all. What they choose in this browser goes before it.
func PreferLocale(ctx context.Context, locale string) {
	if locale == English || locale == Chinese {
		requestOf(ctx).wish = locale
	}
}

// identify puts into the context who asks, and answers the request's id.
func identify(trusted []netip.Prefix, languages *languages) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			who := &request{}
			var throughProxy bool
			who.client, throughProxy = clientOf(r, trusted)
			if id := r.Header.Get("X-Request-Id"); throughProxy && plausibleID(id) {
				who.id = id
			} else {
				who.id = newRequestID()
			}
			picked := sync.OnceValue(func() choice { return languages.pick(r) }) // most requests never ask
			who.locale = func() string {
				c := picked()
				if who.wish != "" && !c.made {
					return who.wish
				}
				return c.locale
			}
			languages.remember(w, r)
			w.Header().Set("X-Request-Id", who.id)
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, who)))
		})
	}
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// plausibleID accepts the ids that proxies make and nothing that could disturb a log or a header.
func plausibleID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return true
}
