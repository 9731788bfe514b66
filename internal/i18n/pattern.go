package i18n

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pattern is a text with names to be filled in, cut at its placeholders: words[0], the value of names[0], words[1] and so on.
type pattern struct {
	words []string
	names []string
}

// parsePattern cuts a text. A placeholder is {{.name}} and nothing more.
func parsePattern(text string) (pattern, error) {
	var p pattern
	for {
		before, rest, found := strings.Cut(text, "{{")
		p.words = append(p.words, before)
		if !found {
			return p, nil
		}
		name, after, closed := strings.Cut(rest, "}}")
		name, dotted := strings.CutPrefix(strings.TrimSpace(name), ".")
		if !closed || !dotted || strings.ContainsAny(name, " .|(") {
			return p, errors.New("a placeholder must read {{.name}}")
		}
		p.names, text = append(p.names, name), after
	}
}

// fill puts the values in. Where Han characters meet Latin letters or digits at the edge of a value it leaves a blank, as Chinese typesetting wants it (W3C
// Requirements for Chinese Text Layout, section 3.2.2): who wrote the text could not know the script of a name.
func (p pattern) fill(args map[string]string) string {
	var b strings.Builder
	add := func(s string) {
		if s == "" {
			return
		}
		last, _ := utf8.DecodeLastRuneInString(b.String())
		first, _ := utf8.DecodeRuneInString(s)
		if unicode.Is(unicode.Han, last) && narrow(first) || narrow(last) && unicode.Is(unicode.Han, first) {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	for i, words := range p.words {
		add(words)
		if i < len(p.names) {
			add(args[p.names[i]])
		}
	}
	return b.String()
}

func narrow(r rune) bool { return r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// read is the opposite of fill: the values in a text that the pattern made.
func (p pattern) read(text string) (map[string]string, bool) {
	rest, ok := strings.CutPrefix(text, p.words[0])
	if !ok {
		return nil, false
	}
	args := map[string]string{}
	for i, name := range p.names {
		value, after := rest, ""
		switch words := p.words[i+1]; {
		case i < len(p.names)-1:
			value, after, ok = strings.Cut(rest, words)
		case words != "":
			value, ok = strings.CutSuffix(rest, words)
		}
		if !ok {
			return nil, false
		}
		args[name], rest = value, after
	}
	return args, true
}

// said is how much the pattern says by itself.
func (p pattern) said() int { return len(strings.Join(p.words, "")) }
