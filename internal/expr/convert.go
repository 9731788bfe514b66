package expr

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"time"

	"go.starlark.net/starlark"

	"github.com/weimen-id/weimen/internal/model"
)

// maxDepth is how deeply values may lie within one another, in either direction. It also ends lists that contain themselves.
const maxDepth = 64

// maxArguments is the size in bytes of what a text may hand to one call of a Func.
const maxArguments = 1 << 20

var errTooDeep = fmt.Errorf("values lie more than %d deep within one another", maxDepth)

// value converts a value of Go to one of the language. Structs have no meaning in it: give an Object.
func (r *run) value(v any, depth int) (starlark.Value, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	switch v := v.(type) {
	case nil:
		return starlark.None, nil
	case string:
		return starlark.String(v), nil
	case bool:
		return starlark.Bool(v), nil
	case int:
		return starlark.MakeInt(v), nil
	case int64:
		return starlark.MakeInt64(v), nil
	case float64:
		return starlark.Float(v), nil
	case json.Number:
		return number(v)
	case model.Secret:
		return r.secret(v), nil
	case time.Time:
		return starlark.String(v.Format(time.RFC3339)), nil
	case map[string]any:
		return dictOf(r, v, depth)
	case []any:
		return listOf(r, v, depth)
	case []string:
		return listOf(r, v, depth)
	case *Object, *Query, *Mutable, Func, namedFunc:
		return r.special(v, depth)
	}
	return r.reflected(reflect.ValueOf(v), depth)
}

// special converts the types of this package.
func (r *run) special(v any, depth int) (starlark.Value, error) {
	switch v := v.(type) {
	case *Object:
		if v != nil {
			return &objectValue{run: r, object: v}, nil
		}
	case *Query:
		if v != nil {
			return &queryValue{run: r, query: v}, nil
		}
	case *Mutable:
		if v != nil {
			return r.mutableDict(v, depth)
		}
	case namedFunc:
		if v.fn != nil {
			return funcValue{v}, nil
		}
	case Func:
		if v != nil {
			return funcValue{namedFunc{name: "function", fn: v}}, nil
		}
	}
	return starlark.None, nil
}

// secret gives the clear value, and remembers to keep it out of messages.
func (r *run) secret(s model.Secret) starlark.Value {
	if s.IsSet() && !slices.Contains(r.secrets, s.Reveal()) {
		r.secrets = append(r.secrets, s.Reveal())
	}
	return starlark.String(s.Reveal())
}

func (r *run) mutableDict(m *Mutable, depth int) (starlark.Value, error) {
	for _, known := range r.mutable {
		if known.m == m {
			return known.dict, nil
		}
	}
	dict, err := dictOf(r, m.Value, depth)
	if err != nil {
		return nil, err
	}
	r.mutable = append(r.mutable, mutableValue{m: m, dict: dict})
	return dict, nil
}

