package expr

import (
	"strings"

	"go.starlark.net/syntax"
)

// maxNesting is how deeply f-strings may stand within one another.
const maxNesting = 8

// sum returns the expression for adjacent string literals.
func (w *rewriter) sum(src string, group []token, where *cursor) (syntax.Expr, error) {
	where.advance(group[0].start)
	var all syntax.Expr
	for _, t := range group {
		expr, err := w.str(src, t, where)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = expr
			continue
		}
		start, _ := expr.Span()
		all = &syntax.BinaryExpr{X: all, OpPos: start, Op: syntax.PLUS, Y: expr}
	}
	return all, nil
}

// str returns the expression for one literal. An f-string becomes a call of format with the braces' contents as arguments.
func (w *rewriter) str(src string, t token, where *cursor) (syntax.Expr, error) {
	start, end := t.body()
	if !strings.Contains(t.prefix, "f") {
		return w.literal(t, src[start:end], where)
	}
	if w.depth == maxNesting {
		return nil, errorAt(where.at(t.start), "f-strings are nested too deeply")
	}
	template, args, err := w.fields(src, t, where)
	if err != nil {
		return nil, err
	}
	text, err := w.literal(t, template, where)
	if err != nil {
		return nil, err
	}
	pos, _ := text.Span()
	format := &syntax.DotExpr{X: text, Dot: pos, NamePos: pos, Name: &syntax.Ident{NamePos: pos, Name: "format"}}
	return &syntax.CallExpr{Fn: format, Lparen: pos, Args: args, Rparen: pos}, nil
}

// literal parses a plain string with the given body, in the prefix and quotes of t.
func (w *rewriter) literal(t token, body string, where *cursor) (syntax.Expr, error) {
	prefix := ""
	if strings.Contains(t.prefix, "r") {
		prefix = "r"
	}
	if strings.Contains(t.prefix, "b") {
		prefix += "b"
	}
	at := where.at(t.start)
	at.column += int32(len(t.prefix) - len(prefix))
	return w.expression(prefix+t.quotes+body+t.quotes, at)
}

// fields cuts the body of an f-string into a template for format and the expressions in braces.
func (w *rewriter) fields(src string, t token, where *cursor) (string, []syntax.Expr, error) {
	var (
		template strings.Builder
		args     []syntax.Expr
		i, end   = t.body()
		raw      = strings.Contains(t.prefix, "r")
	)
	for i < end {
		switch c := src[i]; {
		case strings.HasPrefix(src[i:end], "{{"), strings.HasPrefix(src[i:end], "}}"),
			c == '\\' && !raw && i+1 < end && src[i+1] != '{' && src[i+1] != '}':
			template.WriteString(src[i : i+2])
			i += 2
		case c == '}':
			return "", nil, errorAt(where.at(i), "f-string: single '}' is not allowed")
		case c == '{':
			f, _ := scanField(src, i)
			arg, err := w.field(src, f, where)
			if err != nil {
				return "", nil, err
			}
			args = append(args, arg)
			template.WriteString("{")
			if f.conversion != 0 {
				template.WriteString("!" + string(f.conversion))
			}
			template.WriteString("}")
			i = f.end
		default:
			template.WriteByte(c)
			i++
		}
	}
	return template.String(), args, nil
}

// field parses the expression of one field.
func (w *rewriter) field(src string, f field, where *cursor) (syntax.Expr, error) {
	text := src[f.expr:f.exprEnd]
	switch {
	case strings.TrimSpace(text) == "":
		return nil, errorAt(where.at(f.expr), "f-string: empty expression")
	case f.conversion != 0 && f.conversion != 's' && f.conversion != 'r':
		return nil, errorAt(where.at(f.exprEnd), "f-string: only the conversions !s and !r are known")
	case f.spec != 0:
		return nil, errorAt(where.at(f.spec), "f-string: format specifications are not part of this language; use the % operator")
	}
	// The brackets let the expression have blanks and newlines around it. The opening one stands where the brace stood.
	at := where.at(f.expr)
	at.column--
	inner := &rewriter{name: w.name, depth: w.depth + 1, known: w.known}
	return inner.expression("("+text+")", at)
}

// expression rewrites and parses one expression that starts at the given place.
func (w *rewriter) expression(src string, at place) (syntax.Expr, error) {
	text, repl, err := w.rewrite(src, int(at.line), int(at.column))
	if err != nil {
		return nil, err
	}
	portion := syntax.FilePortion{Content: []byte(text), FirstLine: at.line, FirstCol: at.column}
	expr, err := fileOptions().ParseExpr(w.name, portion, 0)
	if err != nil {
		return nil, err
	}
	repl.put(expr)
	return expr, nil
}

func errorAt(at place, message string) error {
	return &SyntaxError{Line: int(at.line), Column: int(at.column), Message: message}
}
