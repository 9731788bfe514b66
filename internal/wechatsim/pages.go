package wechatsim

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

//go:embed pages
var pageFiles embed.FS

// pages draws the simulator's own pages, in English and Chinese.
type pages struct {
	templates map[string]*template.Template
	words     map[string]map[string]string
}

func newPages() pages {
	p := pages{templates: map[string]*template.Template{}, words: map[string]map[string]string{}}
	for _, name := range []string{"home", "qr", "refused", "phone", "problem", "try", "control"} {
		p.templates[name] = template.Must(template.ParseFS(pageFiles, "pages/layout.html", "pages/"+name+".html"))
	}
	for _, lang := range []string{"en", "zh"} {
		text, err := pageFiles.ReadFile("pages/" + lang + ".json")
		words := map[string]string{}
		if err = errors.Join(err, json.Unmarshal(text, &words)); err != nil {
			panic("wechatsim: embedded " + lang + ".json: " + err.Error()) //nolint:forbidigo // a broken build, as template.Must has it
		}
		p.words[lang] = words
	}
	return p
}

// view is what every template is given.
type view struct {
	Page   string
	Lang   string
	Switch string // this page in the other language
	Data   any
	words  map[string]string
}

// T is a text in the reader's language.
func (v view) T(key string, args ...any) string {
	text, ok := v.words[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Explain says what the simulator knows about an error page.
func (v view) Explain(r refusal) string { return v.T(r.Why, r.Args...) }

// HTMLLang is the language tag of the page.
func (v view) HTMLLang() string {
	if v.Lang == "zh" {
		return "zh-Hans"
	}
	return "en"
}

// Name is a nickname as it can be shown: control bytes as escapes.
func (v view) Name(nickname string) string {
	var shown strings.Builder
	for _, c := range nickname {
		if c < 0x20 {
			fmt.Fprintf(&shown, `\x%02x`, c)
			continue
		}
		shown.WriteRune(c)
	}
	return shown.String()
}

// Note says what is odd about a person.
func (v view) Note(user User) string {
	if user.Note != "" {
		return user.Note
	}
	return v.words["note_"+user.ID]
}

// Avatar is the address of a person's picture on the simulator's pages.
func (v view) Avatar(user User) string {
	if user.NoAvatar {
		return "/static/faceless.svg"
	}
	return avatarPath(user)
}

func (p pages) render(r *http.Request, status int, name string, data any) reply {
	lang := language(r)
	v := view{Page: name, Lang: lang, Switch: switchLanguage(r, lang, data), Data: data, words: p.words[lang]}
	var out bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&out, "layout.html", v); err != nil {
		return reply{status: http.StatusInternalServerError, contentType: "text/plain", body: []byte(err.Error())}
	}
	return reply{status: status, contentType: "text/html; charset=utf-8", body: out.Bytes()}
}

func (p pages) reply(r *http.Request, name string, data any) reply {
	return p.render(r, http.StatusOK, name, data)
}

// fail is the page for something the simulator itself cannot do.
func (p pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	p.render(r, statusOf(err), "problem", err.Error()).write(w)
}

// language is the reader's: ?lang (WeChat's cn and en, and the usual tags) before Accept-Language. English otherwise.
func language(r *http.Request) string {
	if lang := r.FormValue("lang"); lang != "" {
		if strings.HasPrefix(lang, "en") {
			return "en"
		}
		return "zh"
	}
	best, bestQ := "en", 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if text, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			q, _ = strconv.ParseFloat(text, 64) // what is no number is 0: not wanted
		}
		lang, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if q > bestQ && (lang == "en" || lang == "zh") {
			best, bestQ = lang, q
		}
	}
	return best
}

// switchLanguage is the address of this page in the other language. Loading /connect/qrconnect anew would make another QR
// code, so its page is found by uuid.
func switchLanguage(r *http.Request, lang string, data any) string {
	query := url.Values{}
	for key, list := range r.URL.Query() {
		query[key] = list
	}
	target := r.URL.Path
	switch data := data.(type) {
	case qrView:
		target, query = "/connect/wait", url.Values{"uuid": {data.UUID}}
	case phoneView:
		target, query = "/connect/confirm", url.Values{"uuid": {data.UUID}}
	}
	query.Set("lang", map[string]string{"en": "zh", "zh": "en"}[lang])
	return target + "?" + query.Encode()
}

func (s *Simulator) static(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	switch path.Ext(file) {
	case ".css", ".js", ".svg":
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, pageFiles, "pages/"+file)
	default:
		http.NotFound(w, r)
	}
}
