package i18n

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v4"
)

func newCatalogue(t testing.TB) *Catalogue {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryKeyIsInBothLanguages(t *testing.T) {
	c := newCatalogue(t)
	if diff := cmp.Diff(c.Keys(English), c.Keys(Chinese)); diff != "" {
		t.Errorf("English (-) and Chinese (+) differ:\n%s", diff)
	}
}

var placeholder = regexp.MustCompile(`\{\{.*?\}\}`)

func TestPlaceholdersAreTheSameInBothLanguages(t *testing.T) {
	sources := map[string]map[string]string{}
	for _, lang := range Languages() {
		sources[lang] = sourceTexts(t, lang)
	}
	for key, english := range sources[English] {
		chinese, ok := sources[Chinese][key]
		if !ok {
			continue // forms of number differ; missing keys are another test's
		}
		a, b := placeholder.FindAllString(english, -1), placeholder.FindAllString(chinese, -1)
		for _, list := range []*[]string{&a, &b} {
			slices.Sort(*list)
			*list = slices.Compact(*list)
		}
		if strings.HasPrefix(key, faults) { // what the code names in English words need not be said
			a = slices.DeleteFunc(a, func(name string) bool { return !slices.Contains(b, name) })
		}
		if diff := cmp.Diff(a, b, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: placeholders of English (-) and Chinese (+) differ:\n%s", key, diff)
		}
	}
}

// sourceTexts reads the texts as they are written, forms of number apart.
func sourceTexts(t *testing.T, lang string) map[string]string {
	t.Helper()
	names, err := fs.Glob(messages, "messages/*."+lang+".yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no messages", err)
	}
	out := map[string]string{}
	for _, name := range names {
		raw, err := fs.ReadFile(messages, name)
		if err != nil {
			t.Fatal(err)
		}
		var tree any
		if err := yaml.Unmarshal(raw, &tree); err != nil {
			t.Fatalf("%s: %v", path.Base(name), err)
		}
		flatten("", stringKeys(tree), out)
	}
	return out
}

func flatten(prefix string, v any, out map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for k, child := range v {
			flatten(strings.TrimPrefix(prefix+"."+k, "."), child, out)
		}
	case string:
		out[prefix] = v
	}
}

func TestEveryReasonIsExplainedWhole(t *testing.T) {
	c := newCatalogue(t)
	for _, key := range c.Keys(English) {
		reason, ok := strings.CutPrefix(key, "refusal.")
		if !ok {
			continue
		}
		reason = reason[:strings.LastIndexByte(reason, '.')]
		for _, part := range []string{"title", "happened", "who", "next"} {
			if !c.Has(English, "refusal."+reason+"."+part) {
				t.Errorf("the reason %s lacks its %s", reason, part)
			}
		}
	}
}

func TestText(t *testing.T) {
	c, err := read(fstest.MapFS{
		"messages/a.en.yaml": {Data: []byte("a:\n  plain: Hello\n  filled: With {{.name}} and {{.name}}.\n  n: {one: '{{.count}} day', other: '{{.count}} days'}\n  only: English\n")},
		"messages/a.zh.yaml": {Data: []byte("a:\n  plain: 你好\n  filled: 使用{{.name}}登录\n  n: {other: '{{.count}} 天'}\n")},
		"messages/b.en.yaml": {Data: []byte("b: {40001: A number}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, lang, key string
		args            map[string]string
		want            string
	}{
		{"a plain text", English, "a.plain", nil, "Hello"},
		{"another language", Chinese, "a.plain", nil, "你好"},
		{"an unknown language reads as English", "fr", "a.plain", nil, "Hello"},
		{"a name is filled in wherever it stands", English, "a.filled", map[string]string{"name": "X"}, "With X and X."},
		{"a Latin name stands apart from Han characters", Chinese, "a.filled", map[string]string{"name": "WeChat"}, "使用 WeChat 登录"},
		{"a Han name does not", Chinese, "a.filled", map[string]string{"name": "微信"}, "使用微信登录"},
		{"nothing within a name is changed", Chinese, "a.filled", map[string]string{"name": "小明Ming"}, "使用小明Ming 登录"},
		{"a name is no template", English, "a.filled", map[string]string{"name": "{{.x}}"}, "With {{.x}} and {{.x}}."},
		{"one", English, "a.n", map[string]string{"count": "1"}, "1 day"},
		{"several", English, "a.n", map[string]string{"count": "3"}, "3 days"},
		{"Chinese has one form", Chinese, "a.n", map[string]string{"count": "1"}, "1 天"},
		{"a text that Chinese lacks is English", Chinese, "a.only", nil, "English"},
		{"a key may be a number", English, "b.40001", nil, "A number"},
		{"a key that nobody wrote is given back", Chinese, "a.nothing", nil, "a.nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.Text(tt.lang, tt.key, tt.args); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNewRefusesWhatIsWrittenTwice(t *testing.T) {
	_, err := read(fstest.MapFS{
		"messages/a.en.yaml": {Data: []byte("a: {b: One}\n")},
		"messages/b.en.yaml": {Data: []byte("a: {b: Two}\n")},
	})
	if err == nil || !strings.Contains(err.Error(), "a.b is written twice") {
		t.Errorf("got %v", err)
	}
}

func TestNewRefusesACleverPlaceholder(t *testing.T) {
	_, err := read(fstest.MapFS{"messages/a.en.yaml": {Data: []byte("a: {b: '{{if .x}}y{{end}}'}\n")}})
	if err == nil {
		t.Error("a condition was taken for a placeholder")
	}
}

func BenchmarkText(b *testing.B) {
	c := newCatalogue(b)
	args := map[string]string{"source": "WeChat"}
	for b.Loop() {
		c.Text(Chinese, "stage.identification.continue_with", args)
	}
}
