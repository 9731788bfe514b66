package expr

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// What one operation may make. The interpreter counts steps and looks at the clock between them, but one step can ask for all the memory there is: [0] * 1000000000.
const (
	mostItems = 100_000
	mostBytes = 1 << 20
)

// The functions by which a text calls what is bounded. They are no words of the language, so that no text can name them.
const (
	factorOf = "<factor>"
	weighed  = "<weighed>"
	textOf   = "<text>"
)

// bound has a text go through the bounded functions wherever an operator or a method of texts makes something larger than what it is made of. Columns stay.
func bound(file *syntax.File) {
	through := func(name string, x syntax.Expr) syntax.Expr {
		start, end := x.Span()
		return &syntax.CallExpr{Fn: &syntax.Ident{NamePos: start, Name: name}, Lparen: start, Args: []syntax.Expr{x}, Rparen: end}
	}
	by := map[syntax.Token]string{syntax.STAR: factorOf, syntax.STAR_EQ: factorOf, syntax.PERCENT: weighed, syntax.PERCENT_EQ: weighed}
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.BinaryExpr:
			if name, ok := by[n.Op]; ok {
				n.Y = through(name, n.Y)
			}
		case *syntax.AssignStmt:
			if name, ok := by[n.Op]; ok {
				n.RHS = through(name, n.RHS)
			}
		case *syntax.DotExpr:
			if grows(n.Name.Name) {
				n.X = through(textOf, n.X)
			}
		}
		return true
	})
}

// grows names the methods of texts whose result may be much larger than the text and the arguments.
func grows(method string) bool { return method == "replace" || method == "join" || method == "format" }

// bounded are the functions of [bound], and those of the language that make something large of something small.
func bounded() map[string]builtin {
	all := map[string]builtin{
		factorOf: func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return factor{args[0]}, nil
		},
		weighed: func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return args[0], fits(weigh(args[0], mostBytes))
		},
		textOf: func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			if s, ok := args[0].(starlark.String); ok {
				return text{s}, nil
			}
			return args[0], nil
		},
		"range":   boundedRange,
		"getattr": boundedGetattr,
	}
	for _, name := range []string{"str", "repr", "print", "fail"} {
		all[name] = func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
			if err := fits(weigh(args, mostBytes)); err != nil {
				return nil, err
			}
			return starlark.Call(thread, starlark.Universe[name], args, named)
		}
	}
	return all
}

// errOperation says that one operation would make too much.
var errOperation = fmt.Errorf("%w: one operation makes more than %d KiB, or %d items", ErrTooLarge, mostBytes>>10, mostItems)

func fits(bytes int) error {
	if bytes > mostBytes {
		return errOperation
	}
	return nil
}

// weigh tells how long a value is as text, roughly, and looks no further than the most that matters. What stands in several places counts in each.
func weigh(v starlark.Value, most int) int {
	switch v := v.(type) {
	case starlark.String:
		return len(v)
	case starlark.Bytes:
		return len(v)
	case starlark.Int:
		return v.BigInt().BitLen()/3 + 1
	case *starlark.Dict:
		weight := 2
		for key, value := range v.Entries() {
			if weight += 4 + weigh(key, most-weight); weight <= most {
				weight += weigh(value, most-weight)
			}
			if weight > most {
				break
			}
		}
		return weight
	case starlark.Iterable: // list, tuple, set, range
		weight := 2
		for element := range starlark.Elements(v) {
			if weight += 2 + weigh(element, most-weight); weight > most {
				break
			}
		}
		return weight
	}
	return 8
}

// factor is the right side of a multiplication.
type factor struct{ starlark.Value }

var _ starlark.HasBinary = factor{}

// Binary multiplies, if a text or a list is not repeated too often.
func (f factor) Binary(op syntax.Token, x starlark.Value, _ starlark.Side) (starlark.Value, error) {
	for _, pair := range [][2]starlark.Value{{x, f.Value}, {f.Value, x}} {
		times, ok := pair[1].(starlark.Int)
		whole, sequence := pair[0].(starlark.Sequence)
		if s, is := pair[0].(starlark.Indexable); is && !sequence { // texts and bytes
			whole, sequence = nil, true
			if over(s.Len(), times, ok, mostBytes) {
				return nil, errOperation
			}
		}
		if whole != nil && sequence && over(whole.Len(), times, ok, mostItems) {
			return nil, errOperation
		}
	}
	return starlark.Binary(op, x, f.Value)
}

func over(length int, times starlark.Int, counts bool, most int) bool {
	if !counts || length == 0 {
		return false
	}
	n, small := times.Int64()
	return times.Sign() > 0 && (!small || n > int64(most/length))
}

// text is what a method is called on that may make a much longer text.
type text struct{ starlark.Value }

var _ starlark.HasAttrs = text{}

// AttrNames are those of the text.
func (t text) AttrNames() []string { return starlark.String("").AttrNames() }

// Attr gives a method that looks first at what it will make.
func (t text) Attr(name string) (starlark.Value, error) {
	own, _ := t.Value.(starlark.String)
	method, err := own.Attr(name)
	if method == nil || err != nil || !grows(name) {
		return method, err
	}
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
		if err := fits(t.makes(name, args, named)); err != nil {
			return nil, err
		}
		return starlark.Call(thread, method, args, named)
	}), nil
}

// makes tells how long the result of a method can be at most, roughly.
func (t text) makes(method string, args starlark.Tuple, named []starlark.Tuple) int {
	own, _ := starlark.AsString(t.Value)
	weight := weigh(args, mostBytes)
	for _, pair := range named {
		weight += weigh(pair[1], mostBytes)
	}
	if weight > mostBytes {
		return weight
	}
	switch method {
	case "format":
		return len(own) + weight*max(1, strings.Count(own, "{"))
	case "join":
		items := 0
		if len(args) > 0 {
			items = max(0, starlark.Len(args[0]))
		}
		return weight + len(own)*items
	}
	old, _ := starlark.AsString(first(args, 0))
	by, _ := starlark.AsString(first(args, 1))
	return len(own) + strings.Count(own, old)*len(by)
}

func first(args starlark.Tuple, i int) starlark.Value {
	if i < len(args) {
		return args[i]
	}
	return starlark.None
}

// boundedRange is range, of no more items than a list may have.
func boundedRange(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	v, err := starlark.Call(thread, starlark.Universe["range"], args, named)
	if err == nil && starlark.Len(v) > mostItems {
		return nil, errOperation
	}
	return v, err
}

// boundedGetattr is getattr, which leads to the methods of texts too.
func boundedGetattr(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	if len(args) > 1 {
		name, _ := starlark.AsString(args[1])
		if s, ok := args[0].(starlark.String); ok && grows(name) {
			return text{s}.Attr(name)
		}
	}
	if len(args) == 0 {
		return nil, errors.New("getattr: an object and a name are needed")
	}
	return starlark.Call(thread, starlark.Universe["getattr"], args, named)
}
