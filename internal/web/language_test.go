package web_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/web"
)

func TestLanguage(t *testing.T) {
	t.Parallel()
	h := build(t, "http://127.0.0.1:9000")
	tests := []struct {
		name, query, cookie, accept string
		want, remembered            string
	}{
		{"a reader who says nothing", "", "", "", "en", ""},
		{"a browser in mainland China", "", "", "zh-CN,zh;q=0.9,en;q=0.8", "zh", ""},
		{"a browser in Taiwan", "", "", "zh-TW,zh;q=0.9,en-US;q=0.8", "zh", ""},
		{"a browser in Hong Kong", "", "", "zh-HK", "zh", ""},
		{"a browser that names the script", "", "", "zh-Hans-SG", "zh", ""},
		{"a browser in Britain", "", "", "en-GB,en;q=0.9,zh;q=0.8", "en", ""},
		{"a browser that would rather read Chinese", "", "", "en;q=0.3,zh;q=0.8", "zh", ""},
		{"a browser in France whose reader also reads Chinese", "", "", "fr-FR,zh;q=0.5", "zh", ""},
		{"a browser in France", "", "", "fr-FR,fr;q=0.9", "en", ""},
		{"anything will do", "", "", "*", "en", ""},
		{"rubbish", "", "", ";;q=zz,,", "en", ""},
		{"a header without end", "", "", strings.Repeat("zh,", 10_000), "en", ""},
		{"chosen before", "", "zh", "en", "zh", ""},
		{"rubbish chosen before", "", "xx", "zh", "zh", ""},
		{"chosen now", "?lang=zh", "en", "en", "zh", "zh"},
		{"chosen now in authentik's way", "?lang=zh_CN", "", "en", "zh", "zh"},
		{"chosen now in WeChat's way", "?a=b&lang=en-US", "zh", "zh", "en", "en"},
		{"rubbish chosen now", "?lang=%22%3E", "", "zh", "zh", ""},
		{"a language that we do not speak chosen now", "?lang=fr", "", "zh", "zh", ""},
		{"another parameter that ends alike", "?slang=en", "", "zh", "zh", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/who/"+tt.query, nil)
			r.Header.Set("Accept-Language", tt.accept)
			if tt.cookie != "" {
				r.Header.Set("Cookie", "weimen_language="+tt.cookie)
			}
			w := h.do(r)
			if got := strings.Fields(w.Body.String())[2]; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			remembered := ""
			if set := w.Result().Cookies(); len(set) > 0 {
				remembered = set[0].Value
			}
			if remembered != tt.remembered {
				t.Errorf("remembered %q, want %q", remembered, tt.remembered)
			}
		})
	}
}

func TestOutsideTheRouterTheLanguageIsEnglish(t *testing.T) {
	t.Parallel()
	if got := web.Locale(context.Background()); got != web.English {
		t.Errorf("got %s", got)
	}
}

func TestAnswerSpeaksTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := build(t, "http://127.0.0.1:9000")
	tests := []struct{ name, path, accept, language, want string }{
		{"a person reading English", "/nothing/", "text/html", "en", "There is nothing at this address."},
		{"a person reading Chinese", "/nothing/", "text/html", "zh", `<html lang="zh">`},
		{"a program", "/nothing/", "application/json", "zh", `{"detail":"There is nothing at this address.`},
		{"the API", "/api/v3/nothing/", "text/html", "zh", `{"detail":"There is nothing at this address.`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", tt.path, nil)
			r.Header.Set("Accept", tt.accept)
			r.Header.Set("Accept-Language", tt.language)
			if got := h.do(r).Body.String(); !strings.Contains(got, tt.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}
