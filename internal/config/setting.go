package config

import (
	"reflect"
	"strings"
)

// prefix begins the name of every environment variable of ours; testPrefix those that belong to the tests.
const (
	prefix     = "WEIMEN_"
	testPrefix = "WEIMEN_TEST_"
	fileSuffix = "_file"
)

// Setting describes one start-up setting, for help texts and the reference.
type Setting struct {
	Name    string `json:"name"`              // in the settings file: "trusted_proxies"
	Env     string `json:"env"`               // "WEIMEN_TRUSTED_PROXIES"
	Flag    string `json:"flag,omitempty"`    // "--trusted-proxies"; empty for what must not stand on a command line
	Form    string `json:"form,omitempty"`    // what a value looks like: "CIDR,..."
	Default string `json:"default,omitempty"` // the value when none is given, or how it comes about
	Help    string `json:"help"`
	Secret  bool   `json:"secret"` // prints as ***; may also come from the file that <name>_file names

	initial string
	field   int
}

// All lists the settings in the order of [Config].
func All() []Setting {
	t := reflect.TypeFor[Config]()
	all := make([]Setting, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		s := Setting{
			Name:    strings.ReplaceAll(f.Tag.Get("name"), "-", "_"),
			Form:    f.Tag.Get("placeholder"),
			Default: f.Tag.Get("initial") + f.Tag.Get("derived"),
			Help:    f.Tag.Get("help"),
			Secret:  f.Type == reflect.TypeFor[Hidden](),
			initial: f.Tag.Get("initial"),
			field:   i,
		}
		s.Env = prefix + strings.ToUpper(s.Name)
		if f.Tag.Get("kong") != "-" {
			s.Flag = "--" + f.Tag.Get("name")
		}
		all = append(all, s)
	}
	return all
}

// text gives the setting's text in a Config.
func (s Setting) text(c Config) string { return reflect.ValueOf(c).Field(s.field).String() }

// set puts the setting's text into a Config.
func (s Setting) set(c *Config, text string) {
	reflect.ValueOf(c).Elem().Field(s.field).SetString(text)
}
