package wechat

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/model"
)

const (
	askedToken   = "/sns/oauth2/access_token"
	askedProfile = "/sns/userinfo"
)

func TestWhatGoesWrongAtWeChat(t *testing.T) {
	t.Parallel()
	busy := say(`{"errcode":-1,"errmsg":"system error"}`)
	tests := []struct {
		name           string
		token, profile []http.HandlerFunc
		code           model.Code
		reason         string
		asked          []string
	}{
		{"the code is expired", one(say(`{"errcode":42003,"errmsg":"oauth_code expired"}`)), nil, model.CodeExpired, "wechat.42003", []string{askedToken}},
		{"the code was used", one(say(`{"errcode":40163,"errmsg":"code been used, rid: 1-2-3"}`)), nil, model.CodeExpired, "wechat.40163", []string{askedToken}},
		{"the AppSecret is wrong", one(say(`{"errcode":40125,"errmsg":"invalid appsecret"}`)), nil, model.CodeInvalid, "wechat.40125", []string{askedToken}},
		{"the errcode is a text", one(say(`{"errcode":"40029","errmsg":"invalid code"}`)), nil, model.CodeExpired, "wechat.40029", []string{askedToken}},
		{"the errcode is unknown", one(say(`{"errcode":99999,"errmsg":"?"}`)), nil, model.CodeUpstream, "wechat.unknown_errcode", []string{askedToken}},
		{"the errcode is nonsense", one(say(`{"errcode":"x"}`)), nil, model.CodeUpstream, "wechat.bad_answer", []string{askedToken}},
		{"busy at the exchange: no second try, for the code may be spent", one(busy), nil, model.CodeUpstream, "wechat.-1", []string{askedToken}},
		{"a quota is used up", one(say(`{"errcode":45011}`)), nil, model.CodeRateLimited, "wechat.45011", []string{askedToken}},
		{"a snapshot user", one(say(`{"access_token":"a","openid":"o1","is_snapshotuser":1}`)), nil, model.CodeDenied, "wechat.snapshot_user", []string{askedToken}},
		{"slow at the exchange", one(slow), nil, model.CodeUpstream, "wechat.timeout", []string{askedToken}},
		{"cut off at the exchange", one(cutOff), nil, model.CodeUpstream, "wechat.bad_answer", []string{askedToken}},
		{"500 with HTML", one(status500), nil, model.CodeUpstream, "wechat.http_status", []string{askedToken}},
		{"truncated JSON", one(say(goodToken[:40])), nil, model.CodeUpstream, "wechat.bad_answer", []string{askedToken}},
		{"an endless body", one(endless), nil, model.CodeUpstream, "wechat.bad_answer", []string{askedToken}},
		{"HTML as JSON", one(say("<html>")), nil, model.CodeUpstream, "wechat.bad_answer", []string{askedToken}},
		{"no openid", one(say(`{"access_token":"a","openid":" "}`)), nil, model.CodeUpstream, "wechat.bad_answer", []string{askedToken}},
		{"no token", one(say(`{"openid":"o1"}`)), nil, model.CodeUpstream, "wechat.bad_answer", []string{askedToken}},
		{"an openid that no database could hold", one(say(`{"access_token":"a","openid":"o\u00001"}`)), nil, model.CodeUpstream, "wechat.bad_answer", []string{askedToken}},
		{"a redirect is not followed", one(redirect), nil, model.CodeUpstream, "wechat.http_status", []string{askedToken}},

		{"busy twice at the profile", one(say(goodToken)), one(busy), model.CodeUpstream, "wechat.-1", []string{askedToken, askedProfile, askedProfile}},
		{"busy, then another error", one(say(goodToken)), []http.HandlerFunc{busy, say(`{"errcode":48001}`)}, model.CodeInvalid, "wechat.48001", []string{askedToken, askedProfile, askedProfile}},
		{"another error is not tried again", one(say(goodToken)), one(say(`{"errcode":40014}`)), model.CodeExpired, "wechat.40014", []string{askedToken, askedProfile}},
		{"a fault of the network is not tried again", one(say(goodToken)), one(cutOff), model.CodeUpstream, "wechat.bad_answer", []string{askedToken, askedProfile}},
		{"slow at the profile", one(say(goodToken)), one(slow), model.CodeUpstream, "wechat.timeout", []string{askedToken, askedProfile}},
		{"the profile of someone else", one(say(goodToken)), one(say(`{"openid":"o2","nickname":"N"}`)), model.CodeUpstream, "wechat.openid_mismatch", []string{askedToken, askedProfile}},
		{"a profile of nobody", one(say(goodToken)), one(say(`{"nickname":"N"}`)), model.CodeUpstream, "wechat.openid_mismatch", []string{askedToken, askedProfile}},
		{"two unionids", one(say(goodToken)), one(say(`{"openid":"o1","unionid":"u2"}`)), model.CodeUpstream, "wechat.openid_mismatch", []string{askedToken, askedProfile}},
		{"a profile that is a list", one(say(goodToken)), one(say(`[]`)), model.CodeUpstream, "wechat.bad_answer", []string{askedToken, askedProfile}},
		{"an endless profile", one(say(goodToken)), one(endless), model.CodeUpstream, "wechat.bad_answer", []string{askedToken, askedProfile}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := &fake{token: tt.token, profile: tt.profile}
			patience := time.Minute
			if tt.reason == "wechat.timeout" {
				patience = 500 * time.Millisecond
			}
			_, err := open(t, f, nil, patience).Finish(t.Context(), good())
			e := wantReason(t, err, tt.code, tt.reason)
			if e.Detail["mend"] == nil || e.Detail["endpoint"] == nil && tt.reason != "wechat.snapshot_user" {
				t.Errorf("the detail lacks something: %v", e.Detail)
			}
			if diff := cmp.Diff(tt.asked, f.paths()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func one(h http.HandlerFunc) []http.HandlerFunc { return []http.HandlerFunc{h} }

func redirect(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/sns/elsewhere", http.StatusFound)
}

func TestOneRetryWhereWeChatIsBusy(t *testing.T) {
	t.Parallel()
	f := &fake{token: one(say(goodToken)), profile: []http.HandlerFunc{say(`{"errcode":-1}`), say(goodProfile)}}
	if _, err := open(t, f, nil, time.Second).Finish(t.Context(), good()); err != nil {
		t.Fatal(err)
	}
}

// A code may be spent although the answer was lost. net/http repeats a GET on its own where a kept connection breaks; here it must not.
func TestTheExchangeIsNeverRepeated(t *testing.T) {
	t.Parallel()
	broken := func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	}
	f := &fake{token: []http.HandlerFunc{say(goodToken), broken}, profile: one(say(goodProfile))}
	d := open(t, f, nil, time.Second)
	if _, err := d.Finish(t.Context(), good()); err != nil {
		t.Fatal(err)
	}
	_, err := d.Finish(t.Context(), good())
	wantReason(t, err, model.CodeUpstream, "wechat.unreachable")
	if diff := cmp.Diff([]string{askedToken, askedProfile, askedToken}, f.paths()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	for _, lengths := range f.bodies {
		if lengths != "0 []" {
			t.Errorf("a GET came with a body: %s", lengths)
		}
	}
}

func TestTheTimeLimitIsForAllCallsTogether(t *testing.T) {
	t.Parallel()
	late := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(300 * time.Millisecond)
			say(text)(w, r)
		}
	}
	f := &fake{token: one(late(goodToken)), profile: one(late(goodProfile))}
	_, err := open(t, f, nil, 500*time.Millisecond).Finish(t.Context(), good())
	wantReason(t, err, model.CodeUpstream, "wechat.timeout")
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(nil)
	gone.Close()
	d := open(t, nil, nil, time.Second)
	d.addresses.Token = gone.URL
	_, err := d.Finish(t.Context(), good())
	e := wantReason(t, err, model.CodeUpstream, "wechat.unreachable")
	if !strings.Contains(fmt.Sprint(e.Detail["cause"]), "refused") {
		t.Errorf("the cause is not told: %v", e.Detail)
	}
}

func TestErrmsgIsForTheAuditTrail(t *testing.T) {
	t.Parallel()
	f := &fake{token: one(say(`{"errcode":40164,"errmsg":"invalid ip 203.0.113.7, not in whitelist\n, rid: 65c17d8c-5cf05990-781aabe9"}`))}
	_, err := open(t, f, nil, time.Second).Finish(t.Context(), good())
	e := wantReason(t, err, model.CodeInvalid, "wechat.40164")
	if got := e.Detail["errmsg"]; got != "invalid ip 203.0.113.7, not in whitelist , rid: 65c17d8c-5cf05990-781aabe9" {
		t.Errorf("errmsg %q", got)
	}
	if strings.Contains(err.Error(), "203.0.113.7") {
		t.Errorf("the message tells our address: %v", err)
	}
}

// documented are the codes of WeChat's list that an identity server meets.
func documented() []int {
	return []int{
		-1, 40001, 40002, 40003, 40013, 40014, 40029, 40030, 40125, 40163, 40164, 40226, 40243, 41001, 41002, 41003, 41004, 41008, 41009,
		42001, 42002, 42003, 42007, 43002, 43003, 45009, 45011, 48001, 50001, 50002, 61003, 61004, 89501, 89503, 89506, 89507,
	}
}

func TestEveryReasonIsExplained(t *testing.T) {
	t.Parallel()
	texts, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	reasons := []string{
		"no_code", "code_too_long", "code_malformed", "snapshot_user", "openid_mismatch", "unknown_errcode",
		"timeout", "unreachable", "bad_answer", "http_status",
	}
	for _, errcode := range documented() {
		if m, ok := meaningOf(number(errcode)); !ok || m.code == "" || m.mend == "" || m.text == "" {
			t.Errorf("%d has no meaning", errcode)
		}
		reasons = append(reasons, fmt.Sprint(errcode))
	}
	for _, reason := range reasons {
		for _, part := range []string{"title", "happened", "who", "next"} {
			key := "refusal.wechat." + reason + "." + part
			for _, lang := range i18n.Languages() {
				if !texts.Has(lang, key) {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
			if texts.Text("en", key, nil) == texts.Text("zh", key, nil) {
				t.Errorf("%s is not translated", key)
			}
		}
	}
}
