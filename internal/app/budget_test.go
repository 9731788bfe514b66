package app_test

import (
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// The most SQL statements that may be asked, without BEGIN and COMMIT.
const (
	mostSignIn   = 20 // the whole way of a person who is known: from the application to WeChat, back, code and token
	mostToken    = 4
	mostUserinfo = 2
)

func TestSigningInAsksLittleOfTheDatabase(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{Account: "acme", Label: "acme"})
		client := h.AddClient("shop", nil)
		for _, who := range []string{"a newcomer", "a person who is known"} {
			b := h.Browser("en")
			h.Forget()
			attempt, address := client.Begin()
			attempt.Finish(b.SignInAt(b.Get(address).Link(login), "alice"))
			total := 0
			for _, x := range h.Exchanges() {
				t.Logf("%-22s %2d statements, %d transactions: %-4s %s", who, x.Statements, x.Transactions, x.Method, x.Path)
				switch {
				case strings.HasSuffix(x.Path, "/token/"):
					atMost(t, x, mostToken)
				case strings.HasSuffix(x.Path, "/userinfo/"):
					atMost(t, x, mostUserinfo)
					continue // it is asked after the sign-in
				}
				total += x.Statements
			}
			t.Logf("%-22s %2d statements in all", who, total)
			if total > mostSignIn {
				t.Errorf("the sign-in of %s cost %d statements, want at most %d", who, total, mostSignIn)
			}
		}
	})
}

func atMost(t *testing.T, x apptest.Exchange, most int) {
	t.Helper()
	if x.Statements > most {
		t.Errorf("%s cost %d statements, want at most %d", x.Path, x.Statements, most)
	}
}

func TestShowingTheLoginPageAsksNothingOfTheDatabase(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		client := h.AddClient("shop", nil)
		b := h.Browser("en")
		h.Forget()
		_, address := client.Begin()
		if p := b.Get(address); len(p.Forms()) == 0 {
			t.Fatalf("no login page: %s", p)
		}
		for _, x := range h.Exchanges() {
			t.Logf("%2d statements: %s", x.Statements, x.Path)
			if x.Transactions > 0 {
				t.Errorf("%s writes", x.Path)
			}
		}
		for _, table := range []string{"flow_runs", "source_requests", "sessions"} {
			if n := h.Database.Count(table); n != 0 {
				t.Errorf("%d rows of %s were written", n, table)
			}
		}
	})
}
