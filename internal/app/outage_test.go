package app_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/testenv"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// away is how long the database is away. A SQLite lock is waited for half that time before anybody is told.
func away(t *testing.T) time.Duration {
	if testing.Short() {
		return 6 * time.Second
	}
	return 10 * time.Second
}

// TestADatabaseThatIsAwayIsSaidAndRecoversByItself locks SQLite's file, and cuts PostgreSQL off.
func TestADatabaseThatIsAwayIsSaidAndRecoversByItself(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		client := h.AddClient("shop", nil)
		waiting, arriving := h.Browser("en"), h.Browser("zh-CN")
		attempt, address := client.Begin()
		to := waiting.Confirm(waiting.Depart(waiting.Get(address).Link(login)), "alice")
		rows := h.Database.Rows()

		back := h.Database.Away()
		gone := time.Now()
		for time.Since(gone) < away(t) {
			h.Unavailable(waiting.Get(to))
			h.Unavailable(arriving.Get(login))
		}
		if n := calls(h, wechatsim.EndpointAccessToken); n != 0 {
			t.Errorf("the code was exchanged %d times, though nothing could be written", n)
		}
		if live := arriving.Get("/-/health/live/"); live.Status != http.StatusNoContent {
			t.Errorf("live: %d", live.Status)
		}
		back()

		apptest.Eventually(t, 10*time.Second, "ready again", func() bool { return arriving.Get("/-/health/ready/").Status == http.StatusNoContent })
		if after := h.Database.Rows(); after["sessions"] != rows["sessions"] || after["users"] != rows["users"] {
			t.Errorf("rows were %v, are %v", rows, after)
		}
		// The person repeats the callback, as the page asked, and goes on.
		attempt.Finish(waiting.Get(to))
		arriving.SignIn("wechat", "xiaoming")
		if !arriving.SignedIn() {
			t.Error("nobody can sign in afterwards")
		}
	})
}

// TestTheDatabaseThatGoesAwayDuringTheExchangeLeavesNothingHalfDone cuts it off after the state was consumed.
func TestTheDatabaseThatGoesAwayDuringTheExchangeLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		b := h.Browser("en")
		to := b.Confirm(b.Depart(login), "alice")
		rows := h.Database.Rows()
		if err := h.WeChat.SetFault(wechatsim.EndpointUserinfo, wechatsim.Fault{Kind: wechatsim.FaultDelay, Delay: wechatsim.Duration(2 * time.Second)}, 1); err != nil {
			t.Fatal(err)
		}
		page := make(chan *apptest.Page, 1)
		go func() {
			p, _ := b.Try(http.MethodGet, to, nil)
			page <- p
		}()
		apptest.Eventually(t, 5*time.Second, "the profile is asked for", func() bool { return calls(h, wechatsim.EndpointUserinfo) > 0 })
		back := h.Database.Away()
		h.Unavailable(<-page)
		back()
		apptest.Eventually(t, 10*time.Second, "ready again", func() bool { return b.Get("/-/health/ready/").Status == http.StatusNoContent })
		for table, n := range h.Database.Rows() {
			if n != rows[table] {
				t.Errorf("%s: %d rows, were %d", table, n, rows[table])
			}
		}
		b.SignIn("wechat", "alice")
		if !b.SignedIn() {
			t.Error("the person cannot sign in afterwards")
		}
	})
}

// TestASQLiteFileThatIsGoneIsSaid moves it away and back.
func TestASQLiteFileThatIsGoneIsSaid(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	b := h.Browser("en")
	if err := os.Rename(h.Database.Path, h.Database.Path+".away"); err != nil {
		t.Fatal(err)
	}
	h.Unavailable(b.Get(login))
	if ready := b.Get("/-/health/ready/"); ready.Status != http.StatusServiceUnavailable || ready.Header.Get("Retry-After") == "" {
		t.Errorf("ready: %s", ready)
	}
	if err := os.Rename(h.Database.Path+".away", h.Database.Path); err != nil {
		t.Fatal(err)
	}
	b.SignIn("wechat", "alice")
	if !b.SignedIn() || b.Get("/-/health/ready/").Status != http.StatusNoContent {
		t.Error("not back by itself")
	}
}

// TestTheTokenEndpointSaysThatTheDatabaseIsAway answers a program, by status and Retry-After.
func TestTheTokenEndpointSaysThatTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		client := h.AddClient("shop", nil)
		b := h.Browser("en")
		b.SignIn("wechat", "alice")
		attempt, address := client.Begin()
		code := attempt.Code(b.Get(address))
		back := h.Database.Away()
		form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {client.Config.RedirectURL}, "code_verifier": {attempt.Verifier}}
		req, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, client.Config.Endpoint.TokenURL, nil)
		req.SetBasicAuth(url.QueryEscape(client.Config.ClientID), url.QueryEscape(client.Config.ClientSecret)) // RFC 6749 section 2.3.1
		res, err := postForm(h, req, form)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
			t.Errorf("status %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
		}
		back()
		apptest.Eventually(t, 10*time.Second, "ready again", func() bool { return b.Get("/-/health/ready/").Status == http.StatusNoContent })
		if _, err := attempt.Exchange(code); err != nil {
			t.Errorf("the code is lost: %v", err)
		}
	})
}

// TestAPostgreSQLServerThatIsRestartedIsUsedAgain stops a server of its own, as an upgrade does.
func TestAPostgreSQLServerThatIsRestartedIsUsedAgain(t *testing.T) {
	t.Parallel()
	server := testenv.PostgresServer(t)
	h := apptest.New(t, apptest.Options{Address: server.Address})
	h.AddWeChat("wechat", apptest.WeChat{})
	b := h.Browser("en")
	to := b.Confirm(b.Depart(login), "alice")
	server.Stop()
	for range 3 {
		h.Unavailable(b.Get(to))
		h.Unavailable(b.Get(login))
		if p := b.Get("/-/health/ready/"); p.Status != http.StatusServiceUnavailable || p.Header.Get("Retry-After") == "" {
			t.Errorf("ready: %s", p)
		}
	}
	server.Start()
	apptest.Eventually(t, 10*time.Second, "ready again", func() bool { return b.Get("/-/health/ready/").Status == http.StatusNoContent })
	b.Get(to)
	if !b.SignedIn() {
		t.Error("the sign-in that was under way is lost")
	}
	h.Put(apptest.Source, "wechat", map[string]any{"enabled": false})
}
