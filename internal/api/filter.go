package api

import (
	"cmp"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// row is an object as it is answered.
type row = map[string]any

// flagsOfLists are the parameters of a list that narrow nothing.
var flagsOfLists = map[string]bool{
	"page": true, "page_size": true, "ordering": true, "search": true, "format": true, "superuser_full_list": true, "for_user": true,
	"only_with_launch_url": true, "include_users": true, "include_members": true, "include_groups": true, "include_roles": true, "include_children": true,
	"include_parents": true, "include_inherited_roles": true,
}

// aliases are filters named otherwise than the key that they look at.
var aliases = map[string]string{
	"flow_uuid": "pk", "fsb_uuid": "pk", "stage_uuid": "pk", "policy_uuid": "pk", "kp_uuid": "pk", "pm_uuid": "pk", "has_key": "private_key_available",
	"target_in": "target",
}

// unanswerable are filters of authentik's collections of configuration that look at what is not kept here.
var unanswerable = []string{"created", "last_updated", "policies"}

// answerable refuses a filter that authentik has and this version cannot answer.
func answerable(rows []row, q url.Values) error {
	for _, name := range unanswerable {
		if q.Get(name) == "" || len(rows) == 0 {
			continue
		}
		if _, kept := rows[0][name]; !kept {
			return errUnsupported(name)
		}
	}
	return nil
}

func errUnsupported(filter string) error {
	return model.Invalid(filter, "This filter is not implemented in this version of Weimen.")
}

// matches reports whether an object passes the filters of a query: each is exact, and repeated values are alternatives. A parameter that names no key of the object is
// passed over, as authentik does.
func matches(o row, q url.Values) bool {
	for name, values := range q {
		if flagsOfLists[name] || len(values) == 0 || (len(values) == 1 && values[0] == "") {
			continue
		}
		if !passes(o, name, values) {
			return false
		}
	}
	return true
}

func passes(o row, name string, values []string) bool {
	if _, own := o[name]; name == "pbm_uuid" && !own {
		if second, ok := o["policybindingmodel_ptr_id"]; ok {
			return equals(second, values)
		}
		name = "pk"
	}
	if alias, ok := aliases[name]; ok && o[alias] != nil {
		name = alias
	}
	if key, ok := strings.CutSuffix(name, "__isnull"); ok {
		value, there := o[key]
		return !there || (isNull(value) == truth(values[0]))
	}
	if key, ok := strings.CutSuffix(name, "__iexact"); ok {
		return strings.EqualFold(fmt.Sprint(o[key]), values[0])
	}
	value, there := o[name]
	return !there || equals(value, values)
}

// equals reports whether a value, or one of a list of values, is one of the texts.
func equals(value any, texts []string) bool {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return false
		}
		v = v.Elem()
	}
	switch v.Kind() { //nolint:exhaustive // the other sorts are compared by their text
	case reflect.Invalid, reflect.Map, reflect.Struct:
		return false
	case reflect.Slice:
		for i := range v.Len() {
			if equals(v.Index(i).Interface(), texts) {
				return true
			}
		}
		return false
	case reflect.Bool:
		return truth(texts[0]) == v.Bool()
	}
	return slices.Contains(texts, fmt.Sprint(v.Interface()))
}

func truth(text string) bool { return text == "true" || text == "True" || text == "1" }

func isNull(value any) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || (v.Kind() == reflect.Pointer && v.IsNil())
}

// searched are the keys that a search looks at.
var searched = []string{
	"name", "slug", "title", "designation", "scope_name", "managed", "domain", "branding_title", "client_id", "group", "meta_description", "verbose_name",
	"field_key", "label", "type", "placeholder", "aaguid", "description",
}

// found reports whether a text occurs in one of the searched keys, without regard to case.
func found(o row, text string) bool {
	text = strings.ToLower(text)
	for _, key := range searched {
		v := reflect.ValueOf(o[key])
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.Kind() == reflect.String && strings.Contains(strings.ToLower(v.String()), text) {
			return true
		}
	}
	return false
}

// order sorts by the keys asked for ("-" before one for descending), else by those given. Unknown keys are passed over; what is equal stays in its order.
func order(rows []row, asked string, otherwise ...string) {
	keys := strings.FieldsFunc(asked, func(r rune) bool { return r == ',' })
	if len(keys) == 0 {
		keys = otherwise
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		for _, key := range keys {
			name, descending := strings.CutPrefix(key, "-")
			c := compare(a[name], b[name])
			if descending {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
}

func compare(a, b any) int {
	x, y := reflect.Indirect(reflect.ValueOf(a)), reflect.Indirect(reflect.ValueOf(b))
	switch {
	case !x.IsValid() || !y.IsValid():
		return cmp.Compare(bit(x.IsValid()), bit(y.IsValid()))
	case x.CanInt() && y.CanInt():
		return cmp.Compare(x.Int(), y.Int())
	case x.CanFloat() && y.CanFloat():
		return cmp.Compare(x.Float(), y.Float())
	case x.Kind() == reflect.Bool && y.Kind() == reflect.Bool:
		return cmp.Compare(bit(x.Bool()), bit(y.Bool()))
	case x.Kind() == reflect.String && y.Kind() == reflect.String:
		return strings.Compare(x.String(), y.String())
	}
	return 0
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// where says how a parameter narrows a list of the database: the field and the operator.
type where struct {
	field string
	op    store.Op
}

// unsupported marks a filter of authentik's that this version cannot answer. To pass it over would give the wrong objects.
var unsupported = where{}

// longestSearch is the most characters of a text that is looked for in the middle of others. SQLite refuses patterns of tens of thousands, and nobody looks for a thousand.
const longestSearch = 1000

// short refuses a text that is too long to look for.
func short(name, text string) error {
	if utf8.RuneCountInString(text) > longestSearch {
		return model.Invalid(name, fmt.Sprintf("Ensure this field has no more than %d characters.", longestSearch))
	}
	return nil
}

// narrow turns the parameters of a query into conditions.
func narrow(l *store.List, q url.Values, known map[string]where) error {
	for name, values := range q {
		w, ok := known[name]
		if !ok || len(values) == 0 || (len(values) == 1 && values[0] == "") {
			continue
		}
		if w == unsupported {
			return errUnsupported(name)
		}
		if slices.ContainsFunc(values, func(v string) bool { return strings.ContainsRune(v, 0) || !utf8.ValidString(v) }) {
			return model.Invalid(name, "Null characters are not allowed.")
		}
		if w.op != store.OpIn {
			values = values[:1]
		}
		if w.op == store.OpContains {
			if err := short(name, values[0]); err != nil {
				return err
			}
		}
		if w.op == store.OpIsNull {
			values = []string{fmt.Sprint(truth(values[0]))}
		}
		l.Where = append(l.Where, store.Where{Field: w.field, Op: w.op, Values: values})
	}
	if err := short("search", q.Get("search")); err != nil {
		return err
	}
	l.Search = strings.ToValidUTF8(strings.ReplaceAll(q.Get("search"), "\x00", ""), "")
	l.Order = strings.FieldsFunc(q.Get("ordering"), func(r rune) bool { return r == ',' })
	return nil
}
