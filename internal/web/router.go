package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/go-chi/chi/v5"
)

// Options is what a router needs. Public and Log must be there.
type Options struct {
	Public         *url.URL // the public address
	TrustedProxies []netip.Prefix
	Log            *slog.Logger
	Metrics        *Metrics // nil measures nothing
	// Answer draws the answers that the router gives itself (404, 413, 500, ...). Nil is the package's own Answer.
	Answer Answerer
	// BodyLimit gives the most bytes that a request's body may have. Nil is DefaultBodyLimit for all.
	BodyLimit func(*http.Request) int64
}

// NewRouter makes a router whose every request passes the middleware that the package comment lists.
func NewRouter(o Options) chi.Router {
	answer := o.Answer
	if answer == nil {
		answer = Answer
	}
	https := o.Public.Scheme == "https"
	r := chi.NewRouter()
	r.Use(
		identify(o.TrustedProxies, newLanguages(NewCookies(o.Public))),
		observe(o.Log, o.Metrics, answer),
		secure(https),
		sane(o.BodyLimit, answer),
	)
	r.NotFound(func(w http.ResponseWriter, r *http.Request) { answer(w, r, http.StatusNotFound) })
	r.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) { answer(w, r, http.StatusMethodNotAllowed) })
	return r
}
