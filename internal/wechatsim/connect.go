package wechatsim

import (
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rsc.io/qr"
)

const scopeLogin = "snsapi_login"

// The titles of WeChat's error pages. They are served with status 200, and never lead back to the application.
const (
	titleAppID    = "AppID 参数错误"
	titleRedirect = "redirect_uri 参数错误"
	titleScope    = "Scope 参数错误或没有 Scope 权限"
)

// qrconnect is /connect/qrconnect, where an application sends the browser.
func (s *Simulator) qrconnect(r *http.Request, _ Fault) reply {
	query := r.Form
	s.mu.Lock()
	app, refusal := s.checkRequest(r, query)
	if refusal.Title != "" {
		s.mu.Unlock()
		return s.pages.reply(r, "refused", refusal)
	}
	if userID := s.confirmsAtOnce(query); userID != "" {
		code := s.issueCode(app.AppID, userID, grantedScope(query.Get("scope")))
		s.mu.Unlock()
		return reply{status: http.StatusFound, location: callback(query.Get("redirect_uri"), code, query.Get("state"))}
	}
	si := s.openSignIn(query, app)
	view := s.qrView(r, si)
	s.mu.Unlock()
	return s.pages.reply(r, "qr", view)
}

// refusal is an error page: WeChat's title, and our explanation under the key Why with its arguments.
type refusal struct {
	Title string
	Why   string
	Args  []any
	Trace template.HTML // an HTML comment, as on WeChat's page
}

// checkRequest checks what WeChat checks. The caller holds the lock.
func (s *Simulator) checkRequest(r *http.Request, query url.Values) (App, refusal) {
	refuse := func(title, why string, args ...any) (App, refusal) {
		return App{}, refusal{title, why, args, template.HTML("<!-- " + newRequestID() + " -->")}
	}
	app, known := s.apps.get(query.Get("appid"))
	redirectURI := query.Get("redirect_uri")
	scopes := strings.Split(query.Get("scope"), ",")
	ownTry := strings.HasPrefix(redirectURI, s.base(r)+"/try?") || redirectURI == s.base(r)+"/try"
	switch {
	case !known:
		return refuse(titleAppID, "why_appid", query.Get("appid"))
	case !ownTry && !app.allows(redirectURI, s.behaviour.DomainCheck):
		return refuse(titleRedirect, "why_redirect", redirectURI, app.Domain)
	case !slices.Contains(scopes, scopeLogin):
		return refuse(titleScope, "why_scope", query.Get("scope"))
	case app.NoLogin:
		return refuse(titleScope, "why_permission")
	}
	return app, refusal{}
}

// confirmsAtOnce is the person who confirms without a page, if any. The caller holds the lock.
func (s *Simulator) confirmsAtOnce(query url.Values) string {
	userID := s.behaviour.AutoConfirm
	if named := query.Get("sim_user"); named != "" && s.behaviour.SimUser {
		userID = named
		if _, known := s.users.get(named); !known {
			s.users.put(named, User{ID: named, Nickname: named}.withDefaults())
		}
	}
	if _, known := s.users.get(userID); !known {
		return ""
	}
	return userID
}

// qrView is what the QR page shows.
type qrView struct {
	SignIn
	AppName      string
	Poll         template.JS // a JavaScript string literal: the address to poll
	PhoneURL     string
	Restart      string
	CancelTarget string
	StateParam   string
	SelfRedirect string
	FastLogin    bool
	People       []User
}

