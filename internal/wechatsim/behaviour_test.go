package wechatsim

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestEveryBehaviourIsInTheGuide(t *testing.T) {
	text, err := json.Marshal(DefaultBehaviour())
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]any{}
	if err := json.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	for _, row := range behaviourGuide() {
		if _, ok := keys[row.Key]; !ok {
			t.Errorf("the guide explains %s, which does not exist", row.Key)
		}
		delete(keys, row.Key)
		if row.value != nil && row.value(DefaultBehaviour()) != row.Values[0] {
			t.Errorf("%s: the first value is not the default", row.Key)
		}
	}
	for key := range keys {
		t.Errorf("the guide lacks %s", key)
	}
}

func TestUnknownBehavioursAreRefused(t *testing.T) {
	tests := map[string]func(*Behaviour){
		"an unknown value":         func(b *Behaviour) { b.Unionid = "perhaps" },
		"an errcode not among two": func(b *Behaviour) { b.SecondExchange = 1 },
		"no hold":                  func(b *Behaviour) { b.PollHold = 0 },
		"a negative life":          func(b *Behaviour) { b.CodeLifetime = -1 },
		"a header split":           func(b *Behaviour) { b.ContentType = "text/plain\r\nX: y" },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			sim := New(Options{})
			if err := sim.SetBehaviour(change); !errors.Is(err, ErrInvalid) {
				t.Errorf("got %v", err)
			}
			if sim.Behaviour() != DefaultBehaviour() {
				t.Error("the behaviour changed all the same")
			}
		})
	}
}

func TestUnionidModes(t *testing.T) {
	usual := UnionID("alice", "acme")
	tests := map[Unionid]struct{ tokenBefore, profileBefore, tokenAfter, profileAfter string }{
		UnionidBoth:     {usual, usual, usual, usual},
		UnionidUserinfo: {"", usual, "", usual},
		UnionidAbsent:   {"", "", "", ""},
		UnionidEmpty:    {"", "", "", ""},
		UnionidLater:    {"", "", usual, usual},
		UnionidChanges:  {usual, usual, "other", "other"},
	}
	for mode, want := range tests {
		t.Run(string(mode), func(t *testing.T) {
			b := newBench(t, Options{})
			b.behave(func(bh *Behaviour) { bh.Unionid, bh.UnionidFrom = mode, b.Now().Add(time.Hour) })
			seen := func() (string, string) {
				token := b.exchangeCode(b.code())
				profile := b.profile(token)
				if token.UnionID != "" && token.UnionID != profile.UnionID {
					t.Error("token and profile disagree")
				}
				return token.UnionID, profile.UnionID
			}
			same := func(got, want string) bool {
				if want == "other" {
					return got != "" && got != usual
				}
				return got == want
			}
			token, profile := seen()
			if !same(token, want.tokenBefore) || !same(profile, want.profileBefore) {
				t.Errorf("before: %q and %q", token, profile)
			}
			b.Advance(time.Hour)
			token, profile = seen()
			if !same(token, want.tokenAfter) || !same(profile, want.profileAfter) {
				t.Errorf("after: %q and %q", token, profile)
			}
		})
	}
}

func TestUnionidCanBeSentEmpty(t *testing.T) {
	b := newBench(t, Options{})
	b.behave(func(bh *Behaviour) { bh.Unionid = UnionidEmpty })
	if _, body := b.get("/sns/oauth2/access_token?" + exchangeParams(b.code()).Encode()); !strings.Contains(body, `"unionid":""`) {
		t.Error(body)
	}
}

func TestSnapshotModes(t *testing.T) {
	tests := map[Snapshot]struct {
		flag    int
		virtual bool
		profile int
	}{
		SnapshotOff:             {},
		SnapshotFlagged:         {flag: 1, virtual: true},
		SnapshotUnflagged:       {virtual: true},
		SnapshotReal:            {flag: 1},
		SnapshotUserinfoRefused: {flag: 1, virtual: true, profile: 48001},
	}
	for mode, want := range tests {
		t.Run(string(mode), func(t *testing.T) {
			b := newBench(t, Options{})
			b.behave(func(bh *Behaviour) { bh.Snapshot = mode })
			first, second := b.exchangeCode(b.code()), b.exchangeCode(b.code())
			if first.Snapshot != want.flag {
				t.Errorf("is_snapshotuser is %d", first.Snapshot)
			}
			if virtual := first.OpenID != OpenID("alice", "wx0000000000000001"); virtual != want.virtual {
				t.Errorf("virtual ids: %v", virtual)
			}
			if want.virtual && (first.OpenID == second.OpenID || first.UnionID != second.UnionID) {
				t.Error("snapshot users share one unionid and have many openids")
			}
			profile := b.profile(first)
			if profile.errcode() != want.profile {
				t.Errorf("profile answers %d", profile.errcode())
			}
			if want.profile == 0 && profile.OpenID != first.OpenID {
				t.Error("profile and token disagree about the openid")
			}
		})
	}
}

