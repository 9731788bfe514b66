package app_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// What strangers begin and what they are refused is written down, so how often one address may do so is bounded. Who is signed in is not a stranger.
func TestStrangersCannotFillTheDatabase(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_RATE_LIMIT=0.1"}}) // three at once, then one in ten seconds
	h.AddWeChat("wechat", apptest.WeChat{})
	for _, address := range []string{
		"/source/oauth/callback/wechat/?state=x", "/source/oauth/login/wechat/", "/application/o/authorize/?client_id=nobody", "/if/flow/default-authentication-flow/",
	} {
		stranger := h.Browser("en")
		for range 4 {
			stranger.Step(http.MethodGet, address, nil)
		}
		before := h.Database.Rows()
		p := stranger.Step(http.MethodGet, address, nil)
		if p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" {
			t.Errorf("%s: status %d, Retry-After %q", address, p.Status, p.Header.Get("Retry-After"))
		}
		if diff := cmp.Diff(before, h.Database.Rows()); diff != "" {
			t.Errorf("%s: a refused stranger left something: %s", address, diff)
		}
	}
}
