package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/weimen-id/weimen/internal/wechatsim"
)

// worker is one browser and the application that it signs in to.
type worker struct {
	ctx      context.Context
	server   *server
	http     *http.Client
	verifier *oidc.IDTokenVerifier
	person   string
	tokens   tokens
}

type tokens struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	Error        string `json:"error"`
}

func newWorker(ctx context.Context, s *server) *worker {
	w := &worker{ctx: ctx, server: s, person: "bench-" + randomText(6)}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	w.http = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w.freshBrowser()
	return w
}

func (w *worker) freshBrowser() { w.http.Jar, _ = cookiejar.New(nil) } // never fails without options

// enroll signs a new person in each time.
func (w *worker) enroll() func() error {
	return func() error {
		w.person = "bench-" + randomText(6)
		return w.whole()
	}
}

// signIn signs the same person in, in a fresh browser each time.
func (w *worker) signIn() func() error { return w.whole }

// whole is a sign-in from the application's request to a verified ID token.
func (w *worker) whole() error {
	w.freshBrowser()
	if w.verifier == nil {
		provider, err := oidc.NewProvider(w.ctx, w.server.origin+"/application/o/bench/")
		if err != nil {
			return err
		}
		w.verifier = provider.Verifier(&oidc.Config{ClientID: w.server.client.id})
	}
	_, _ = w.server.sim.AddUser(wechatsim.User{ID: w.person, Nickname: "Bench"}) // there already, from the second time on
	code, verifier, err := w.authorize()
	if err != nil {
		return err
	}
	return w.exchange(code, verifier)
}

// authorize goes the browser's way: authorization request, login page, WeChat, callback, authorization request, code.
func (w *worker) authorize() (code, verifier string, err error) {
	to, verifier := w.authorizeURL("openid profile email")
	login, err := w.redirect(to)
	if err != nil {
		return "", "", err
	}
	if err := w.page(login); err != nil {
		return "", "", err
	}
	next, err := url.Parse(login)
	if err != nil {
		return "", "", err
	}
	wechat, err := w.redirect(w.server.origin + "/source/oauth/login/wechat/?next=" + url.QueryEscape(next.Query().Get("next")))
	if err != nil {
		return "", "", err
	}
	callback, err := w.server.sim.SignInAs(wechat, w.person)
	if err != nil {
		return "", "", err
	}
	back, err := w.redirect(callback)
	if err != nil {
		return "", "", err
	}
	code, err = w.code(back)
	return code, verifier, err
}

// codeFlow is a sign-in to the application with a session that lives already.
func (w *worker) codeFlow() func() error {
	if err := w.whole(); err != nil {
		return func() error { return err }
	}
	return func() error {
		to, verifier := w.authorizeURL("openid profile email")
		code, err := w.code(to)
		if err != nil {
			return err
		}
		return w.exchange(code, verifier)
	}
}

func (w *worker) clientCredentials() func() error {
	return func() error { return w.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"profile"}}) }
}

func (w *worker) refresh() func() error {
	err := w.whole()
	if err == nil {
		err = w.offline()
	}
	return func() error {
		if err != nil {
			return err
		}
		if w.tokens.RefreshToken == "" {
			return errors.New("no refresh token")
		}
		return w.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {w.tokens.RefreshToken}})
	}
}

// offline gets a refresh token, for which the person is asked once.
func (w *worker) offline() error {
	to, verifier := w.authorizeURL("openid offline_access")
	page, err := w.redirect(to)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(page, redirectURI) {
		if page, err = w.consent(page); err != nil {
			return err
		}
	}
	u, err := url.Parse(page)
	if err != nil {
		return err
	}
	return w.exchange(u.Query().Get("code"), verifier)
}

// consent answers the consent page over the flow executor.
func (w *worker) consent(page string) (string, error) {
	u, err := url.Parse(page)
	if err != nil {
		return "", err
	}
	slug := strings.Split(strings.Trim(u.Path, "/"), "/")[2]
	executor := w.server.origin + "/api/v3/flows/executor/" + slug + "/?query=" + url.QueryEscape(u.RawQuery)
	var challenge struct{ Component, Token, To string }
	if err := w.json(http.MethodGet, executor, "", &challenge); err != nil {
		return "", err
	}
	answer, _ := json.Marshal(map[string]string{"component": challenge.Component, "token": challenge.Token}) // strings always encode
	if err := w.json(http.MethodPost, executor, string(answer), &challenge); err != nil {
		return "", err
	}
	if challenge.To == "" {
		return "", fmt.Errorf("consent: no redirect, but %s", challenge.Component)
	}
	return challenge.To, nil
}

func (w *worker) userinfo() func() error {
	err := w.whole()
	return func() error {
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.server.origin+"/application/o/userinfo/", nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+w.tokens.AccessToken)
		return w.do(req, http.StatusOK, nil)
	}
}

func (w *worker) introspect() func() error {
	err := w.whole()
	return func() error {
		if err != nil {
			return err
		}
		var answer struct{ Active bool }
		err := w.post("/application/o/introspect/", url.Values{"token": {w.tokens.AccessToken}}, &answer)
		if err == nil && !answer.Active {
			return errors.New("introspection: not active")
		}
		return err
	}
}

func (w *worker) loginPage() func() error {
	return func() error {
		return w.page(w.server.origin + "/if/flow/default-authentication-flow/?next=%2Fif%2Fuser%2F")
	}
}

func (w *worker) authorizeURL(scope string) (to, verifier string) {
	verifier = randomText(32)
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {w.server.client.id}, "redirect_uri": {redirectURI}, "response_type": {"code"}, "scope": {scope}, "state": {randomText(8)},
		"nonce": {randomText(8)}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	return w.server.origin + "/application/o/authorize/?" + q.Encode(), verifier
}

// code follows an address that answers with a code.
func (w *worker) code(to string) (string, error) {
	back, err := w.redirect(to)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(back)
	if err != nil {
		return "", err
	}
	if code := u.Query().Get("code"); code != "" {
		return code, nil
	}
	return "", fmt.Errorf("no code, but %s%s", u.Host, u.Path)
}

func (w *worker) exchange(code, verifier string) error {
	err := w.token(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI}, "code_verifier": {verifier}})
	if err != nil {
		return err
	}
	_, err = w.verifier.Verify(w.ctx, w.tokens.IDToken)
	return err
}

func (w *worker) token(form url.Values) error {
	w.tokens = tokens{}
	return w.post("/application/o/token/", form, &w.tokens)
}

func (w *worker) post(path string, form url.Values, into any) error {
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.server.origin+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(w.server.client.id, w.server.client.secret)
	return w.do(req, http.StatusOK, into)
}

func (w *worker) json(method, to, body string, into any) error {
	req, err := http.NewRequestWithContext(w.ctx, method, to, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	return w.do(req, http.StatusOK, into)
}

func (w *worker) page(to string) error {
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, to, nil)
	if err != nil {
		return err
	}
	return w.do(req, http.StatusOK, nil)
}

// redirect asks for an address and gives where it leads, absolute.
func (w *worker) redirect(to string) (string, error) {
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, to, nil)
	if err != nil {
		return "", err
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body)
	location, err := resp.Location()
	if err != nil {
		return "", fmt.Errorf("%s: %s without a redirect", req.URL.Path, resp.Status)
	}
	return location.String(), nil
}

func (w *worker) do(req *http.Request, status int, into any) error {
	resp, err := w.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != status {
		return fmt.Errorf("%s: %s: %.300s", req.URL.Path, resp.Status, raw)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(raw, into)
}
