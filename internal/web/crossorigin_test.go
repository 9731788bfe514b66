package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/weimen-id/weimen/internal/web"
)

func TestCrossOriginRequestsThatChangeSomethingAreRefused(t *testing.T) {
	t.Parallel()
	public, _ := url.Parse("https://id.example.com")
	protect, err := web.CrossOrigin(public, web.Answer, "/application/o/token/")
	if err != nil {
		t.Fatal(err)
	}
	h := protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	tests := []struct {
		name, method, path, site, origin string
		want                             int
	}{
		{"our own form", "POST", "/if/flow/x/", "same-origin", "https://id.example.com", 200},
		{"our own form behind a proxy that changes the host", "POST", "/if/flow/x/", "", "https://id.example.com", 200},
		{"another site's form", "POST", "/if/flow/x/", "cross-site", "https://evil.example", 403},
		{"a sibling domain's form", "POST", "/if/flow/x/", "same-site", "https://www.example.com", 403},
		{"another site's form in an old browser", "POST", "/if/flow/x/", "", "https://evil.example", 403},
		{"a form without an origin to show", "POST", "/if/flow/x/", "", "null", 403},
		{"our own name without encryption", "POST", "/if/flow/x/", "cross-site", "http://id.example.com", 403},
		{"another site's link", "GET", "/if/flow/x/", "cross-site", "", 200},
		{"a program", "POST", "/api/v3/x/", "", "", 200},
		{"an endpoint let through", "POST", "/application/o/token/", "cross-site", "https://app.example", 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, "http://weimen.internal:9000"+tt.path, nil)
			if tt.site != "" {
				r.Header.Set("Sec-Fetch-Site", tt.site)
			}
			if tt.origin != "" {
				r.Header.Set("Origin", tt.origin)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("got %d, want %d", w.Code, tt.want)
			}
		})
	}
}
