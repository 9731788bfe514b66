package portal

import (
	"html/template"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Page is what surrounds every page.
type Page struct {
	// Lang is "en" or "zh".
	Lang  string
	Brand Brand
	// Path is the path and query that the language links keep; without a path they lead to the present address and do not repeat it. Empty hides the links, and so
	// does a code, a state or the token of a link in it: who comes with one comes once.
	Path string
	// SignOutURL, if set, is shown as a link at the top.
	SignOutURL string
	Messages   []stage.Message
	// Now is when the request arrived; times are told in relation to it.
	Now time.Time

	// styleURL and themeURL are where the style sheets are, for a page that is only looked at.
	styleURL, themeURL string
}

// Brand is how the installation presents itself. Without a logo our own mark is shown.
type Brand struct {
	Title, LogoURL, FaviconURL string
	// Style is the brand's colours as a style sheet; empty for those of the house.
	Style template.CSS
	// Scheme is "light" or "dark" where all see the pages so; empty where the device decides.
	Scheme string

	styleHash string // of Style, as a Content-Security-Policy names it
	theme     model.Theme
}

// hereOnly is the Path of a page whose address must not be repeated, and whose query does not matter.
const hereOnly = "?"

// languageLink leads to the same page in another language.
type languageLink struct{ Name, Tag, URL string }

// htmlLang gives the language as HTML names it. The script matters: it chooses the shapes of Han characters.
func htmlLang(lang string) string {
	if lang == i18n.Chinese {
		return "zh-Hans"
	}
	return "en"
}

// otherLanguages are the languages that the page is not in.
func (p Page) otherLanguages() []languageLink {
	u, err := url.Parse(p.Path)
	if err != nil {
		return nil
	}
	query := u.Query()
	if query.Has("code") || query.Has("state") || query.Has("flow_token") {
		return nil
	}
	var out []languageLink
	for _, lang := range i18n.Languages() {
		if lang == p.Lang {
			continue
		}
		query.Set("lang", lang)
		// Only path and query: a link to another host can never come of it.
		link := url.URL{RawQuery: query.Encode()}
		if u.Path != "" {
			link.Path = "/" + trimSlashes(u.Path)
		}
		name := map[string]string{i18n.English: "English", i18n.Chinese: "简体中文"}[lang]
		out = append(out, languageLink{Name: name, Tag: htmlLang(lang), URL: link.String()})
	}
	return out
}

// view is what a template gets: the page, and what is on it. The page's fields are repeated rather than embedded, for templates find them several times faster so.
type view struct {
	Brand      Brand
	SignOutURL string
	Messages   []stage.Message
	Now        time.Time
	Languages  []languageLink
	StyleURL   string
	ThemeURL   string

	// Challenge is set on the pages of stages.
	Challenge stage.Challenge
	// Heading is the title of a stage's page.
	Heading string
	// Script is the address of the page's script; empty on all pages that work without.
	Script string
	// CancelURL leaves the flow: "not you?".
	CancelURL string
	// Lead, Fields and Submit are the form, on the pages that are one.
	Lead   string
	Fields []field
	Submit string
	// View is the page's own data.
	View any
}

func newView(p Page) *view {
	v := &view{Brand: p.Brand, SignOutURL: p.SignOutURL, Messages: p.Messages, Now: p.Now, StyleURL: p.styleURL, ThemeURL: p.themeURL}
	if v.Brand.Title == "" {
		v.Brand.Title = "Weimen"
	}
	if p.Path != "" {
		v.Languages = p.otherLanguages()
	}
	return v
}

// field is one input, in the reader's language.
type field struct {
	stage.FormField
	ID     string
	Errors []string
}

// fieldID is the id of an input, which its label names.
func fieldID(name string) string { return "f-" + name }

// DescribedBy lists the ids of what is said about the field.
func (f field) DescribedBy() string {
	var ids string
	if len(f.Errors) > 0 {
		ids = f.ID + "-error"
	}
	if f.Help != "" {
		if ids != "" {
			ids += " "
		}
		ids += f.ID + "-help"
	}
	return ids
}
