package expr

import (
	"context"
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Object is a thing with attributes, such as a user: the text reads user.name, and Attr is asked for "name" at that moment, at
// most once in a run. An attribute that is a [Func] is a method; one that is a [Late] is computed now.
type Object struct {
	Type  string                        // what type(x) says and errors call it
	Label string                        // what str(x) gives; <Type> if empty
	Attr  func(name string) (any, bool) // false: there is no such attribute
	// Key makes two objects of one type equal that stand for the same thing. It is comparable; nil: an object equals itself only.
	Key any
	// Has serves "x in object"; nil: nothing is in it.
	Has func(x any) (bool, error)
	// Plain is what the object becomes in a result; nil: it cannot be in one.
	Plain any
	// Host is the caller's own value behind the object. No text sees it.
	Host any
}

// Late is an attribute that costs something: it is computed when the text reads it. An error ends the run.
type Late func(ctx context.Context) (any, error)

// Func is a function or method that a text can call. The context ends with the run. Arguments are plain values as Run returns them, and
// also *Object, *Query and Func. The text of an error is shown to whoever wrote the expression.
type Func func(ctx context.Context, args []any, named map[string]any) (any, error)

// Mutable is a dict that the text may change for its caller: after a run without error, Value holds what the text made of it. The same
// *Mutable is the same dict wherever the text meets it. Value may hold whatever can be given to a text. After the run, what the text did not change is the
// very value that was given; of what it did change, secrets, objects and functions are still themselves, other values are as Run returns them.
type Mutable struct {
	Value map[string]any
	// Changed holds the keys whose values the run made, changed or removed.
	Changed []string
}

// objectValue is an Object during one run. It remembers attributes, so that a change to user.attributes lasts as long as the run.
type objectValue struct {
	run    *run
	object *Object
	names  []string
	values []starlark.Value
}

var (
	_ starlark.HasAttrs   = (*objectValue)(nil)
	_ starlark.Comparable = (*objectValue)(nil)
	_ starlark.Container  = (*objectValue)(nil)
)

// Attr returns nil for an attribute that does not exist; the interpreter then says so.
func (o *objectValue) Attr(name string) (starlark.Value, error) {
	for i, known := range o.names {
		if known == name {
			return o.values[i], nil
		}
	}
	if o.object.Attr == nil {
		return nil, nil
	}
	attr, ok := o.object.Attr(name)
	if !ok {
		return nil, nil
	}
	switch a := attr.(type) {
	case Func:
		attr = namedFunc{name: name, fn: a}
	case Late:
		var err error
		if attr, err = a(o.run.ctx); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", o.Type(), name, err)
		}
	}
	value, err := o.run.value(attr, 0)
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", o.Type(), name, err)
	}
	o.names = append(o.names, name)
	o.values = append(o.values, value)
	return value, nil
}

func (o *objectValue) AttrNames() []string  { return nil }
func (o *objectValue) Type() string         { return typeName(o.object.Type) }
func (o *objectValue) Freeze()              {}
func (o *objectValue) Truth() starlark.Bool { return true }

func (o *objectValue) String() string {
	if o.object.Label != "" {
		return o.object.Label
	}
	return "<" + o.Type() + ">"
}

func (o *objectValue) Hash() (uint32, error) {
	return 0, fmt.Errorf("unhashable type: %s", o.Type())
}

// CompareSameType makes two ways to the same object equal.
func (o *objectValue) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	other, ok := y.(*objectValue)
	same := ok && o.object.is(other.object)
	switch op {
	case syntax.EQL:
		return same, nil
	case syntax.NEQ:
		return !same, nil
	default:
		return false, fmt.Errorf("%s %s %s: objects have no order", o.Type(), op, y.Type())
	}
}

// is reports whether two objects stand for the same thing.
func (o *Object) is(other *Object) bool {
	return o == other || o.Key != nil && o.Type == other.Type && o.Key == other.Key
}

// Has serves "x in object".
func (o *objectValue) Has(x starlark.Value) (bool, error) {
	if o.object.Has == nil {
		return false, fmt.Errorf("%s holds nothing that could be looked for with \"in\"", o.Type())
	}
	value, err := (&reader{left: maxArguments, whole: true}).read(x, 0)
	if err != nil {
		return false, err
	}
	return o.object.Has(value)
}

// typeName keeps an object from passing for a type of the language: the interpreter takes values with equal type names for comparable.
func typeName(name string) string {
	switch name {
	case "", "NoneType", "bool", "int", "float", "string", "bytes", "list", "tuple", "dict", "set", "range", "function", "builtin_function_or_method":
		return "object"
	}
	return name
}

// namedFunc is a Func with the name it has in messages.
type namedFunc struct {
	name string
	fn   Func
}

// funcValue is a Func during a run.
type funcValue struct{ namedFunc }

var _ starlark.Callable = funcValue{}

func (f funcValue) Name() string         { return f.name }
func (f funcValue) String() string       { return "<function " + f.name + ">" }
func (f funcValue) Type() string         { return "Func" }
func (f funcValue) Freeze()              {}
func (f funcValue) Truth() starlark.Bool { return true }

func (f funcValue) Hash() (uint32, error) {
	return 0, fmt.Errorf("unhashable type: function")
}

// CallInternal reads the arguments, calls the function and converts what it returns.
func (f funcValue) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	r := runOf(thread)
	read := &reader{left: maxArguments, whole: true}
	list := make([]any, len(args))
	for i, arg := range args {
		value, err := read.read(arg, 0)
		if err != nil {
			return nil, fmt.Errorf("%s: argument %d: %w", f.name, i+1, err)
		}
		list[i] = value
	}
	var named map[string]any
	for _, kw := range kwargs {
		key, _ := starlark.AsString(kw[0])
		value, err := read.read(kw[1], 0)
		if err != nil {
			return nil, fmt.Errorf("%s: argument %s: %w", f.name, key, err)
		}
		if named == nil {
			named = make(map[string]any, len(kwargs))
		}
		named[key] = value
	}
	result, err := f.fn(r.ctx, list, named)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	value, err := r.value(result, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return value, nil
}
