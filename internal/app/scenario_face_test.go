package app_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// face is one of the two ways to run a flow.
type face interface {
	// open asks for the flow's page, answer answers its challenge.
	open(p *playing) *shown
	answer(p *playing, fields []pair) *shown
}

// shown is what a browser shows.
type shown struct {
	// component is the challenge's; "" for anything else.
	component string
	// to is where it redirects to.
	to     string
	status int
	// challenge is what a program got, page what a person did.
	challenge map[string]any
	page      *apptest.Page
}

func (s *shown) String() string {
	switch {
	case s == nil:
		return "nothing yet"
	case s.challenge != nil:
		text, _ := json.MarshalIndent(s.challenge, "    ", "  ") // it came as JSON
		return string(text)
	case s.to != "":
		return "a redirect to " + s.to
	}
	return s.page.String()
}

// program runs flows over the JSON executor, with the cookies of a browser.
type program struct{}

func (program) open(p *playing) *shown { return execute(p, http.MethodGet, nil) }

func (program) answer(p *playing, fields []pair) *shown {
	body := map[string]any{"component": p.shown.component}
	if token, ok := p.shown.challenge["token"]; ok {
		body["token"] = token
	}
	for _, x := range fields {
		body[x.name] = x.value
		if x.value == "true" || x.value == "false" {
			body[x.name] = x.value == "true"
		}
	}
	return execute(p, http.MethodPost, body)
}

func execute(p *playing, method string, body any) *shown {
	p.t.Helper()
	address := "/api/v3/flows/executor/" + p.slug + "/?" + url.Values{"query": {p.query}}.Encode()
	page := p.browser.JSON(method, address, body)
	s := &shown{status: page.Status, page: page, challenge: map[string]any{}}
	if err := json.Unmarshal([]byte(page.Body), &s.challenge); err != nil {
		p.fail("the executor's answer is no JSON: %s", page)
	}
	s.component, _ = s.challenge["component"].(string)
	if s.component == "xak-flow-redirect" {
		s.to, _ = s.challenge["to"].(string)
	}
	return s
}

// pages runs flows as a person does, on the pages.
type pages struct{}

func (pages) open(p *playing) *shown {
	p.t.Helper()
	return seen(p, p.browser.Step(http.MethodGet, p.page(), nil))
}

func (pages) answer(p *playing, fields []pair) *shown {
	p.t.Helper()
	if p.shown.detours() { // its page has a button and no form
		values := url.Values{"component": {p.shown.component}}
		for _, x := range fields {
			values.Set(x.name, x.value)
		}
		return seen(p, p.browser.Step(http.MethodPost, p.page(), values))
	}
	for _, form := range p.shown.page.Forms() {
		if form.Values.Get("component") == "" {
			continue
		}
		values := maps.Clone(form.Values)
		for _, x := range fields {
			if !values.Has(x.name) && !strings.Contains(p.shown.page.Body, `name="`+x.name+`"`) {
				p.fail("the page's form has no %s", x.name)
			}
			values.Set(x.name, x.value)
		}
		return seen(p, p.browser.Step(http.MethodPost, p.page(), values))
	}
	p.fail("the page has no form")
	return nil
}

func (v *visitor) page() string { return "/if/flow/" + v.slug + "/?" + v.query }

// seen reads a page, whichever it is.
func seen(p *playing, page *apptest.Page) *shown {
	s := &shown{page: page, status: page.Status}
	if page.To != "" {
		s.component, s.to = "xak-flow-redirect", strings.TrimPrefix(page.To, p.URL)
		if s.to == "/if/signed-out/" {
			s.to = "/" // a program is told no more than this
		}
		return s
	}
	for _, form := range page.Forms() {
		if c := form.Values.Get("component"); c != "" {
			s.component = c
		}
	}
	if page.SupportCode() != "" {
		s.component = "ak-stage-access-denied"
	}
	if s.component == "" && s.detours() {
		s.component = "xak-flow-redirect"
	}
	return s
}

// isPage reports whether it is a page and not a program's answer.
func (s *shown) isPage() bool { return s.challenge == nil }

// browse opens an address as a browser does, until something is shown, the browser would leave, or a flow's page is reached: that is opened by the scenario's face.
func (p *playing) browse(address string) {
	p.t.Helper()
	const most = 10
	for range most {
		address = strings.TrimPrefix(address, p.URL)
		if rest, isFlow := strings.CutPrefix(address, "/if/flow/"); isFlow {
			path, query, _ := strings.Cut(rest, "?")
			p.slug, p.query = strings.Trim(path, "/"), query
			p.shown = p.face.open(p)
			return
		}
		p.shown = seen(p, p.browser.Step(http.MethodGet, address, nil))
		if p.shown.to == "" || !strings.HasPrefix(p.shown.to, "/") {
			return
		}
		if !strings.HasPrefix(p.shown.to, "/if/flow/") && !strings.HasPrefix(p.shown.to, "/flows/") && p.shown.to != "/" {
			return
		}
		address = p.shown.to
	}
	p.fail("redirected in a circle")
}

