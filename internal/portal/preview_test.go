package portal

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/stage/password"
)

var styleLink = regexp.MustCompile(`<link rel="stylesheet" href="(/static/portal/portal\.[0-9a-f]{16}\.css)">`)

func TestAPreviewAsksForNoFocus(t *testing.T) {
	r := newRenderer(t)
	c := &password.Challenge{Base: sampleBase("ak-stage-password", "A page with autofocus in its title")}
	var page, preview bytes.Buffer
	if err := r.Challenge(&page, samplePage(i18n.English), c); err != nil {
		t.Fatal(err)
	}
	if err := r.Preview(&preview, samplePage(i18n.English), "", c); err != nil {
		t.Fatal(err)
	}
	asks := regexp.MustCompile(`<[^<>]* autofocus[^<>]*>`)
	if !asks.Match(page.Bytes()) {
		t.Fatal("the page itself asks for no focus: the test tells nothing")
	}
	if found := asks.Find(preview.Bytes()); found != nil {
		t.Errorf("the preview asks for the focus: %s", found)
	}
	if !strings.Contains(preview.String(), "A page with autofocus in its title") {
		t.Error("a word was lost")
	}
}

func TestAPreviewLivesUnderThePolicyOfWhoFramesIt(t *testing.T) {
	r := scriptedRenderer(t)
	router := chi.NewRouter()
	router.Get(styleFolder+"{file}", (&Server{Deps: Deps{Renderer: r}}).styleSheet)
	seen := map[string]bool{}
	for _, theme := range Themes() {
		var b bytes.Buffer
		if err := r.Preview(&b, samplePage(i18n.Chinese), theme, &scripted{Base: sampleBase("ak-stage-scripted", "A page")}); err != nil {
			t.Fatal(err)
		}
		html := b.String()
		for _, never := range []string{"<style", "<script", " style=", " onclick"} {
			if strings.Contains(html, never) {
				t.Errorf("%q: the page has %s", theme, never)
			}
		}
		if !strings.Contains(html, "<body inert>") {
			t.Errorf("%q: the page can be used", theme)
		}
		link := styleLink.FindStringSubmatch(html)
		if link == nil {
			t.Fatalf("%q: no style sheet in %s", theme, html)
		}
		if seen[link[1]] {
			t.Errorf("%q: the same style sheet as another theme", theme)
		}
		seen[link[1]] = true
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, link[1], nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%s: %d %s", link[1], w.Code, w.Header().Get("Content-Type"))
		}
		if asks := strings.Contains(w.Body.String(), "prefers-color-scheme"); asks != (theme == "") {
			t.Errorf("%q: whether the device decides is %v", theme, asks)
		}
		if both := strings.Contains(w.Body.String(), "color-scheme: light dark"); both != (theme == "") {
			t.Errorf("%q: the form controls follow the device: %v", theme, both)
		}
	}
	w := httptest.NewRecorder()
	router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, styleFolder+"other.css", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("another file: %d", w.Code)
	}
}
