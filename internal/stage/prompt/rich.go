package prompt

import (
	"html"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// tag is an HTML tag with at most one attribute, a link's target.
var tag = regexp.MustCompile(`^<(/?)([a-z][a-z0-9]*)(?:\s+href="([^"<>]*)")?\s*/?>$`)

// anyTag is whatever may be one.
var anyTag = regexp.MustCompile(`<[^<>]*>`)

// rich makes HTML of what an administrator wrote: emphasis, paragraphs, lists and links stay, everything else is text. What is open at the end is closed, and links
// lead to web pages, mail and our own pages only.
func rich(text string) template.HTML {
	var out strings.Builder
	var open []string
	rest := text
	for rest != "" {
		at := anyTag.FindStringIndex(rest)
		if at == nil {
			break
		}
		plain(&out, rest[:at[0]])
		if !write(&out, &open, strings.TrimSpace(rest[at[0]:at[1]])) {
			plain(&out, rest[at[0]:at[1]])
		}
		rest = rest[at[1]:]
	}
	plain(&out, rest)
	for _, name := range slices.Backward(open) {
		out.WriteString("</" + name + ">")
	}
	return template.HTML(out.String()) //nolint:gosec // every tag in it was written above
}

// plain writes text. Entities that the administrator wrote mean what they mean.
func plain(out *strings.Builder, text string) {
	out.WriteString(html.EscapeString(html.UnescapeString(text)))
}

// write writes a tag that is allowed, and reports whether it is.
func write(out *strings.Builder, open *[]string, text string) bool {
	m := tag.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	closing, name, target := m[1] != "", m[2], m[3]
	if len(name) == 2 && name[0] == 'h' && name[1] != 'r' {
		name = "h3" // a page has one title
	}
	switch name {
	case "br":
		out.WriteString("<br>")
		return true
	case "b", "strong", "i", "em", "u", "code", "small", "p", "ul", "ol", "li", "h3", "a":
	default:
		return false
	}
	if closing {
		at := slices.Index(*open, name)
		if at < 0 {
			return false
		}
		for len(*open) > at { // what was opened inside of it ends with it
			last := len(*open) - 1
			out.WriteString("</" + (*open)[last] + ">")
			*open = (*open)[:last]
		}
		return true
	}
	if name == "a" {
		if !leads(target) {
			return false
		}
		out.WriteString(`<a href="` + html.EscapeString(html.UnescapeString(target)) + `" target="_blank" rel="noopener noreferrer">`)
	} else {
		out.WriteString("<" + name + ">")
	}
	*open = append(*open, name)
	return true
}

// leads reports whether a link may be followed.
func leads(target string) bool {
	u, err := url.Parse(html.UnescapeString(target))
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto", "tel":
		return u.Opaque != ""
	case "":
		return u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(u.Path, "//") && !strings.Contains(u.Path, `\`)
	}
	return false
}
