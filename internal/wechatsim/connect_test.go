package wechatsim

import (
	"bytes"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestQRPageCarriesWhatWeChatsDoes(t *testing.T) {
	b := newBench(t, Options{})
	resp, body := b.get(b.authorizeURL(nil))
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("answer is %s, %s", resp.Status, resp.Header.Get("Content-Type"))
	}
	uuid := b.SignIns()[0].UUID
	for _, part := range []string{
		`<img class="js_qrcode_img web_qrcode_img" src="/connect/qrcode/` + uuid + `"`,
		`var fordevtool = "` + b.url + `/connect/l/qrconnect?uuid=` + uuid + `"`,
		`js_status js_wx_default_tip" id="wx_default_tip"`,
		`js_status js_wx_after_scan good" id="wx_after_scan" hidden`,
		`js_status js_wx_after_cancel bad" id="wx_after_cancel" hidden`,
		`<noscript><meta http-equiv="refresh" content="3;url=/connect/wait?uuid=` + uuid,
		`href="/connect/confirm?lang=en&amp;uuid=` + uuid + `" target="_blank"`,
		`action="/connect/fast?lang=en"`,
		"This is not WeChat",
	} {
		if !strings.Contains(body, part) {
			t.Errorf("page lacks %s", part)
		}
	}
	if len(uuid) != 16 {
		t.Errorf("uuid %q has not 16 characters", uuid)
	}
	_, body = b.get(b.authorizeURL(url.Values{"fast_login": {"0"}}))
	if strings.Contains(body, "/connect/fast") {
		t.Error("fast_login=0 leaves the desktop prompt on the page")
	}
}

func TestRequestsWeChatRefuses(t *testing.T) {
	tests := map[string]struct {
		change url.Values
		check  DomainCheck
		want   string
	}{
		"a good request":                        {},
		"without response_type, as the widget":  {change: url.Values{"response_type": {""}}},
		"with one more scope":                   {change: url.Values{"scope": {"snsapi_login,snsapi_runtime_pcsdk"}}},
		"unknown AppID":                         {change: url.Values{"appid": {"wxffff"}}, want: titleAppID},
		"no AppID":                              {change: url.Values{"appid": {""}}, want: titleAppID},
		"another host":                          {change: url.Values{"redirect_uri": {"https://example.com/"}}, want: titleRedirect},
		"a host below the domain":               {change: url.Values{"redirect_uri": {"https://a.login.example.com/"}}, want: titleRedirect},
		"no scheme":                             {change: url.Values{"redirect_uri": {"login.example.com/cb"}}, want: titleRedirect},
		"a script as redirect_uri":              {change: url.Values{"redirect_uri": {"javascript://login.example.com/%0aalert(1)"}}, want: titleRedirect},
		"no redirect_uri":                       {change: url.Values{"redirect_uri": {""}}, want: titleRedirect},
		"the domain in the user info only":      {change: url.Values{"redirect_uri": {"https://login.example.com@evil.test/"}}, want: titleRedirect},
		"a port is allowed here":                {change: url.Values{"redirect_uri": {"http://login.example.com:9000/cb"}}},
		"a port is refused when strict":         {change: url.Values{"redirect_uri": {"http://login.example.com:9000/cb"}}, check: DomainStrict, want: titleRedirect},
		"a default port is good when strict":    {change: url.Values{"redirect_uri": {"https://login.example.com:443/cb"}}, check: DomainStrict},
		"another host is good without a check":  {change: url.Values{"redirect_uri": {"http://anywhere.test/"}}, check: DomainOff},
		"the scope of another kind of app":      {change: url.Values{"scope": {"snsapi_userinfo"}}, want: titleScope},
		"an app without permission to sign in":  {change: url.Values{"appid": {"wx0000000000000003"}}, want: titleScope},
		"the simulator's own page for trying":   {change: url.Values{"redirect_uri": {"BASE/try?lang=en"}}},
		"a page of ours that is not for trying": {change: url.Values{"redirect_uri": {"BASE/tryst"}}, want: titleRedirect},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, Options{})
			if _, err := b.UpdateApp("wx0000000000000003", func(a *App) { a.NoLogin = true }); err != nil {
				t.Fatal(err)
			}
			if tt.check != "" {
				b.behave(func(bh *Behaviour) { bh.DomainCheck = tt.check })
			}
			for key, list := range tt.change {
				tt.change[key] = []string{strings.Replace(list[0], "BASE", b.url, 1)}
			}
			resp, body := b.get(b.authorizeURL(tt.change))
			if resp.StatusCode != http.StatusOK {
				t.Errorf("status %d; WeChat's error pages are 200", resp.StatusCode)
			}
			title := `<h4 class="weui_msg_title">` + tt.want + `</h4>`
			if refused := strings.Contains(body, "weui_msg_title"); refused != (tt.want != "") || refused && !strings.Contains(body, title) {
				t.Errorf("want title %q in\n%s", tt.want, body)
			}
		})
	}
}

