package app_test

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// step plays one line.
func (p *playing) step(l line) {
	p.t.Helper()
	w := append(slices.Clone(l.words), "", "", "", "")
	switch w[0] {
	case "expect":
		p.expect(l.words[1:])
		return
	case "sql":
		p.atMost(w[4])
		return
	case "browser":
		p.switchTo(w[1])
		return
	case "apply":
		p.apply(w[1])
		return
	}
	p.Forget()
	switch {
	case w[0] == "GET" && w[1] == "flow":
		p.slug, p.query = w[2], query(l.words[3:]).Encode()
		p.shown = p.face.open(p)
	case w[0] == "answer":
		p.answer(l.words[1:])
	case w[0] == "reload":
		p.shown = p.face.open(p)
	case w[0] == "follow":
		p.browse(p.shown.to)
	case w[0] == "open":
		p.browse(w[1])
	case w[0] == "wechat":
		p.weChat(w)
	case w[0] == "captcha" && w[1] == "solved":
		p.solveCaptcha(l.words[2:])
	case w[0] == "letter":
		p.letter(w)
	case w[0] == "application" && w[2] == "asks":
		p.authorize(w[1], l.words[3:])
	case w[0] == "wait":
		d, err := time.ParseDuration(w[1])
		p.check(err)
		time.Sleep(d)
	case w[0] == "edit":
		p.edit(w[1], l.words[2:])
	case w[0] == "deactivate":
		u, err := p.App().Store.UserByUsername(p.t.Context(), w[1])
		p.check(err)
		p.Deactivate(u, true)
	case w[1] == "has":
		p.gives(w[0], w[2])
	case w[1] == "signs" && w[2] == "in":
		p.signIn(w[0])
	default:
		p.fail("no such step")
	}
}

func query(words []string) url.Values {
	q := url.Values{}
	for _, x := range pairs(words) {
		q.Add(x.name, x.value)
	}
	return q
}

func (p *playing) answer(fields []string) {
	p.t.Helper()
	if p.shown == nil || p.shown.component == "" || p.shown.to != "" && !p.shown.detours() {
		p.fail("nothing is asked")
	}
	for _, x := range pairs(fields) {
		if strings.HasPrefix(x.name, "password") {
			p.Secrets.Add("a password that was typed", x.value)
		}
	}
	p.shown = p.face.answer(p, pairs(fields))
}

// signIn is the way of somebody with a password through the default flow.
func (p *playing) signIn(username string) {
	p.t.Helper()
	p.slug, p.query = "default-authentication-flow", url.Values{"next": {"/if/user/"}}.Encode()
	p.shown = p.face.open(p)
	p.answer([]string{"uid_field=" + username})
	p.answer([]string{"password=" + p.users[username]})
	if p.shown.to != "/if/user/" {
		p.fail("%s is not signed in", username)
	}
}

// edit changes a user here, as they themselves or an administrator may.
func (p *playing) edit(username string, fields []string) {
	p.t.Helper()
	_, err := p.App().Store.UpdateUser(p.t.Context(), p.user(username).ID, func(u *model.User) error {
		for _, x := range pairs(fields) {
			switch x.name {
			case "name":
				u.Name = x.value
			case "email":
				u.Email = x.value
			case "type":
				u.Type = model.UserType(x.value)
			default:
				return fmt.Errorf("a user's %s cannot be edited here", x.name)
			}
		}
		return nil
	})
	p.check(err)
}

// weChat is what happens at WeChat.
func (p *playing) weChat(w []string) {
	p.t.Helper()
	switch {
	case w[1] == "next":
		fault := wechatsim.Fault{Kind: wechatsim.FaultKind(w[4])}
		if len(w) > 5 && w[5] != "" {
			code, err := strconv.Atoi(w[5])
			p.check(err)
			fault.Errcode = code
		}
		p.check(p.WeChat.SetFault(wechatsim.Endpoint(w[2]), fault, 1))
	case w[1] == "unionid":
		p.check(p.WeChat.SetBehaviour(func(b *wechatsim.Behaviour) { b.Unionid = wechatsim.Unionid(w[2]) }))
	case w[1] == "app" && w[3] == "joins":
		_, err := p.WeChat.UpdateApp(p.apps[w[2]].AppID, func(a *wechatsim.App) { a.Account = w[4] })
		p.check(err)
	case w[2] == "becomes":
		_, err := p.WeChat.UpdateUser(w[1], func(u *wechatsim.User) { u.Nickname = w[3] })
		p.check(err)
	case w[1] == "returns":
		to := p.callback
		if other := source(w); other != "" {
			to = callbackPath.ReplaceAllString(to, "/source/oauth/callback/"+other+"/")
		}
		p.browse(to)
	case w[2] == "confirms":
		p.leave(w[1], source(w))
		p.browse(p.callback)
	case w[2] == "goes":
		p.leave(w[1], source(w))
	case w[2] == "refuses":
		p.leave(w[1], source(w))
		to, err := url.Parse(p.callback)
		p.check(err)
		to.RawQuery = url.Values{"state": {to.Query().Get("state")}}.Encode()
		p.browse(to.String())
	default:
		p.fail("no such step")
	}
}

var callbackPath = regexp.MustCompile(`/source/oauth/callback/[^/]+/`)

// source gives the slug that a step names, "" if it names none.
func source(w []string) string {
	if i := slices.Index(w, "at"); i >= 0 {
		return w[i+1]
	}
	return ""
}

// leave goes to WeChat by the button that is shown, or was shown before as in another tab, or else by the source's address; and confirms there.
func (p *playing) leave(person, slug string) {
	p.t.Helper()
	var ways []string
	if p.shown != nil {
		ways = p.shown.departures()
	}
	for i, a := range ways {
		p.ways[sourceOf(a)] = a
		if slug == "" && i == 0 {
			slug = sourceOf(a)
		}
	}
	if slug == "" {
		p.fail("no source is shown: which one?")
	}
	address := cmp.Or(p.ways[slug], loginPrefix+slug+"/")
	p.callback = p.browser.Confirm(p.browser.Depart(address), person)
}

// authorize is an application that sends a person to be recognised.
func (p *playing) authorize(slug string, parameters []string) {
	p.t.Helper()
	var options []oauth2.AuthCodeOption
	for _, x := range pairs(parameters) {
		options = append(options, oauth2.SetAuthURLParam(x.name, x.value))
	}
	attempt, address := p.clients[slug].Begin(options...)
	p.attempts[slug] = attempt
	p.browse(address)
}
