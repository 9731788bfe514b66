package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// askedOnce holds that a code is never exchanged twice, whatever came of the first time.
func askedOnce(s *scene) {
	if n := calls(s.House, wechatsim.EndpointAccessToken); n != 1 {
		s.t.Errorf("the code was exchanged %d times, want once", n)
	}
}

// broken lists what may go wrong on the way to WeChat, and what people are told.
func broken() map[string]struct {
	fault  wechatsim.Fault
	reason string
} {
	return map[string]struct {
		fault  wechatsim.Fault
		reason string
	}{
		"does not answer":              {wechatsim.Fault{Kind: wechatsim.FaultHang}, "wechat.timeout"},
		"answers too slowly":           {wechatsim.Fault{Kind: wechatsim.FaultSlowBody, Delay: wechatsim.Duration(time.Minute)}, "wechat.timeout"},
		"resets the connection":        {wechatsim.Fault{Kind: wechatsim.FaultReset}, "wechat.unreachable"},
		"is cut off":                   {wechatsim.Fault{Kind: wechatsim.FaultCutOff}, "wechat.bad_answer"},
		"answers 500 with HTML":        {wechatsim.Fault{Kind: wechatsim.FaultServerError}, "wechat.http_status"},
		"answers 502 with HTML":        {wechatsim.Fault{Kind: wechatsim.FaultBadGateway}, "wechat.http_status"},
		"answers with truncated JSON":  {wechatsim.Fault{Kind: wechatsim.FaultTruncated}, "wechat.bad_answer"},
		"answers without end":          {wechatsim.Fault{Kind: wechatsim.FaultEndless}, "wechat.bad_answer"},
		"answers nothing":              {wechatsim.Fault{Kind: wechatsim.FaultEmpty}, "wechat.bad_answer"},
		"redirects to somebody else":   {wechatsim.Fault{Kind: wechatsim.FaultRedirect, Location: "https://elsewhere.example/"}, "wechat.http_status"},
		"says an errcode nobody knows": {wechatsim.Fault{Kind: wechatsim.FaultErrcode, Errcode: 98765}, "wechat.unknown_errcode"},
	}
}

func TestWeChatThatFailsAtTheExchangeIsExplainedAndNotAskedAgain(t *testing.T) {
	t.Parallel()
	var scenes []refusal
	for name, b := range broken() {
		scenes = append(scenes, refusal{name, b.reason, func(s *scene) *apptest.Page {
			return s.fault(wechatsim.EndpointAccessToken, b.fault, wechatsim.Always)
		}, askedOnce})
	}
	scenes = append(scenes, refusal{"is busy", "wechat.-1", func(s *scene) *apptest.Page {
		return s.fault(wechatsim.EndpointAccessToken, wechatsim.Fault{Kind: wechatsim.FaultErrcode}, wechatsim.Always)
	}, askedOnce})
	refuse(t, scenes)
}

func TestWeChatThatFailsAtTheProfileIsExplained(t *testing.T) {
	t.Parallel()
	var scenes []refusal
	for name, b := range broken() {
		scenes = append(scenes, refusal{name, b.reason, func(s *scene) *apptest.Page {
			return s.fault(wechatsim.EndpointUserinfo, b.fault, wechatsim.Always)
		}, askedOnce})
	}
	scenes = append(scenes,
		refusal{"is busy twice", "wechat.-1", func(s *scene) *apptest.Page {
			return s.fault(wechatsim.EndpointUserinfo, wechatsim.Fault{Kind: wechatsim.FaultErrcode}, wechatsim.Always)
		}, func(s *scene) {
			if n := calls(s.House, wechatsim.EndpointUserinfo); n != 2 {
				s.t.Errorf("the profile was asked for %d times, want twice", n)
			}
		}},
		refusal{"gives the profile of someone else", "wechat.openid_mismatch", func(s *scene) *apptest.Page {
			return s.fault(wechatsim.EndpointUserinfo, wechatsim.Fault{Kind: wechatsim.FaultWrongPerson}, wechatsim.Always)
		}, nil},
	)
	refuse(t, scenes)
}

func TestABusyWeChatIsAskedForTheProfileOnceMore(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		if err := h.WeChat.SetFault(wechatsim.EndpointUserinfo, wechatsim.Fault{Kind: wechatsim.FaultErrcode}, 1); err != nil {
			t.Fatal(err)
		}
		b := h.Browser("en")
		b.SignIn("wechat", "alice")
		if n := calls(h, wechatsim.EndpointUserinfo); n != 2 || !b.SignedIn() {
			t.Errorf("asked %d times, signed in %v", n, b.SignedIn())
		}
	})
}

// exchange redeems the code of a callback as somebody who knows the AppSecret would.
func exchange(s *scene, to string) {
	s.t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		s.t.Fatal(err)
	}
	q := url.Values{"appid": {s.wechat.AppID}, "secret": {s.wechat.Secret}, "code": {u.Query().Get("code")}, "grant_type": {"authorization_code"}}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.WeChatURL+"/sns/oauth2/access_token?"+q.Encode(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := s.Program().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if !strings.Contains(string(body), "openid") {
		s.t.Fatalf("the code was not exchanged: %s", body)
	}
}

