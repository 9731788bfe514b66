package app_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// playing is a scenario while it is played.
type playing struct {
	*apptest.House
	t        *testing.T
	scenario *scenario
	face     face
	// at is the line that is played.
	at line

	apps    map[string]wechatsim.App
	clients map[string]*apptest.Client
	users   map[string]string // passwords by username
	// invitations are what stands in a guest's link, by name.
	invitations map[string]string
	browsers    map[string]*visitor
	*visitor
	held
	// callback is where WeChat sent a browser last.
	callback string
	// since is how many events there were before the first step.
	since int
}

// visitor is one browser and what it shows.
type visitor struct {
	browser *apptest.Browser
	// slug and query are the flow's page that is open.
	slug, query string
	shown       *shown
	attempts    map[string]*apptest.Attempt
	// ways are the addresses that begin a sign-in, by the source, as they were shown last.
	ways map[string]string
}

// fail ends the scenario at its line, and shows what was got.
func (p *playing) fail(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("%s:%d: %s\n    %s\n    got %s", p.scenario.file, p.at.number, p.at.text, fmt.Sprintf(format, args...), p.shown)
}

func (p *playing) check(err error) {
	p.t.Helper()
	if err != nil {
		p.fail("%v", err)
	}
}

func (p *playing) lines(name string) []line {
	p.t.Helper()
	out, err := p.scenario.sections[name].lines()
	if err != nil {
		p.t.Fatalf("%s: section %s: %v", p.scenario.file, name, err)
	}
	return out
}

func (p *playing) switchTo(name string) {
	if p.browsers[name] == nil {
		p.browsers[name] = &visitor{browser: p.Browser("en"), attempts: map[string]*apptest.Attempt{}, ways: map[string]string{}}
	}
	p.visitor = p.browsers[name]
}

// prepare makes what the sections before the steps say.
func (p *playing) prepare() {
	p.t.Helper()
	p.switchTo("one")
	p.apps, p.clients, p.users, p.invitations = map[string]wechatsim.App{}, map[string]*apptest.Client{}, map[string]string{}, map[string]string{}
	for _, l := range p.lines("wechat") {
		p.at = l
		p.addWeChat(l)
	}
	for _, l := range p.lines("people") {
		p.at, l = l, p.expand(l)
		switch l.words[0] {
		case "group":
			p.addGroup(l)
		case "user":
			p.addUser(l)
		default:
			p.fail("people are a group or a user")
		}
	}
	if _, there := p.scenario.sections["blueprint.yaml"]; there {
		p.apply("blueprint.yaml")
	}
	for _, l := range p.lines("invitations") {
		p.at, l = l, p.expand(l)
		p.addInvitation(l)
	}
	for _, l := range p.lines("applications") {
		p.at = l
		change := map[string]any{}
		for _, x := range pairs(l.words[1:]) {
			f := p.App().Store.Snapshot().FlowBySlug(x.value)
			if x.name != "flow" || f == nil {
				p.fail("an application has a flow that is there")
			}
			change["authorization_flow"] = f.ID
		}
		p.clients[l.words[0]] = p.AddClient(l.words[0], change)
	}
}

func (p *playing) addWeChat(l line) {
	p.t.Helper()
	w := apptest.WeChat{Change: map[string]any{"promoted": false}}
	for _, x := range pairs(l.words[1:]) {
		switch x.name {
		case "account":
			w.Account = x.value
		case "label":
			w.Label = x.value
		default:
			w.Change[x.name] = x.value
		}
	}
	p.apps[l.words[0]] = p.AddWeChat(l.words[0], w)
}

func (p *playing) addGroup(l line) {
	p.t.Helper()
	g := &model.Group{Name: l.words[1], Attributes: map[string]any{}, IsSuperuser: len(l.words) > 2 && l.words[2] == "superuser"}
	p.check(p.App().Store.InsertGroup(p.t.Context(), g))
}

