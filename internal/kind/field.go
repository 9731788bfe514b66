package kind

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/weimen-id/weimen/internal/model"
)

// Type is a field's shape on the wire.
type Type string

// The types.
const (
	String   Type = "string"
	Boolean  Type = "boolean"
	Integer  Type = "integer"
	Number   Type = "number"
	Time     Type = "time"     // RFC 3339
	Duration Type = "duration" // model.Duration
	Secret   Type = "secret"   // a string sealed at rest, and write-only unless its rule is readback
	Object   Type = "object"   // a JSON object of any content
	List     Type = "list"     // Item says of what
	Struct   Type = "struct"   // Fields says of what
)

// Field describes one field of a struct as the wire sees it.
type Field struct {
	Name, Title string
	Type        Type
	Item        *Field // of a list
	Fields      []Field
	Nullable    bool
	Required    bool
	Blank       bool
	ReadOnly    bool
	WriteOnly   bool
	Multiline   bool
	Slug        bool
	Unique      bool // no two objects of the kind have the same value
	MaxLength   int
	Enum        []string
	Ref         string
	// Group is the part of a form that the field belongs to, "" for the first; Widget is how it is drawn where its type does not say: "expression", "color". The tag
	// `form:"advanced,widget=expression"` gives both.
	Group, Widget string
	// GoName is "folder.Type.Field", as "stage/password.Config.Backends", under which the help text is found. The folder is the package's below
	// internal/, because two kinds of different sorts may have packages of one name.
	GoName string

	index []int
	typ   reflect.Type
}

var (
	fieldCache   sync.Map // reflect.Type → []Field
	secretType   = reflect.TypeFor[model.Secret]()
	durationType = reflect.TypeFor[model.Duration]()
)

// Fields describes a struct, or what a pointer to one points to. Fields without a json name are passed over; embedded structs are
// flattened.
func Fields(v any) []Field {
	t := reflect.TypeOf(v)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return fieldsOf(t)
}

func fieldsOf(t reflect.Type) []Field {
	if cached, ok := fieldCache.Load(t); ok {
		return cached.([]Field)
	}
	var out []Field
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct {
			for _, f := range fieldsOf(sf.Type) {
				f.index = append([]int{i}, f.index...)
				out = append(out, f)
			}
			continue
		}
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if !sf.IsExported() || name == "" || name == "-" {
			continue
		}
		f := describe(sf.Type)
		f.Name, f.index = name, []int{i}
		f.GoName = folder(t.PkgPath()) + "." + t.Name() + "." + sf.Name
		f.readTags(sf.Tag)
		out = append(out, f)
	}
	fieldCache.Store(t, out)
	return out
}

// folder is the package's path below internal/, or the whole path where it is not there.
func folder(pkgPath string) string {
	if _, below, ok := strings.Cut(pkgPath, "/internal/"); ok {
		return below
	}
	return pkgPath
}

// Help is the field's help text for the administrator: the comment on it in its struct, as one line. It is empty for structs that are neither a kind's
// nor a noun's.
func (f *Field) Help() string { return helpOf(f.GoName) }

func (f *Field) readTags(tag reflect.StructTag) {
	f.Title = tag.Get("title")
	if f.Title == "" {
		words := strings.ReplaceAll(f.Name, "_", " ")
		f.Title = strings.ToUpper(words[:1]) + words[1:]
	}
	f.Required = tag.Get("required") == "true"
	f.Ref = tag.Get("ref")
	for part := range strings.SplitSeq(tag.Get("form"), ",") {
		if widget, ok := strings.CutPrefix(part, "widget="); ok {
			f.Widget = widget
		} else if part != "" {
			f.Group = part
		}
	}
	if enum := strings.Fields(tag.Get("enum")); len(enum) > 0 {
		if f.Type == List {
			f.Item.Enum = enum
		} else {
			f.Enum = enum
		}
	}
	for rule := range strings.SplitSeq(tag.Get("rule"), ",") {
		switch {
		case rule == "":
		case rule == "readonly":
			f.ReadOnly = true
		case rule == "writeonly":
			f.WriteOnly = true
		case rule == "readback":
			f.WriteOnly = false
		case rule == "blank":
			f.Blank = true
		case rule == "multiline":
			f.Multiline = true
		case rule == "slug":
			f.Slug = true
		case rule == "unique":
			f.Unique = true
		case strings.HasPrefix(rule, "max="):
			f.MaxLength, _ = strconv.Atoi(rule[len("max="):])
		default:
			panic(fmt.Sprintf("%s: unknown rule %q", f.GoName, rule))
		}
	}
}

func describe(t reflect.Type) Field {
	f := Field{typ: t}
	switch {
	case t.Kind() == reflect.Pointer:
		f = describe(t.Elem())
		f.typ, f.Nullable = t, true
	case t == secretType:
		f.Type, f.WriteOnly = Secret, true
	case t == durationType:
		f.Type = Duration
	case t.String() == "time.Time":
		f.Type = Time
	case t.Kind() == reflect.String:
		f.Type = String
	case t.Kind() == reflect.Bool:
		f.Type = Boolean
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		f.Type = Integer
	case t.Kind() == reflect.Float64:
		f.Type = Number
	case t.Kind() == reflect.Map:
		f.Type = Object
	case t.Kind() == reflect.Slice:
		item := describe(t.Elem())
		f.Type, f.Item = List, &item
	case t.Kind() == reflect.Struct:
		f.Type, f.Fields = Struct, fieldsOf(t)
	default:
		panic("kind: no wire shape for " + t.String())
	}
	return f
}

// Of gives the field's value in the struct, or in what a pointer to it points to.
func (f *Field) Of(src any) any { return f.value(reflect.Indirect(reflect.ValueOf(src))).Interface() }

func (f *Field) value(v reflect.Value) reflect.Value { return v.FieldByIndex(f.index) }
