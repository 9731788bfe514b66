package wechatsim

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestExchangeAndProfileHaveWeChatsShapes(t *testing.T) {
	b := newBench(t, Options{})
	code := b.code()
	resp, body := b.get("/sns/oauth2/access_token?" + exchangeParams(code).Encode())
	want := `^\{"access_token":"\d\d_[\w-]{107}","expires_in":7200,"refresh_token":"\d\d_[\w-]{107}","openid":"o[\w-]{27}","scope":"snsapi_login","unionid":"o[\w-]{27,28}"\}$`
	if !regexp.MustCompile(want).MatchString(body) {
		t.Errorf("token answer %s", body)
	}
	if ct := resp.Header.Get("Content-Type"); ct != "text/plain" {
		t.Errorf("content type %q", ct)
	}
	if !regexp.MustCompile(`^[A-Za-z0-9]{32}$`).MatchString(code) {
		t.Errorf("code %q", code)
	}
	token := b.parse(body)
	_, body = b.get("/sns/userinfo?access_token=" + token.AccessToken + "&openid=" + token.OpenID + "&lang=zh_CN")
	want = `^\{"openid":"` + token.OpenID + `","nickname":"Alice Martin","sex":0,"language":"en","city":"","province":"","country":"",` +
		`"headimgurl":"http:\\/\\/127\.0\.0\.1:\d+\\/mmopen\\/vi_32\\/alice\.0\\/132","privilege":\[\],"unionid":"` + token.UnionID + `"\}$`
	if !regexp.MustCompile(want).MatchString(body) {
		t.Errorf("profile %s", body)
	}
}

func TestExchangeErrors(t *testing.T) {
	change := func(key, value string) func(*bench, url.Values) {
		return func(_ *bench, v url.Values) {
			v.Set(key, value)
			if value == "" {
				v.Del(key)
			}
		}
	}
	tests := map[string]struct {
		do   func(*bench, url.Values)
		want int
	}{
		"a good exchange":             {func(*bench, url.Values) {}, 0},
		"parameters WeChat ignores":   {change("redirect_uri", "https://elsewhere.test/"), 0},
		"no appid":                    {change("appid", ""), 41002},
		"unknown appid":               {change("appid", "wxffffffffffffffff"), 40013},
		"no secret":                   {change("secret", ""), 41004},
		"wrong secret":                {change("secret", "wrong"), 40125},
		"no code":                     {change("code", ""), 41008},
		"made-up code":                {change("code", "00000000000000000000000000000000"), 40029},
		"wrong grant_type":            {change("grant_type", "refresh_token"), 40002},
		"no grant_type":               {change("grant_type", ""), 40002},
		"a code of another app":       {change("appid", "wx0000000000000002"), 40029},
		"a used code":                 {func(b *bench, v url.Values) { b.exchangeCode(v.Get("code")) }, 40163},
		"an expired code":             {func(b *bench, _ url.Values) { b.Advance(10 * time.Minute) }, 42003},
		"a code of almost its age":    {func(b *bench, _ url.Values) { b.Advance(10*time.Minute - time.Second) }, 0},
		"a secret reset meanwhile":    {func(b *bench, _ url.Values) { mustUpdate(b, func(a *App) { a.Secret = "new" }) }, 40125},
		"used, answered as invalid":   {func(b *bench, v url.Values) { b.behave(usedAs40029); b.exchangeCode(v.Get("code")) }, 40029},
		"expired, answered invalid":   {func(b *bench, _ url.Values) { b.behave(expiredAs40029); b.Advance(time.Hour) }, 40029},
		"a shorter life was asked":    {func(b *bench, _ url.Values) { b.behave(shortCodes); b.Advance(time.Minute) }, 42003},
		"an app deleted meanwhile":    {func(b *bench, _ url.Values) { _ = b.DeleteApp("wx0000000000000001") }, 40013},
		"everything was reset before": {func(b *bench, _ url.Values) { b.Reset() }, 40029},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, Options{})
			params := exchangeParams(b.code())
			tt.do(b, params)
			resp, body := b.get("/sns/oauth2/access_token?" + params.Encode())
			got := b.parse(body)
			if got.errcode() != tt.want || resp.StatusCode != http.StatusOK {
				t.Errorf("%s %s, want 200 and errcode %d", resp.Status, body, tt.want)
			}
			if tt.want != 0 && !regexp.MustCompile(`, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`).MatchString(got.Errmsg) {
				t.Errorf("errmsg %q has no rid", got.Errmsg)
			}
		})
	}
}

