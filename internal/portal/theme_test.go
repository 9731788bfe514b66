package portal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/model"
)

func themed(colour, base string) *model.Brand {
	b := model.NewBrand()
	b.Attributes = map[string]any{"settings": map[string]any{"theme": map[string]any{"primary_color": colour, "base": base}}}
	return &b
}

func TestPagesHaveTheColoursOfTheirBrand(t *testing.T) {
	const (
		house     = "#067a45" // buttons and links in the light, as portal.css says
		green     = "--fill:#07c160;"
		onGreen   = "--on-fill:#000000;"
		darkBegin = "@media (prefers-color-scheme: dark){:root{"
	)
	tests := []struct {
		name, colour, base string
		scheme             string
		has, lacks         []string
	}{
		{"the house's own need no second style sheet", "", "automatic", "light dark", nil, nil},
		{"a colour is given for both looks", "#07c160", "automatic", "light dark", []string{green, onGreen, darkBegin}, []string{"--paper", "{color-scheme", ";color-scheme"}},
		{"the same in capitals", "#07C160", "", "light dark", []string{green, darkBegin}, nil},
		{"in the light always", "#07c160", "light", "light", []string{green, "--paper:#f4f6f4;", "color-scheme:light}"}, []string{"@media"}},
		{"in the dark always", "#07c160", "dark", "dark", []string{green, "--paper:#0e1311;", "color-scheme:dark}"}, []string{"@media"}},
		{"the house's own in the dark always", "", "dark", "dark", []string{"--accent:#3ecf8b;", "--fill:var(--accent);"}, []string{house, "@media"}},
		{"white letters on a dark colour", "#1a237e", "automatic", "light dark", []string{"--on-fill:#ffffff;"}, []string{"--on-fill:#000000"}},
		{"what is no colour is passed over", "red;}body{display:none", "sepia", "light dark", nil, nil},
	}
	r := newRenderer(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := samplePage(i18n.English)
			p.Brand = r.BrandOf(themed(tt.colour, tt.base))
			var b bytes.Buffer
			if err := r.Challenge(&b, p, sampleIdentification()); err != nil {
				t.Fatal(err)
			}
			html := b.String()
			if want := `<meta name="color-scheme" content="` + tt.scheme + `">`; !strings.Contains(html, want) {
				t.Errorf("the page lacks %s", want)
			}
			if len(html) > 20_000 {
				t.Errorf("the page has %d bytes", len(html))
			}
			sheets := styleElement.FindAllStringSubmatch(html, -1)
			checkPolicyOf(t, r.ContentSecurityPolicy(p.Brand), sheets)
			if len(tt.has) == 0 {
				if len(sheets) != 1 {
					t.Errorf("%d style sheets, want 1", len(sheets))
				}
				return
			}
			if len(sheets) != 2 {
				t.Fatalf("%d style sheets, want 2", len(sheets))
			}
			style := sheets[1][1]
			if len(style) > 600 {
				t.Errorf("the colours have %d bytes", len(style))
			}
			for _, want := range tt.has {
				if !strings.Contains(style, want) {
					t.Errorf("the style lacks %s: %s", want, style)
				}
			}
			for _, never := range tt.lacks {
				if strings.Contains(style, never) {
					t.Errorf("the style has %s: %s", never, style)
				}
			}
		})
	}
}

// checkPolicyOf: a policy names the hashes of just the style sheets that a page has (Content Security Policy Level 3, 6.7.3.2).
func checkPolicyOf(t *testing.T, policy string, sheets [][]string) {
	t.Helper()
	var hashes []string
	for _, sheet := range sheets {
		sum := sha256.Sum256([]byte(sheet[1]))
		hashes = append(hashes, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	if want := "; style-src " + strings.Join(hashes, " ") + ";"; !strings.Contains(policy, want) {
		t.Errorf("the policy is %s and lacks %s", policy, want)
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s", policy)
	}
}

// TestABrandsColoursNeedNoOtherRequest: whatever the colours, a page loads nothing but its pictures.
func TestABrandsColoursNeedNoOtherRequest(t *testing.T) {
	r := newRenderer(t)
	p := samplePage(i18n.Chinese)
	p.Brand = r.BrandOf(themed("#07c160", "dark"))
	var b bytes.Buffer
	if err := r.SignedOut(&b, p, SignedOut{SignInURL: "/"}); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{`rel="stylesheet"`, "@import", "url(http", " style="} {
		if strings.Contains(b.String(), never) {
			t.Errorf("the page has %s", never)
		}
	}
}

func TestPreviewsHaveTheColoursOfADraft(t *testing.T) {
	links := regexp.MustCompile(`<link rel="stylesheet" href="(/static/portal/[^"]+)">`)
	tests := []struct {
		name, colour, base, theme string
		second                    string
		has                       string
	}{
		{"no colour, no second style sheet", "", "dark", "light", "", ""},
		{"the device decides", "#07c160", "automatic", "", "theme.automatic.07c160.", "@media (prefers-color-scheme: dark)"},
		{"looked at in the dark", "#07c160", "automatic", "dark", "theme.dark.07c160.", "color-scheme:dark"},
		{"dark whatever is looked at", "#07c160", "dark", "light", "theme.dark.07c160.", "color-scheme:dark"},
	}
	r := newRenderer(t)
	router := chi.NewRouter()
	router.Get(styleFolder+"{file}", (&Server{Deps: Deps{Renderer: r}}).styleSheet)
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := samplePage(i18n.English)
			p.Brand = r.BrandOf(themed(tt.colour, tt.base))
			var b bytes.Buffer
			if err := r.Preview(&b, p, tt.theme, sampleIdentification()); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), "<style") {
				t.Error("a style sheet lies inside of the page")
			}
			found := links.FindAllStringSubmatch(b.String(), -1)
			if tt.second == "" {
				if len(found) != 1 {
					t.Errorf("style sheets %v, want 1", found)
				}
				return
			}
			if len(found) != 2 || !strings.HasPrefix(found[1][1], styleFolder+tt.second) {
				t.Fatalf("style sheets %v, want a second %s", found, tt.second)
			}
			if w := get(found[1][1]); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), tt.has) || !strings.Contains(w.Body.String(), "--fill:#07c160") {
				t.Errorf("%s: %d %s", found[1][1], w.Code, w.Body)
			}
		})
	}
	for _, file := range []string{"theme.dark.07c160.0000000000000000.css", "theme.sepia.07c160.0000000000000000.css", "theme.dark.red.0000000000000000.css"} {
		if w := get(styleFolder + file); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want that there is no such file", file, w.Code)
		}
	}
}

func BenchmarkBrandOf(b *testing.B) {
	r := newRenderer(b)
	brand := themed("#07c160", "automatic")
	for b.Loop() {
		r.BrandOf(brand)
	}
}
