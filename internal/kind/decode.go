package kind

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/model"
)

// Mode says what an absent key means.
type Mode int

// The modes.
const (
	Create  Mode = iota // required keys must be there; the others keep the defaults
	Replace             // required keys must be there; the others keep what is stored
	Patch               // every absent key keeps what is stored
)

// Body is a JSON object whose values are not yet decoded.
type Body map[string]json.RawMessage

// Filler is a struct that chooses values for what is empty and must not be, such as a client secret. It is asked before Validate.
type Filler interface{ Fill() }

// Validator is a struct that checks what no tag can say. It returns a *model.Error with fields.
type Validator interface{ Validate() error }

// Decode writes the body's known and writable keys into the struct that dst points to. Unknown and read-only keys are passed over, as
// authentik does. What is wrong comes back by field, nil if nothing is; dst is then to be thrown away.
func Decode(dst any, body Body, mode Mode) map[string][]string {
	errs := map[string][]string{}
	v := reflect.ValueOf(dst).Elem()
	for _, f := range fieldsOf(v.Type()) {
		if f.ReadOnly {
			continue
		}
		raw, there := body[f.Name]
		if !there {
			if f.Required && mode != Patch {
				errs[f.Name] = []string{"This field is required."}
			}
			continue
		}
		if msg := f.decode(f.value(v), raw); msg != "" {
			errs[f.Name] = append(errs[f.Name], msg)
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return check(dst)
}

func check(dst any) map[string][]string {
	if f, ok := dst.(Filler); ok {
		f.Fill()
	}
	val, ok := dst.(Validator)
	if !ok {
		return nil
	}
	err := val.Validate()
	if err == nil {
		return nil
	}
	if e, ok := err.(*model.Error); ok && len(e.Fields) > 0 { //nolint:errorlint // Validate returns it bare
		return e.Fields
	}
	return map[string][]string{"non_field_errors": {err.Error()}}
}

// decode sets one field and returns what is wrong with the text, if anything is.
func (f *Field) decode(v reflect.Value, raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if string(raw) == "null" || (string(raw) == `""` && f.Nullable && (f.Ref != "" || f.Enum != nil)) {
		if f.Nullable {
			v.SetZero()
			return ""
		}
		return "This field may not be null."
	}
	if f.Nullable {
		p := reflect.New(v.Type().Elem())
		inner := *f
		inner.Nullable = false
		if msg := inner.decode(p.Elem(), raw); msg != "" {
			return msg
		}
		v.Set(p)
		return ""
	}
	switch f.Type {
	case String, Duration, Secret:
		return f.decodeString(v, raw)
	case Boolean:
		return f.decodeBool(v, raw)
	case Integer, Number:
		return f.decodeNumber(v, raw)
	case Time:
		return decodeTime(v, raw)
	case Object:
		return decodeObject(v, raw)
	case List:
		return f.decodeList(v, raw)
	case Struct:
		return f.decodeStruct(v, raw)
	}
	return "This field cannot be set."
}

var slugPattern = regexp.MustCompile(`^[-a-zA-Z0-9_]+$`)

func (f *Field) decodeString(v reflect.Value, raw json.RawMessage) string {
	s, ok := text(raw)
	switch {
	case !ok:
		return "Not a valid string."
	case strings.ContainsRune(s, 0):
		return "Null characters are not allowed."
	case s == "" && f.Required && !f.Blank:
		return "This field may not be blank."
	case f.MaxLength > 0 && utf8.RuneCountInString(s) > f.MaxLength:
		return fmt.Sprintf("Ensure this field has no more than %d characters.", f.MaxLength)
	case f.Slug && !slugPattern.MatchString(s):
		return `Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.`
	case f.Enum != nil && !slices.Contains(f.Enum, s):
		return fmt.Sprintf("%q is not a valid choice.", s)
	}
	if f.Type == Duration {
		if err := model.Duration(s).Validate(); err != nil {
			return err.Error() + "."
		}
	}
	if f.Type == Secret {
		v.Set(reflect.ValueOf(model.NewSecret(s)))
		return ""
	}
	v.SetString(s)
	return ""
}

// text reads a string; a bare number is taken as its text, as Django REST framework takes it.
func text(raw json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s, true
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String(), true
	}
	return "", false
}

func (f *Field) decodeBool(v reflect.Value, raw json.RawMessage) string {
	switch strings.ToLower(strings.Trim(string(raw), `"`)) {
	case "true", "1":
		v.SetBool(true)
	case "false", "0":
		v.SetBool(false)
	default:
		return "Must be a valid boolean."
	}
	return ""
}

func (f *Field) decodeNumber(v reflect.Value, raw json.RawMessage) string {
	var n json.Number
	if json.Unmarshal(raw, &n) != nil || n == "" {
		return "A valid number is required."
	}
	if f.Type == Number {
		x, err := n.Float64()
		if err != nil {
			return "A valid number is required."
		}
		v.SetFloat(x)
		return ""
	}
	i, err := n.Int64()
	if err != nil {
		return "A valid integer is required."
	}
	if i > math.MaxInt32 || i < math.MinInt32 {
		return "This number is too large."
	}
	v.SetInt(i)
	return ""
}

func decodeTime(v reflect.Value, raw json.RawMessage) string {
	var t time.Time
	if err := json.Unmarshal(raw, &t); err != nil {
		return "Datetime has wrong format. Use this format instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
	}
	v.Set(reflect.ValueOf(t))
	return ""
}

func decodeObject(v reflect.Value, raw json.RawMessage) string {
	if len(raw) == 0 || raw[0] != '{' {
		return "Value must be a dictionary, and not have any duplicate keys."
	}
	m, err := DecodeObject(raw)
	if err != nil {
		return "Value must be valid JSON."
	}
	if msg := unstorable(m); msg != "" {
		return msg
	}
	v.Set(reflect.ValueOf(m))
	return ""
}

// unstorable says what PostgreSQL cannot store of a value, in keys, texts and numbers at every depth, "" if there is nothing.
func unstorable(v any) string {
	switch v := v.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			return "Null characters are not allowed."
		}
	case json.Number:
		if _, exponent, ok := strings.Cut(strings.ToLower(string(v)), "e"); ok {
			if n, err := strconv.Atoi(exponent); err != nil || n > maxExponent || n < -maxExponent {
				return "This number is too large."
			}
		}
	case []any:
		for _, item := range v {
			if msg := unstorable(item); msg != "" {
				return msg
			}
		}
	case map[string]any:
		for key, value := range v {
			if msg := cmp.Or(unstorable(key), unstorable(value)); msg != "" {
				return msg
			}
		}
	}
	return ""
}

// maxExponent is that of the numbers that programs compute with. PostgreSQL's numeric type goes further, JSON has no end.
const maxExponent = 308

// DecodeObject reads a JSON object and keeps numbers as they were written, so that 1 does not become 1.0 on its way through.
func DecodeObject(raw []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	m := map[string]any{}
	if err := d.Decode(&m); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("more than one JSON value")
	}
	return m, nil
}

func (f *Field) decodeList(v reflect.Value, raw json.RawMessage) string {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return "Expected a list of items."
	}
	if f.Required && !f.Blank && len(items) == 0 {
		return "This list may not be empty."
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		if msg := f.Item.decode(out.Index(i), item); msg != "" {
			return fmt.Sprintf("Item %d: %s", i+1, msg)
		}
	}
	v.Set(out)
	return ""
}

func (f *Field) decodeStruct(v reflect.Value, raw json.RawMessage) string {
	var body Body
	if err := json.Unmarshal(raw, &body); err != nil {
		return "Expected an object."
	}
	for name, messages := range Decode(v.Addr().Interface(), body, Create) {
		return name + ": " + strings.Join(messages, " ")
	}
	return ""
}
