package portal

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Renderer draws pages. It is safe for concurrent use.
type Renderer struct {
	assets   *assets
	speakers map[string]*speaker                      // by language
	pages    map[string]map[string]*template.Template // by language and name
	scripts  scripts
	styles   styles
	buffers  sync.Pool
}

// pageNames are the pages that have a template of their own, by its name.
func pageNames() []string {
	return []string{"redirect", "refusal", "session_end", "signed_in", "signed_out", "set_up", "rescue", "account", "trial"}
}

// formPage draws a stage that only asks for fields.
const formPage = "form"

// New makes a renderer. Screens are the own screens of stages, named for the components that they draw. A template that cannot be read is an error.
func New(catalogue *i18n.Catalogue, screens ...stage.Screen) (*Renderer, error) {
	a, err := loadAssets()
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	r := &Renderer{
		assets: a, speakers: map[string]*speaker{}, pages: map[string]map[string]*template.Template{},
		scripts: loadScripts(screens), styles: loadStyles(string(a.style)), buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	for _, lang := range i18n.Languages() {
		s := &speaker{lang: lang, catalogue: catalogue, assets: a}
		r.speakers[lang] = s
		if r.pages[lang], err = readPages(s, screens); err != nil {
			return nil, fmt.Errorf("read pages (%s): %w", lang, err)
		}
	}
	return r, nil
}

// Every form of a stage says which challenge it answers. Which step that is goes beside it, so that no screen can forget it: a button that is pressed twice must not answer
// the next step of the same kind.
const (
	answering = `<input type="hidden" name="component" value="{{.Challenge.Component}}">`
	stepping  = `{{with .Challenge.Step}}<input type="hidden" name="` + stage.StepField + `" value="{{.}}">{{end}}`
)

func readPages(s *speaker, screens []stage.Screen) (map[string]*template.Template, error) {
	layout, err := template.New("").Funcs(s.funcs()).ParseFS(templateFiles, "templates/layout.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, name := range pageNames() {
		page, err := layout.Clone()
		if err != nil {
			return nil, err
		}
		if pages[name], err = page.ParseFS(templateFiles, "templates/"+name+".html"); err != nil {
			return nil, err
		}
	}
	form, err := templateFiles.ReadFile("templates/form.html")
	if err != nil {
		return nil, err
	}
	for _, screen := range append([]stage.Screen{{Name: formPage, HTML: string(form)}}, screens...) {
		page, err := layout.Clone()
		if err != nil {
			return nil, err
		}
		if page, err = page.ParseFS(templateFiles, "templates/stage.html"); err != nil {
			return nil, err
		}
		if _, err = page.New(screen.Name).Parse(strings.ReplaceAll(screen.HTML, answering, answering+stepping)); err != nil {
			return nil, err
		}
		pages[screen.Name] = page
	}
	for _, page := range pages {
		s.fold(page)
	}
	return pages, nil
}

// StyleHash names the style sheet of our pages as a Content-Security-Policy does, for a page that shows one of ours in a frame.
func (r *Renderer) StyleHash() string { return r.assets.styleHash }

// ContentSecurityPolicy is the policy that the pages live under (Content Security Policy Level 3): nothing but the one style sheet, pictures, and forms to this
// server. A brand's colours are a second one. Form targets are further origins or schemes where the answer to a form may send the browser, because browsers hold form-action against redirects as
// well: the redirect URI of the application that a flow leads to.
func (r *Renderer) ContentSecurityPolicy(b Brand, formTargets ...string) string {
	styles := r.assets.styleHash
	if b.styleHash != "" {
		styles += " " + b.styleHash
	}
	return "default-src 'none'; style-src " + styles + "; img-src 'self' data: https:; form-action " +
		strings.Join(append([]string{"'self'"}, formTargets...), " ") + "; frame-ancestors 'none'; base-uri 'none'"
}

// Challenge draws what a stage shows: its own screen, a form, a redirect, a refusal, the end of a session. A challenge that has no face is an error.
func (r *Renderer) Challenge(w io.Writer, p Page, c stage.Challenge) error {
	switch c := c.(type) {
	case *stage.Redirect:
		return r.Redirect(w, p, Redirect{To: c.To})
	case *stage.AccessDenied:
		return r.denied(w, p, c)
	case *stage.SessionEnd:
		v := newView(p)
		v.Challenge = c
		return r.page(w, p.Lang, "session_end", v)
	}
	s := r.speaker(p.Lang)
	base := stage.BaseOf(c)
	v := newView(p)
	v.Challenge, v.Heading = c, s.text("pages.sign_in")
	if info := base.FlowInfo; info != nil {
		v.CancelURL = info.CancelURL
		if info.Title != "" {
			v.Heading = s.known(info.Title)
		}
	}
	asker, ok := c.(stage.Asker)
	if !ok {
		if _, ok := r.pages[s.lang][base.Component]; !ok {
			return fmt.Errorf("draw %s: the challenge has neither a screen nor a form", base.Component)
		}
		if p.styleURL == "" {
			v.Script = r.scripts.address(c)
		}
		return r.page(w, p.Lang, base.Component, v)
	}
	form := asker.Form()
	if form.Lead != "" {
		v.Lead = s.known(form.Lead)
	}
	v.Fields, v.Submit = s.fields(c, form), s.known(form.Submit)
	if form.Submit == "" {
		v.Submit = s.text("pages.go_on")
	}
	return r.page(w, p.Lang, formPage, v)
}

func (r *Renderer) denied(w io.Writer, p Page, c *stage.AccessDenied) error {
	refusal := Refusal{SupportCode: c.SupportCode, RetryURL: c.RetryURL}
	if c.Reason != "" {
		refusal.Err = &model.Error{Code: model.CodeDenied, Reason: c.Reason, Args: c.Args}
	} else {
		refusal.Err = &model.Error{Code: model.CodeDenied, Reason: "flow.denied"}
		refusal.Message = c.ErrorMessage
	}
	return r.Refusal(w, p, refusal)
}

// Redirect sends the browser on by itself, and by a link where that fails.
type Redirect struct {
	// To is an address that the caller vouches for.
	To string
	// Name is what waits there; may be empty.
	Name string
}

// Redirect draws the page between here and there. It serves where an HTTP redirect cannot: after a form, when the policy's form-action would stop it.
func (r *Renderer) Redirect(w io.Writer, p Page, to Redirect) error {
	return r.show(w, p, "redirect", to)
}

// SignedIn is the small home of somebody who has nowhere to go.
type SignedIn struct {
	Person     Person
	AccountURL string
}

// SignedIn draws it.
func (r *Renderer) SignedIn(w io.Writer, p Page, v SignedIn) error {
	v.Person.Big = true
	return r.show(w, p, "signed_in", v)
}

// SignedOut says that the session is over.
type SignedOut struct{ SignInURL string }

// SignedOut draws it.
func (r *Renderer) SignedOut(w io.Writer, p Page, v SignedOut) error {
	return r.show(w, p, "signed_out", v)
}

// Account draws "my account".
func (r *Renderer) Account(w io.Writer, p Page, v AccountView) error {
	v.Person.Big = true
	return r.show(w, p, "account", v)
}

// SetUp is where the first administrator chooses a password: the form posts "password" and "password_repeat" to Action.
type SetUp struct {
	Action string
	Person Person
	// Error is the key of what was wrong with the last try, or empty.
	Error string
}

// SetUp draws it.
func (r *Renderer) SetUp(w io.Writer, p Page, v SetUp) error {
	s := r.speaker(p.Lang)
	v.Error = s.keyOr(v.Error)
	form := stage.Form{Fields: []stage.FormField{
		{Name: "password", Label: "pages.set_up.password", Type: "password", Autocomplete: "new-password", Help: "pages.set_up.hint", Required: true, Autofocus: true},
		{Name: "password_repeat", Label: "pages.set_up.repeat", Type: "password", Autocomplete: "new-password", Required: true},
	}}
	page := newView(p)
	page.View, page.Fields = v, s.fields(nil, form)
	return r.page(w, p.Lang, "set_up", page)
}

// Rescue asks before a one-time link signs in, so that a program that merely opens links uses none up.
type Rescue struct{ Action string }

// Rescue draws it.
func (r *Renderer) Rescue(w io.Writer, p Page, v Rescue) error {
	return r.show(w, p, "rescue", v)
}

func (r *Renderer) speaker(lang string) *speaker {
	if s, ok := r.speakers[lang]; ok {
		return s
	}
	return r.speakers[i18n.English]
}

// show draws a page of its own data.
func (r *Renderer) show(w io.Writer, p Page, name string, data any) error {
	v := newView(p)
	v.View = data
	return r.page(w, p.Lang, name, v)
}

// page draws into a buffer first: a page that fails half-way is not sent.
func (r *Renderer) page(w io.Writer, lang, name string, v *view) error {
	b := r.buffers.Get().(*bytes.Buffer)
	defer r.buffers.Put(b)
	b.Reset()
	if err := r.pages[r.speaker(lang).lang][name].ExecuteTemplate(b, "layout", v); err != nil {
		return fmt.Errorf("draw %s: %w", name, err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
