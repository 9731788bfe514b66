package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/web"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

const (
	login    = "/source/oauth/login/wechat/"
	callback = "/source/oauth/callback/wechat/"
)

// scene is one person with one browser, who is about to be refused.
type scene struct {
	t *testing.T
	*apptest.House
	*apptest.Browser
	wechat wechatsim.App
	person string
	before map[string]int
}

// mark says that what is in the database now is not the refused request's doing.
func (s *scene) mark() { s.before = s.Database.Rows() }

// leave goes to WeChat and confirms there; the address of the callback is given.
func (s *scene) leave() string {
	s.t.Helper()
	return s.Confirm(s.Depart(login), s.person)
}

// behave changes how WeChat behaves until the scene ends.
func (s *scene) behave(change func(*wechatsim.Behaviour)) {
	s.t.Helper()
	was := s.WeChat.Behaviour()
	if err := s.WeChat.SetBehaviour(change); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.WeChat.SetBehaviour(func(b *wechatsim.Behaviour) { *b = was }) })
}

// fault makes the next calls of an endpoint fail, and the callback meets that.
func (s *scene) fault(at wechatsim.Endpoint, f wechatsim.Fault, times int) *apptest.Page {
	s.t.Helper()
	to := s.leave()
	if err := s.WeChat.SetFault(at, f, times); err != nil {
		s.t.Fatal(err)
	}
	s.WeChat.ClearCalls()
	s.t.Cleanup(s.WeChat.ClearFaults)
	return s.Get(to)
}

// calls counts the calls of an endpoint.
func calls(h *apptest.House, at wechatsim.Endpoint) int {
	n := 0
	for _, c := range h.WeChat.Calls() {
		if c.Endpoint == at {
			n++
		}
	}
	return n
}

// refusal is a way to be refused.
type refusal struct {
	name   string
	reason string
	// do gives the refusing page.
	do func(s *scene) *apptest.Page
	// then looks at what else must be true; may be nil.
	then func(s *scene)
}

// hastyClient is the product's own client for calls to WeChat with less patience.
func hastyClient() *http.Client {
	c := web.NewClient()
	c.Timeout = time.Second
	return c
}

// refuse plays the scenes on both databases and in both languages. Each must end with a page that explains itself and is no fault of ours, an event that names the
// cause, and nothing written.
func refuse(t *testing.T, scenes []refusal) {
	t.Helper()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres, Client: hastyClient()})
		wechat := h.AddWeChat("wechat", apptest.WeChat{})
		h.AddWeChat("other", apptest.WeChat{})
		for _, scene := range scenes {
			t.Run(scene.name, func(t *testing.T) {
				for _, lang := range []string{"en", "zh-CN"} {
					t.Run(lang, func(t *testing.T) { play(t, h, wechat, scene, lang) })
				}
			})
		}
		for _, x := range h.Exchanges() {
			if x.Status >= 500 {
				t.Errorf("%s %s was answered with status %d", x.Method, x.Path, x.Status)
			}
		}
	})
}

func play(t *testing.T, h *apptest.House, wechat wechatsim.App, r refusal, lang string) {
	t.Helper()
	h.Within(t)
	s := &scene{t: t, House: h, Browser: h.Browser(lang), wechat: wechat, person: h.Person("Li Lei").ID}
	s.mark()
	page := r.do(s)
	h.Refused(page, r.reason)
	if diff := cmp.Diff(s.before, h.Database.Rows()); diff != "" {
		t.Errorf("something was written (-before +after):\n%s", diff)
	}
	if want := map[string]string{"en": "en", "zh-CN": "zh"}[lang]; !strings.HasPrefix(page.Lang(), want) {
		t.Errorf("the page is written in %q, want %q", page.Lang(), want)
	}
	if page.Header.Get("Referrer-Policy") == "" || !strings.Contains(page.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("the page may leak its address: Referrer-Policy %q, Cache-Control %q", page.Header.Get("Referrer-Policy"), page.Header.Get("Cache-Control"))
	}
	if r.then != nil {
		r.then(s)
	}
}
