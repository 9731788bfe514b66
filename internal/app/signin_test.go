package app_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

func TestANewcomerIsEnrolledAndTheApplicationLearnsWhoTheyAre(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		wechat := h.AddWeChat("wechat", apptest.WeChat{Account: "acme", Label: "acme"})
		client := h.AddClient("shop", nil)
		if err := h.WeChat.SetBehaviour(func(b *wechatsim.Behaviour) { b.Profile = wechatsim.ProfilePre2021 }); err != nil {
			t.Fatal(err)
		}
		b := h.Browser("en")

		attempt, address := client.Begin()
		login := b.Get(address)
		if login.Status != 200 || login.Heading() == "" || len(login.Forms()) == 0 {
			t.Fatalf("no login page: %s", login)
		}
		back := b.SignInAt(login.Link("/source/oauth/login/wechat/"), "xiaoming")
		tokens := attempt.Finish(back)

		u := h.Owner("xiaoming", wechat)
		if u == nil {
			t.Fatal("nobody owns the openid")
		}
		unionid, openid := wechatsim.UnionID("xiaoming", "acme"), wechatsim.OpenID("xiaoming", wechat.AppID)
		avatar, _ := u.Attributes["headimgurl"].(string)
		if !strings.HasPrefix(avatar, h.WeChatURL+"/mmopen/vi_32/") {
			t.Errorf("headimgurl is %q", avatar)
		}
		delete(u.Attributes, "headimgurl")
		want := map[string]any{
			"sex": json.Number("1"), "city": "Shenzhen", "province": "Guangdong", "country": "CN", "unionid": unionid, "openid": openid,
			model.AttributeSources: []any{"WeChat wechat"},
		}
		if diff := cmp.Diff(want, u.Attributes); diff != "" {
			t.Errorf("attributes (-want +got):\n%s", diff)
		}
		if u.Username != unionid || u.Name != "李小明" || u.Path != "goauthentik.io/sources/wechat" || u.Type != model.UserExternal || u.Email != "" || !u.IsActive {
			t.Errorf("the user is %+v", u)
		}
		for claim, want := range map[string]any{"name": "李小明", "preferred_username": unionid, "sub": tokens.Claims["sub"]} {
			if tokens.UserInfo[claim] != want {
				t.Errorf("userinfo says %s is %v, want %v", claim, tokens.UserInfo[claim], want)
			}
		}
		if _, has := tokens.UserInfo["email"]; has {
			t.Error("WeChat gives no e-mail address, but the application is told one")
		}
		connections := h.Connections(u)
		if len(connections) != 1 || connections[0].Identifier != unionid || len(connections[0].Identifiers) != 2 {
			t.Errorf("connections are %+v", connections)
		}
		actions := actionsSince(h.Events(), model.ActionUserWrite)
		happened := []model.Action{
			model.ActionUserWrite, model.ActionLogin, model.ActionSourceLinked, model.ActionFlowExecution, model.ActionAuthorizeApplication, model.ActionFlowExecution,
		}
		if !slices.Equal(actions, happened) {
			t.Errorf("events are %v, want %v", actions, happened)
		}
	})
}

// actionsSince gives the actions of events from the first of its kind on.
func actionsSince(events []*model.Event, first model.Action) []model.Action {
	var out []model.Action
	for _, e := range events {
		if len(out) > 0 || e.Action == first {
			out = append(out, e.Action)
		}
	}
	return out
}

func TestTheRedirectToWeChatIsExactlyAsDocumented(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	wechat := h.AddWeChat("wechat", apptest.WeChat{})
	for lang, want := range map[string]string{"en-GB": "en", "zh-CN": "cn", "zh-TW": "cn", "fr": "en"} {
		to := h.Browser(lang).Depart("/source/oauth/login/wechat/")
		u, err := url.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		state := u.Query().Get("state")
		if len(state) != 32 || strings.Trim(state, "0123456789abcdef") != "" {
			t.Errorf("the state %q is not 32 hex digits", state)
		}
		exact := h.WeChatURL + "/connect/qrconnect?appid=" + wechat.AppID + "&redirect_uri=" + url.QueryEscape(h.URL+"/source/oauth/callback/wechat/") +
			"&response_type=code&scope=snsapi_login&state=" + state + "&lang=" + want + "#wechat_redirect"
		if to != exact {
			t.Errorf("for %s:\n got %s\nwant %s", lang, to, exact)
		}
	}
}