func TestQRCodeIsAPicture(t *testing.T) {
	b := newBench(t, Options{})
	resp, body := b.get("/connect/qrcode/" + b.open())
	img, err := png.Decode(strings.NewReader(body))
	if err != nil || resp.Header.Get("Content-Type") != "image/png" {
		t.Fatalf("%s: %v", resp.Header.Get("Content-Type"), err)
	}
	if img.Bounds().Dx() < 150 {
		t.Errorf("picture is only %d pixels wide", img.Bounds().Dx())
	}
	if resp, _ := b.get("/connect/qrcode/unknown"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("unknown code answers %s", resp.Status)
	}
}

func TestPollFollowsTheStateMachine(t *testing.T) {
	b := newBench(t, Options{})
	poll := func(uuid, last string) string {
		_, body := b.get("/connect/l/qrconnect?uuid=" + uuid + "&last=" + last + "&_=1700000000000")
		return body
	}
	bare := func(code string) string { return "window.wx_errcode=" + code + ";window.wx_code='';" }
	uuid := b.open()
	steps := []struct {
		name string
		do   func() error
		last string
		want string
	}{
		{"nothing happened", nil, "", bare("408")},
		{"scanned", func() error { _, err := b.Scan(uuid); return err }, "", bare("404")},
		{"scanned, and the page knows", nil, "404", bare("408")},
		{"cancelled", func() error { _, err := b.Cancel(uuid); return err }, "404", bare("403")},
		{"cancelled, and the page knows", nil, "403", bare("408")},
		{"scanned again", func() error { _, err := b.Scan(uuid); return err }, "403", bare("404")},
	}
	for _, step := range steps {
		if step.do != nil {
			if err := step.do(); err != nil {
				t.Fatal(step.name, err)
			}
		}
		if got := poll(uuid, step.last); got != step.want {
			t.Errorf("%s: got %s, want %s", step.name, got, step.want)
		}
	}
	si, err := b.Confirm(uuid, "alice")
	if err != nil {
		t.Fatal(err)
	}
	want := "window.wx_errcode=405;window.wx_code='" + si.Code + "';"
	if first, second := poll(uuid, "404"), poll(uuid, ""); first != want || second != want {
		t.Errorf("confirmed: got %s, then %s, want %s twice", first, second, want)
	}
	if _, body := b.get("/connect/l/qrconnect?f=json&uuid=" + uuid); body != `{"wx_errcode":405,"wx_code":"`+si.Code+`"}` {
		t.Errorf("as JSON: %s", body)
	}
	if _, err := b.Expire(uuid); err != nil || poll(uuid, "") != bare("402") {
		t.Errorf("expired: %v, %s", err, poll(uuid, ""))
	}
	if got := poll("unknown", ""); got != bare("402") {
		t.Errorf("unknown uuid: %s", got)
	}
}

