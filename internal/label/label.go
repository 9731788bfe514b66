package label

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

//go:embed en.yaml zh.yaml
var files embed.FS

// Field is what a field is called.
type Field struct {
	Title  string            `yaml:"title"`
	Help   string            `yaml:"help"`
	Values map[string]string `yaml:"values"`
}

// Kind is what a noun or a kind is called.
type Kind struct {
	Name        string `yaml:"name"`
	Plural      string `yaml:"plural"`
	Description string `yaml:"description"`
}

// Labels are the names of one language.
type Labels struct {
	// Fields are by kind.Field's GoName: "stage/userlogin.Config.SessionDuration".
	Fields map[string]Field `yaml:"fields"`
	// Kinds are by authentik's label of the model: "authentik_stages_user_login.userloginstage".
	Kinds map[string]Kind `yaml:"kinds"`
}

// read reads each language when it is first asked for: they are larger than all of the start needs besides.
var read = map[string]func() (*Labels, error){ //nolint:gochecknoglobals // read once
	"en": sync.OnceValues(func() (*Labels, error) { return load("en.yaml") }),
	"zh": sync.OnceValues(func() (*Labels, error) { return load("zh.yaml") }),
}

// In gives the names of a language, "en" or "zh". Another one is English.
func In(lang string) (*Labels, error) {
	if of, ok := read[lang]; ok {
		return of()
	}
	return read["en"]()
}

func load(name string) (*Labels, error) {
	raw, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var l Labels
	if err := yaml.Load(raw, &l, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return &l, nil
}

// Value is what a value of a field is called; where nothing is said, the value itself in words.
func (f Field) Value(value string) string {
	if text, ok := f.Values[value]; ok {
		return text
	}
	words := strings.ReplaceAll(value, "_", " ")
	if words == "" || words != strings.ToLower(words) {
		return words
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
