package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// The languages that people are spoken to in.
const (
	English = "en"
	Chinese = "zh"
)

const (
	languageCookie = "weimen_language"
	languageMaxAge = 365 * 24 * time.Hour
	// longestAccept bounds what is parsed of Accept-Language; browsers send well under 100 bytes.
	longestAccept = 512
)

// languages chooses between English and Chinese.
type languages struct {
	matcher language.Matcher
	cookies Cookies
}

func newLanguages(cookies Cookies) *languages {
	return &languages{
		// The first is for readers of neither.
		matcher: language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese, language.TraditionalChinese}),
		cookies: cookies,
	}
}

// choice is a language; made says that the person chose it in this browser.
type choice struct {
	locale string
	made   bool
}

// pick chooses by ?lang, else by what was chosen before, else by the browser's wish, else English.
func (l *languages) pick(r *http.Request) choice {
	if locale, ok := l.asked(r); ok {
		return choice{locale, true}
	}
	if chosen, ok := l.cookies.Read(r, languageCookie); ok {
		if locale, ok := l.match(chosen); ok {
			return choice{locale, true}
		}
	}
	if locale, ok := l.match(r.Header.Get("Accept-Language")); ok {
		return choice{locale, false}
	}
	return choice{English, false}
}

// KeepLocale keeps a choice for the pages that follow in this browser.
func KeepLocale(w http.ResponseWriter, c Cookies, locale string) {
	c.Set(w, languageCookie, locale, languageMaxAge)
}

// remember keeps a choice made by ?lang for the pages that follow.
func (l *languages) remember(w http.ResponseWriter, r *http.Request) {
	if locale, ok := l.asked(r); ok {
		KeepLocale(w, l.cookies, locale)
	}
}

// asked gives the language named by ?lang.
func (l *languages) asked(r *http.Request) (string, bool) {
	if !strings.Contains(r.URL.RawQuery, "lang=") || len(r.URL.RawQuery) > longestURL {
		return "", false
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !query.Has("lang") {
		return "", false
	}
	return l.match(query.Get("lang"))
}

// match finds the language for a tag or a list as in Accept-Language (RFC 9110, section 12.5.4).
func (l *languages) match(accept string) (string, bool) {
	if accept == "" || len(accept) > longestAccept {
		return "", false
	}
	tags, _, err := language.ParseAcceptLanguage(strings.ReplaceAll(accept, "_", "-"))
	if err != nil || len(tags) == 0 {
		return "", false
	}
	_, index, confidence := l.matcher.Match(tags...)
	switch {
	case confidence == language.No:
		return "", false
	case index == 0:
		return English, true
	default:
		return Chinese, true
	}
}