func TestACodeThatIsWorthNothingIsExplained(t *testing.T) {
	t.Parallel()
	stale := func(s *scene) *apptest.Page {
		to := s.leave()
		s.WeChat.Advance(11 * time.Minute)
		return s.Get(to)
	}
	refuse(t, []refusal{
		{"it was used", "wechat.40163", func(s *scene) *apptest.Page {
			to := s.leave()
			exchange(s, to)
			return s.Get(to)
		}, nil},
		{"it is invented", "wechat.40029", func(s *scene) *apptest.Page {
			return s.Get(callback + "?" + stateOf(s.t, s.Depart(login)) + "&" + someCode)
		}, nil},
		{"it has expired", "wechat.42003", stale, nil},
		{"it has expired, and WeChat calls that not valid", "wechat.40029", func(s *scene) *apptest.Page {
			s.behave(func(b *wechatsim.Behaviour) { b.ExpiredCode = 40029 })
			return stale(s)
		}, nil},
		{"it is of another app", "wechat.40029", func(s *scene) *apptest.Page {
			foreign := s.Confirm(s.Depart("/source/oauth/login/other/"), s.person)
			u, _ := url.Parse(foreign)
			return s.Get(callback + "?code=" + u.Query().Get("code") + "&" + stateOf(s.t, s.Depart(login)))
		}, nil},
		{"the AppSecret is wrong", "wechat.40125", func(s *scene) *apptest.Page {
			to := s.leave()
			rotate(s, strings.Repeat("f", 32))
			s.t.Cleanup(func() { rotate(s, s.wechat.Secret) })
			return s.Get(to)
		}, func(s *scene) {
			if text := fmt.Sprint(s.Events()); strings.Contains(text, s.wechat.Secret) {
				s.t.Error("an event holds the AppSecret")
			}
		}},
		{"it is a snapshot's", "wechat.snapshot_user", func(s *scene) *apptest.Page {
			s.behave(func(b *wechatsim.Behaviour) { b.Snapshot = wechatsim.SnapshotFlagged })
			return s.Get(s.leave())
		}, nil},
		{"it is a snapshot's with the ids of a person", "wechat.snapshot_user", func(s *scene) *apptest.Page {
			s.behave(func(b *wechatsim.Behaviour) { b.Snapshot = wechatsim.SnapshotReal })
			return s.Get(s.leave())
		}, nil},
		{"it is a snapshot's, which may not see the profile", "wechat.snapshot_user", func(s *scene) *apptest.Page {
			s.behave(func(b *wechatsim.Behaviour) { b.Snapshot = wechatsim.SnapshotUserinfoRefused })
			return s.Get(s.leave())
		}, nil},
	})
}

// rotate resets the AppSecret at WeChat.
func rotate(s *scene, secret string) {
	s.t.Helper()
	if _, err := s.WeChat.UpdateApp(s.wechat.AppID, func(a *wechatsim.App) { a.Secret = secret }); err != nil {
		s.t.Fatal(err)
	}
}

// TestEveryErrcodeOfWeChatIsExplainedAndNoFaultOfOurs meets each at the exchange.
func TestEveryErrcodeOfWeChatIsExplainedAndNoFaultOfOurs(t *testing.T) {
	t.Parallel()
	var scenes []refusal
	for _, code := range []int{
		40001, 40002, 40003, 40013, 40014, 40029, 40030, 40125, 40163, 40164, 40226, 40243, 41001, 41002, 41003, 41004, 41008, 41009, 42001, 42002, 42003, 42007,
		43002, 43003, 45009, 45011, 48001, 50001, 50002, 61003, 61004, 89501, 89503, 89506, 89507,
	} {
		scenes = append(scenes, refusal{fmt.Sprint(code), fmt.Sprintf("wechat.%d", code), func(s *scene) *apptest.Page {
			return s.fault(wechatsim.EndpointAccessToken, wechatsim.Fault{Kind: wechatsim.FaultErrcode, Errcode: code}, wechatsim.Always)
		}, askedOnce})
	}
	refuse(t, scenes)
}

// TestTheSecretIsChangedWithoutARestart is what an administrator does after a reset at WeChat.
func TestTheSecretIsChangedWithoutARestart(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	wechat := h.AddWeChat("wechat", apptest.WeChat{})
	secret := strings.Repeat("0123abcd", 4)
	if _, err := h.WeChat.UpdateApp(wechat.AppID, func(a *wechatsim.App) { a.Secret = secret }); err != nil {
		t.Fatal(err)
	}
	h.Secrets.Add("the AppSecret", secret)
	h.Refused(h.Browser("en").SignIn("wechat", "alice"), "wechat.40125")
	h.Put(apptest.Source, "wechat", map[string]any{"consumer_secret": secret})
	b := h.Browser("en")
	b.SignIn("wechat", "alice")
	if !b.SignedIn() {
		t.Error("the new secret is not used")
	}
}