func TestSuccessAndErrorDress(t *testing.T) {
	b := newBench(t, Options{})
	b.behave(func(bh *Behaviour) { bh.ErrcodeZero, bh.ContentType = true, "application/json; encoding=utf-8" })
	resp, body := b.get("/sns/oauth2/access_token?" + exchangeParams(b.code()).Encode())
	if token := b.parse(body); token.Errcode == nil || *token.Errcode != 0 || token.OpenID == "" {
		t.Errorf("errcode:0 is missing in %s", body)
	}
	if ct := resp.Header.Get("Content-Type"); ct != "application/json; encoding=utf-8" {
		t.Errorf("content type %q", ct)
	}
	tails := map[ErrmsgTail]string{
		TailRID: "invalid appid, rid: ", TailHints: "invalid appid, hints: [ req_id: ", TailNewline: "invalid appid\n, rid: ", TailNone: "invalid appid",
	}
	for tail, want := range tails {
		b.behave(func(bh *Behaviour) { bh.ErrmsgTail = tail })
		params := exchangeParams("x")
		params.Set("appid", "wxff")
		if got := b.sns("oauth2/access_token", params).Errmsg; !strings.HasPrefix(got, want) || tail == TailNone && got != want {
			t.Errorf("%s: %q", tail, got)
		}
	}
}

func TestNicknameProfileAndAvatarBehaviours(t *testing.T) {
	b := newBench(t, Options{})
	token := b.exchangeCode(b.codeFor("wx0000000000000001", "xiaoming"))
	path := "/sns/userinfo?access_token=" + token.AccessToken
	contains := func(name, want string, change func(*Behaviour)) {
		t.Helper()
		before := b.Behaviour()
		b.behave(change)
		if _, body := b.get(path); !strings.Contains(body, want) {
			t.Errorf("%s: no %q in %q", name, want, body)
		}
		b.behave(func(bh *Behaviour) { *bh = before })
	}
	contains("emoji", `"nickname":"🐼`, func(bh *Behaviour) { bh.Nickname = NicknameEmoji })
	contains("empty", `"nickname":""`, func(bh *Behaviour) { bh.Nickname = NicknameEmpty })
	contains("control", "\x07", func(bh *Behaviour) { bh.Nickname = NicknameControl })
	contains("rtl", "\u202E", func(bh *Behaviour) { bh.Nickname = NicknameRTL })
	contains("long", strings.Repeat("长", 64), func(bh *Behaviour) { bh.Nickname = NicknameLong })
	contains("admin", `"nickname":"admin"`, func(bh *Behaviour) { bh.Nickname = NicknameAdmin })
	contains("current", `"sex":0,"language":"zh_CN","city":"","province":"","country":""`, func(*Behaviour) {})
	contains("old", `"sex":1,"language":"zh_CN","city":"Shenzhen","province":"Guangdong","country":"CN"`, func(bh *Behaviour) { bh.Profile = ProfilePre2021 })
	contains("https", `"headimgurl":"https:\/\/127`, func(bh *Behaviour) { bh.Avatar = AvatarHTTPS })
	contains("http", `"headimgurl":"http:\/\/127`, func(bh *Behaviour) { bh.Avatar = AvatarHTTP })
	contains("no picture", `"headimgurl":""`, func(bh *Behaviour) { bh.Avatar = AvatarEmpty })
	contains("a dead picture", `xiaoming.-1\/132`, func(bh *Behaviour) { bh.Avatar = AvatarGone })
}

func TestPeopleOutOfTheBox(t *testing.T) {
	seen := map[string]bool{}
	for _, user := range People() {
		if seen[user.ID] || !utf8.ValidString(user.Nickname) {
			t.Errorf("%s is twice, or not UTF-8", user.ID)
		}
		seen[user.ID] = true
	}
}
