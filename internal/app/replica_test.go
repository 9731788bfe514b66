package app_test

import (
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

func TestASignInBegunAtOneServerEndsAtAnother(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Postgres: true})
	h.AddWeChat("wechat", apptest.WeChat{Account: "acme"})
	client := h.AddClient("shop", nil)
	one := apptest.ServerOf(h)
	two := h.Start()
	b := h.Browser("en")
	attempt, address := client.Begin()
	page := b.Get(address)
	to := b.Depart(page.Link(login))
	h.Serve(two)
	back := b.Step("GET", b.Confirm(to, "alice"), nil)
	h.Serve(one)
	done := b.Get(back.To)
	code := attempt.Code(done)
	h.Serve(two)
	token, err := attempt.Exchange(code)
	if err != nil {
		t.Fatal(err)
	}
	h.Serve(one)
	if info, status := client.UserInfo(token.AccessToken); status != 200 || info["sub"] == nil {
		t.Errorf("userinfo at the first server: %d", status)
	}
}

func TestAChangeAtOneServerIsSeenAtTheOtherWithinASecond(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Postgres: true})
	h.AddWeChat("wechat", apptest.WeChat{})
	one := apptest.ServerOf(h)
	two := h.Start()
	time.Sleep(200 * time.Millisecond) // until it listens
	for _, enabled := range []bool{false, true, false} {
		h.Serve(one)
		h.Put(apptest.Source, "wechat", map[string]any{"enabled": enabled})
		start := time.Now()
		h.Serve(two)
		apptest.Eventually(t, time.Second, "the other server knows", func() bool {
			return two.App().Store.Snapshot().SourceBySlug("wechat").Enabled == enabled
		})
		t.Logf("seen after %s", time.Since(start).Round(time.Millisecond))
		if p := h.Browser("en").Step("GET", login, nil); (p.Status == 302) != enabled {
			t.Errorf("the other server answers %d, though the source is enabled: %v", p.Status, enabled)
		}
	}
}

func TestARestartBetweenDepartureAndCallbackIsNotNoticed(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		client := h.AddClient("shop", nil)
		b := h.Browser("en")
		attempt, address := client.Begin()
		to := b.Confirm(b.Depart(b.Get(address).Link(login)), "alice")
		h.Restart()
		back := b.Step("GET", to, nil)
		h.Restart()
		code := attempt.Code(b.Get(back.To))
		h.Restart()
		token, err := attempt.Exchange(code)
		if err != nil {
			t.Fatal(err)
		}
		h.Restart()
		if _, status := client.UserInfo(token.AccessToken); status != 200 || !b.SignedIn() {
			t.Errorf("after the last restart: userinfo %d, signed in %v", status, b.SignedIn())
		}
	})
}
