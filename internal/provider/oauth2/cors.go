package oauth2

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// open mounts an endpoint that scripts of an application's own pages may call. What they may send is told to every registered origin; the answer itself is given to
// the origins of the client that it is for (see allowOrigin). No cookie is ever taken from there.
func (s *Server) open(r chi.Router, path string, h http.HandlerFunc, methods ...string) {
	for _, method := range methods {
		r.Method(method, path, h)
	}
	r.Options(path, func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		w.Header().Add("Vary", "Origin")
		if origin != "" && s.clients(s.Snapshot()).origins[origin] {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			for _, method := range methods {
				w.Header().Add("Access-Control-Allow-Methods", method)
			}
			w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			w.Header().Set("Access-Control-Max-Age", "600")
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// allowOrigin lets a script of the client's own origin read the answer.
func (c *client) allowOrigin(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" && c.redirects.origins[origin] {
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
}
