package app_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/store"
)

const consolePage = `<meta name="csp-nonce" content="{{nonce}}"><meta name="weimen-locale" content="{{locale}}">`

func TestTheConsolesPageIsForWhoIsSignedInUnderAPolicyOfItsOwn(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Console: fstest.MapFS{"index.html": {Data: []byte(consolePage)}, "assets/a.js.br": {Data: []byte("brotli")}}})
	h.AddWeChat("wechat", apptest.WeChat{})
	b := h.Browser("zh")
	if p := b.Step(http.MethodGet, "/if/admin/users?page=2", nil); p.To != h.URL+"/flows/-/default/authentication/?next=%2Fif%2Fadmin%2Fusers%3Fpage%3D2" {
		t.Errorf("a stranger is led to %q", p.To)
	}
	b.SignIn("wechat", "alice")
	var policies []string
	for range 2 {
		p := b.Get("/if/admin/users")
		policy := p.Header.Get("Content-Security-Policy")
		_, nonce, _ := strings.Cut(policy, "'nonce-")
		nonce, _, _ = strings.Cut(nonce, "'")
		if nonce == "" || !strings.Contains(p.Body, `content="`+nonce+`"`) || !strings.Contains(p.Body, `content="zh"`) {
			t.Errorf("policy %q, page %q", policy, p.Body)
		}
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "script-src 'self'") {
			t.Errorf("policy %q", policy)
		}
		policies = append(policies, policy)
	}
	if policies[0] == policies[1] {
		t.Error("two pages bear one nonce")
	}
}

func TestABinaryWithoutTheConsoleSaysSo(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	for locale, want := range map[string]string{"en": "The console is not in this binary", "zh": "此程序不含管理控制台"} {
		p := h.Browser(locale).Get("/if/admin/")
		if p.Status != http.StatusNotFound || !strings.Contains(p.Body, want) {
			t.Errorf("%s: %d %s", locale, p.Status, p.Body)
		}
	}
}

func TestAConsoleFileThatIsNotThereIsNoEvent(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Console: fstest.MapFS{"index.html": {Data: []byte(consolePage)}, "assets/a.js.br": {Data: []byte("brotli")}}})
	b := h.Browser("en")
	for _, name := range []string{"assets/", "assets/..%2findex.html", "assets/b.js", "assets/a.js/"} {
		if p := b.Get("/if/admin/" + name); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	events, _, err := h.App().Store.ListEvents(t.Context(), store.List{Where: []store.Where{{Field: "app", Op: store.OpEq, Values: []string{"authentik.portal"}}}})
	if err != nil || len(events) > 0 {
		t.Errorf("%d events, the first %+v, %v", len(events), events[:min(1, len(events))], err)
	}
}
