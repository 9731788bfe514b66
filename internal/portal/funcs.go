package portal

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/stage"
)

// speaker gives the functions of templates in one language.
type speaker struct {
	lang      string
	catalogue *i18n.Catalogue
	assets    *assets
}

// funcs are what templates may call.
func (s *speaker) funcs() template.FuncMap {
	return template.FuncMap{
		"htmlLang":   func() string { return htmlLang(s.lang) },
		"style":      func() template.CSS { return s.assets.style },
		"mark":       func() template.HTML { return s.assets.mark },
		"icon":       s.icon,
		"sourceIcon": s.sourceIcon,
		"t":          s.text,
		"known":      s.known,
		"sourceName": s.sourceName,
		"message":    s.message,
		"errors":     s.errors,
		"input":      s.input,
		"pending":    pending,
		"plain":      plain,
		"groups":     groups,
		"initials":   initials,
		"picture":    func(address string) template.URL { return template.URL(picture(address)) },
		"date":       s.date,
		"ago":        func(v *view, at time.Time) string { return s.ago(v.Now, at) },
		"device":     s.device,
	}
}

// text gives the text of a key; pairs are the names and values that fill it.
func (s *speaker) text(key string, pairs ...string) string {
	if len(pairs) == 0 {
		return s.catalogue.Text(s.lang, key, nil)
	}
	args := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return s.fill(key, args)
}

// fill gives the text of a key filled with names that strangers may have written.
func (s *speaker) fill(key string, args map[string]string) string {
	clean := make(map[string]string, len(args))
	for name, value := range args {
		if name == "source" {
			value = s.sourceName(value)
		}
		clean[name] = plain(value)
	}
	return s.catalogue.Text(s.lang, key, clean)
}

// message gives a short message: what an administrator wrote, or a text of the catalogue.
func (s *speaker) message(m stage.Message) string {
	if m.Literal != "" {
		return words(m.Literal)
	}
	return s.fill(m.Key, m.Args)
}

// sourceName gives what a source is called in the reader's language: WeChat is 微信 to whoever reads Chinese. Other names stay as the administrator wrote them.
func (s *speaker) sourceName(name string) string {
	if key := "known.source." + slug(name); s.catalogue.Has(i18n.English, key) {
		return s.catalogue.Text(s.lang, key, nil)
	}
	return plain(name)
}

// keyOr gives the text of a key, or takes the words as they are where no such key exists: an administrator wrote them, or they are translated already.
func (s *speaker) keyOr(text string) string {
	if s.catalogue.Has(i18n.English, text) {
		return s.catalogue.Text(s.lang, text, nil)
	}
	return words(text)
}

// known translates the English words of objects that come with the house: a flow's title, a scope's description. What an administrator wrote stays as it is.
func (s *speaker) known(text string) string {
	if key := "known." + slug(text); s.catalogue.Has(i18n.English, key) {
		return s.catalogue.Text(s.lang, key, nil)
	}
	for _, k := range knownPatterns {
		if name, ok := strings.CutPrefix(text, k.before); ok {
			if name, ok = strings.CutSuffix(name, k.after); ok && name != "" {
				return s.text(k.key, "application", name)
			}
		}
	}
	return s.keyOr(text)
}

// knownPatterns are English words that come with the house and have an application's name in them.
var knownPatterns = []struct{ before, after, key string }{
	{"Redirecting to ", "", "known.redirecting_to"},
	{"You're about to sign into ", ".", "known.youre_about_to_sign_into"},
	{"You've logged out of ", ".", "known.youve_logged_out_of"},
}

// slug turns text into a part of a key: "Email address" is email_address.
func slug(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		case r == ' ' && b.Len() > 0:
			b.WriteByte('_')
		}
	}
	return b.String()
}

func (s *speaker) icon(name string) (template.HTML, error) {
	icon, ok := s.assets.icons[name]
	if !ok {
		return "", fmt.Errorf("no icon %q", name)
	}
	return icon, nil
}

