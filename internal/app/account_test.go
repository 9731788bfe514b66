package app_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
)

func TestASourceThatIsGoneWhenThePersonComesBackRefuses(t *testing.T) {
	t.Parallel()
	refuse(t, []refusal{
		{"it was switched off", "source.disabled", func(s *scene) *apptest.Page {
			to := s.leave()
			s.Put(apptest.Source, "wechat", map[string]any{"enabled": false})
			s.t.Cleanup(func() { s.Put(apptest.Source, "wechat", map[string]any{"enabled": true}) })
			return s.Get(to)
		}, nil},
		{"it was switched off before", "source.disabled", func(s *scene) *apptest.Page {
			s.Put(apptest.Source, "wechat", map[string]any{"enabled": false})
			s.t.Cleanup(func() { s.Put(apptest.Source, "wechat", map[string]any{"enabled": true}) })
			return s.Get(login)
		}, nil},
		{"it was deleted", "source.disabled", func(s *scene) *apptest.Page {
			s.AddWeChat("gone-"+s.Lang, apptest.WeChat{})
			to := s.Confirm(s.Depart("/source/oauth/login/gone-"+s.Lang+"/"), s.person)
			s.Remove(apptest.Source, "gone-"+s.Lang)
			return s.Get(to)
		}, nil},
		{"there never was one", "source.disabled", func(s *scene) *apptest.Page { return s.Get("/source/oauth/login/nowhere/") }, nil},
		{"it lets nobody new in", "source.no_enrollment", func(s *scene) *apptest.Page {
			flow := s.App().Store.Snapshot().FlowBySlug("default-source-enrollment").ID
			s.Put(apptest.Source, "wechat", map[string]any{"enrollment_flow": nil})
			s.t.Cleanup(func() { s.Put(apptest.Source, "wechat", map[string]any{"enrollment_flow": flow}) })
			return s.Get(s.leave())
		}, nil},
	})
}

func TestSomebodyWhoMayNotSignInIsRefused(t *testing.T) {
	t.Parallel()
	refuse(t, []refusal{
		{"the user is deactivated", "source.user_inactive", func(s *scene) *apptest.Page {
			s.House.Browser("en").SignIn("wechat", s.person)
			s.Deactivate(s.Owner(s.person, s.wechat), true)
			s.mark()
			return s.SignIn("wechat", s.person)
		}, func(s *scene) {
			if s.SignedIn() {
				s.t.Error("signed in all the same")
			}
		}},
		{"the WeChat is somebody else's already", "source.linked_to_other", func(s *scene) *apptest.Page {
			other := s.House.Person("Han Meimei").ID
			s.House.Browser("en").SignIn("wechat", other)
			connect := connected(s)
			s.mark()
			return s.SignInAt(connect, other)
		}, func(s *scene) {
			if u := s.Owner(s.person, s.wechat); len(s.Connections(u)) != 2 || !s.SignedIn() {
				s.t.Error("the person who was signed in is not as before")
			}
		}},
		{"the person has another WeChat of this source", "source.already_linked_other_account", func(s *scene) *apptest.Page {
			connect := connected(s)
			s.mark()
			return s.SignInAt(connect, s.House.Person("Second").ID)
		}, nil},
		{"the connection is the last way to sign in", "connection.last_way", func(s *scene) *apptest.Page {
			s.SignIn("wechat", s.person)
			s.mark()
			return s.Submit(s.Get("/if/user/"), map[string]string{"action": "disconnect", "connection": connectionOf(s)})
		}, nil},
	})
}

// connected signs in with the other source and connects the WeChat; the link of "my account" by which that was done is given.
func connected(s *scene) (connect string) {
	s.SignIn("other", s.person)
	connect = s.Get("/if/user/").Link(login)
	s.SignInAt(connect, s.person)
	return connect
}

func connectionOf(s *scene) string {
	return strconv.FormatInt(int64(s.Connections(s.Owner(s.person, s.wechat))[0].ID), 10)
}

func TestADeactivatedPersonIsOutEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		wechat := h.AddWeChat("wechat", apptest.WeChat{})
		client := h.AddClient("shop", nil)
		client.Config.Scopes = append(client.Config.Scopes, "offline_access")
		b := h.Browser("en")
		b.SignIn("wechat", "alice")
		attempt, address := client.Begin()
		tokens := attempt.Finish(b.Allow(b.Get(address)))
		if tokens.RefreshToken == "" {
			t.Fatal("no refresh token")
		}
		_, again := client.Begin()
		h.Deactivate(h.Owner("alice", wechat), true)
		if b.SignedIn() {
			t.Error("the session lives on")
		}
		if _, status := client.UserInfo(tokens.AccessToken); status != http.StatusUnauthorized {
			t.Errorf("userinfo answers %d", status)
		}
		if _, err := client.Refresh(tokens.RefreshToken); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
			t.Errorf("the refresh token gives %v", err)
		}
		if p := b.Get(again); p.To != "" {
			t.Errorf("the browser is sent back to the application: %s", p)
		}
	})
}

func TestACodeOfSomebodyDeactivatedMeanwhileIsWorthNothing(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		wechat := h.AddWeChat("wechat", apptest.WeChat{})
		client := h.AddClient("shop", nil)
		b := h.Browser("en")
		b.SignIn("wechat", "alice")
		attempt, address := client.Begin()
		code := attempt.Code(b.Get(address))
		h.Deactivate(h.Owner("alice", wechat), true)
		if _, err := attempt.Exchange(code); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
			t.Errorf("the code gives %v", err)
		}
	})
}

func TestAConnectionCanBeRemovedWhileThereIsAnotherWay(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		one := h.AddWeChat("one", apptest.WeChat{})
		two := h.AddWeChat("two", apptest.WeChat{})
		b := h.Browser("en")
		b.SignIn("one", "alice")
		connected := b.SignInAt(b.Get("/if/user/").Link("/source/oauth/login/two/"), "xiaoming")
		u := h.Owner("alice", one)
		if linked := h.Owner("xiaoming", two); linked == nil || linked.ID != u.ID || connected.URL.Path != "/if/user/" {
			t.Fatalf("the second WeChat is not connected: %s", connected)
		}
		if len(h.EventsWhere("action", string(model.ActionSourceLinked))) != 2 {
			t.Error("the connecting is not recorded")
		}
		// Both at once: one way must stay.
		var all sync.WaitGroup
		for _, c := range h.Connections(u) {
			form := url.Values{"action": {"disconnect"}, "connection": {strconv.FormatInt(int64(c.ID), 10)}}
			all.Go(func() { _, _ = b.Try(http.MethodPost, "/if/user/", form) })
		}
		all.Wait()
		if n := len(h.Connections(u)); n != 1 {
			t.Errorf("%d connections are left, want 1", n)
		}
		mine := h.Connections(u)[0]
		// Somebody else's connection cannot be removed by its number.
		thief := h.Browser("en")
		thief.SignIn("one", "emoji")
		thief.Post("/if/user/", url.Values{"action": {"disconnect"}, "connection": {strconv.FormatInt(int64(mine.ID), 10)}})
		if len(h.Connections(u)) != 1 {
			t.Error("somebody else removed it")
		}
	})
}