// dictOf converts a map. Keys are in alphabetical order, so that a text gives the same result every time.
func dictOf[V any](r *run, m map[string]V, depth int) (*starlark.Dict, error) {
	dict := starlark.NewDict(len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		value, err := r.value(m[key], depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if err := dict.SetKey(starlark.String(key), value); err != nil {
			return nil, err
		}
	}
	return dict, nil
}

func listOf[V any](r *run, list []V, depth int) (starlark.Value, error) {
	values := make([]starlark.Value, len(list))
	for i, element := range list {
		value, err := r.value(element, depth+1)
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		values[i] = value
	}
	return starlark.NewList(values), nil
}

func number(n json.Number) (starlark.Value, error) {
	if i, err := n.Int64(); err == nil {
		return starlark.MakeInt64(i), nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil, errors.New("a number that is neither an integer nor a float")
	}
	return starlark.Float(f), nil
}

// reflected converts named types, such as enums, and less usual lists and maps.
func (r *run) reflected(v reflect.Value, depth int) (starlark.Value, error) {
	switch v.Kind() {
	case reflect.String:
		return starlark.String(v.String()), nil
	case reflect.Bool:
		return starlark.Bool(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return starlark.MakeInt64(v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return starlark.MakeUint64(v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return starlark.Float(v.Float()), nil
	case reflect.Pointer:
		if v.IsNil() {
			return starlark.None, nil
		}
		return r.value(v.Elem().Interface(), depth+1)
	case reflect.Slice, reflect.Array:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = v.Index(i).Interface()
		}
		return listOf(r, list, depth)
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			m := make(map[string]any, v.Len())
			for it := v.MapRange(); it.Next(); {
				m[it.Key().String()] = it.Value().Interface()
			}
			return dictOf(r, m, depth)
		}
	default:
	}
	return nil, fmt.Errorf("a %s has no meaning in an expression", v.Type())
}

// reader converts values of the language back to Go, within a number of bytes.
type reader struct {
	left    int
	secrets []string // strings that become a model.Secret again
	whole   bool     // objects and functions may be among the values
}

// perValue is what every value counts beside its text.
const perValue = 8

func (rd *reader) spend(n int) error {
	rd.left -= n
	if rd.left < 0 {
		return ErrTooLarge
	}
	return nil
}

func (rd *reader) read(v starlark.Value, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	if err := rd.spend(perValue); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case starlark.NoneType:
		return nil, nil
	case starlark.Bool:
		return bool(v), nil
	case starlark.Int:
		i, ok := v.Int64()
		if !ok {
			return nil, errors.New("the result has an integer of more than 64 bits")
		}
		return i, nil
	case starlark.Float:
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, errors.New("the result has a number that is not finite")
		}
		return float64(v), nil
	case starlark.String:
		return rd.text(string(v))
	case starlark.Bytes:
		return rd.text(string(v))
	case *starlark.Dict:
		return rd.dict(v, depth)
	case *queryValue, *objectValue, funcValue:
		return rd.special(v)
	case starlark.Iterable: // list, tuple, set, range
		return rd.list(v, depth)
	}
	return nil, fmt.Errorf("a %s cannot be a result", v.Type())
}

func (rd *reader) text(s string) (any, error) {
	if err := rd.spend(len(s)); err != nil {
		return nil, err
	}
	if slices.Contains(rd.secrets, s) {
		return model.NewSecret(s), nil
	}
	return s, nil
}

func (rd *reader) special(v starlark.Value) (any, error) {
	if rd.whole {
		switch v := v.(type) {
		case *objectValue:
			return v.object, nil
		case *queryValue:
			return v.query, nil
		case funcValue:
			return v.fn, nil
		}
	}
	if o, ok := v.(*objectValue); ok && o.object.Plain != nil {
		return o.object.Plain, nil
	}
	return nil, fmt.Errorf("a %s cannot be a result; return one of its attributes", v.Type())
}

func (rd *reader) list(v starlark.Iterable, depth int) (any, error) {
	list := []any{}
	for element := range starlark.Elements(v) {
		value, err := rd.read(element, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

// dict reads a dict. As in Python's JSON, an integer as key becomes text.
func (rd *reader) dict(v *starlark.Dict, depth int) (any, error) {
	m := make(map[string]any, v.Len())
	for key, element := range v.Entries() {
		name, ok := starlark.AsString(key)
		if !ok {
			if _, isInt := key.(starlark.Int); !isInt {
				return nil, fmt.Errorf("a key of a dict in the result is a %s; it must be a string", key.Type())
			}
			name = key.String()
		}
		if err := rd.spend(len(name)); err != nil {
			return nil, err
		}
		value, err := rd.read(element, depth+1)
		if err != nil {
			return nil, err
		}
		m[name] = value
	}
	return m, nil
}

// entry reads one entry of a dict.
func (rd *reader) entry(key string, v starlark.Value) (any, error) {
	if err := rd.spend(len(key)); err != nil {
		return nil, err
	}
	return rd.read(v, 1)
}