func TestHeldPollAnswersAtOnceWhenThePhoneScans(t *testing.T) {
	b := newBench(t, Options{PollHold: time.Minute})
	uuid := b.open()
	got := make(chan string)
	go func() {
		_, body := b.get("/connect/l/qrconnect?f=json&uuid=" + uuid)
		got <- body
	}()
	for len(b.Calls()) < 2 { // the page, and the poll under way
		time.Sleep(time.Millisecond)
	}
	b.get("/connect/confirm?uuid=" + uuid)
	select {
	case body := <-got:
		if !strings.Contains(body, "404") {
			t.Errorf("got %s", body)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the poll is still held")
	}
}

func TestQRCodeExpiresWithTime(t *testing.T) {
	b := newBench(t, Options{})
	uuid := b.open()
	b.Advance(5 * time.Minute)
	if si, _ := b.SignIn(uuid); si.Status != StatusExpired {
		t.Errorf("after five minutes it is %s", si.Status)
	}
	if _, err := b.Confirm(uuid, "alice"); err == nil {
		t.Error("an expired code was confirmed")
	}
}

func TestThePhoneConfirmsAndTheBrowserWithoutScriptMovesOn(t *testing.T) {
	b := newBench(t, Options{})
	uuid := b.open()
	if resp, _ := b.get("/connect/wait?uuid=" + uuid); resp.StatusCode != http.StatusOK {
		t.Fatalf("waiting answers %s", resp.Status)
	}
	_, body := b.get("/connect/confirm?uuid=" + uuid)
	for _, user := range People() {
		if !strings.Contains(body, `value="`+user.ID+`"`) {
			t.Errorf("%s is not on the phone", user.ID)
		}
	}
	if si, _ := b.SignIn(uuid); si.Status != StatusScanned {
		t.Errorf("opening the phone left it %s", si.Status)
	}
	b.post("/connect/confirm", url.Values{"uuid": {uuid}, "user": {"alice"}, "decision": {"confirm"}})
	resp, _ := b.get("/connect/wait?uuid=" + uuid)
	si, _ := b.SignIn(uuid)
	if want := testRedirect + "&code=" + si.Code + "&state=abc123"; resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != want {
		t.Errorf("%s to %s, want %s", resp.Status, resp.Header.Get("Location"), want)
	}
}

func TestRefusalOnThePhone(t *testing.T) {
	for _, mode := range []Cancel{CancelStay, CancelRedirect} {
		t.Run(string(mode), func(t *testing.T) {
			b := newBench(t, Options{})
			b.behave(func(bh *Behaviour) { bh.Cancel = mode })
			uuid := b.open()
			b.post("/connect/confirm", url.Values{"uuid": {uuid}, "decision": {"cancel"}})
			resp, _ := b.get("/connect/wait?uuid=" + uuid)
			want := ""
			if mode == CancelRedirect {
				want = testRedirect + "&state=abc123"
			}
			if got := resp.Header.Get("Location"); got != want {
				t.Errorf("browser goes to %q, want %q", got, want)
			}
		})
	}
}

func TestFastLoginPutsTheParametersBeforeAFragment(t *testing.T) {
	b := newBench(t, Options{})
	open := url.Values{"redirect_uri": {"https://login.example.com/cb#here"}}
	b.get(b.authorizeURL(open))
	uuid := b.SignIns()[0].UUID
	resp, _ := b.post("/connect/fast", url.Values{"uuid": {uuid}, "user": {"alice"}})
	si, _ := b.SignIn(uuid)
	if want := "https://login.example.com/cb?code=" + si.Code + "&state=abc123#here"; resp.Header.Get("Location") != want {
		t.Errorf("fast login goes to %s, want %s", resp.Header.Get("Location"), want)
	}
	scanned, err := b.SignInAs(b.authorizeURL(open), "alice")
	if err != nil || !strings.HasPrefix(scanned, "https://login.example.com/cb#here?code=") {
		t.Errorf("the scanned code goes to %s, %v", scanned, err)
	}
}

func TestAutoConfirmAnswersARedirect(t *testing.T) {
	tests := map[string]struct {
		opts Options
		more url.Values
		user string // "" for the page
	}{
		"off":                              {Options{}, url.Values{"sim_user": {"alice"}}, ""},
		"everybody is alice":               {Options{AutoConfirm: "alice"}, nil, "alice"},
		"the request names the person":     {Options{SimUser: true}, url.Values{"sim_user": {"admin"}}, "admin"},
		"the request names a new person":   {Options{SimUser: true}, url.Values{"sim_user": {"load-17"}}, "load-17"},
		"allowed, but nobody is named":     {Options{SimUser: true}, nil, ""},
		"the named one before the default": {Options{SimUser: true, AutoConfirm: "alice"}, url.Values{"sim_user": {"rtl"}}, "rtl"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tt.opts)
			resp, _ := b.get(b.authorizeURL(tt.more))
			if tt.user == "" {
				if resp.StatusCode != http.StatusOK {
					t.Errorf("want the page, got %s", resp.Status)
				}
				return
			}
			location := resp.Header.Get("Location")
			token := b.exchangeCode(param(t, location, "code"))
			if resp.StatusCode != http.StatusFound || param(t, location, "state") != "abc123" || token.OpenID != OpenID(tt.user, "wx0000000000000001") {
				t.Errorf("%s to %s, openid %s", resp.Status, location, token.OpenID)
			}
		})
	}
}

