package wechatsim

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	testSecret   = "0123456789abcdef0123456789abcdef"
	testRedirect = "https://login.example.com/callback?source=wechat"
)

// bench is a simulator with two applications of one account and a third of none, served on loopback.
type bench struct {
	*Simulator
	t      *testing.T
	url    string
	client *http.Client
}

func newBench(t *testing.T, opts Options) *bench {
	t.Helper()
	if opts.PollHold == 0 {
		opts.PollHold = 60 * time.Millisecond
	}
	sim := New(opts)
	for _, app := range []App{
		{AppID: "wx0000000000000001", Secret: testSecret, Name: "Books", Domain: "login.example.com", Account: "acme"},
		{AppID: "wx0000000000000002", Secret: testSecret, Name: "Maps", Domain: "login.example.com", Account: "acme"},
		{AppID: "wx0000000000000003", Secret: testSecret, Name: "Alone", Domain: "login.example.com"},
	} {
		if _, err := sim.AddApp(app); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(sim)
	t.Cleanup(func() { sim.Close(); server.CloseClientConnections(); server.Close() })
	client := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &bench{sim, t, server.URL, client}
}

// authorizeURL is what an application sends the browser to; more overrides parameters, "" leaves one out.
func (b *bench) authorizeURL(more url.Values) string {
	query := url.Values{
		"appid": {"wx0000000000000001"}, "redirect_uri": {testRedirect}, "response_type": {"code"},
		"scope": {"snsapi_login"}, "state": {"abc123"},
	}
	for key, list := range more {
		query[key] = list
		if list[0] == "" {
			query.Del(key)
		}
	}
	return b.url + "/connect/qrconnect?" + query.Encode()
}

func (b *bench) get(address string) (*http.Response, string) {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.url + address
	}
	resp, err := b.client.Get(address)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, b.read(resp)
}

func (b *bench) post(path string, form url.Values) (*http.Response, string) {
	b.t.Helper()
	resp, err := b.client.PostForm(b.url+path, form)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, b.read(resp)
}

func (b *bench) read(resp *http.Response) string {
	b.t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(body)
}

// open loads the QR page and returns its uuid.
func (b *bench) open() string {
	b.t.Helper()
	_, body := b.get(b.authorizeURL(nil))
	_, rest, _ := strings.Cut(body, `/connect/qrcode/`)
	uuid, _, ok := strings.Cut(rest, `"`)
	if !ok {
		b.t.Fatalf("no QR code on the page:\n%s", body)
	}
	return uuid
}

// code is a fresh authorisation code for alice.
func (b *bench) code() string { return b.codeFor("wx0000000000000001", "alice") }

func (b *bench) codeFor(appID, userID string) string {
	b.t.Helper()
	callback, err := b.SignInAs(b.authorizeURL(url.Values{"appid": {appID}}), userID)
	if err != nil {
		b.t.Fatal(err)
	}
	return param(b.t, callback, "code")
}

func param(t *testing.T, address, key string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(key)
}

// answer is any answer of the sns endpoints.
type answer struct {
	Errcode      *int   `json:"errcode"`
	Errmsg       string `json:"errmsg"`
	AccessToken  string `json:"access_token"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
	OpenID       string `json:"openid"`
	Scope        string `json:"scope"`
	Snapshot     int    `json:"is_snapshotuser"`
	UnionID      string `json:"unionid"`
	Nickname     string `json:"nickname"`
	Sex          int    `json:"sex"`
	City         string `json:"city"`
	HeadImgURL   string `json:"headimgurl"`
}

func (a answer) errcode() int {
	if a.Errcode == nil {
		return 0
	}
	return *a.Errcode
}

func (b *bench) sns(endpoint string, params url.Values) answer {
	b.t.Helper()
	_, body := b.get("/sns/" + endpoint + "?" + params.Encode())
	return b.parse(body)
}

func (b *bench) parse(body string) answer {
	b.t.Helper()
	var a answer
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		b.t.Fatalf("%v in %q", err, body)
	}
	return a
}

func exchangeParams(code string) url.Values {
	return url.Values{
		"appid": {"wx0000000000000001"}, "secret": {testSecret}, "code": {code}, "grant_type": {"authorization_code"},
	}
}

func (b *bench) exchangeCode(code string) answer {
	b.t.Helper()
	return b.sns("oauth2/access_token", exchangeParams(code))
}

func (b *bench) profile(token answer) answer {
	b.t.Helper()
	return b.sns("userinfo", url.Values{"access_token": {token.AccessToken}, "openid": {token.OpenID}})
}

func (b *bench) behave(change func(*Behaviour)) {
	b.t.Helper()
	if err := b.SetBehaviour(change); err != nil {
		b.t.Fatal(err)
	}
}
