package web

import (
	"fmt"
	"net/http"
	"net/url"
)

// CrossOrigin makes a middleware that refuses, with 403, requests that other sites make browsers send, reading aside. It belongs on whatever acts
// by cookie. The bypass patterns (those of http.ServeMux) are let through: endpoints that authenticate each request by what it carries.
//
// The public address is trusted by name, because behind a proxy the Host that arrives may be another.
func CrossOrigin(public *url.URL, answer Answerer, bypass ...string) (func(http.Handler) http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(public.Scheme + "://" + public.Host); err != nil {
		return nil, fmt.Errorf("cross-origin protection: %w", err)
	}
	for _, pattern := range bypass {
		protection.AddInsecureBypassPattern(pattern)
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(w, r, http.StatusForbidden)
	}))
	return protection.Handler, nil
}