func TestPagesAreInTheReadersLanguage(t *testing.T) {
	b := newBench(t, Options{})
	tests := map[string]struct{ query, accept, want string }{
		"nothing said":                {"", "", "en"},
		"a Chinese browser":           {"", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"},
		"a German browser":            {"", "de,en;q=0.5,zh;q=0.7", "zh-Hans"},
		"WeChat's cn":                 {"?lang=cn", "en", "zh-Hans"},
		"WeChat's en":                 {"?lang=en", "zh", "en"},
		"a language that is unwanted": {"", "zh;q=0,fr", "en"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			req, _ := http.NewRequest(http.MethodGet, b.url+"/"+tt.query, nil)
			req.Header.Set("Accept-Language", tt.accept)
			resp, err := b.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if body := b.read(resp); !strings.Contains(body, `<html lang="`+tt.want+`">`) {
				t.Errorf("want %s in\n%s", tt.want, body[:100])
			}
		})
	}
}

func TestEveryPageSaysItIsASimulatorAndLoadsNothingFromElsewhere(t *testing.T) {
	b := newBench(t, Options{})
	uuid := b.open()
	for _, path := range []string{
		"/", "/sim/", "/connect/qrconnect", strings.TrimPrefix(b.authorizeURL(nil), b.url), "/connect/confirm?uuid=" + uuid,
		"/connect/wait?uuid=" + uuid, "/connect/confirm?uuid=unknown", "/try?state=wx0000000000000001", "/try?state=none",
	} {
		for _, lang := range []string{"en", "zh"} {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			_, body := b.get(path + sep + "lang=" + lang)
			notice := b.pages.words[lang]["not_wechat"]
			if !strings.Contains(body, notice) {
				t.Errorf("%s (%s) does not say it is a simulator", path, lang)
			}
			for _, attr := range []string{`src="http`, `src="//`, `stylesheet" href="http`, "@import"} {
				if strings.Contains(body, attr) {
					t.Errorf("%s loads something from elsewhere: %s", path, attr)
				}
			}
		}
	}
}

func TestBothLanguagesHaveTheSameTexts(t *testing.T) {
	p := newPages()
	var templates bytes.Buffer
	files, _ := pageFiles.ReadDir("pages")
	for _, file := range files {
		text, _ := pageFiles.ReadFile("pages/" + file.Name())
		if strings.HasSuffix(file.Name(), ".html") {
			templates.Write(text)
		}
	}
	for key := range p.words["en"] {
		if p.words["zh"][key] == "" {
			t.Errorf("zh.json lacks %s", key)
		}
	}
	if len(p.words["en"]) != len(p.words["zh"]) {
		t.Errorf("%d texts in English, %d in Chinese", len(p.words["en"]), len(p.words["zh"]))
	}
	for _, part := range strings.Split(templates.String(), `.T "`)[1:] {
		if key, _, _ := strings.Cut(part, `"`); p.words["en"][key] == "" {
			t.Errorf("en.json lacks %s", key)
		}
	}
}

func TestPagesElsewhereCannotPressOurButtons(t *testing.T) {
	b := newBench(t, Options{})
	uuid := b.open()
	for _, path := range []string{"/connect/fast", "/connect/confirm", "/sim/reset"} {
		req, _ := http.NewRequest(http.MethodPost, b.url+path, strings.NewReader("uuid="+uuid+"&user=alice&decision=confirm"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		resp, err := b.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b.read(resp)
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s from another site answers %s", path, resp.Status)
		}
	}
}
