package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

const someCode = "code=0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P"

// stateOf gives the query "state=..." of an address.
func stateOf(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return "state=" + u.Query().Get("state")
}

// TestACallbackThatBelongsToNoSignInOfThisBrowserIsRefused is RFC 6749 section 10.12 and RFC 9700 section 4.7: the state is the only defence that WeChat offers.
func TestACallbackThatBelongsToNoSignInOfThisBrowserIsRefused(t *testing.T) {
	t.Parallel()
	notAsked := func(s *scene) {
		if n := calls(s.House, wechatsim.EndpointAccessToken); n != 0 {
			s.t.Errorf("WeChat was asked %d times", n)
		}
	}
	refuse(t, []refusal{
		{"the state is missing", "source.state_missing", func(s *scene) *apptest.Page {
			s.WeChat.ClearCalls()
			return s.Get(callback + "?" + someCode)
		}, notAsked},
		{"there is neither state nor code", "source.state_missing", func(s *scene) *apptest.Page { return s.Get(callback) }, nil},
		{"the state is unknown", "source.state_unknown", func(s *scene) *apptest.Page {
			s.leave()
			s.WeChat.ClearCalls()
			return s.Get(callback + "?" + someCode + "&state=" + strings.Repeat("0123456789abcdef", 2))
		}, notAsked},
		{"the state is of no shape that we give", "source.state_unknown", func(s *scene) *apptest.Page {
			return s.Get(callback + "?" + someCode + "&state=" + url.QueryEscape("'; DROP TABLE users; --"))
		}, nil},
		{"the state was used, and that sign-in was refused", "source.state_used", func(s *scene) *apptest.Page {
			to := s.leave()
			first := s.Get(callback + "?" + stateOf(s.t, to))
			s.Refused(first, "wechat.no_code")
			s.WeChat.ClearCalls()
			return s.Get(to)
		}, notAsked},
		{"the state has expired", "source.state_expired", func(s *scene) *apptest.Page {
			to := s.leave()
			s.Database.Exec("UPDATE source_requests SET expires = created")
			s.WeChat.ClearCalls()
			return s.Get(to)
		}, notAsked},
		{"the state is of another browser", "source.other_browser", func(s *scene) *apptest.Page {
			victim := s.House.Browser(s.Lang)
			s.WeChat.ClearCalls()
			to := s.leave()
			p := victim.Get(to)
			if p.SupportCode() == "" || s.EventsWhere("support_code", p.SupportCode())[0].Action != model.ActionSuspiciousRequest {
				s.t.Error("it is not recorded as a suspicious request")
			}
			return p
		}, notAsked},
		{"the state is of another source", "source.other_source", func(s *scene) *apptest.Page {
			s.WeChat.ClearCalls()
			return s.Get(strings.Replace(s.leave(), "/wechat/", "/other/", 1))
		}, notAsked},
		{"the person did not confirm, and WeChat sends the browser back without a code", "wechat.no_code", func(s *scene) *apptest.Page {
			s.behave(func(b *wechatsim.Behaviour) { b.Cancel = wechatsim.CancelRedirect })
			s.WeChat.ClearCalls()
			return s.Get(callback + "?" + stateOf(s.t, s.Depart(login)))
		}, notAsked},
		{"the code is longer than any of WeChat's", "wechat.code_too_long", func(s *scene) *apptest.Page {
			return s.Get(callback + "?" + stateOf(s.t, s.Depart(login)) + "&code=" + strings.Repeat("a", 1000))
		}, nil},
		{"a parameter has ten kilobytes", "source.too_long", func(s *scene) *apptest.Page {
			return s.Get(callback + "?" + stateOf(s.t, s.Depart(login)) + "&" + someCode + "&x=" + strings.Repeat("a", 10_000))
		}, nil},
		{"the code comes twice in one callback", "wechat.code_malformed", func(s *scene) *apptest.Page {
			return s.Get(s.leave() + "&" + someCode)
		}, nil},
		{"it is posted", "source.callback_post", func(s *scene) *apptest.Page {
			to, _ := url.Parse(s.leave())
			return s.Post(callback, to.Query())
		}, nil},
	})
}

