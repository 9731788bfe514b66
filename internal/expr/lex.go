package expr

import (
	"strings"
	"unicode/utf8"
)

// tokenKind is as fine as rewriting needs; numbers count as words.
type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenNewline
	tokenWord
	tokenString
	tokenOther
)

// token is a piece of a source text; start and end are offsets in bytes.
type token struct {
	kind       tokenKind
	start, end int
	prefix     string // of a string: the letters before its quotes, in lower case
	quotes     string // of a string: what opens and closes it
}

// body returns the offsets of what stands between the quotes of a string.
func (t token) body() (start, end int) {
	return t.start + len(t.prefix) + len(t.quotes), t.end - len(t.quotes)
}

// lexer cuts a text into tokens, leaving out blanks and comments. It stops at a string that is never closed; the parser then
// reports it.
type lexer struct {
	src   string
	off   int
	depth int // of brackets; a newline inside brackets is a blank
}

func (l *lexer) next() token {
	for l.off < len(l.src) {
		start, c := l.off, l.src[l.off]
		switch {
		case c == '#':
			l.off = lineEnd(l.src, l.off)
		case c == '\\':
			l.off = min(l.off+2, len(l.src))
		case c == '\n' || c == '\r':
			l.off++
			if l.depth == 0 {
				return token{kind: tokenNewline, start: start, end: l.off}
			}
		case c == ' ' || c == '\t':
			l.off++
		case c == '"' || c == '\'':
			return l.str(start, "")
		case isWord(c):
			for l.off < len(l.src) && isWord(l.src[l.off]) {
				l.off++
			}
			if prefix, ok := stringPrefix(l.src[start:l.off]); ok && startsQuote(l.src, l.off) {
				return l.str(start, prefix)
			}
			return token{kind: tokenWord, start: start, end: l.off}
		default:
			l.bracket(c)
			l.off++
			return token{kind: tokenOther, start: start, end: l.off}
		}
	}
	return token{kind: tokenEnd, start: l.off, end: l.off}
}

func (l *lexer) bracket(c byte) {
	switch c {
	case '(', '[', '{':
		l.depth++
	case ')', ']', '}':
		l.depth--
	}
}

func (l *lexer) str(start int, prefix string) token {
	quotes, end := stringEnd(l.src, start+len(prefix), strings.Contains(prefix, "f"))
	if end < 0 {
		l.off = len(l.src)
		return token{kind: tokenEnd, start: start, end: l.off}
	}
	l.off = end
	return token{kind: tokenString, start: start, end: end, prefix: prefix, quotes: quotes}
}

// stringEnd finds the end of the string whose quotes open at off; -1 if it has none. In an f-string the expressions in braces may have
// strings of their own, with the same quotes (PEP 701).
func stringEnd(src string, off int, format bool) (quotes string, end int) {
	quotes = src[off : off+1]
	if triple := strings.Repeat(quotes, 3); strings.HasPrefix(src[off:], triple) {
		quotes = triple
	}
	for i := off + len(quotes); i < len(src); {
		switch c := src[i]; {
		case strings.HasPrefix(src[i:], quotes):
			return quotes, i + len(quotes)
		case c == '\\' && !(format && i+1 < len(src) && src[i+1] == '{'):
			i += 2
		case (c == '\n' || c == '\r') && len(quotes) == 1:
			return quotes, -1
		case format && strings.HasPrefix(src[i:], "{{"):
			i += 2
		case format && c == '{':
			f, ok := scanField(src, i)
			if !ok {
				return quotes, -1
			}
			i = f.end
		default:
			i++
		}
	}
	return quotes, -1
}

// field is the part of an f-string from one brace to the other; all are offsets in the text.
type field struct {
	expr       int  // where the expression starts
	exprEnd    int  // where it ends
	conversion byte // the letter after "!", or 0
	spec       int  // the colon before a format specification, or 0
	end        int  // behind the closing brace
}

// scanField reads the field whose brace opens at off.
func scanField(src string, off int) (field, bool) {
	f := field{expr: off + 1}
	l := &lexer{src: src, off: off + 1, depth: 1}
	for {
		t := l.next()
		if t.kind == tokenEnd {
			return f, false
		}
		if t.kind != tokenOther {
			continue
		}
		switch c := src[t.start]; {
		case l.depth == 0:
			f.exprEnd, f.end = t.start, t.end
			return f, c == '}'
		case l.depth == 1 && c == '!' && !strings.HasPrefix(src[t.start:], "!="):
			f.exprEnd = t.start
			return f.afterExpression(src, t.start)
		case l.depth == 1 && c == ':':
			f.exprEnd = t.start
			return f.afterExpression(src, t.start)
		}
	}
}

// afterExpression reads the conversion and the format specification that start at off.
func (f field) afterExpression(src string, off int) (field, bool) {
	if src[off] == '!' {
		if off+2 >= len(src) {
			return f, false
		}
		f.conversion = src[off+1]
		off += 2
	}
	if src[off] == ':' {
		f.spec = off
	}
	for depth := 0; off < len(src) && src[off] != '\n'; off++ {
		switch src[off] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				f.end = off + 1
				return f, true
			}
			depth--
		}
	}
	return f, false
}

func isWord(c byte) bool {
	return c == '_' || c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func stringPrefix(word string) (string, bool) {
	switch prefix := strings.ToLower(word); prefix {
	case "b", "r", "rb", "br", "u", "f", "rf", "fr":
		return prefix, true
	}
	return "", false
}

func startsQuote(src string, off int) bool {
	return off < len(src) && (src[off] == '"' || src[off] == '\'')
}

func lineEnd(src string, off int) int {
	if i := strings.IndexAny(src[off:], "\r\n"); i >= 0 {
		return off + i
	}
	return len(src)
}
