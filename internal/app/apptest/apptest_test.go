package apptest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// witness notes that a test would have failed.
type witness struct {
	testing.TB
	said []string
}

func (w *witness) Helper() {}

func (w *witness) Errorf(format string, _ ...any) { w.said = append(w.said, format) }

func TestASecretIsFoundWhereverItStands(t *testing.T) {
	t.Parallel()
	s := &Secrets{}
	s.Add("a token", "0123456789abcdef", "short", "")
	for text, want := range map[string]int{
		"nothing here": 0, "short words are none": 0, "state=0123456789abcdef&lang=cn": 1, `{"a":"0123456789abcdef"}`: 1,
	} {
		w := &witness{TB: t}
		s.Absent(w, "the text", text)
		if len(w.said) != want {
			t.Errorf("%q: %d findings, want %d", text, len(w.said), want)
		}
	}
}

func TestAHouseNotesTheSecretsThatPassBy(t *testing.T) {
	t.Parallel()
	h := New(t, Options{})
	wechat := h.AddWeChat("wechat", WeChat{})
	client := h.AddClient("shop", nil)
	b := h.Browser("en")
	to := b.Confirm(b.Depart("/source/oauth/login/wechat/"), "alice")
	b.Get(to)
	tokens := client.SignIn(b)
	callback, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{
		"the AppSecret": wechat.Secret, "the code": callback.Query().Get("code"), "the state": callback.Query().Get("state"),
		"the browser's cookie": b.Cookie("weimen_browser"), "the session's cookie": b.Cookie("weimen_session"), "the access token": tokens.AccessToken,
	} {
		w := &witness{TB: t}
		h.Secrets.Absent(w, "the text", "... "+secret+" ...")
		if secret == "" || len(w.said) != 1 {
			t.Errorf("%s passed by unnoticed", name)
		}
	}
	kinds := map[string]bool{}
	for _, name := range h.Secrets.byText {
		kinds[name] = true
	}
	for _, name := range []string{"the access token of WeChat", "the refresh token of WeChat", "the code for an application", "secret key"} {
		if !kinds[name] {
			t.Errorf("%s passed by unnoticed", name)
		}
	}
}

func TestAPageIsReadAsABrowserReadsIt(t *testing.T) {
	t.Parallel()
	p := &Page{t: t, Body: `<!doctype html><html lang="zh-Hans"><style>a > b { }</style><h1 id="heading">A <bdi>&amp; B</bdi></h1>
<form method="post" action="/x/?a=1&amp;b=2"><input type="hidden" name="token" value="t&quot;"><input name=plain value=v required><br><button name="deny" value="true">No</button></form>
<a href="/one/?x=1&amp;y=2">1</a><code tabindex="0">7F3K-92QD</code>`}
	want := []Form{{Method: "post", Action: "/x/?a=1&b=2", Values: url.Values{"token": {`t"`}, "plain": {"v"}}}}
	if diff := cmp.Diff(want, p.Forms()); diff != "" {
		t.Errorf("forms (-want +got):\n%s", diff)
	}
	if p.Heading() != "A & B" || p.SupportCode() != "7F3K-92QD" || p.Lang() != "zh-Hans" || p.Link("/one") != "/one/?x=1&y=2" || !strings.Contains(p.Text(), "No") {
		t.Errorf("heading %q, code %q, language %q, links %q", p.Heading(), p.SupportCode(), p.Lang(), p.Links())
	}
}