func (p *playing) addUser(l line) {
	p.t.Helper()
	u := &model.User{Username: l.words[1], IsActive: true, Path: "users", Type: model.UserInternal, Attributes: map[string]any{}, PasswordChangeDate: time.Now().UTC()}
	var groups []string
	for _, x := range pairs(l.words[2:]) {
		switch x.name {
		case "password":
			passwords, err := keypair.NewPasswords(keypair.DefaultCost())
			p.check(err)
			u.PasswordHash, err = passwords.Hash(p.t.Context(), x.value)
			p.check(err)
			p.users[u.Username] = x.value
		case "name":
			u.Name = x.value
		case "email":
			u.Email = x.value
		case "groups":
			groups = strings.Split(x.value, ",")
		case "inactive":
			u.IsActive = false
		default:
			p.fail("a user has no %s here", x.name)
		}
	}
	p.check(p.App().Store.InsertUser(p.t.Context(), u))
	for _, name := range groups {
		p.check(p.App().Store.AddUserToGroup(p.t.Context(), p.group(name).ID, u.ID))
	}
}

// addInvitation makes an invitation: its name, then what the guest is known by, and "single", "flow=…", "expires=-1h".
func (p *playing) addInvitation(l line) {
	p.t.Helper()
	i := &model.Invitation{Name: l.words[0], FixedData: map[string]any{}}
	for _, x := range pairs(l.words[1:]) {
		switch x.name {
		case "single":
			i.SingleUse = true
		case "flow":
			i.Flow = &p.App().Store.Snapshot().FlowBySlug(x.value).ID
		case "expires":
			d, err := time.ParseDuration(x.value)
			p.check(err)
			at := time.Now().Add(d)
			i.Expires = &at
		default:
			i.FixedData[x.name] = x.value
		}
	}
	p.check(p.App().Store.InsertInvitation(p.t.Context(), i))
	p.invitations[i.Name] = string(i.ID)
}

func (p *playing) group(name string) *model.Group {
	p.t.Helper()
	list, _, err := p.App().Store.ListGroups(p.t.Context(), store.List{Where: []store.Where{{Field: "name", Op: store.OpEq, Values: []string{name}}}})
	p.check(err)
	if len(list) == 0 {
		p.fail("there is no group %s", name)
	}
	return list[0]
}

func (p *playing) apply(name string) {
	p.t.Helper()
	part, there := p.scenario.sections[name]
	if !there {
		p.fail("there is no section %s", name)
	}
	const head = "version: 1\nentries:\n"
	err := p.App().Apply(p.t.Context(), []byte(head+part.text))
	if err == nil {
		return
	}
	inFile := yamlLine.ReplaceAllStringFunc(err.Error(), func(found string) string {
		n, _ := strconv.Atoi(yamlLine.FindStringSubmatch(found)[1]) // digits
		return fmt.Sprintf("line %d", n+part.first-1-strings.Count(head, "\n"))
	})
	p.fail("section %s: %s", name, inFile)
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

var macro = regexp.MustCompile(`\{(unionid|openid) ([a-z]+) ([a-z]+)\}`)

var invited = regexp.MustCompile(`\{invitation ([a-z-]+)\}`)

// expand replaces what stands for an identifier of WeChat, and splits the line anew.
func (p *playing) expand(l line) line {
	p.t.Helper()
	text := macro.ReplaceAllStringFunc(l.text, func(found string) string {
		m := macro.FindStringSubmatch(found)
		if m[1] == "unionid" {
			return wechatsim.UnionID(m[2], m[3])
		}
		return wechatsim.OpenID(m[2], p.apps[m[3]].AppID)
	})
	text = invited.ReplaceAllStringFunc(text, func(found string) string { return p.invitations[invited.FindStringSubmatch(found)[1]] })
	list, err := words(p.codes(text))
	p.check(err)
	l.words = list
	return l
}
