package expr

import (
	"strings"

	"go.starlark.net/syntax"
)

// minGenerator is the length of the shortest text that a placeholder has room in; every generator is longer.
const minGenerator = len("(0)")

// generators finds the brackets that hold a generator, as in any(x for x in list): where each opens, and where it closes.
func generators(src string) map[int]int {
	if !strings.Contains(src, "for") {
		return nil
	}
	type bracket struct {
		start          int
		comma, forWord bool // a comma before the "for" makes it no generator
	}
	var (
		open  []bracket
		found = map[int]int{}
		lex   = lexer{src: src}
	)
	for t := lex.next(); t.kind != tokenEnd; t = lex.next() {
		if t.kind == tokenOther && strings.IndexByte("([{", src[t.start]) >= 0 {
			open = append(open, bracket{start: t.start})
			continue
		}
		if len(open) == 0 {
			continue
		}
		top := &open[len(open)-1]
		switch {
		case t.kind == tokenWord && src[t.start:t.end] == "for":
			top.forWord = top.forWord || !top.comma
		case t.kind != tokenOther:
		case src[t.start] == ',':
			top.comma = true
		case strings.IndexByte(")]}", src[t.start]) >= 0:
			if src[top.start] == '(' && top.forWord && t.start-top.start > minGenerator {
				found[top.start] = t.start
			}
			open = open[:len(open)-1]
		}
	}
	return found
}

// generator gives the list that stands for a generator between two brackets.
func (w *rewriter) generator(src string, start, end int, where *cursor) (syntax.Expr, error) {
	where.advance(start)
	if w.depth == maxNesting {
		return nil, errorAt(where.at(start), "generators are nested too deeply")
	}
	inner := &rewriter{name: w.name, depth: w.depth + 1, known: w.known}
	return inner.expression("["+src[start+1:end]+"]", where.at(start))
}

// importEnd gives the end of the statement "from module import names" that starts at off, if all the names are there without it; else 0.
func (w *rewriter) importEnd(src string, off int) int {
	lex := lexer{src: src, off: off + len("from")}
	t := lex.next()
	for ; t.kind == tokenWord || t.kind == tokenOther && src[t.start] == '.'; t = lex.next() {
		if src[t.start:t.end] == "import" {
			break
		}
	}
	if t.kind != tokenWord || w.known == nil {
		return 0
	}
	end := t.end
	for t = lex.next(); t.kind == tokenWord || t.kind == tokenOther; t = lex.next() {
		switch {
		case t.kind == tokenWord && !w.known(src[t.start:t.end]):
			return 0
		case t.kind == tokenOther && strings.IndexByte("(),", src[t.start]) < 0:
			return 0
		}
		end = t.end
	}
	return end
}
