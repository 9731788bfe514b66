package portal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/i18n"
)

// TestWriteSamples writes every page in both languages to the folder in WEIMEN_TEST_PAGES, to be looked at.
func TestWriteSamples(t *testing.T) {
	folder := os.Getenv("WEIMEN_TEST_PAGES")
	if folder == "" {
		return
	}
	r := newRenderer(t)
	for lang, name := range map[string]string{i18n.English: "Lin Lan", i18n.Chinese: "林岚 🌿"} {
		for page, draw := range samples(r, name) {
			var b bytes.Buffer
			if err := draw(&b, samplePage(lang)); err != nil {
				t.Fatal(err)
			}
			html := strings.Replace(b.String(), "<head>", `<head><meta http-equiv="Content-Security-Policy" content="`+
				strings.Replace(r.ContentSecurityPolicy(Brand{}), "frame-ancestors 'none'; ", "", 1)+`">`, 1)
			if page == "redirect" {
				html = strings.Replace(html, `http-equiv="refresh"`, `name="refresh"`, 1)
			}
			if err := os.WriteFile(filepath.Join(folder, page+"."+lang+".html"), []byte(html), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// eachPage draws every page in every language with every odd name.
func eachPage(t *testing.T, check func(t *testing.T, html string)) {
	t.Helper()
	r := newRenderer(t)
	for _, lang := range i18n.Languages() {
		for _, name := range append([]string{"Lin Lan"}, oddNames...) {
			for page, draw := range samples(r, name) {
				t.Run(lang+"/"+page, func(t *testing.T) {
					var b bytes.Buffer
					if err := draw(&b, samplePage(lang)); err != nil {
						t.Fatal(err)
					}
					check(t, b.String())
				})
			}
		}
	}
}

var (
	inlineStyle  = regexp.MustCompile(`<[^>]*\sstyle=`)
	inlineScript = regexp.MustCompile(`(?i)<script|<[^>]*\son[a-z]+=|javascript:`)
	eventAttr    = regexp.MustCompile(`"[^"<>]*"`)
	idAttr       = regexp.MustCompile(`\sid="([^"]*)"`)
	labelFor     = regexp.MustCompile(`<label for="([^"]*)"`)
	inputTag     = regexp.MustCompile(`<input ([^>]*)>`)
	referenced   = regexp.MustCompile(`aria-(?:describedby|labelledby)="([^"]*)"`)
	styleElement = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	keyLike      = regexp.MustCompile(`>[^<]*\b(?:pages|stage|account|refusal|known)\.[a-z_.]+[^<]*<`)
)

// TestPagesHoldNoInlineScriptOrStyle is what the strict policy relies on (Content Security Policy Level 3).
func TestPagesHoldNoInlineScriptOrStyle(t *testing.T) {
	eachPage(t, func(t *testing.T, html string) {
		// What stands in quotes is a value; a name that reads like an attribute there is harmless.
		tags := strings.Replace(eventAttr.ReplaceAllString(html, `""`), `<script type="" src=""></script>`, "", 1) // one of our own, from an address
		if found := inlineScript.FindString(tags); found != "" {
			t.Errorf("script in the page: %s", found)
		}
		if found := inlineStyle.FindString(tags); found != "" {
			t.Errorf("style in an element: %s", found)
		}
		if strings.Contains(html, "ZgotmplZ") {
			t.Error("a value did not fit where it stands")
		}
	})
}

func TestPagesAreWholeAndSmall(t *testing.T) {
	eachPage(t, func(t *testing.T, html string) {
		if len(html) > 30_000 {
			t.Errorf("the page has %d bytes with its styles, more than 30 kB", len(html))
		}
		if !strings.HasPrefix(html, "<!doctype html>\n<html lang=\"") || !strings.HasSuffix(strings.TrimSpace(html), "</html>") {
			t.Error("the page is not whole")
		}
		if n := strings.Count(html, "<h1"); n != 1 {
			t.Errorf("%d headings of the first rank, want 1", n)
		}
		if strings.Contains(html, "<no value>") {
			t.Error("a value is missing")
		}
		if found := keyLike.FindString(html); found != "" {
			t.Errorf("a key is shown instead of its text: %s", found)
		}
	})
}

func TestEveryInputHasItsLabel(t *testing.T) {
	eachPage(t, func(t *testing.T, html string) {
		ids := map[string]bool{}
		for _, m := range idAttr.FindAllStringSubmatch(html, -1) {
			if ids[m[1]] {
				t.Errorf("the id %q is given twice", m[1])
			}
			ids[m[1]] = true
		}
		labels := map[string]bool{}
		for _, m := range labelFor.FindAllStringSubmatch(html, -1) {
			labels[m[1]] = true
		}
		for _, m := range inputTag.FindAllStringSubmatch(html, -1) {
			attrs := m[1]
			if strings.Contains(attrs, `type="hidden"`) || strings.Contains(attrs, `aria-hidden="true"`) || strings.Contains(attrs, `type="checkbox"`) {
				continue
			}
			id := idAttr.FindStringSubmatch(" " + attrs)
			if id == nil || !labels[id[1]] {
				t.Errorf("an input without a label: %s", attrs)
			}
		}
		for _, m := range referenced.FindAllStringSubmatch(html, -1) {
			for id := range strings.FieldsSeq(m[1]) {
				if !ids[id] {
					t.Errorf("%q is referred to and does not exist", id)
				}
			}
		}
	})
}

// TestNamesCannotTurnThePage: no mark that turns the direction of text comes through (UAX 9, explicit formatting).
func TestNamesCannotTurnThePage(t *testing.T) {
	eachPage(t, func(t *testing.T, html string) {
		if i := strings.IndexFunc(html, func(r rune) bool { return disturbs(r) && r != '\n' }); i >= 0 {
			t.Errorf("a disturbing character: %q", html[max(0, i-20):i+10])
		}
		if strings.Contains(html, strings.Repeat("名", maxWords+1)) {
			t.Error("a name without end")
		}
	})
}

func TestPolicyNamesTheHashOfTheStyleSheet(t *testing.T) {
	r := newRenderer(t)
	var b bytes.Buffer
	if err := r.SignedOut(&b, samplePage(i18n.English), SignedOut{SignInURL: "/"}); err != nil {
		t.Fatal(err)
	}
	found := styleElement.FindAllStringSubmatch(b.String(), -1)
	if len(found) != 1 {
		t.Fatalf("%d style sheets, want 1", len(found))
	}
	sum := sha256.Sum256([]byte(found[0][1]))
	policy := r.ContentSecurityPolicy(Brand{}, "https://app.example")
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, want) {
		t.Errorf("the policy is %s and lacks %s", policy, want)
	}
	if want := "form-action 'self' https://app.example;"; !strings.Contains(policy, want) {
		t.Errorf("the policy is %s and lacks %s", policy, want)
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s", policy)
	}
}

func TestLanguageLinkKeepsThePage(t *testing.T) {
	tests := []struct {
		name, path, want string
	}{
		{"a query is kept", "/if/flow/a/?next=%2Fx%3Fy%3D1", "/if/flow/a/?lang=zh&next=%2Fx%3Fy%3D1"},
		{"an earlier choice is replaced", "/?lang=en", "/?lang=zh"},
		{"another host cannot come of it", "//evil.example/a", "/a?lang=zh"},
		{"nor by a backslash", `/\evil.example`, "/evil.example?lang=zh"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			links := Page{Lang: i18n.English, Path: tt.path}.otherLanguages()
			if len(links) != 1 || links[0].URL != tt.want || links[0].Tag != "zh-Hans" {
				t.Errorf("got %+v, want one to %s", links, tt.want)
			}
		})
	}
}

func BenchmarkLoginPage(b *testing.B) {
	r := newRenderer(b)
	c, p := sampleIdentification(), samplePage(i18n.Chinese)
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Challenge(io.Discard, p, c); err != nil {
			b.Fatal(err)
		}
	}
}