var (
	whoShown = regexp.MustCompile(`<bdi class="name">(.*?)</bdi>`)
	alerts   = regexp.MustCompile(`(?s)<(span|p|div)[^>]*role="alert"[^>]*>(.*?)</(?:span|div)>`)
)

// says gives what the challenge says under a name. ok is false for what pages do not show.
func (s *shown) says(name string) (value string, ok bool) {
	if !s.isPage() {
		v, there := s.challenge[name]
		if info, isInfo := s.challenge["flow_info"].(map[string]any); isInfo && name == "title" {
			v, there = info[name]
		}
		if !there {
			return "", true
		}
		if list, isList := v.([]any); isList {
			return joined(list), true
		}
		return fmt.Sprint(v), true
	}
	switch name {
	case "pending_user":
		if found := whoShown.FindStringSubmatch(s.page.Body); found != nil {
			return html.UnescapeString(found[1]), true
		}
		return "", true
	case "password_fields":
		return fmt.Sprint(slices.ContainsFunc(s.page.Forms(), func(f apptest.Form) bool { return f.Values.Has("password") })), true
	case "pending_user_identifier":
		for _, f := range s.page.Forms() {
			if f.Values.Has("uid_field") {
				return f.Values.Get("uid_field"), true
			}
		}
		return "", true
	case "title":
		return s.page.Heading(), true
	}
	return "", false
}

// field gives what is shown of a prompt's field.
func (s *shown) field(key string) (says map[string]string, there bool) {
	if s.isPage() {
		for _, f := range s.page.Forms() {
			if f.Values.Get("component") != "" && strings.Contains(s.page.Body, `name="`+html.EscapeString(key)+`"`) {
				return map[string]string{"value": f.Values.Get(key)}, true
			}
		}
		return nil, false
	}
	fields, _ := s.challenge["fields"].([]any)
	for _, item := range fields {
		f, _ := item.(map[string]any)
		if f["field_key"] != key {
			continue
		}
		choices, _ := f["choices"].([]any)
		return map[string]string{
			"value": fmt.Sprint(f["initial_value"]), "type": fmt.Sprint(f["type"]), "label": fmt.Sprint(f["label"]), "required": fmt.Sprint(f["required"]),
			"placeholder": fmt.Sprint(f["placeholder"]), "choices": joined(choices), "sub_text": fmt.Sprint(f["sub_text"]),
		}, true
	}
	return nil, false
}

// joined writes a list of texts, or of permissions by their ids.
func joined(list []any) string {
	var out []string
	for _, item := range list {
		if m, ok := item.(map[string]any); ok {
			item = cmp.Or(m["id"], m["value"])
		}
		out = append(out, fmt.Sprint(item))
	}
	return strings.Join(out, ",")
}

// leadsTo says whether the challenge leads to an address under a name, such as enroll_url.
func (s *shown) leadsTo(name, address string) bool {
	if !s.isPage() {
		got, _ := s.says(name)
		return got == address
	}
	return address == "" || slices.Contains(s.page.Links(), address)
}

// errorsOf gives the errors of a field, "" for those of all.
func (s *shown) errorsOf(field string) string {
	if s.isPage() {
		text := ""
		for _, found := range alerts.FindAllStringSubmatch(s.page.Body, -1) {
			text += html.UnescapeString(found[2]) + "\n"
		}
		return text
	}
	text := ""
	all, _ := s.challenge["response_errors"].(map[string]any)
	for name, list := range all {
		if field != "" && name != field {
			continue
		}
		items, _ := list.([]any)
		for _, item := range items {
			m, _ := item.(map[string]any)
			text += fmt.Sprintln(m["string"])
		}
	}
	return text
}

// departures gives the addresses shown that begin a sign-in with a source.
func (s *shown) departures() []string {
	var all []string
	if s.isPage() {
		all = s.page.Links()
	} else if s.detours() {
		all = append(all, s.to)
	} else if list, ok := s.challenge["sources"].([]any); ok {
		for _, item := range list {
			source, _ := item.(map[string]any)
			challenge, _ := source["challenge"].(map[string]any)
			all = append(all, fmt.Sprint(challenge["to"]))
		}
	}
	return slices.DeleteFunc(all, func(a string) bool { return !strings.HasPrefix(a, loginPrefix) })
}

// detours reports whether a source stage is shown, which sends programs to a source; people press a button there.
func (s *shown) detours() bool {
	if !s.isPage() {
		return strings.HasPrefix(s.to, loginPrefix)
	}
	return slices.ContainsFunc(s.departures(), func(a string) bool { return strings.Contains(a, "step=") })
}

const loginPrefix = "/source/oauth/login/"

// sourceOf gives the slug in the address that begins a sign-in.
func sourceOf(address string) string {
	slug, _, _ := strings.Cut(strings.TrimPrefix(address, loginPrefix), "/")
	return slug
}