// qrView is for a caller that holds the lock.
func (s *Simulator) qrView(r *http.Request, si *signIn) qrView {
	const shown = 40
	app, _ := s.apps.get(si.AppID)
	poll, _ := json.Marshal(s.base(r) + "/connect/l/qrconnect?uuid=" + si.UUID) // a string always marshals
	view := qrView{
		SignIn:       si.SignIn,
		AppName:      app.Name,
		Poll:         template.JS(poll),
		PhoneURL:     "/connect/confirm?" + url.Values{"uuid": {si.UUID}, "lang": {language(r)}}.Encode(),
		Restart:      "/connect/qrconnect?" + si.query.Encode(),
		StateParam:   url.QueryEscape(si.State),
		SelfRedirect: si.query.Get("self_redirect"),
		FastLogin:    si.query.Get("fast_login") != "0",
		People:       s.users.first(shown),
	}
	if s.behaviour.Cancel == CancelRedirect {
		view.CancelTarget = join(si.RedirectURI, "state="+view.StateParam)
	}
	return view
}

// qrcode is /connect/qrcode/{uuid}: a real QR code, of the simulated phone's address.
func (s *Simulator) qrcode(r *http.Request, _ Fault) reply {
	uuid := r.PathValue("uuid")
	if _, err := s.SignIn(uuid); err != nil {
		return reply{status: http.StatusNotFound, contentType: "text/plain", body: []byte("404 not found\n")}
	}
	code, err := qr.Encode(s.base(r)+"/connect/confirm?uuid="+uuid, qr.M)
	if err != nil {
		return htmlFailure(http.StatusInternalServerError) // an address too long for any QR code
	}
	return reply{status: http.StatusOK, contentType: "image/png", body: code.PNG()}
}

// poll is /connect/l/qrconnect: held until something happens to the QR code.
func (s *Simulator) poll(r *http.Request, _ Fault) reply {
	var last Status
	for _, st := range []Status{StatusScanned, StatusCancelled} {
		if r.Form.Get("last") == statusDigits(st) {
			last = st
		}
	}
	status, code := s.awaitChange(r.Context(), r.Form.Get("uuid"), last)
	return pollReply(r, int(status), code)
}

// wait is the QR page of a sign-in that exists already: where a browser without script looks whether it may go on.
func (s *Simulator) wait(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	si, err := s.find(r.FormValue("uuid"))
	if err != nil {
		s.mu.Unlock()
		s.pages.fail(w, r, err)
		return
	}
	target, view := si.Target, s.qrView(r, si)
	s.mu.Unlock()
	if target != "" {
		http.Redirect(w, r, target, http.StatusFound)
		return
	}
	s.pages.reply(r, "qr", view).write(w)
}

// fastLogin is the prompt of the desktop client: the person confirms on the page itself.
func (s *Simulator) fastLogin(w http.ResponseWriter, r *http.Request) {
	si, err := s.step(r.FormValue("uuid"), func(si *signIn) error {
		return s.confirm(si, r.FormValue("user"), true)
	})
	if err != nil {
		s.pages.fail(w, r, err)
		return
	}
	http.Redirect(w, r, si.Target, http.StatusSeeOther)
}

// SignInAs does at once what a browser and a phone would: it opens the address an application sends a browser to, confirms
// as the person, and returns the address the browser comes back to. Only the query of authorizeURL counts.
// ErrInvalid if WeChat would show an error page, ErrNotFound if the person is absent.
func (s *Simulator) SignInAs(authorizeURL, userID string) (string, error) {
	u, err := url.Parse(authorizeURL)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	query := u.Query()
	app, refused := s.checkRequest(&http.Request{Host: u.Host}, query)
	if refused.Title != "" {
		return "", &refusedError{refused.Title}
	}
	si := s.openSignIn(query, app)
	if err := s.confirm(si, userID, false); err != nil {
		return "", err
	}
	return si.Target, nil
}

// refusedError is an error page in Go.
type refusedError struct{ title string }

func (e *refusedError) Error() string { return "WeChat's page says: " + e.title }

func (e *refusedError) Unwrap() error { return ErrInvalid }

// expiresIn is how long a QR code still lives, for the home page.
func (s *Simulator) expiresIn(si SignIn) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := si.Created.Add(time.Duration(s.behaviour.QRLifetime)).Sub(s.now())
	return max(left, 0).Round(time.Second)
}