// sourceIcon draws a source: the administrator's own picture, else the drawing of its type, else its first letter. Addresses below /static/ are those that the
// API tells of our own drawings.
func (s *speaker) sourceIcon(sourceType string, iconURL *string, name string) template.HTML {
	if iconURL != nil && !strings.HasPrefix(*iconURL, "/static/") {
		if address := picture(*iconURL); address != "" {
			return template.HTML(`<img src="` + template.HTMLEscapeString(address) + `" alt="" width="24" height="24" referrerpolicy="no-referrer">`)
		}
	}
	if drawing, ok := s.assets.sources[sourceType]; ok {
		return drawing
	}
	return template.HTML(`<span class="letter" aria-hidden="true">` + template.HTMLEscapeString(initials(name)) + `</span>`)
}

// errors gives what was wrong with a field's last value, in the reader's language.
func (s *speaker) errors(c stage.Challenge, name string) []string {
	if c == nil {
		return nil
	}
	found := stage.BaseOf(c).ResponseErrors[name]
	out := make([]string, 0, len(found))
	for _, e := range found {
		text := s.known(e.String)
		if len(e.Args) > 0 {
			text = s.fill(e.String, e.Args)
		}
		out = append(out, text)
	}
	return out
}

// input makes a required field of a stage's own screen, for the template "field".
func (s *speaker) input(v *view, name, inputType, label, autocomplete, value string, autofocus bool) field {
	errs := s.errors(v.Challenge, name)
	return field{
		FormField: stage.FormField{
			Name: name, Type: inputType, Label: label, Autocomplete: autocomplete, Value: words(value), Required: true,
			Autofocus: autofocus || len(errs) > 0,
		},
		ID: fieldID(name), Errors: errs,
	}
}

// fields makes the inputs of a form.
func (s *speaker) fields(c stage.Challenge, form stage.Form) []field {
	out := make([]field, 0, len(form.Fields))
	for _, f := range form.Fields {
		if !f.Literal {
			f.Label = s.known(f.Label)
		}
		f.Placeholder, f.Help = s.keyOr(f.Placeholder), s.keyOr(f.Help)
		out = append(out, field{FormField: f, ID: fieldID(f.Name), Errors: s.errors(c, f.Name)})
	}
	return out
}

// pending gives the person whom a challenge names, or nil.
func pending(c stage.Challenge) *Person {
	named, ok := c.(interface{ Person() (name, avatar string) })
	if !ok {
		return nil
	}
	name, avatar := named.Person()
	if name == "" {
		return nil
	}
	p := NewPerson(name, avatar)
	return &p
}

func (s *speaker) date(at time.Time) string {
	return at.UTC().Format(s.catalogue.Text(s.lang, "pages.time.date", nil))
}

// ago tells a time by its distance, which needs no time zone; what is older than a month is told by its date.
func (s *speaker) ago(now, at time.Time) string {
	const day = 24 * time.Hour
	d := now.Sub(at)
	count := func(key string, unit time.Duration) string {
		return s.text(key, "count", strconv.Itoa(int(d/unit)))
	}
	switch {
	case d < time.Minute:
		return s.text("pages.time.now")
	case d < time.Hour:
		return count("pages.time.minutes", time.Minute)
	case d < day:
		return count("pages.time.hours", time.Hour)
	case d < 30*day:
		return count("pages.time.days", day)
	}
	return s.date(at)
}

// device tells a browser in a few words.
func (s *speaker) device(d Device) string {
	browser := d.Browser
	switch {
	case browser == "" && d.System == "":
		return s.text("account.sessions.unknown")
	case browser == "":
		browser = s.text("account.sessions.browser")
	}
	if s.catalogue.Has(s.lang, "account.browser."+slug(browser)) {
		browser = s.text("account.browser." + slug(browser))
	}
	if d.System == "" {
		return browser
	}
	return s.text("account.sessions.device", "browser", browser, "system", d.System)
}
