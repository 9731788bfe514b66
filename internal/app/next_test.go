package app_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// disguises are addresses of another origin, as browsers, proxies and parsers have been fooled with.
func disguises(home string) []string {
	host := strings.TrimPrefix(home, "http://")
	return []string{
		"https://evil.example/", "http://evil.example", "//evil.example/", "///evil.example", "////evil.example", `/\evil.example`, `\/evil.example`, `\\evil.example`,
		"/\t/evil.example", "\t//evil.example", " //evil.example", "/\n/evil.example", "/\r/evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http:evil.example", "/%2f/evil.example", "/%2fevil.example", "/%5cevil.example", "/%5Cevil.example",
		"%2f%2fevil.example", "/..//evil.example", "/.//evil.example", "/a/..//evil.example", "/%2e%2e//evil.example", "/%252f%252fevil.example",
		home + "@evil.example/", home + ".evil.example/", "http://evil.example@" + host + "/", "http://" + host + "\\@evil.example", "http://evil.example#" + host,
		"http://evil.example?" + host, "https://" + host + "/", "ftp://" + host + "/", "http://[::1]/", "http://evil%2eexample/", "/\u2215evil.example", "/\uff0fevil.example",
		"//evil\u3002example", "http://ｅvil.example/", "/\u202e//evil.example", "/foo\x00//evil.example", "?next=//evil.example", "evil.example", "./evil.example", "//" + host + "@evil.example",
		"blob:" + home + "/x", "http://0x7f000001/", "/%09/evil.example", "/%0d%0aLocation:%20https://evil.example", "mailto:a@evil.example",
	}
}

// TestNextNeverLeadsToAnotherOrigin is RFC 9700 section 4.11: through the login page, the source's address and the flow's own query.
func TestNextNeverLeadsToAnotherOrigin(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	// through goes to WeChat and back, if the source agrees.
	through := func(b *apptest.Browser, p *apptest.Page) *apptest.Page {
		for _, link := range p.Links() {
			if strings.HasPrefix(link, login) {
				p = b.Step("GET", link, nil)
				break
			}
		}
		if !strings.HasPrefix(p.To, h.WeChatURL) {
			return p
		}
		return b.Get(b.Confirm(p.To, "alice"))
	}
	signedIn := h.Browser("en")
	signedIn.SignIn("wechat", "alice")
	ways := map[string]func(next string) *apptest.Page{
		"the source's address": func(next string) *apptest.Page {
			b := h.Browser("en")
			return through(b, b.Step("GET", login+"?next="+next, nil))
		},
		"the login page": func(next string) *apptest.Page {
			b := h.Browser("en")
			return through(b, b.Get("/flows/-/default/authentication/?next="+next))
		},
		"the flow's query": func(next string) *apptest.Page {
			b := h.Browser("en")
			return through(b, b.Get("/if/flow/default-authentication-flow/?next="+next))
		},
		"the flow's query of a person who is signed in": func(next string) *apptest.Page {
			return signedIn.Get("/if/flow/default-authentication-flow/?next=" + next)
		},
		"the default flow of a person who is signed in": func(next string) *apptest.Page {
			return signedIn.Get("/flows/-/default/authentication/?next=" + next)
		},
		"giving a flow up": func(next string) *apptest.Page {
			return h.Browser("en").Get("/flows/-/cancel/?flow=default-authentication-flow&next=" + next)
		},
		"signing out": func(next string) *apptest.Page {
			return h.Browser("en").Get("/flows/-/default/invalidation/?next=" + next)
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			h.Within(t)
			for _, next := range disguises(h.URL) {
				for _, written := range []string{url.QueryEscape(next), url.QueryEscape(url.QueryEscape(next))} {
					p := way(written)
					if p.Status >= 500 || p.To != "" {
						t.Errorf("next=%q: %s", next, p)
					}
					for _, link := range p.Links() {
						if to, err := p.URL.Parse(link); err == nil && to.Host != "" && to.Scheme+"://"+to.Host != h.URL {
							t.Errorf("next=%q: the page leads to %s", next, link)
						}
					}
				}
			}
		})
	}
	for _, next := range disguises(h.URL)[:6] {
		b := h.Browser("en")
		b.SignIn("wechat", "alice")
		if p := b.Get("/flows/-/default/invalidation/?next=" + url.QueryEscape(next)); p.To != "" {
			t.Errorf("signing out with next=%q leads to %s", next, p.To)
		}
	}
}

// TestANextOfOursIsFollowed is the other half.
func TestANextOfOursIsFollowed(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	for _, next := range []string{"/if/user/?a=b", h.URL + "/if/user/?a=b"} {
		b := h.Browser("en")
		p := b.SignInAt(login+"?next="+url.QueryEscape(next), "alice")
		if p.URL.RequestURI() != "/if/user/?a=b" || p.Status != 200 {
			t.Errorf("next=%s leads to %s", next, p)
		}
	}
}
