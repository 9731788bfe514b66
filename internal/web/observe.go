package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// observe logs and measures each request, and turns a panic into status 500.
//
// The access log is at debug level: who did what is an event, and a failure is logged by whoever answers it. It names the route's pattern,
// never the URL: paths and queries hold codes and states.
func observe(log *slog.Logger, metrics *Metrics, answer Answerer) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			defer func() {
				took := time.Since(start)
				route := routeOf(r)
				if metrics != nil {
					metrics.observe(r.Method, route, statusOf(ww), took)
				}
				if !log.Enabled(r.Context(), slog.LevelDebug) {
					return
				}
				log.LogAttrs(r.Context(), slog.LevelDebug, "request",
					slog.String("method", methodOf(r.Method)),
					slog.String("route", route),
					slog.Int("status", statusOf(ww)),
					slog.Int("bytes", ww.BytesWritten()),
					slog.Float64("ms", float64(took.Microseconds())/1000),
					slog.String("request_id", RequestID(r.Context())),
					slog.String("client_ip", ClientOf(r.Context()).IP.String()))
			}()
			defer rescue(log, answer, ww, r)
			next.ServeHTTP(ww, r)
		})
	}
}

// rescue answers for a handler that panicked. Where the answer had begun, the connection is cut, so that half an answer is not taken for
// a whole one.
func rescue(log *slog.Logger, answer Answerer, w middleware.WrapResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
		panic(v) //nolint:forbidigo // what net/http does with it
	}
	log.ErrorContext(r.Context(), "handler panicked", "err", fmt.Sprint(v), "method", methodOf(r.Method), "route", routeOf(r),
		"request_id", RequestID(r.Context()), "stack", string(debug.Stack()))
	if w.Status() != 0 {
		panic(http.ErrAbortHandler) //nolint:forbidigo // the only way to cut an answer off
	}
	for _, name := range []string{"Content-Length", "Content-Type", "Content-Encoding", "ETag", "Last-Modified", "Location"} {
		w.Header().Del(name)
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, r, http.StatusInternalServerError)
}

// routeOf gives the pattern that the request matched, a bounded set.
func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil {
		if pattern := c.RoutePattern(); pattern != "" {
			return pattern
		}
	}
	return "unmatched"
}

// methodOf gives the method where it is one of the standard's, so that nobody can make up labels and log entries.
func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// statusOf gives the status sent. A handler that returns without a word has sent 200.
func statusOf(w middleware.WrapResponseWriter) int {
	if status := w.Status(); status != 0 {
		return status
	}
	return http.StatusOK
}
