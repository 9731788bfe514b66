package app_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/store"
)

// expect checks one line, without its first word.
func (p *playing) expect(w []string) {
	p.t.Helper()
	no := len(w) > 0 && w[0] == "no"
	if no {
		w = w[1:]
	}
	all := w
	w = append(slices.Clone(w), "", "", "", "")
	switch w[0] {
	case "sources":
		p.expectSources(all[1:])
	case "error":
		p.expectError(no, w[1], w[2])
	case "redirect":
		if p.shown.to != w[1] {
			p.fail("it does not redirect there")
		}
	case "denied":
		p.expectDenied(w[1], w[2])
	case "not":
		if p.shown.status != 404 {
			p.fail("the status is %d", p.shown.status)
		}
	case "page":
		if !strings.Contains(p.shown.page.Text(), w[1]) {
			p.fail("it does not say so")
		}
	case "message":
		if p.shown.isPage() && !strings.Contains(p.shown.page.Text(), w[1]) {
			p.fail("it does not say so")
		}
	case "field":
		p.expectField(no, w[1], pairs(all[min(2, len(all)):]))
	case "letter":
		p.expectLetter(no, w[1], w[2])
	case "letters":
		n, err := strconv.Atoi(w[2])
		p.check(err)
		p.expectLetters(w[1], n)
	case "event":
		p.expectEvent(no, w[1], pairs(all[2:]))
	case "signed":
		p.expectSignedIn(w[3])
	case "nobody":
		p.expectSignedIn("")
	case "sessions":
		p.expectCount(len(p.sessions(w[1])), w[2])
	case "session":
		p.expectSession(w[2], w[3])
	case "user":
		p.expectUser(no, w[1], pairs(all[2:]))
	case "devices":
		if got := p.devicesOf(w[1]); got != w[2] {
			p.fail("they are %q", got)
		}
	case "codes":
		p.expectCount(p.codesLeft(w[1]), w[2])
	case "connections":
		p.expectCount(len(p.Connections(p.user(w[1]))), w[2])
	case "application":
		p.expectApplication(w[1], w[3])
	default:
		p.expectChallenge(no, w[0], pairs(all[1:]))
	}
}

func (p *playing) expectChallenge(no bool, component string, says []pair) {
	p.t.Helper()
	if no || !strings.HasPrefix(component, "ak-") {
		p.fail("no such expectation")
	}
	if p.shown == nil || p.shown.component != component {
		p.fail("it is another challenge")
	}
	for _, x := range says {
		if strings.HasSuffix(x.name, "_url") {
			if !p.shown.leadsTo(x.name, x.value) {
				p.fail("it does not lead to %s", x.value)
			}
			continue
		}
		if got, ok := p.shown.says(x.name); ok && got != x.value {
			p.fail("%s is %q", x.name, got)
		}
	}
}

// expectField checks a field of a prompt, as far as it is shown: its value, and to programs also its type, label and choices.
func (p *playing) expectField(no bool, key string, says []pair) {
	p.t.Helper()
	field, there := p.shown.field(key)
	if there == no {
		p.fail("the field is there: %t", there)
	}
	for _, x := range says {
		if got, ok := field[x.name]; (ok || !p.shown.isPage()) && got != x.value {
			p.fail("%s is %q", x.name, got)
		}
	}
}

func (p *playing) expectSources(want []string) {
	p.t.Helper()
	var got []string
	for _, a := range p.shown.departures() {
		got = append(got, sourceOf(a))
	}
	if !slices.Equal(got, want) {
		p.fail("the sources are %v", got)
	}
}

func (p *playing) expectError(no bool, field, text string) {
	p.t.Helper()
	if no {
		if got := p.shown.errorsOf(""); got != "" {
			p.fail("there is one: %s", got)
		}
		return
	}
	if got := p.shown.errorsOf(field); text == "" || !strings.Contains(got, text) {
		p.fail("the errors are %q", got)
	}
}

// expectDenied checks that a person is told why, and that the audit trail has the reason under the support code.
func (p *playing) expectDenied(reason, text string) {
	p.t.Helper()
	if p.shown.component != "ak-stage-access-denied" {
		p.fail("it is no refusal")
	}
	if p.shown.isPage() {
		p.Refused(p.shown.page, reason)
		if !strings.Contains(p.shown.page.Text(), text) {
			p.fail("it does not say so")
		}
	} else {
		code, _ := p.shown.challenge["support_code"].(string)
		events := p.Refusals(code)
		if code == "" || len(events) != 1 || events[0].Context["reason"] != reason {
			p.fail("%d events have the support code, of %v", len(events), events)
		}
		if got, _ := p.shown.says("error_message"); !strings.Contains(got, text) {
			p.fail("it does not say so")
		}
	}
}

