package kindtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// Box seals by a mark and the place, and opens at the same place only.
type Box struct{}

const mark = "sealed:"

// Seal marks the text, spelt backwards so that the clear one is not in it.
func (Box) Seal(clear, place string) string { return mark + place + ":" + backwards(clear) }

// Open is the inverse.
func (Box) Open(sealed, place string) (string, error) {
	text, ok := strings.CutPrefix(sealed, mark+place+":")
	if !ok {
		return "", errors.New("sealed elsewhere, or not at all")
	}
	return backwards(text), nil
}

func backwards(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

// nouns are what a reference may name.
var nouns = []string{
	"flow", "stage", "source", "propertymapping", "certificatekeypair", "provider", "application", "group", "user", "policy", "prompt",
}

var (
	wireName = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	path     = regexp.MustCompile(`^[a-z0-9_]+(/[a-z0-9_]+)*$`)
)

const secret = "s3cret-that-nobody-may-read"

// All runs the suite over the kinds of one shelf.
func All(t *testing.T, kinds []kind.Description) {
	t.Helper()
	if len(kinds) == 0 {
		t.Fatal("the shelf is empty")
	}
	seen := map[string]string{}
	unique := func(what, value, name string) {
		t.Helper()
		if value == "" {
			return
		}
		if other, taken := seen[what+value]; taken {
			t.Errorf("%s and %s have the same %s %q", other, name, what, value)
		}
		seen[what+value] = name
	}
	for _, k := range kinds {
		unique("name", k.Name, k.Name)
		unique("path", k.CollectionPath(), k.Name)
		unique("verbose name", k.VerboseName, k.Name)
		unique("component", k.Component, k.Name)
		unique("model name", k.MetaModelName, k.Name)
		t.Run(k.Name, func(t *testing.T) {
			info(t, k)
			for _, f := range kind.Fields(k.New()) {
				field(t, f, "")
			}
			roundTrip(t, k)
			secrets(t, k)
			strict(t, k)
		})
	}
}

// info checks the names.
func info(t *testing.T, k kind.Description) {
	t.Helper()
	if !wireName.MatchString(k.Name) {
		t.Errorf("wire name %q", k.Name)
	}
	if !path.MatchString(k.CollectionPath()) {
		t.Errorf("path %q", k.CollectionPath())
	}
	for what, value := range map[string]string{
		"verbose name": k.VerboseName, "plural": k.VerboseNamePlural, "component": k.Component, "model name": k.MetaModelName, "description": k.Description,
	} {
		if strings.TrimSpace(value) == "" {
			t.Errorf("no %s", what)
		}
	}
	pkg := reflect.TypeOf(k.New()).Elem().PkgPath()
	folder := pkg[strings.LastIndexByte(pkg, '/')+1:]
	if want := strings.ReplaceAll(k.Name, "_", ""); folder != want {
		t.Errorf("its folder is %s, and by its wire name %s", folder, want)
	}
}

// field checks that a field can be drawn, stored and described.
func field(t *testing.T, f kind.Field, within string) {
	t.Helper()
	name := within + f.Name
	if !wireName.MatchString(f.Name) {
		t.Errorf("field %q is not in snake_case", name)
	}
	if f.Title == "" || f.GoName == "" {
		t.Errorf("%s has no title or no Go name", name)
	}
	if !strings.HasSuffix(f.Help(), ".") {
		t.Errorf("%s needs a help text of whole sentences: write it as the comment on %s, then run make generate", name, f.GoName)
	}
	if f.Ref != "" && !slices.Contains(nouns, f.Ref) {
		t.Errorf("%s refers to %q, which is no noun", name, f.Ref)
	}
	if f.ReadOnly && f.Required {
		t.Errorf("%s is required and cannot be set", name)
	}
	switch f.Type {
	case kind.String, kind.Boolean, kind.Integer, kind.Number, kind.Time, kind.Duration, kind.Object:
	case kind.Secret:
		if f.Nullable || within != "" {
			t.Errorf("%s: a secret that is nullable or inside of something is not sealed", name)
		}
	case kind.List:
		if f.Item == nil || f.Item.Type == kind.Secret || f.Item.Type == kind.List {
			t.Errorf("%s is a list of what no form draws", name)
			return
		}
		for _, inner := range f.Item.Fields {
			field(t, inner, name+".")
		}
	case kind.Struct:
		for _, inner := range f.Fields {
			field(t, inner, name+".")
		}
	default:
		t.Errorf("%s has the unknown type %q", name, f.Type)
	}
}

// roundTrip stores settings and reads them back.
func roundTrip(t *testing.T, k kind.Description) {
	t.Helper()
	for what, config := range map[string]any{"defaults": k.New(), "settings with secrets": filled(k)} {
		stored, err := kind.Seal(config, Box{}, "p")
		if err != nil {
			t.Fatalf("%s cannot be sealed: %v", what, err)
		}
		back := k.New()
		if err := kind.Load(back, stored, Box{}, "p"); err != nil {
			t.Fatalf("%s cannot be loaded: %v", what, err)
		}
		if diff := cmp.Diff(visible(config), visible(back)); diff != "" {
			t.Errorf("%s come back changed (-before +after):\n%s", what, diff)
		}
		again, err := kind.Seal(back, Box{}, "p")
		if err != nil || string(again) != string(stored) {
			t.Errorf("%s are not stored the same twice, or: %v", what, err)
		}
	}
	if err := kind.Load(k.New(), nil, Box{}, "p"); err != nil {
		t.Errorf("no settings at all: %v", err)
	}
	if err := defaults(k); err != nil {
		t.Error(err)
	}
}

// defaults sends what a reader sees of the defaults back as a client does: all of it must decode, or be required and empty. Some fields are required only beside a certain
// value of another, so an empty one may be asked for as well.
func defaults(k kind.Description) error {
	raw, err := json.Marshal(kind.Encode(k.New()))
	if err != nil {
		return fmt.Errorf("the defaults cannot be written: %w", err)
	}
	var body kind.Body
	if err := json.Unmarshal(raw, &body); err != nil {
		return err
	}
	for _, f := range kind.Fields(k.New()) {
		if f.Required {
			delete(body, f.Name)
		}
	}
	config := k.New()
	for name, messages := range kind.Decode(config, body, kind.Patch) {
		raw, shown := body[name]
		empty := !shown || string(raw) == `""` || string(raw) == "null"
		if f, ok := find(k, name); !ok || !f.Required && !empty {
			return fmt.Errorf("default of %s: %s", name, messages)
		}
	}
	return nil
}

func find(k kind.Description, name string) (kind.Field, bool) {
	fields := kind.Fields(k.New())
	i := slices.IndexFunc(fields, func(f kind.Field) bool { return f.Name == name })
	if i < 0 {
		return kind.Field{}, false
	}
	return fields[i], true
}

// filled is the defaults with a text in every secret.
func filled(k kind.Description) any {
	config := k.New()
	v := reflect.ValueOf(config).Elem()
	for _, sf := range reflect.VisibleFields(v.Type()) {
		if f := v.FieldByIndex(sf.Index); sf.Type == reflect.TypeFor[model.Secret]() && f.CanSet() {
			f.Set(reflect.ValueOf(model.NewSecret(secret)))
		}
	}
	return config
}

// visible is settings with their secrets in clear, for comparison.
func visible(config any) map[string]any {
	out := map[string]any{}
	v := reflect.Indirect(reflect.ValueOf(config))
	for _, sf := range reflect.VisibleFields(v.Type()) {
		if !sf.IsExported() || sf.Anonymous {
			continue
		}
		f := v.FieldByIndex(sf.Index)
		value := f.Interface()
		if s, ok := value.(model.Secret); ok {
			value = s.Reveal()
		}
		if (f.Kind() == reflect.Slice || f.Kind() == reflect.Map) && f.Len() == 0 {
			value = nil
		}
		out[sf.Name] = value
	}
	return out
}

// secrets checks that no secret is stored in clear, opens elsewhere, or is shown, unless its rule is readback.
func secrets(t *testing.T, k kind.Description) {
	t.Helper()
	config := filled(k)
	stored, err := kind.Seal(config, Box{}, "here")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(stored), secret) {
		t.Errorf("a secret is stored in clear: %s", string(stored))
	}
	if strings.Contains(string(stored), mark) && kind.Load(k.New(), stored, Box{}, "elsewhere") == nil {
		t.Error("what was sealed for one row opens in another")
	}
	shown := kind.Encode(config)
	for _, f := range kind.Fields(k.New()) {
		value, there := shown[f.Name]
		if f.WriteOnly && there {
			t.Errorf("%s is write-only, and shown", f.Name)
		}
		if f.Type != kind.Secret && fmt.Sprint(value) == secret {
			t.Errorf("%s shows a secret", f.Name)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v", config, config, config); strings.Contains(text, secret) {
		t.Error("printing the settings prints a secret")
	}
}

// strict checks that stored settings with an unknown key are refused, and that the same key from a client is passed over.
func strict(t *testing.T, k kind.Description) {
	t.Helper()
	if kind.Load(k.New(), model.Config(`{"no_such_setting": 1}`), Box{}, "p") == nil {
		t.Error("stored settings with an unknown key were loaded")
	}
	for name := range kind.Decode(k.New(), kind.Body{"no_such_setting": json.RawMessage(`1`)}, kind.Patch) {
		if name == "no_such_setting" {
			t.Error("an unknown key from a client is not passed over")
		}
	}
}
