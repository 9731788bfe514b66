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
	"github.com/weimen-id/weimen/internal/stage"
)

type scripted struct {
	stage.Base
	origins []string
}

func (c *scripted) Origins() []string { return c.origins }

func scriptedRenderer(t *testing.T) *Renderer {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	const html = `{{define "stage"}}<form method="post"><input type="hidden" name="component" value="{{.Challenge.Component}}"></form>{{end}}`
	r, err := New(catalogue,
		stage.Screen{Name: "ak-stage-scripted", HTML: html, Script: "export const answer = 42;\n"}, stage.Screen{Name: "ak-stage-plain", HTML: html})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var scriptTag = regexp.MustCompile(`<script([^>]*)></script>`)

func TestAScriptIsLoadedOnlyWhereItIsNeeded(t *testing.T) {
	r := scriptedRenderer(t)
	draw := func(component string) string {
		var b bytes.Buffer
		if err := r.Challenge(&b, samplePage(i18n.English), &scripted{Base: sampleBase(component, "A page")}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	found := scriptTag.FindStringSubmatch(draw("ak-stage-scripted"))
	if found == nil {
		t.Fatal("the page has no script")
	}
	address := regexp.MustCompile(`^ type="module" src="(/static/stage/ak-stage-scripted\.[0-9a-f]{16}\.js)"$`).FindStringSubmatch(found[1])
	if address == nil {
		t.Fatalf("the script is%s", found[1])
	}
	if strings.Contains(draw("ak-stage-plain"), "<script") {
		t.Error("a page that needs no script has one")
	}
	mux := chi.NewRouter()
	mux.Get(scriptFolder+"{file}", (&Server{Deps{Renderer: r}}).script)
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	w := get(address[1])
	if w.Code != http.StatusOK || w.Body.String() != "export const answer = 42;\n" || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" ||
		!strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := get("/static/stage/other.js"); w.Code != http.StatusNotFound {
		t.Errorf("another file: %d", w.Code)
	}
}

// TestPolicyAllowsScriptsOnlyOfThePageThatNeedsThem is what keeps all others free of them (Content Security Policy Level 3).
func TestPolicyAllowsScriptsOnlyOfThePageThatNeedsThem(t *testing.T) {
	r := scriptedRenderer(t)
	plain := r.ContentSecurityPolicy(Brand{}, "https://app.example")
	for _, tt := range []struct {
		name      string
		component string
		origins   []string
		want      []string
		deny      []string
	}{
		{"a page without", "ak-stage-plain", nil, []string{plain}, []string{"script-src", "frame-src", "connect-src"}},
		{"a page with a script of ours", "ak-stage-scripted", nil, []string{plain, "; script-src 'self'"}, []string{"frame-src", "connect-src", "unsafe"}},
		{
			"a page with scripts of others", "ak-stage-plain",
			[]string{"https://www.recaptcha.net/recaptcha/api.js", "https://www.gstatic.cn"},
			[]string{
				"; script-src https://www.recaptcha.net https://www.gstatic.cn", "; frame-src https://www.recaptcha.net https://www.gstatic.cn; ", "; connect-src https://www.recaptcha.net https://www.gstatic.cn",
				"img-src 'self' data: https: https://www.recaptcha.net", "form-action 'self' https://app.example;",
			},
			[]string{"unsafe", "script-src 'self'"},
		},
		{"a page with both", "ak-stage-scripted", []string{"http://127.0.0.1:9000"}, []string{"script-src 'self' http://127.0.0.1:9000;"}, []string{"unsafe"}},
		{
			"what is no origin is not let in", "ak-stage-plain",
			[]string{"https://a.example; script-src *", "javascript:alert(1)", "https:", "data:text/javascript,1", "*"},
			[]string{plain},
			[]string{"script-src"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := r.ChallengePolicy(Brand{}, &scripted{Base: stage.Base{Component: tt.component}, origins: tt.origins}, "https://app.example")
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("the policy is %s\nand lacks %s", got, want)
				}
			}
			for _, deny := range tt.deny {
				if strings.Contains(got, deny) {
					t.Errorf("the policy is %s\nand has %s", got, deny)
				}
			}
		})
	}
}
