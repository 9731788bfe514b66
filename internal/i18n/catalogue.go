package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
)

// The languages that there are texts in. English comes first: it is what a reader of no listed language gets.
const (
	English = "en"
	Chinese = "zh"
)

//go:embed messages/*.yaml
var messages embed.FS

// Languages lists the languages, the default one first.
func Languages() []string { return []string{English, Chinese} }

// Catalogue gives texts by language and key. It is safe for concurrent use.
type Catalogue struct {
	texts map[string]*texts // by language
	// exact and sentences find the key of an English fault by what it says.
	exact     map[string]string
	sentences []sentence
}

// texts is one language. Most texts are plain, or have a few names to be filled in; only those that differ by number need go-i18n when they are read.
type texts struct {
	plain    map[string]string
	patterns map[string]pattern
	numbered map[string]bool
	say      *i18n.Localizer
}

func (t *texts) has(key string) bool {
	_, plain := t.plain[key]
	_, filled := t.patterns[key]
	return plain || filled || t.numbered[key]
}

// New reads the embedded texts. It fails on a file that cannot be read and on a key that two files of one language hold.
func New() (*Catalogue, error) { return read(messages) }

func read(files fs.FS) (*Catalogue, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("yaml", unmarshal)
	c := &Catalogue{texts: map[string]*texts{}}
	for _, lang := range Languages() {
		t := &texts{plain: map[string]string{}, patterns: map[string]pattern{}, numbered: map[string]bool{}, say: i18n.NewLocalizer(bundle, lang)}
		names, err := fs.Glob(files, "messages/*."+lang+".yaml")
		if err != nil {
			return nil, fmt.Errorf("list messages: %w", err)
		}
		for _, name := range names {
			if err := t.load(bundle, files, name); err != nil {
				return nil, fmt.Errorf("messages %s: %w", path.Base(name), err)
			}
		}
		c.texts[lang] = t
	}
	c.readSentences()
	return c, nil
}

func (t *texts) load(bundle *i18n.Bundle, files fs.FS, name string) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	file, err := bundle.ParseMessageFileBytes(raw, name)
	if err != nil {
		return err
	}
	for _, m := range file.Messages {
		switch {
		case t.has(m.ID):
			return fmt.Errorf("%s is written twice", m.ID)
		case m.One != "" || strings.Contains(m.Other, "{{.count}}"):
			t.numbered[m.ID] = true
		case strings.Contains(m.Other, "{{"):
			if t.patterns[m.ID], err = parsePattern(m.Other); err != nil {
				return fmt.Errorf("%s: %w", m.ID, err)
			}
		default:
			t.plain[m.ID] = m.Other
		}
	}
	return nil
}

// unmarshal reads YAML for go-i18n, which wants every key to be a string: WeChat's error codes are written as the numbers they are.
func unmarshal(raw []byte, into any) error {
	var tree any
	if err := yaml.Unmarshal(raw, &tree); err != nil {
		return err
	}
	*into.(*any) = stringKeys(tree)
	return nil
}

func stringKeys(v any) any {
	out := map[string]any{}
	switch m := v.(type) {
	case map[string]any:
		for k, v := range m {
			out[k] = stringKeys(v)
		}
	case map[any]any:
		for k, v := range m {
			out[fmt.Sprint(k)] = stringKeys(v)
		}
	default:
		return v
	}
	return out
}

// Text gives the text of a key, filled with the arguments. A key that the language lacks gives the English text, one that nobody wrote gives the key itself; a
// language that is not listed reads as English. The argument "count" chooses between the forms of a text that differs by number.
func (c *Catalogue) Text(lang, key string, args map[string]string) string {
	t := c.language(lang)
	if text, ok := t.plain[key]; ok {
		return text
	}
	if text, ok := t.patterns[key]; ok {
		return text.fill(args)
	}
	if t.numbered[key] {
		config := &i18n.LocalizeConfig{MessageID: key, TemplateData: args}
		if count, ok := args["count"]; ok {
			config.PluralCount = count
		}
		if text, err := t.say.Localize(config); err == nil {
			return text
		}
	}
	if lang != English && c.Has(English, key) {
		return c.Text(English, key, args)
	}
	return key
}

// Has reports whether the language itself has the key.
func (c *Catalogue) Has(lang, key string) bool {
	t, ok := c.texts[lang]
	return ok && t.has(key)
}

// Keys lists the keys of a language, sorted.
func (c *Catalogue) Keys(lang string) []string {
	t := c.language(lang)
	keys := slices.Collect(maps.Keys(t.plain))
	keys = slices.AppendSeq(keys, maps.Keys(t.patterns))
	keys = slices.AppendSeq(keys, maps.Keys(t.numbered))
	slices.Sort(keys)
	return keys
}

func (c *Catalogue) language(lang string) *texts {
	if t, ok := c.texts[lang]; ok {
		return t
	}
	return c.texts[English]
}
