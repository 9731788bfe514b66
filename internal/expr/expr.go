package expr

import (
	"fmt"
	"strings"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// maxSource is the length of a source text in bytes.
const maxSource = 64 << 10

// entry is the name of the function that a source text is the body of. It is no word of the language, so that no text can call it.
const entry = "<expression>"

// Options are what a text has beside its variables. The zero value is good.
type Options struct {
	Builtins map[string]Func // functions beside the default ones; one of the same name replaces a default
	Limits   Limits
	// Constants are names of texts.
	Constants map[string]string
	// Missing says of names that people bring along from elsewhere why they are not here; it is part of the error where a text uses one.
	Missing map[string]string
}

// Limits bound one run. A field that is zero has its default.
type Limits struct {
	Steps  uint64        // steps of the interpreter; 100,000 by default
	Time   time.Duration // wall time; 250 ms by default. The caller's context counts as well
	Result int           // bytes of the result, roughly; 256 KiB by default
}

func (l Limits) withDefaults() Limits {
	if l.Steps == 0 {
		l.Steps = 100_000
	}
	if l.Time == 0 {
		l.Time = 250 * time.Millisecond
	}
	if l.Result == 0 {
		l.Result = 256 << 10
	}
	return l
}

// Program is a compiled text. It is safe for many goroutines.
type Program struct {
	name   string
	params []string
	used   []bool // used[i]: the text names params[i]
	// mutates says that the text may change a dict or list.
	mutates bool
	fn      *starlark.Function
	limits  Limits
}

// Compile checks a source text and makes it ready to run. The params are the names of its variables; any other name that is not
// defined is an error now, not at the run. Whatever is wrong with the text is a [SyntaxError].
func Compile(name, source string, params []string, opts Options) (*Program, error) {
	if len(source) > maxSource {
		return nil, &SyntaxError{Line: 1, Column: 1, Message: fmt.Sprintf("the text is longer than %d KiB", maxSource>>10)}
	}
	predeclared := builtins(opts.Builtins)
	for constant, value := range opts.Constants {
		predeclared[constant] = starlark.String(value)
	}
	file, err := parse(name, source, predeclared.Has)
	if err != nil {
		return nil, asSyntaxError(err)
	}
	names, changes := identifiers(file), mutates(file)
	wrap(file, params)

	bound(file)
	compiled, err := starlark.FileProgram(file, predeclared.Has)
	if err != nil {
		return nil, explain(asSyntaxError(err), opts.Missing)
	}
	globals, err := compiled.Init(&starlark.Thread{Name: name}, predeclared)
	if err != nil {
		return nil, fmt.Errorf("initialise expression: %w", err)
	}
	globals.Freeze()
	fn, ok := globals[entry].(*starlark.Function)
	if !ok {
		return nil, fmt.Errorf("initialise expression: no function")
	}

	p := &Program{name: name, params: params, used: make([]bool, len(params)), fn: fn, limits: opts.Limits.withDefaults(), mutates: changes}
	for i, param := range params {
		p.used[i] = names[param]
	}
	return p, nil
}

// Uses reports whether the text names a variable, so that a caller need not find out what nobody asks for.
func (p *Program) Uses(param string) bool {
	for i, name := range p.params {
		if name == param {
			return p.used[i]
		}
	}
	return false
}

func fileOptions() *syntax.FileOptions {
	return &syntax.FileOptions{Set: true, While: true, TopLevelControl: true, GlobalReassign: true}
}

// parse reads a text. A text that is indented as a whole, as happens in YAML and Terraform, is read as the body of a statement
// that stands on a line of its own before the first.
func parse(name, source string, known func(name string) bool) (*syntax.File, error) {
	text, strs, err := (&rewriter{name: name, known: known}).rewrite(source, 1, 1)
	if err != nil {
		return nil, err
	}
	portion := syntax.FilePortion{Content: []byte(text), FirstLine: 1, FirstCol: 1}
	whole := indented(source)
	if whole {
		portion = syntax.FilePortion{Content: []byte("if True:\n" + text), FirstLine: 0, FirstCol: 1}
	}
	file, err := fileOptions().Parse(name, portion, 0)
	if err != nil {
		return nil, err
	}
	if whole {
		if body, ok := file.Stmts[0].(*syntax.IfStmt); ok {
			file.Stmts = append(body.True, file.Stmts[1:]...)
		}
	}
	strs.put(file)
	return file, nil
}

// indented reports whether the first line of code starts with a blank.
func indented(source string) bool {
	for line := range strings.Lines(source) {
		code := strings.TrimSpace(line)
		if code != "" && code[0] != '#' {
			return line[0] == ' ' || line[0] == '\t'
		}
	}
	return false
}

// identifiers returns every name that occurs in a text.
func identifiers(file *syntax.File) map[string]bool {
	names := map[string]bool{}
	syntax.Walk(file, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
	return names
}

// mutates reports whether a text may change a dict or list that it was given. It errs on the safe side: what it says cannot, does not, so that nobody need look.
func mutates(file *syntax.File) bool {
	found := false
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.AssignStmt:
			found = found || n.Op != syntax.EQ || hasIndex(n.LHS)
		case *syntax.ForStmt:
			found = found || hasIndex(n.Vars)
		case *syntax.ForClause:
			found = found || hasIndex(n.Vars)
		case *syntax.Ident:
			found = found || n.Name == "getattr" // of a method
		case *syntax.DotExpr:
			switch n.Name.Name {
			case "append", "clear", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update", "add", "discard",
				"difference_update", "intersection_update", "symmetric_difference_update":
				found = true
			}
		}
		return !found
	})
	return found
}

// hasIndex reports whether what is assigned to is, or holds, an element of something.
func hasIndex(target syntax.Expr) bool {
	found := false
	syntax.Walk(target, func(n syntax.Node) bool {
		_, index := n.(*syntax.IndexExpr)
		found = found || index
		return !found
	})
	return found
}

// wrap makes the statements of a file the body of one function. Working on the tree rather than on the text keeps positions and
// multi-line strings as they are.
func wrap(file *syntax.File, params []string) {
	start := syntax.MakePosition(&file.Path, 1, 1)
	body := file.Stmts
	if len(body) == 0 {
		body = []syntax.Stmt{&syntax.BranchStmt{Token: syntax.PASS, TokenPos: start}}
	}
	def := &syntax.DefStmt{Def: start, Name: &syntax.Ident{NamePos: start, Name: entry}, Lparen: start, Rparen: start, Body: body}
	for _, param := range params {
		def.Params = append(def.Params, &syntax.Ident{NamePos: start, Name: param})
	}
	file.Stmts = []syntax.Stmt{def}
}
