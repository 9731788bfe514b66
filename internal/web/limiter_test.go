package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weimen-id/weimen/internal/web"
)

func TestLimiterLetsABurstThroughAndThenARate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := web.NewLimiter(0.5, 2, 100)
		one, other := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2")
		for i := range 2 {
			if _, ok := l.Allow(one); !ok {
				t.Fatalf("request %d of the burst was refused", i+1)
			}
		}
		wait, ok := l.Allow(one)
		if ok || wait != 2*time.Second {
			t.Errorf("after the burst: %v %v, want a wait of 2s", wait, ok)
		}
		if _, ok := l.Allow(other); !ok {
			t.Error("another client was refused as well")
		}
		time.Sleep(wait)
		if _, ok := l.Allow(one); !ok {
			t.Error("who waited as told was refused")
		}
	})
}

func TestLimiterCountsAPersonsIPv6NetworkAsOne(t *testing.T) {
	t.Parallel()
	l := web.NewLimiter(0.001, 1, 100)
	tests := []struct {
		ip string
		ok bool
	}{
		{"2001:db8:0:1::1", true},
		{"2001:db8:0:1:ffff::2", false},
		{"2001:db8:0:2::1", true},
		{"203.0.113.1", true},
		{"203.0.113.2", true},
		{"203.0.113.1", false},
	}
	for _, tt := range tests {
		if _, ok := l.Allow(netip.MustParseAddr(tt.ip)); ok != tt.ok {
			t.Errorf("%s: %v, want %v", tt.ip, ok, tt.ok)
		}
	}
	for i, want := range []bool{true, false} {
		if _, ok := l.Allow(netip.Addr{}); ok != want {
			t.Errorf("unknown address, request %d: %v", i+1, ok)
		}
	}
}

func TestLimiterForgetsWhoAskedLongestAgo(t *testing.T) {
	t.Parallel()
	l := web.NewLimiter(0.001, 1, 2)
	a, b, c := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.0.3")
	for i, step := range []struct {
		ip netip.Addr
		ok bool
	}{{a, true}, {b, true}, {a, false}, {c, true}, {a, false}, {b, true}} {
		if _, ok := l.Allow(step.ip); ok != step.ok {
			t.Errorf("step %d: %v, want %v", i, ok, step.ok)
		}
	}
}

func TestLimitedClientIsToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	public, _ := url.Parse("http://127.0.0.1:9000")
	r := web.NewRouter(web.Options{Public: public, Log: slog.New(slog.DiscardHandler)})
	r.With(web.NewLimiter(0.1, 1, 10).Middleware(web.Answer)).Get("/", func(http.ResponseWriter, *http.Request) {})
	var last *httptest.ResponseRecorder
	for range 2 {
		last = httptest.NewRecorder()
		r.ServeHTTP(last, httptest.NewRequest("GET", "/", nil))
	}
	if after, _ := strconv.Atoi(last.Header().Get("Retry-After")); last.Code != 429 || after < 9 || after > 10 {
		t.Errorf("%d %v", last.Code, last.Header())
	}
}
