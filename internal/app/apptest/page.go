package apptest

import (
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Page is an answer, as a browser has it.
type Page struct {
	t      testing.TB
	URL    *url.URL
	Status int
	Header http.Header
	Body   string
	// To is where the answer redirects to, whole; "" if it does not.
	To     string
	within bool
}

// Form is a form of a page.
type Form struct {
	Method, Action string
	// Values are the fields with what they hold. Buttons are left out: one is not pressed by sending the form.
	Values url.Values
}

func (f Form) has(fields map[string]string) bool {
	for name := range fields {
		if _, ok := f.Values[name]; !ok {
			return false
		}
	}
	return true
}

var (
	style   = regexp.MustCompile(`(?s)<style.*?</style>`)
	markup  = regexp.MustCompile(`<[^>]*>`)
	blank   = regexp.MustCompile(`\s+`)
	heading = regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`)
	support = regexp.MustCompile(`<code[^>]*>([2-9A-Z]{4}-[2-9A-Z]{4})</code>`)
	lang    = regexp.MustCompile(`<html lang="([^"]*)"`)
)

// Text is what can be read on the page.
func (p *Page) Text() string { return readable(style.ReplaceAllString(p.Body, "")) }

// Heading is the page's first heading.
func (p *Page) Heading() string { return readable(first(heading, p.Body)) }

// SupportCode is the code of a refusal's page, "" if there is none.
func (p *Page) SupportCode() string { return first(support, p.Body) }

// Lang is the language that the page says it is written in.
func (p *Page) Lang() string { return first(lang, p.Body) }

// String describes the page for a failing test.
func (p *Page) String() string {
	return fmt.Sprintf("%d %s to %q: %.600s", p.Status, p.URL.Path, p.To, p.Text())
}

func first(pattern *regexp.Regexp, text string) string {
	if found := pattern.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

func readable(text string) string {
	return strings.TrimSpace(blank.ReplaceAllString(html.UnescapeString(markup.ReplaceAllString(text, " ")), " "))
}

// Link gives the first link whose address begins with a prefix.
func (p *Page) Link(prefix string) string {
	p.t.Helper()
	for _, link := range p.Links() {
		if strings.HasPrefix(link, prefix) {
			return link
		}
	}
	p.t.Fatalf("no link of the page begins with %s:\n%s", prefix, p)
	return ""
}

// Links gives the addresses of all links.
func (p *Page) Links() []string {
	var out []string
	p.walk(func(e xml.StartElement) {
		if e.Name.Local == "a" {
			out = append(out, attribute(e, "href"))
		}
	})
	return out
}

// Forms gives all forms.
func (p *Page) Forms() []Form {
	var out []Form
	list := "" // the name of the list that options are of
	p.walk(func(e xml.StartElement) {
		name := attribute(e, "name")
		if e.Name.Local == "form" {
			out = append(out, Form{Method: attribute(e, "method"), Action: attribute(e, "action"), Values: url.Values{}})
		}
		if len(out) == 0 {
			return
		}
		values := out[len(out)-1].Values
		switch e.Name.Local {
		case "input":
			if name != "" && sends(e) {
				values.Set(name, attribute(e, "value"))
			}
		case "textarea":
			values.Set(name, p.area(name))
		case "select":
			list = name
		case "option":
			if !values.Has(list) || has(e, "selected") {
				values.Set(list, attribute(e, "value"))
			}
		}
	})
	return out
}

// sends reports whether an input would be sent as it is: boxes and buttons are if they are ticked.
func sends(e xml.StartElement) bool {
	switch attribute(e, "type") {
	case "checkbox", "radio":
		return has(e, "checked")
	}
	return true
}

// area is what stands in a field of several lines. HTML drops the line break that it begins with.
func (p *Page) area(name string) string {
	found := regexp.MustCompile(`(?s)<textarea[^>]*name="` + regexp.QuoteMeta(name) + `"[^>]*>\n?(.*?)</textarea>`).FindStringSubmatch(p.Body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

func has(e xml.StartElement, name string) bool {
	return slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == name })
}

// walk reads our own pages, which are tidy enough for a lenient reader of XML.
func (p *Page) walk(visit func(xml.StartElement)) {
	d := xml.NewDecoder(strings.NewReader(style.ReplaceAllString(p.Body, "")))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		if e, ok := token.(xml.StartElement); ok {
			visit(e)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