func usedAs40029(b *Behaviour)    { b.SecondExchange = 40029 }
func expiredAs40029(b *Behaviour) { b.ExpiredCode = 40029 }
func shortCodes(b *Behaviour)     { b.CodeLifetime = Duration(time.Minute) }

func mustUpdate(b *bench, change func(*App)) {
	b.t.Helper()
	if _, err := b.UpdateApp("wx0000000000000001", change); err != nil {
		b.t.Fatal(err)
	}
}

func TestACodeExchangedByManyAtOnceIsWonByExactlyOne(t *testing.T) {
	b := newBench(t, Options{})
	params := exchangeParams(b.code()).Encode()
	const callers = 20
	errcodes := make(chan int, callers)
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			_, body := b.get("/sns/oauth2/access_token?" + params)
			errcodes <- b.parse(body).errcode()
		})
	}
	all.Wait()
	close(errcodes)
	won := 0
	for errcode := range errcodes {
		switch errcode {
		case 0:
			won++
		case 40163:
		default:
			t.Errorf("errcode %d", errcode)
		}
	}
	if won != 1 {
		t.Errorf("%d callers won", won)
	}
}

func TestExchangeByPost(t *testing.T) {
	b := newBench(t, Options{})
	if _, body := b.post("/sns/oauth2/access_token", exchangeParams(b.code())); b.parse(body).OpenID == "" {
		t.Errorf("form: %s", body)
	}
	resp, err := b.client.Post(b.url+"/sns/oauth2/access_token", "application/json", strings.NewReader(`{"appid":"wx0000000000000001"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := b.parse(b.read(resp)); got.errcode() != 41002 {
		t.Errorf("JSON: errcode %d", got.errcode())
	}
	b.behave(func(bh *Behaviour) { bh.PostExchange = false })
	if _, body := b.post("/sns/oauth2/access_token", exchangeParams(b.code())); b.parse(body).errcode() != 41002 {
		t.Errorf("form, refused: %s", body)
	}
}

func TestRefresh(t *testing.T) {
	tests := map[string]struct {
		after  time.Duration
		change url.Values
		want   int
		same   bool
	}{
		"the access token lives: the same one, extended": {after: time.Hour, same: true},
		"the access token expired: a new one":            {after: 3 * time.Hour},
		"after 30 days it is over":                       {after: 30 * 24 * time.Hour, want: 42002},
		"no appid":                                       {change: url.Values{"appid": {""}}, want: 41002},
		"unknown appid":                                  {change: url.Values{"appid": {"wxff"}}, want: 40013},
		"another app's":                                  {change: url.Values{"appid": {"wx0000000000000002"}}, want: 40030},
		"wrong grant_type":                               {change: url.Values{"grant_type": {"authorization_code"}}, want: 40002},
		"no refresh_token":                               {change: url.Values{"refresh_token": {""}}, want: 41003},
		"unknown refresh_token":                          {change: url.Values{"refresh_token": {"84_x"}}, want: 40030},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, Options{})
			token := b.exchangeCode(b.code())
			b.Advance(tt.after)
			params := url.Values{"appid": {"wx0000000000000001"}, "grant_type": {"refresh_token"}, "refresh_token": {token.RefreshToken}}
			for key, list := range tt.change {
				params[key] = list
			}
			got := b.sns("oauth2/refresh_token", params)
			if got.errcode() != tt.want {
				t.Fatalf("errcode %d, want %d", got.errcode(), tt.want)
			}
			if tt.want != 0 {
				return
			}
			if (got.AccessToken == token.AccessToken) != tt.same || got.UnionID != "" || got.RefreshToken != token.RefreshToken {
				t.Errorf("got %+v", got)
			}
			b.Advance(119 * time.Minute)
			if p := b.profile(got); p.OpenID != token.OpenID {
				t.Errorf("two hours less a minute later the token answers %d", p.errcode())
			}
		})
	}
}

func TestAuthAndUserinfoErrors(t *testing.T) {
	b := newBench(t, Options{})
	token := b.exchangeCode(b.code())
	good := func() url.Values {
		return url.Values{"access_token": {token.AccessToken}, "openid": {token.OpenID}}
	}
	with := func(key, value string) url.Values { v := good(); v.Set(key, value); return v }
	checked := func(bh *Behaviour) { bh.UserinfoOpenid = OpenidChecked }
	tests := []struct {
		name     string
		behave   func(*Behaviour)
		endpoint string
		params   url.Values
		want     int
	}{
		{"auth: good", nil, "auth", good(), 0},
		{"auth: wrong openid", nil, "auth", with("openid", "oX"), 40003},
		{"auth: no openid", nil, "auth", with("openid", ""), 41009},
		{"auth: unknown token", nil, "auth", with("access_token", "84_x"), 40001},
		{"userinfo: no token", nil, "userinfo", with("access_token", ""), 41001},
		{"userinfo: unknown token", nil, "userinfo", with("access_token", "84_x"), 40001},
		{"userinfo: the token decides", nil, "userinfo", with("openid", "oX"), 0},
		{"userinfo: wrong openid, checked", checked, "userinfo", with("openid", "oX"), 40003},
		{"userinfo: no openid, checked", checked, "userinfo", with("openid", ""), 41009},
		{"userinfo: right openid, checked", checked, "userinfo", good(), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.behave != nil {
				b.behave(tt.behave)
			}
			if got := b.sns(tt.endpoint, tt.params); got.errcode() != tt.want {
				t.Errorf("errcode %d, want %d", got.errcode(), tt.want)
			}
		})
	}
	if err := b.DeleteUser("alice"); err != nil || b.profile(token).errcode() != 50002 {
		t.Errorf("a person who left: %v, %d", err, b.profile(token).errcode())
	}
	b.Advance(2 * time.Hour)
	if got := b.profile(token).errcode(); got != 42001 {
		t.Errorf("expired token: %d", got)
	}
}

func TestIdentities(t *testing.T) {
	b := newBench(t, Options{})
	at := func(appID, userID string) answer {
		params := exchangeParams(b.codeFor(appID, userID))
		params.Set("appid", appID)
		return b.sns("oauth2/access_token", params)
	}
	books, again, maps, alone := at("wx0000000000000001", "alice"), at("wx0000000000000001", "alice"), at("wx0000000000000002", "alice"), at("wx0000000000000003", "alice")
	if books.OpenID != again.OpenID || books.UnionID != again.UnionID {
		t.Error("the same person at the same app got other ids")
	}
	if books.OpenID == maps.OpenID || books.UnionID != maps.UnionID {
		t.Error("two apps of one account want different openids and one unionid")
	}
	if alone.UnionID != "" {
		t.Error("an unbound app sees a unionid")
	}
	if _, err := b.UpdateApp("wx0000000000000003", func(a *App) { a.Account = "acme" }); err != nil {
		t.Fatal(err)
	}
	if bound := at("wx0000000000000003", "alice"); bound.OpenID != alone.OpenID || bound.UnionID != books.UnionID {
		t.Error("binding an app must keep the openid and show the account's unionid")
	}
	if bob := at("wx0000000000000001", "xiaoming"); bob.OpenID == books.OpenID || bob.UnionID == books.UnionID {
		t.Error("two people share an id")
	}
}

func TestOddNicknamesReachTheWireAsTheyAre(t *testing.T) {
	b := newBench(t, Options{})
	for _, user := range People() {
		token := b.exchangeCode(b.codeFor("wx0000000000000001", user.ID))
		_, body := b.get("/sns/userinfo?access_token=" + token.AccessToken + "&openid=" + token.OpenID)
		escaped := strings.NewReplacer(`"`, `\"`, `/`, `\/`).Replace(user.Nickname)
		if !strings.Contains(body, `"nickname":"`+escaped+`"`) {
			t.Errorf("%s: %q", user.ID, body)
		}
		if user.NoAvatar != strings.Contains(body, `"headimgurl":""`) {
			t.Errorf("%s: picture in %s", user.ID, body)
		}
	}
}

func TestPictureIsGoneOnceChanged(t *testing.T) {
	b := newBench(t, Options{})
	token := b.exchangeCode(b.code())
	old := b.profile(token).HeadImgURL
	if resp, body := b.get(old); resp.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(body, "<svg") {
		t.Fatalf("picture: %s %s", resp.Status, body)
	}
	if _, err := b.UpdateUser("alice", func(u *User) { u.AvatarVersion++ }); err != nil {
		t.Fatal(err)
	}
	if resp, _ := b.get(old); resp.StatusCode != http.StatusNotFound {
		t.Errorf("the old picture answers %s", resp.Status)
	}
	if resp, _ := b.get(b.profile(token).HeadImgURL); resp.StatusCode != http.StatusOK {
		t.Errorf("the new picture answers %s", resp.Status)
	}
}
