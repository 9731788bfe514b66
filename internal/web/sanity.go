package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

const (
	// DefaultBodyLimit is the most bytes that a request's body may have where nothing else is said.
	DefaultBodyLimit = 64 << 10
	// longestURL leaves room for an authorization request with an id_token_hint, and none for mischief.
	longestURL = 32 << 10
)

// sane refuses what no handler should have to think about: a URL that is too long (414) or holds bytes that no database stores (400), and a
// body that is too large (413).
func sane(limit func(*http.Request) int64, answer Answerer) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			most := int64(DefaultBodyLimit)
			if limit != nil {
				most = limit(r)
			}
			switch {
			case len(r.URL.RawQuery)+len(r.URL.Path) > longestURL:
				answer(w, r, http.StatusRequestURITooLong)
			case !storable(r.URL.Path) || !storableQuery(r.URL.RawQuery):
				answer(w, r, http.StatusBadRequest)
			case r.ContentLength > most:
				w.Header().Set("Connection", "close") // rather than read it all to reach the next request
				answer(w, r, http.StatusRequestEntityTooLarge)
			default:
				if r.Body != nil && r.Body != http.NoBody {
					r.Body = http.MaxBytesReader(w, r.Body, most)
				}
				next.ServeHTTP(w, r)
			}
		})
	}
}

// storable reports whether both databases can hold the text: PostgreSQL takes neither NUL nor broken UTF-8, and would make an internal
// error of a request that is merely wrong.
func storable(text string) bool {
	return utf8.ValidString(text) && !strings.Contains(text, "\x00")
}

func storableQuery(raw string) bool {
	if !strings.Contains(raw, "%") {
		return storable(raw)
	}
	for pair := range strings.SplitSeq(raw, "&") {
		text, err := url.QueryUnescape(pair)
		// A pair with a broken escape is dropped when the query is parsed, so that nobody stores it.
		if err == nil && !storable(text) {
			return false
		}
	}
	return true
}
