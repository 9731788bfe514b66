package kind

import (
	"fmt"
	"reflect"
	"slices"
)

// Reference is a field that names other objects, with the ids that it holds.
type Reference struct {
	Field *Field
	IDs   []string
}

// References gives the references of a struct that are set.
func References(src any) []Reference {
	v := reflect.Indirect(reflect.ValueOf(src))
	fields := fieldsOf(v.Type())
	var out []Reference
	for i := range fields {
		f := &fields[i]
		if f.Ref == "" {
			continue
		}
		ids := idsOf(f.value(v))
		if len(ids) > 0 && (f.Type == List || ids[0] != "") {
			out = append(out, Reference{f, ids})
		}
	}
	return out
}

// idsOf gives the ids in a field: a string, an integer, a pointer to one, or a list of them.
func idsOf(v reflect.Value) []string {
	switch v.Kind() { //nolint:exhaustive // the other sorts hold one id
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return idsOf(v.Elem())
	case reflect.Slice:
		var ids []string
		for i := range v.Len() {
			ids = append(ids, idsOf(v.Index(i))...)
		}
		return ids
	}
	return []string{fmt.Sprint(v.Interface())}
}

// Forget takes an object that is gone out of a struct's references to its noun: out of lists, and null where a field may be null. It reports whether anything changed,
// and whether a field that cannot do without names the object, so that the struct's own object has to go too.
func Forget(dst any, ref, id string) (changed, orphaned bool) {
	v := reflect.ValueOf(dst).Elem()
	for _, f := range fieldsOf(v.Type()) {
		fv := f.value(v)
		if f.Ref != ref || !slices.Contains(idsOf(fv), id) {
			continue
		}
		switch {
		case f.Type == List:
			kept := reflect.MakeSlice(fv.Type(), 0, fv.Len())
			for i := range fv.Len() {
				if !slices.Contains(idsOf(fv.Index(i)), id) {
					kept = reflect.Append(kept, fv.Index(i))
				}
			}
			fv.Set(kept)
			changed = true
		case f.Nullable || !f.Required:
			fv.SetZero()
			changed = true
		default:
			orphaned = true
		}
	}
	return changed, orphaned
}