func TestAParameterOfAHundredKilobytesIsRefusedBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		b := h.Browser("zh-CN")
		state := stateOf(t, b.Depart(login))
		before := h.Database.Rows()
		long := strings.Repeat("a", 100<<10)
		for _, address := range []string{
			callback + "?state=" + long, callback + "?" + state + "&code=" + long, callback + "?" + someCode + "&" + state + "&x=" + long, login + "?next=/" + long,
			login + "?login_hint=" + long, "/if/flow/default-authentication-flow/?next=/" + long, callback + long,
		} {
			h.Forget()
			p := b.Get(address)
			if p.Status != http.StatusRequestURITooLong || p.Heading() == "" || p.Lang() == "en" {
				t.Errorf("%.60s: %s", address, p)
			}
			if n := h.Exchanges()[0].Statements; n != 0 {
				t.Errorf("%.60s cost %d statements", address, n)
			}
		}
		form := url.Values{"uid_field": {long}}
		if p := b.Post("/if/flow/default-authentication-flow/", form); p.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("a form of 100 kB: %s", p)
		}
		if diff := cmp.Diff(before, h.Database.Rows()); diff != "" {
			t.Errorf("something was written:\n%s", diff)
		}
	})
}

func TestACallbackThatIsRepeatedLeadsOnAndIsExchangedOnce(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		b := h.Browser("en")
		to := b.Confirm(b.Depart(login+"?next=/if/user/"), "alice")
		first, second := b.Step(http.MethodGet, to, nil), b.Step(http.MethodGet, to, nil)
		if first.To == "" || first.To != second.To {
			t.Errorf("the first leads to %q, the second to %q", first.To, second.To)
		}
		if n := calls(h, wechatsim.EndpointAccessToken); n != 1 {
			t.Errorf("WeChat was asked %d times, want once", n)
		}
		if !b.SignedIn() || h.Database.Count("sessions") != 1 {
			t.Errorf("signed in %v with %d sessions", b.SignedIn(), h.Database.Count("sessions"))
		}
	})
}

// TestCallbacksAtTheSameMomentAreExchangedOnce is for WeChat's own browser, which has been seen to ask twice.
func TestCallbacksAtTheSameMomentAreExchangedOnce(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		for range 3 {
			b := h.Browser("en")
			to := b.Confirm(b.Depart(login), h.Person("Both").ID)
			h.WeChat.ClearCalls()
			sessions := h.Database.Count("sessions")
			var all sync.WaitGroup
			pages := make([]*apptest.Page, 4)
			for i := range pages {
				all.Go(func() { pages[i], _ = b.Try(http.MethodGet, to, nil) })
			}
			all.Wait()
			for _, p := range pages {
				if p == nil || p.Status != http.StatusSeeOther || p.To != pages[0].To {
					t.Errorf("one of the callbacks came to %v", p)
				}
			}
			if n := calls(h, wechatsim.EndpointAccessToken); n != 1 {
				t.Errorf("WeChat was asked %d times, want once", n)
			}
			if n := h.Database.Count("sessions") - sessions; n != 1 || !b.SignedIn() {
				t.Errorf("%d sessions, signed in %v", n, b.SignedIn())
			}
		}
	})
}

func TestTabsOfOneBrowserDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		wechat := h.AddWeChat("wechat", apptest.WeChat{})
		shop, blog := h.AddClient("shop", nil), h.AddClient("blog", nil)
		b := h.Browser("en")
		atShop, one := shop.Begin()
		atBlog, two := blog.Begin()
		first, second := b.Get(one), b.Get(two)
		toSecond := b.Confirm(b.Depart(second.Link("/source/oauth/")), "alice")
		toFirst := b.Confirm(b.Depart(first.Link("/source/oauth/")), "alice")
		blogTokens := atBlog.Finish(b.Get(toSecond))
		shopTokens := atShop.Finish(b.Get(toFirst))
		if blogTokens.Claims["sub"] == "" || shopTokens.Claims["sub"] != blogTokens.Claims["sub"] {
			t.Error("the tabs came to different people")
		}
		if h.Owner("alice", wechat) == nil || h.Database.Count("connections") != 1 {
			t.Errorf("%d connections, want 1", h.Database.Count("connections"))
		}
	})
}

// TestAPostedCallbackSpendsNothing lets the genuine one go on.
func TestAPostedCallbackSpendsNothing(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	b := h.Browser("en")
	to := b.Confirm(b.Depart(login), "alice")
	u, _ := url.Parse(to)
	h.Refused(b.Post(callback, u.Query()), "source.callback_post")
	evil := h.Browser("en")
	evil.Header.Set("Sec-Fetch-Site", "cross-site")
	if p := evil.Step(http.MethodPost, callback, nil); p.Status != http.StatusForbidden {
		t.Errorf("posted by another site: %s", p)
	}
	b.Get(to)
	if !b.SignedIn() {
		t.Error("the genuine callback does not sign in any more")
	}
}
