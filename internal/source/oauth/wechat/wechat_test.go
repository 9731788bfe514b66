package wechat

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

func TestDepartureIsTheDocumentedAddress(t *testing.T) {
	t.Parallel()
	const rest = "&redirect_uri=https%3A%2F%2Fid.example.org%2Fsource%2Foauth%2Fcallback%2Fwx%2F&response_type=code&scope="
	tests := []struct {
		name   string
		locale string
		change func(*oauth.Config)
		want   string
	}{
		{
			"a Chinese reader", "zh", nil,
			"https://open.weixin.qq.com/connect/qrconnect?appid=wx0123456789abcdef" + rest + "snsapi_login&state=0a1b&lang=cn#wechat_redirect",
		},
		{
			"an English reader", "en", nil,
			"https://open.weixin.qq.com/connect/qrconnect?appid=wx0123456789abcdef" + rest + "snsapi_login&state=0a1b&lang=en#wechat_redirect",
		},
		{
			"another entry host with a query of its own", "zh",
			func(c *oauth.Config) { c.AuthorizationURL = oauth.At("http://127.0.0.1:9001/connect/qrconnect?x=1") },
			"http://127.0.0.1:9001/connect/qrconnect?x=1&appid=wx0123456789abcdef" + rest + "snsapi_login&state=0a1b&lang=cn#wechat_redirect",
		},
		{
			"more scopes are separated by commas", "zh",
			func(c *oauth.Config) { c.AdditionalScopes = "snsapi_runtime_pcsdk snsapi_login" },
			"https://open.weixin.qq.com/connect/qrconnect?appid=wx0123456789abcdef" + rest + "snsapi_login%2Csnsapi_runtime_pcsdk&state=0a1b&lang=cn#wechat_redirect",
		},
		{
			"a star replaces the scope", "zh",
			func(c *oauth.Config) { c.AdditionalScopes = "*snsapi_base" },
			"https://open.weixin.qq.com/connect/qrconnect?appid=wx0123456789abcdef" + rest + "snsapi_base&state=0a1b&lang=cn#wechat_redirect",
		},
		{
			"a star alone leaves the scope", "zh",
			func(c *oauth.Config) { c.AdditionalScopes = "*" },
			"https://open.weixin.qq.com/connect/qrconnect?appid=wx0123456789abcdef" + rest + "snsapi_login&state=0a1b&lang=cn#wechat_redirect",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := open(t, nil, tt.change, time.Second)
			got, err := d.Begin(t.Context(), source.Begin{CallbackURL: "https://id.example.org/source/oauth/callback/wx/", State: "0a1b", Locale: tt.locale})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(source.Departure{URL: tt.want}, got); diff != "" {
				t.Errorf("departure (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRequestsAreTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	f := &fake{token: []http.HandlerFunc{say(goodToken)}, profile: []http.HandlerFunc{say(goodProfile)}}
	r := good()
	r.Locale = "en"
	if _, err := open(t, f, nil, time.Second).Finish(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"/sns/oauth2/access_token?appid=" + appID + "&secret=" + secret + "&code=" + code + "&grant_type=authorization_code",
		"/sns/userinfo?access_token=61_a&openid=o1&lang=en",
	}
	var got []string
	for _, u := range f.calls {
		got = append(got, u.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	const plainProfile = `{"openid":"o1","nickname":"N","unionid":"u1"}`
	openid := model.Identifier{Kind: model.IdentifierOpenID, Namespace: appID, Value: "o1"}
	unionid := model.Identifier{Kind: model.IdentifierUnionID, Namespace: "source:src", Value: "u1"}
	labelled := model.Identifier{Kind: model.IdentifierUnionID, Namespace: "account:mine", Value: "u1"}
	both := []model.Identifier{unionid, openid}
	tests := []struct {
		name           string
		token, profile string
		label          string
		identifiers    []model.Identifier
		nickname       any
	}{
		{"everything is there", goodToken, goodProfile, "", both, "飞翔的企鹅"},
		{"a label makes the unionid count beyond the source", goodToken, plainProfile, "mine", []model.Identifier{labelled, openid}, "N"},
		{"the unionid is in the token only", goodToken, `{"openid":"o1","nickname":"N"}`, "", both, "N"},
		{"the unionid is in the profile only", `{"access_token":"a","openid":"o1"}`, plainProfile, "", both, "N"},
		{"an empty unionid is none", `{"access_token":"a","openid":"o1","unionid":""}`, `{"openid":"o1","nickname":"N","unionid":" "}`, "", []model.Identifier{openid}, "N"},
		{"no unionid at all", `{"access_token":"a","openid":"o1"}`, `{"openid":"o1","nickname":"N"}`, "mine", []model.Identifier{openid}, "N"},
		{"errcode 0 is success", `{"errcode":0,"errmsg":"ok","access_token":"a","openid":"o1"}`, `{"errcode":"0","errmsg":"ok","openid":"o1","unionid":"u1","nickname":"N"}`, "", both, "N"},
		{"a raw control byte in the nickname", goodToken, "{\"openid\":\"o1\",\"nickname\":\"a\x07b\x14\n\"}", "", both, "a b"},
		{"an escaped control byte in the nickname", goodToken, `{"openid":"o1","nickname":"a\u0007b\u0000"}`, "", both, "ab"},
		{"a nickname that turns the text around", goodToken, `{"openid":"o1","nickname":"\u202enimda"}`, "", both, "nimda"},
		{"an empty nickname is none", goodToken, `{"openid":"o1","nickname":" \u200b "}`, "", both, nil},
		{"a byte order mark", "\ufeff" + goodToken, "\ufeff" + plainProfile, "", both, "N"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := &fake{token: []http.HandlerFunc{say(tt.token)}, profile: []http.HandlerFunc{say(tt.profile)}}
			d := open(t, f, func(c *oauth.Config) { c.OpenPlatformAccount = tt.label }, time.Second)
			got, err := d.Finish(t.Context(), good())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.identifiers, got.Identifiers); diff != "" {
				t.Errorf("identifiers (-want +got):\n%s", diff)
			}
			if got.Properties["username"] != tt.identifiers[0].Value || got.Properties["name"] != tt.nickname || got.Properties["email"] != nil {
				t.Errorf("properties %v", got.Properties)
			}
			if text, _ := json.Marshal(got); strings.Contains(string(text), "61_") || strings.Contains(string(text), "errcode") {
				t.Errorf("the account holds what it should not: %s", text)
			}
		})
	}
}

func TestProfileBecomesAttributes(t *testing.T) {
	t.Parallel()
	f := &fake{token: []http.HandlerFunc{say(goodToken)}, profile: []http.HandlerFunc{say(goodProfile)}}
	got, err := open(t, f, nil, time.Second).Finish(t.Context(), good())
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(got.Properties)
	const want = `{"attributes":{"city":"","country":"","headimgurl":"https://thirdwx.qlogo.cn/mmopen/vi_32/x/132","openid":"o1","province":"","sex":0,"unionid":"u1"},` +
		`"email":null,"name":"飞翔的企鹅","username":"u1"}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	text, _ = json.Marshal(got.Info)
	const info = `{"city":"","country":"","headimgurl":"http://thirdwx.qlogo.cn/mmopen/vi_32/x/132","language":"zh_CN","nickname":"飞翔的企鹅","openid":"o1",` +
		`"privilege":[],"province":"","sex":0,"unionid":"u1"}`
	if diff := cmp.Diff(info, string(text)); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}
}

func TestAvatarsAreHTTPS(t *testing.T) {
	t.Parallel()
	for give, want := range map[string]string{
		"http://wx.qlogo.cn/a/132": "https://wx.qlogo.cn/a/132", "https://wx.qlogo.cn/a": "https://wx.qlogo.cn/a",
		"http://127.0.0.1:9001/a": "http://127.0.0.1:9001/a", "http://localhost/a": "http://localhost/a", "http://127.0.0.1.example.org/a": "https://127.0.0.1.example.org/a",
		"": "", "javascript:alert(1)": "", "//wx.qlogo.cn/a": "", "data:image/png;base64,AA": "", "https://": "",
		"https://x.example/" + strings.Repeat("a", 2048): "",
	} {
		if got := avatar(give); got != want {
			t.Errorf("avatar(%q) = %q, want %q", give, got, want)
		}
	}
}

func TestBadCallbacks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		query  url.Values
		code   model.Code
		reason string
	}{
		{"the person cancelled: a state and no code", url.Values{"state": {"abc"}}, model.CodeDenied, "wechat.no_code"},
		{"an empty code", url.Values{"code": {""}}, model.CodeDenied, "wechat.no_code"},
		{"a code of 100 kB", url.Values{"code": {strings.Repeat("a", 100<<10)}}, model.CodeInvalid, "wechat.code_too_long"},
		{"a code of 513 bytes", url.Values{"code": {strings.Repeat("a", 513)}}, model.CodeInvalid, "wechat.code_too_long"},
		{"two codes", url.Values{"code": {"a", "b"}}, model.CodeInvalid, "wechat.code_malformed"},
		{"a code with control characters", url.Values{"code": {"a\x00b"}}, model.CodeInvalid, "wechat.code_malformed"},
		{"a code that is not ASCII", url.Values{"code": {"微信"}}, model.CodeInvalid, "wechat.code_malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			_, err := open(t, f, nil, time.Second).Finish(t.Context(), back(tt.query))
			wantReason(t, err, tt.code, tt.reason)
			if len(f.calls) != 0 {
				t.Error("WeChat was asked")
			}
		})
	}
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, key, secret string
		want              []string
	}{
		{"the usual shapes", appID, secret, nil},
		{"unusual shapes are WeChat's affair", "ww1", "S", nil},
		{"blanks around the AppID", " " + appID, secret, []string{"consumer_key"}},
		{"quotes around the AppSecret", appID, `"` + secret + `"`, []string{"consumer_secret"}},
		{"Chinese quotes and a line feed", "“" + appID + "”", secret + "\n", []string{"consumer_key", "consumer_secret"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			faults := check(oauth.Config{ConsumerKey: tt.key, ConsumerSecret: model.NewSecret(tt.secret)})
			for _, field := range []string{"consumer_key", "consumer_secret"} {
				if len(faults[field]) > 0 {
					got = append(got, field)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnIdentifierGivenByHandMayBeEither(t *testing.T) {
	driver, err := Type().Open(oauth.Settings{Config: oauth.Config{ConsumerKey: "wx0123456789abcdef"}, Client: &http.Client{}})
	if err != nil {
		t.Fatal(err)
	}
	got := driver.(source.Identifying).IdentifiersOf("s1", "oABC")
	want := []model.Identifier{
		{Kind: model.IdentifierUnionID, Namespace: "source:s1", Value: "oABC"}, {Kind: model.IdentifierOpenID, Namespace: "wx0123456789abcdef", Value: "oABC"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
