package expr

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/syntax"
)

// place is a line and a column, both from 1.
type place struct{ line, column int32 }

// replacements are expressions to be put in the places of placeholders.
type replacements map[place]syntax.Expr

// put exchanges the content of every placeholder. A placeholder is "(0)" filled up with blanks to the size of what it stands for, so
// that nothing behind it moves; only brackets at the very place of a replacement are one.
func (r replacements) put(tree syntax.Node) {
	if len(r) == 0 {
		return
	}
	syntax.Walk(tree, func(n syntax.Node) bool {
		paren, ok := n.(*syntax.ParenExpr)
		if !ok {
			return true
		}
		expr, ok := r[place{paren.Lparen.Line, paren.Lparen.Col}]
		if ok {
			paren.X = expr
		}
		return !ok
	})
}

// rewriter makes Starlark of the idioms of Python that a person would not think of avoiding. Every change keeps lines and columns.
type rewriter struct {
	name  string
	depth int // of f-strings and generators within one another
	// known reports whether a name is there without an import. May be nil.
	known func(name string) bool
}

// rewrite returns the text with placeholders, and what to put in their places. The text starts at the given place.
func (w *rewriter) rewrite(src string, line, column int) (string, replacements, error) {
	var (
		out   strings.Builder
		done  int // src[:done] is written
		repl  = replacements{}
		where = cursor{src: src, place: place{int32(line), int32(column)}}
		lex   = lexer{src: src}
		gens  = generators(src)
		begin = true // of a statement
	)
	replace := func(start, end int, with string) {
		out.WriteString(src[done:start])
		out.WriteString(with)
		done = end
	}
	t := lex.next()
	for t.kind != tokenEnd {
		first := begin
		begin = t.kind == tokenNewline || t.kind == tokenOther && (src[t.start] == ';' || src[t.start] == ':')
		switch {
		case first && t.kind == tokenWord && src[t.start:t.end] == "from":
			start := t.start
			if end := w.importEnd(src, start); end > 0 {
				replace(start, end, "pass"+blank(src[start+len("pass"):end]))
				lex = lexer{src: src, off: end}
			}
			t = lex.next()
		case t.kind == tokenOther && gens[t.start] > 0:
			end := gens[t.start]
			list, err := w.generator(src, t.start, end, &where)
			if err != nil {
				return "", nil, err
			}
			repl[where.at(t.end)] = list
			replace(t.end, end, "(0"+blank(src[t.end+2:end-1])+")")
			lex.off = end
			t = lex.next()
		case t.kind == tokenWord && src[t.start:t.end] == "is":
			operator := t
			if t = lex.next(); t.kind != tokenWord {
				continue
			}
			sign, end := "==", operator.end
			if src[t.start:t.end] == "not" {
				sign, end = "!=", t.end
				t = lex.next()
			}
			if isConstant(src[t.start:t.end]) {
				replace(operator.start, end, sign+blank(src[operator.start+len(sign):end]))
			}
		case t.kind == tokenString:
			first := t
			group := []token{}
			for ; t.kind == tokenString; t = lex.next() {
				group = append(group, t)
			}
			if !needsRewrite(src, group) {
				continue
			}
			end := group[len(group)-1].end
			expr, err := w.sum(src, group, &where)
			if err != nil {
				return "", nil, err
			}
			repl[where.at(first.start)] = expr
			replace(first.start, end, "(0"+blank(src[first.start+2:end-1])+")")
		default:
			t = lex.next()
		}
	}
	out.WriteString(src[done:])
	return out.String(), repl, nil
}

func isConstant(word string) bool {
	return word == "None" || word == "True" || word == "False"
}

// needsRewrite reports whether the parser would not take these adjacent strings as they are.
func needsRewrite(src string, group []token) bool {
	if len(group) > 1 {
		return true
	}
	switch src[group[0].start : group[0].start+len(group[0].prefix)] {
	case "", "r", "b", "rb":
		return false
	}
	return true
}

// blank returns as many blanks as the text has characters, with its newlines in their places.
func blank(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return r
		}
		return ' '
	}, text)
}

// cursor tells the places of offsets, best in ascending order. It counts as the scanner of the language does.
type cursor struct {
	src   string
	off   int
	place place
}

func (c *cursor) at(off int) place {
	here := *c
	for here.off < off {
		r, size := utf8.DecodeRuneInString(here.src[here.off:])
		here.off += size
		switch {
		case r == '\r' && strings.HasPrefix(here.src[here.off:], "\n"):
		case r == '\n' || r == '\r':
			here.place = place{here.place.line + 1, 1}
		default:
			here.place.column++
		}
	}
	return here.place
}

// advance makes later questions cheaper; none may be asked for an offset before this one.
func (c *cursor) advance(off int) {
	c.place = c.at(off)
	c.off = max(c.off, off)
}
