package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/web"
)

// RFC 9700, section 4.11: an authorization server must not be an open redirector.
func TestNextNeverLeavesOurOrigin(t *testing.T) {
	t.Parallel()
	disguises := []string{
		"", "evil.example", "evil.example/path", "./x", "../x", "?x=1", "#x", "x",
		"//evil.example", "///evil.example", "////evil.example", "//evil.example@id.example.com", "//id.example.com",
		`/\evil.example`, `\\evil.example`, `\/evil.example`, `/\/evil.example`, `/x\..\\evil.example`, `https:\\evil.example`,
		"https://evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example", "http://id.example.com/", "ftp://id.example.com/",
		"HTTPS://EVIL.EXAMPLE", "https://id.example.com.evil.example/", "https://id.example.com@evil.example/", "https://me:pw@id.example.com/",
		"https://@id.example.com/", "https://id.example.com:8443/", "https://id.example.com%2eevil.example/", "https://id.example.com%00.evil.example/",
		"https://id.example.com\\.evil.example/", "https://id.example.com//evil.example", "https://id.example.com/%2f%2fevil.example",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)", "javascript://id.example.com/%0aalert(1)",
		"data:text/html,x", "blob:https://id.example.com/x", "vbscript:x", "mailto:a@b", "tel:1", "view-source:/x",
		"/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", " /x", "/x ", "/ /evil.example", "/x\x00", "/\x7f/evil.example",
		"/%2fevil.example", "/%2Fevil.example", "%2f%2fevil.example", "/%5cevil.example", "/%5Cevil.example", "/%09/evil.example", "/%0d%0aLocation:x", "/%00",
		"/%252fevil.example", "/%25252fevil.example", "/%2525252fevil.example", "/%252525252fevil.example", "/x%2f%2fevil.example",
		"/.//evil.example", "/..//evil.example", "/x/..//evil.example", "/%2e%2e//evil.example", "/%2e/%2fevil.example", "/a/%2e%2e/%2e%2e/b", "/../x", "/./x",
		"/／evil.example", "／／evil.example", "/%ef%bc%8fevil.example", "/%e2%88%95evil.example", "/%e2%81%84evil.example", "/\u2028/evil.example",
		"/%e2%80%8b/evil.example", "/%c2%85/evil.example", "/%ff", "/%c0%afevil.example", "/%zz", "/%", "https://[::1", "https://id.example.com:/", "://x", ":/x",
		"/" + strings.Repeat("a", 17<<10),
	}
	public, _ := url.Parse("https://id.example.com")
	for _, raw := range disguises {
		if got, ok := web.SafeNext(public, raw); ok || got != "" {
			t.Errorf("%q was accepted as %q", raw, got)
		}
	}
	t.Logf("%d disguises", len(disguises))
}

func TestNextOnOurOriginIsKept(t *testing.T) {
	t.Parallel()
	public, _ := url.Parse("https://id.example.com")
	tests := []struct{ name, give, want string }{
		{"the root", "/", "/"},
		{"a path", "/if/user/", "/if/user/"},
		{"a query that holds another address", "/application/o/authorize/?redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=openid+email", "/application/o/authorize/?redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=openid+email"},
		{"a query that holds another address in clear", "/x?next=https://app.example//cb", "/x?next=https://app.example//cb"},
		{"a fragment", "/if/user/#/settings;page=1", "/if/user/#/settings;page=1"},
		{"a Chinese name, encoded", "/u/%E5%BC%A0%E4%B8%89/", "/u/%E5%BC%A0%E4%B8%89/"},
		{"a space, encoded", "/a%20b", "/a%20b"},
		{"a colon and an at sign in a path", "/a:b@c", "/a:b@c"},
		{"our own origin", "https://id.example.com/if/user/?x=1#y", "/if/user/?x=1#y"},
		{"our own origin in capitals", "HTTPS://ID.example.com/x", "/x"},
		{"our own origin without a path", "https://id.example.com", "/"},
		{"our own origin with a query only", "https://id.example.com?x=1", "/?x=1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := web.SafeNext(public, tt.give); !ok || got != tt.want {
				t.Errorf("got %q, %v; want %q", got, ok, tt.want)
			}
		})
	}
}

// FuzzNext checks with net/url what browsers would make of it.
func FuzzNext(f *testing.F) {
	public, _ := url.Parse("https://id.example.com")
	f.Add("/x?y#z")
	f.Add("//evil")
	f.Add("https://id.example.com/%2f")
	f.Fuzz(func(t *testing.T, raw string) {
		next, ok := web.SafeNext(public, raw)
		if !ok {
			return
		}
		u, err := public.Parse(next)
		if err != nil || u.Host != public.Host || u.Scheme != public.Scheme || u.User != nil {
			t.Fatalf("%q became %q, which leads to %v (%v)", raw, next, u, err)
		}
		if next[0] != '/' || len(next) > 1 && (next[1] == '/' || next[1] == '\\') {
			t.Fatalf("%q became %q", raw, next)
		}
		if again, ok := web.SafeNext(public, next); !ok || again != next {
			t.Fatalf("%q became %q, then %q, %v", raw, next, again, ok)
		}
	})
}
