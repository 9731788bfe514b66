package wechatsim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// homeView is what the first page shows.
type homeView struct {
	Base    string
	Apps    []homeApp
	People  []User
	SignIns []homeSignIn
	Calls   []Call
	Faults  []ArmedFault
}

type homeApp struct {
	App
	Try string
}

type homeSignIn struct {
	SignIn
	Left string
}

func (s *Simulator) home(w http.ResponseWriter, r *http.Request) {
	const shownSignIns, shownCalls = 8, 10
	data := homeView{Base: s.base(r), People: s.firstUsers(), Faults: s.Faults()}
	for _, app := range s.Apps() {
		data.Apps = append(data.Apps, homeApp{App: app, Try: tryAddress(data.Base, app, language(r))})
	}
	for _, si := range s.lastSignIns(shownSignIns) {
		if si.Status != StatusConfirmed && si.Status != StatusExpired {
			data.SignIns = append(data.SignIns, homeSignIn{si, s.expiresIn(si).String()})
		}
	}
	calls := s.Calls()
	data.Calls = calls[max(0, len(calls)-shownCalls):]
	slices.Reverse(data.Calls)
	s.pages.reply(r, "home", data).write(w)
}

// tryAddress starts a sign-in that ends on the simulator's own page /try.
func tryAddress(base string, app App, lang string) string {
	query := url.Values{
		"appid": {app.AppID}, "redirect_uri": {base + "/try?lang=" + lang}, "response_type": {"code"},
		"scope": {scopeLogin}, "state": {app.AppID}, "lang": {map[string]string{"en": "en", "zh": "cn"}[lang]},
	}
	return "/connect/qrconnect?" + query.Encode()
}

// tryView is what an application would receive.
type tryView struct {
	Callback string
	Refused  bool
	Token    string
	Profile  string
}

// try is a callback for trying the simulator without an application: it shows what one would have received.
func (s *Simulator) try(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	data := tryView{Callback: s.base(r) + r.URL.RequestURI(), Refused: query.Get("code") == ""}
	app, err := s.App(query.Get("state"))
	if err != nil {
		s.pages.fail(w, r, err)
		return
	}
	if data.Refused {
		s.pages.reply(r, "try", data).write(w)
		return
	}
	ask := func(answer answerer, params url.Values) string {
		return string(answer(&http.Request{Method: http.MethodGet, Host: r.Host, TLS: r.TLS, Form: params}, Fault{}).body)
	}
	data.Token = ask(s.exchange, url.Values{
		"appid": {app.AppID}, "secret": {app.Secret}, "code": {query.Get("code")}, "grant_type": {"authorization_code"},
	})
	var token struct {
		AccessToken string `json:"access_token"`
		OpenID      string `json:"openid"`
	}
	if json.Unmarshal([]byte(data.Token), &token) == nil && token.AccessToken != "" {
		data.Profile = ask(s.userinfo, url.Values{"access_token": {token.AccessToken}, "openid": {token.OpenID}})
	}
	data.Token, data.Profile = breakFields(data.Token), breakFields(data.Profile)
	s.pages.reply(r, "try", data).write(w)
}

// breakFields puts each field of an answer on its own line, and leaves every other byte as it is.
func breakFields(body string) string {
	body = strings.ReplaceAll(body, `,"`, ",\n  \"")
	body = strings.Replace(body, "{", "{\n  ", 1)
	return strings.TrimSuffix(body, "}") + "\n}"
}