// expectEvent looks for an event since the first step. One that follows a letter comes a moment later.
func (p *playing) expectEvent(no bool, action string, says []pair) {
	p.t.Helper()
	found, got := p.happened(action, says)
	for end := time.Now().Add(2 * time.Second); !found && !no && time.Now().Before(end); found, got = p.happened(action, says) {
		time.Sleep(10 * time.Millisecond)
	}
	if found == no {
		p.fail("the events of this sort are:\n    %s", strings.Join(got, "\n    "))
	}
}

// happened tells whether there was an event that says so, and what events of its sort there were.
func (p *playing) happened(action string, says []pair) (found bool, got []string) {
	p.t.Helper()
	for _, e := range p.Events()[p.since:] {
		if string(e.Action) != action {
			continue
		}
		got = append(got, fmt.Sprint(e.User, " ", e.Context))
		match := true
		for _, x := range says {
			value := fmt.Sprint(e.Context[x.name])
			if x.name == "user" {
				value = ""
				if e.User != nil {
					value = e.User.Username
				}
			}
			match = match && value == x.value
		}
		found = found || match
	}
	return found, got
}

// present is the session of the browser, nil for none.
func (p *playing) present() (*model.Session, *model.User) {
	p.t.Helper()
	token := p.browser.Cookie("weimen_session")
	if token == "" {
		return nil, nil
	}
	s, u, err := session.NewManager(p.App().Store, time.Now).Find(p.t.Context(), token)
	if err != nil {
		return nil, nil
	}
	return s, u
}

// expectSignedIn checks who is signed in; "" for nobody.
func (p *playing) expectSignedIn(username string) {
	p.t.Helper()
	_, u := p.present()
	got := ""
	if u != nil {
		got = u.Username
	}
	if got != username || p.browser.SignedIn() != (username != "") {
		p.fail("signed in is %q", got)
	}
}

func (p *playing) expectSession(lasts, remembered string) {
	p.t.Helper()
	s, _ := p.present()
	if s == nil {
		p.fail("there is no session")
	}
	want, err := time.ParseDuration(lasts)
	p.check(err)
	if got := s.Expires.Sub(s.Created).Round(time.Second); got != want || s.Persistent != (remembered == "remembered") {
		p.fail("the session lasts %s, and outlives the browser: %t", got, s.Persistent)
	}
}

func (p *playing) user(name string) *model.User {
	p.t.Helper()
	u, err := p.App().Store.UserByUsername(p.t.Context(), name)
	if err != nil {
		p.fail("user %s: %v", name, err)
	}
	return u
}

func (p *playing) sessions(name string) []*model.Session {
	p.t.Helper()
	list, err := p.App().Store.ListSessions(p.t.Context(), p.user(name).ID)
	p.check(err)
	return list
}

func (p *playing) expectCount(got int, want string) {
	p.t.Helper()
	if fmt.Sprint(got) != want {
		p.fail("there are %d", got)
	}
}

func (p *playing) expectUser(no bool, name string, says []pair) {
	p.t.Helper()
	list, _, err := p.App().Store.ListUsers(p.t.Context(), store.List{Where: []store.Where{{Field: "username", Op: store.OpEq, Values: []string{name}}}})
	p.check(err)
	if no {
		if len(list) > 0 {
			p.fail("there is one")
		}
		return
	}
	u := p.user(name)
	groups, err := p.App().Store.GroupsOf(p.t.Context(), u.ID)
	p.check(err)
	var names []string
	for _, g := range groups {
		names = append(names, g.Name)
	}
	for _, x := range says {
		got := map[string]any{
			"name": u.Name, "email": u.Email, "path": u.Path, "type": u.Type, "is_active": u.IsActive, "groups": strings.Join(names, ","), "password": u.PasswordHash != "",
		}[x.name]
		if attribute, ok := strings.CutPrefix(x.name, "attributes."); ok {
			got = u.Attributes[attribute]
		}
		if fmt.Sprint(got) != x.value {
			p.fail("%s is %v", x.name, got)
		}
	}
}

// expectApplication checks what the application is sent: a code that it can exchange, or an error.
func (p *playing) expectApplication(slug, gets string) {
	p.t.Helper()
	to, err := url.Parse(p.shown.to)
	p.check(err)
	if !strings.HasPrefix(p.shown.to, p.clients[slug].Config.RedirectURL) {
		p.fail("the browser is not sent to the application")
	}
	if code, isError := strings.CutPrefix(gets, "error="); isError {
		if to.Query().Get("error") != code {
			p.fail("it gets %v", to.Query())
		}
		return
	}
	if gets != "code" {
		p.fail("an application gets a code or an error")
	}
	_, err = p.attempts[slug].Exchange(to.Query().Get("code"))
	p.check(err)
}

// atMost bounds the statements of the step before.
func (p *playing) atMost(most string) {
	p.t.Helper()
	want, err := strconv.Atoi(most)
	p.check(err)
	got := 0
	for _, x := range p.Exchanges() {
		got += x.Statements
	}
	if got > want {
		p.fail("%d were asked", got)
	}
}
