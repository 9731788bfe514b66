package wechat

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

const (
	appID  = "wx0123456789abcdef"
	secret = "0123456789abcdef0123456789abcdef"
	code   = "001abcdefghijklmnopqrstuvwxyz012"

	goodToken   = `{"access_token":"61_a","expires_in":7200,"refresh_token":"61_r","openid":"o1","scope":"snsapi_login","unionid":"u1"}`
	goodProfile = `{"openid":"o1","nickname":"飞翔的企鹅","sex":0,"language":"zh_CN","city":"","province":"","country":"",` +
		`"headimgurl":"http:\/\/thirdwx.qlogo.cn\/mmopen\/vi_32\/x\/132","privilege":[],"unionid":"u1"}`
)

// fake is WeChat as a test wants it: it says the texts of a list in turn, the last one again and again.
type fake struct {
	token, profile []http.HandlerFunc

	mu    sync.Mutex
	calls []*url.URL
	// bodies are the length and transfer encodings of each request.
	bodies []string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.calls = append(f.calls, r.URL)
	f.bodies = append(f.bodies, fmt.Sprint(r.ContentLength, r.TransferEncoding))
	answers := &f.token
	if r.URL.Path == "/sns/userinfo" {
		answers = &f.profile
	}
	answer := (*answers)[0]
	if len(*answers) > 1 {
		*answers = (*answers)[1:]
	}
	f.mu.Unlock()
	answer(w, r)
}

func (f *fake) paths() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, u := range f.calls {
		out = append(out, u.Path)
	}
	return out
}

// say answers as WeChat does: 200, as text/plain without a charset.
func say(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, text)
	}
}

func status500(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprint(w, "<html>busy</html>")
}

func slow(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(5 * time.Second):
	}
}

func cutOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, goodToken)
}

func endless(w http.ResponseWriter, _ *http.Request) {
	for {
		if _, err := fmt.Fprint(w, `{"openid":"o1","nickname":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`); err != nil {
			return
		}
	}
}

// open makes a driver for an upstream.
func open(t *testing.T, upstream http.Handler, change func(*oauth.Config), timeout time.Duration) *driver {
	t.Helper()
	server := httptest.NewServer(upstream)
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	client := server.Client()
	client.Timeout = timeout
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := oauth.Defaults()
	c.ConsumerKey, c.ConsumerSecret = appID, model.NewSecret(secret)
	c.AccessTokenURL, c.ProfileURL = oauth.At(server.URL+"/sns/oauth2/access_token"), oauth.At(server.URL+"/sns/userinfo")
	if change != nil {
		change(&c)
	}
	opened, err := Type().Open(oauth.Settings{Config: c, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	d := opened.(*driver)
	d.pause = time.Millisecond
	return d
}

// back is a callback with these parameters.
func back(query url.Values) source.Return {
	return source.Return{SourceID: "src", Query: query, CallbackURL: "https://id.example.org/cb", Locale: "zh"}
}

func good() source.Return { return back(url.Values{"code": {code}, "state": {"abc"}}) }

func wantReason(t *testing.T, err error, code model.Code, reason string) *model.Error {
	t.Helper()
	var e *model.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %s", err, reason)
	}
	if e.Reason != reason || e.Code != code {
		t.Fatalf("got %s %s (%v), want %s %s", e.Code, e.Reason, e.Detail, code, reason)
	}
	return e
}
