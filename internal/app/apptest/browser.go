package apptest

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// mostSteps bounds a chain of redirects: more is a circle.
const mostSteps = 20

// Browser is one person's browser: it keeps cookies, follows redirects within the house and stops before it leaves.
type Browser struct {
	t      testing.TB
	house  *House
	client *http.Client
	// Lang is what it asks for in Accept-Language.
	Lang string
	// Header is sent with every request.
	Header http.Header
}

// Browser makes a browser without cookies whose reader prefers a language: "en" or "zh-CN".
func (h *House) Browser(lang string) *Browser {
	jar, err := cookiejar.New(nil)
	must(h.t, err)
	return &Browser{t: h.t, house: h, Lang: lang, Header: http.Header{}, client: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Program is a client for requests that no browser makes: it has no cookies and follows no redirects.
func (h *House) Program() *http.Client {
	return &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Cookie gives the value of one of the house's cookies, "" if there is none.
func (b *Browser) Cookie(name string) string {
	home, err := url.Parse(b.house.URL)
	must(b.t, err)
	for _, c := range b.client.Jar.Cookies(home) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// SetCookie plants a cookie.
func (b *Browser) SetCookie(name, value string) {
	home, err := url.Parse(b.house.URL)
	must(b.t, err)
	b.client.Jar.SetCookies(home, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// SignedIn reports whether "my account" is shown.
func (b *Browser) SignedIn() bool {
	b.t.Helper()
	return b.Step(http.MethodGet, "/if/user/", nil).Status == http.StatusOK
}

// Get opens an address, a path of the house or a whole URL, and follows redirects until a page is shown or the browser would leave the house: then To says where.
func (b *Browser) Get(address string) *Page {
	b.t.Helper()
	return b.follow(b.Step(http.MethodGet, address, nil))
}

// Post sends a form and follows redirects.
func (b *Browser) Post(address string, form url.Values) *Page {
	b.t.Helper()
	return b.follow(b.Step(http.MethodPost, address, form))
}

// Submit sends a page's form whose fields include the given ones, filled in.
func (b *Browser) Submit(p *Page, fill map[string]string) *Page {
	b.t.Helper()
	for _, f := range p.Forms() {
		if !f.has(fill) {
			continue
		}
		values := maps.Clone(f.Values)
		for name, value := range fill {
			values.Set(name, value)
		}
		to, err := p.URL.Parse(f.Action)
		must(b.t, err)
		return b.Post(to.String(), values)
	}
	b.t.Fatalf("no form of the page has the fields %v:\n%s", fill, p)
	return nil
}

// Allow agrees on the page that asks for consent.
func (b *Browser) Allow(p *Page) *Page {
	b.t.Helper()
	for _, f := range p.Forms() {
		if token := f.Values.Get("token"); token != "" {
			return b.Submit(p, map[string]string{"token": token})
		}
	}
	b.t.Fatalf("the page does not ask for consent:\n%s", p)
	return nil
}

func (b *Browser) follow(p *Page) *Page {
	b.t.Helper()
	for range mostSteps {
		if p.To == "" || !p.within {
			return p
		}
		p = b.Step(http.MethodGet, p.To, nil)
	}
	b.t.Fatalf("redirected in a circle, at last to %s", p.URL.Path)
	return nil
}

// Step makes one request and follows nothing.
func (b *Browser) Step(method, address string, form url.Values) *Page {
	b.t.Helper()
	p, err := b.Try(method, address, form)
	must(b.t, err)
	return p
}

// Try is Step that may fail. It may be called by several goroutines at once.
func (b *Browser) Try(method, address string, form url.Values) (*Page, error) {
	header := http.Header{"Accept": {"text/html,application/xhtml+xml"}}
	if form == nil {
		return b.send(method, address, "", header)
	}
	header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(method, address, form.Encode(), header)
}

// JSON makes one request as a script in the browser would, with its cookies, and follows nothing. The body may be nil.
func (b *Browser) JSON(method, address string, body any) *Page {
	b.t.Helper()
	text, header := "", http.Header{"Accept": {"application/json"}}
	if body != nil {
		raw, err := json.Marshal(body)
		must(b.t, err)
		text = string(raw)
		header.Set("Content-Type", "application/json")
	}
	p, err := b.send(method, address, text, header)
	must(b.t, err)
	return p
}

func (b *Browser) send(method, address, body string, header http.Header) (*Page, error) {
	if strings.HasPrefix(address, "/") {
		address = b.house.URL + address
	}
	req, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, b.Header)
	maps.Copy(req.Header, header)
	req.Header.Set("Accept-Language", b.Lang)
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")
	if header.Get("Content-Type") != "" {
		req.Header.Set("Origin", b.house.URL)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	res, err := b.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	p := &Page{URL: req.URL, Status: res.StatusCode, Header: res.Header, Body: string(text), t: b.t}
	if location := res.Header.Get("Location"); location != "" {
		to, err := req.URL.Parse(location)
		if err != nil {
			return nil, err
		}
		p.To, p.within = to.String(), b.house.relative(to)
	}
	b.inspect(p)
	return p, nil
}

// inspect looks for secrets in a page; a redirect is none. The address of a one-time link is in its own page's form, where it belongs.
func (b *Browser) inspect(p *Page) {
	if p.To != "" || strings.HasPrefix(p.URL.Path, "/link/") || strings.HasPrefix(p.URL.Path, "/application/o/") || !strings.HasPrefix(p.URL.String(), b.house.URL) {
		return
	}
	b.house.Secrets.Absent(b.t, "the page "+p.URL.Path, p.Body)
}

// Depart goes to a source and gives the address of WeChat's page.
func (b *Browser) Depart(path string) string {
	b.t.Helper()
	p := b.Step(http.MethodGet, path, nil)
	if p.Status != http.StatusFound || p.within {
		b.t.Fatalf("the source does not send the browser to WeChat:\n%s", p)
	}
	return p.To
}

// Confirm scans the QR code of WeChat's page and confirms, as a person of the simulated WeChat; the address that WeChat sends the browser to is given.
func (b *Browser) Confirm(authorize, person string) (callback string) {
	b.t.Helper()
	callback, err := b.house.WeChat.SignInAs(authorize, person)
	must(b.t, err)
	return callback
}

// SignInAt begins at a source's address, confirms and comes back, as far as redirects lead.
func (b *Browser) SignInAt(path, person string) *Page {
	b.t.Helper()
	return b.Get(b.Confirm(b.Depart(path), person))
}

// SignIn signs in with the source of a slug.
func (b *Browser) SignIn(slug, person string) *Page {
	b.t.Helper()
	return b.SignInAt("/source/oauth/login/"+slug+"/", person)
}
