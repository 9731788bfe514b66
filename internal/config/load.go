package config

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

// Load reads the settings: flags holds those given on the command line, environ is what os.Environ returns. A wrong setting gives
// [Mistakes]. Load changes nothing on the machine.
func Load(flags Config, environ []string) (Settings, error) {
	l := loader{known: All(), texts: map[string]string{}, origins: map[string]origin{}}
	environment := l.readEnvironment(environ)

	l.take(defaults())
	if path := first(flags.File, environment.values.String("config")); path != "" {
		l.take(l.readFile(path))
	}
	l.take(environment)
	l.take(l.readFlags(flags))

	var asked Config
	for _, s := range l.known {
		s.set(&asked, l.texts[s.Name])
	}
	return l.resolve(asked)
}

// layer is one place that settings come from.
type layer struct {
	place  string                   // as Mistake.From
	called func(name string) string // what a setting is called there
	values *koanf.Koanf
}

// origin is where a setting's text was taken from.
type origin struct{ called, place string }

// loader gathers texts layer by layer, and every mistake on the way.
type loader struct {
	known    []Setting
	texts    map[string]string
	origins  map[string]origin
	mistakes Mistakes
}

func defaults() layer {
	initial := map[string]any{}
	for _, s := range All() {
		initial[s.Name] = s.initial
	}
	l := layer{place: "default", called: envName, values: koanf.New(".")}
	_ = l.values.Load(confmap.Provider(initial, ""), nil) // a map cannot fail
	return l
}

func (l *loader) readEnvironment(environ []string) layer {
	e := layer{place: "environment", called: envName, values: koanf.New(".")}
	_ = e.values.Load(env.Provider("", env.Opt{
		Prefix:      prefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			if strings.HasPrefix(name, testPrefix) || fromKubernetes(name, value) {
				return "", nil
			}
			return strings.ToLower(strings.TrimPrefix(name, prefix)), value
		},
	}), nil) // the environment cannot fail
	return e
}

func (l *loader) readFile(path string) layer {
	f := layer{place: path, called: func(name string) string { return name }, values: koanf.New(".")}
	err := f.values.Load(file.Provider(path), yaml.Parser())
	if err != nil {
		problem := "is not YAML: " + err.Error()
		if _, isPath := err.(*fs.PathError); isPath { //nolint:errorlint // the file provider returns it bare
			problem = "cannot be read: " + err.Error()
		} else if strings.Contains(err.Error(), "cannot unmarshal") {
			problem = "is not a list of settings" // the parser's text would quote the file
		}
		l.mistake(Mistake{"config", path, problem, "Write one \"name: value\" a line, as \"listen: 127.0.0.1:9000\""})
	}
	if f.values.Exists("config") {
		f.values.Delete("config")
		l.mistake(Mistake{"config", path, "names another settings file", "Write all settings into one file"})
	}
	return f
}

func (l *loader) readFlags(flags Config) layer {
	given := map[string]any{}
	for _, s := range l.known {
		given[s.Name] = s.text(flags)
	}
	f := layer{place: "command line", called: flagName, values: koanf.New(".")}
	_ = f.values.Load(confmap.Provider(given, ""), nil) // a map cannot fail
	return f
}

// take lets a layer's settings win over those taken before.
func (l *loader) take(from layer) {
	values := from.values.All()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		base, isFile := strings.CutSuffix(name, fileSuffix)
		if s, ok := l.find(name); ok {
			l.takeValue(from, s, values[name])
		} else if s, ok := l.find(base); ok && isFile && s.Secret {
			l.takeSecretFile(from, s, values[name])
		} else {
			l.mistake(Mistake{from.called(name), from.place, "is not a setting", l.advise(name, from)})
		}
	}
}

func (l *loader) find(name string) (Setting, bool) {
	i := slices.IndexFunc(l.known, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return l.known[i], true
}

func (l *loader) takeValue(from layer, s Setting, value any) {
	called := from.called(s.Name)
	text, err := scalar(value)
	switch {
	case err != nil:
		l.mistake(Mistake{called, from.place, err.Error(), "Give one text, or a list of texts"})
	case s.Secret && text != "" && !isString(value):
		// YAML reads 0123 as a number; as a text it would come out changed.
		l.mistake(Mistake{called, from.place, "is not text", "Put it in quotes"})
	case text != "": // an empty variable is how compose files and shells say "not given"
		l.texts[s.Name], l.origins[s.Name] = text, origin{called, from.place}
	}
}

// takeSecretFile reads the file that name_file points to.
func (l *loader) takeSecretFile(from layer, s Setting, value any) {
	called := from.called(s.Name + fileSuffix)
	path, err := scalar(value)
	switch {
	case err != nil:
		l.mistake(Mistake{called, from.place, err.Error(), "Give the path of a file"})
		return
	case path == "":
		return
	case from.values.String(s.Name) != "":
		l.mistake(Mistake{called, from.place, "is set together with " + from.called(s.Name), "Set one of the two"})
		return
	}
	content, err := os.ReadFile(path)
	if err != nil {
		l.mistake(Mistake{called, from.place, "cannot be read: " + err.Error(), "Name a file that this process may read"})
		return
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if text == "" {
		l.mistake(Mistake{called, from.place, "names an empty file", "Write the secret into " + path})
		return
	}
	l.texts[s.Name], l.origins[s.Name] = text, origin{called, from.place}
}

// advise says what an unknown name was probably meant to be.
func (l *loader) advise(name string, from layer) string {
	var names []string
	for _, s := range l.known {
		names = append(names, s.Name)
		if s.Secret {
			names = append(names, s.Name+fileSuffix)
		}
	}
	if near, ok := nearest(name, names); ok {
		return "Did you mean " + from.called(near) + "?"
	}
	return "Remove it; weimen serve --help lists the settings"
}

func (l *loader) mistake(m Mistake) { l.mistakes = append(l.mistakes, m) }

// scalar turns a value of the settings file into a setting's text; a list is joined by commas.
func scalar(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string, bool, int, int64, uint64, float64:
		return fmt.Sprint(v), nil
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			if !isString(one) {
				return "", fmt.Errorf("holds a list of something else than text")
			}
			parts[i] = one.(string)
		}
		return strings.Join(parts, ","), nil
	default:
		return "", fmt.Errorf("holds something else than text")
	}
}

func isString(v any) bool {
	_, ok := v.(string)
	return ok
}

// fromKubernetes recognises what Kubernetes tells every container about a Service that happens to be called weimen:
// WEIMEN_SERVICE_HOST, WEIMEN_PORT=tcp://10.0.0.1:9000, WEIMEN_PORT_9000_TCP_ADDR and the like.
func fromKubernetes(name, value string) bool {
	rest := strings.TrimPrefix(name, prefix)
	return strings.HasPrefix(rest, "SERVICE_HOST") || strings.HasPrefix(rest, "SERVICE_PORT") || strings.HasPrefix(rest, "PORT_") ||
		rest == "PORT" && strings.Contains(value, "://")
}

func envName(name string) string  { return prefix + strings.ToUpper(name) }
func flagName(name string) string { return "--" + strings.ReplaceAll(name, "_", "-") }

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
