package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/web"
)

func TestPolicyAdditions(t *testing.T) {
	t.Parallel()
	strict := web.StrictPolicy()
	p := strict.With("form-action", "https://app.example", "https://app.example").With("img-src", "https:").
		With("frame-src", "https://x.example").With("default-src", "'self'").
		With("style-src", "x; script-src *", "a b", "a,b", "", "\n")
	w := httptest.NewRecorder()
	p.Set(w)
	want := "default-src 'self'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self' https://app.example; " +
		"frame-ancestors 'none'; img-src 'self' data: https:; manifest-src 'self'; script-src 'self'; style-src 'self'; frame-src https://x.example"
	if got := w.Header().Get("Content-Security-Policy"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if strings.Contains(strict.String(), "app.example") || strict.String() != web.StrictPolicy().String() {
		t.Error("an addition changed the policy it was made from")
	}
}

func TestSourceOf(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, give, want string }{
		{"a web address", "https://app.example:8443/cb?x=1#y", "https://app.example:8443"},
		{"a user is left out", "https://me:pw@app.example/cb", "https://app.example"},
		{"a loopback address", "http://127.0.0.1:3000/cb", "http://127.0.0.1:3000"},
		{"an IPv6 address", "http://[::1]:3000/cb", "http:"},
		{"an app's own scheme", "com.example.app:/cb", "com.example.app:"},
		{"a script", "javascript:alert(1)", ""},
		{"content", "data:text/html,x", ""},
		{"a path", "/cb", ""},
		{"any host", "https://*.example/", ""},
		{"no host", "https:///x", ""},
		{"another directive", "https://a;script-src/", ""},
		{"rubbish", "::", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := web.SourceOf(tt.give); got != tt.want || ok != (tt.want != "") {
				t.Errorf("got %q, %v; want %q", got, ok, tt.want)
			}
		})
	}
}
