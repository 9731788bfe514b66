package expr

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/starlark"
	"golang.org/x/text/unicode/norm"
)

// builtin is a function of the language itself; it returns text, numbers and lists as the interpreter has them.
type builtin = func(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error)

// builtins returns the functions that every text has, and the caller's.
func builtins(more map[string]Func) starlark.StringDict {
	patterns := &patternCache{}
	all := starlark.StringDict{}
	for name, fn := range map[string]builtin{
		"list_flatten":  listFlatten,
		"regex_match":   patterns.match,
		"regex_replace": patterns.replace,
		"char_len":      charLen,
		"char_slice":    charSlice,
		"slugify":       slugify,
		"isinstance":    isInstance,
	} {
		all[name] = starlark.NewBuiltin(name, fn)
	}
	for name, fn := range bounded() {
		all[name] = starlark.NewBuiltin(name, fn)
	}
	for name, fn := range more {
		all[name] = funcValue{namedFunc{name: name, fn: fn}}
	}
	return all
}

// listFlatten returns the first element of a list, None for an empty one, and anything else as it is.
func listFlatten(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	var value starlark.Value
	if err := starlark.UnpackArgs(b.Name(), args, named, "value", &value); err != nil {
		return nil, err
	}
	list, ok := value.(*starlark.List)
	switch {
	case !ok:
		return value, nil
	case list.Len() == 0:
		return starlark.None, nil
	}
	return list.Index(0), nil
}

// isInstance reports whether a value is of a type of the language, or of one of several: isinstance(x, (list, tuple)).
func isInstance(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	var value, types starlark.Value
	if err := starlark.UnpackArgs(b.Name(), args, named, "value", &value, "type", &types); err != nil {
		return nil, err
	}
	list, ok := types.(starlark.Tuple)
	if !ok {
		list = starlark.Tuple{types}
	}
	name := value.Type()
	if name == "string" {
		name = "str"
	}
	for _, t := range list {
		kind, ok := t.(*starlark.Builtin)
		if !ok {
			return nil, fmt.Errorf("%s: the type must be one of str, int, float, bool, list, tuple, dict, set, or several in brackets", b.Name())
		}
		if kind.Name() == name {
			return starlark.True, nil
		}
	}
	return starlark.False, nil
}

// charLen returns the number of characters of a text, where len counts bytes.
func charLen(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	var text string
	if err := starlark.UnpackArgs(b.Name(), args, named, "text", &text); err != nil {
		return nil, err
	}
	return starlark.MakeInt(utf8.RuneCountInString(text)), nil
}

// charSlice is text[start:end] by characters. As in a slice, negative numbers count from the end and no end means all the rest.
func charSlice(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	var (
		text  string
		start int
		stop  starlark.Value = starlark.None
	)
	if err := starlark.UnpackArgs(b.Name(), args, named, "text", &text, "start", &start, "end?", &stop); err != nil {
		return nil, err
	}
	chars := []rune(text)
	end := len(chars)
	if stop != starlark.None {
		n, err := starlark.AsInt32(stop)
		if err != nil {
			return nil, fmt.Errorf("%s: end must be an integer or None", b.Name())
		}
		end = within(n, len(chars))
	}
	start = within(start, len(chars))
	return starlark.String(chars[min(start, end):end]), nil
}

// within turns an index that may be negative or too large into one of 0 to length.
func within(index, length int) int {
	if index < 0 {
		index += length
	}
	return min(max(index, 0), length)
}

// slugify makes text fit for a URL: lower case, words joined by hyphens. Letters outside ASCII are dropped, as Django does, unless
// allow_unicode is true; a Chinese name needs that.
func slugify(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	var (
		text         string
		allowUnicode bool
	)
	if err := starlark.UnpackArgs(b.Name(), args, named, "text", &text, "allow_unicode?", &allowUnicode); err != nil {
		return nil, err
	}
	if allowUnicode {
		text = norm.NFKC.String(text)
	} else {
		text = norm.NFKD.String(text)
	}
	var slug strings.Builder
	gap := false
	for _, r := range strings.ToLower(text) {
		switch {
		case !allowUnicode && r >= utf8.RuneSelf:
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
			if gap && slug.Len() > 0 {
				slug.WriteByte('-')
			}
			gap = false
			slug.WriteRune(r)
		case unicode.IsSpace(r) || r == '-':
			gap = true
		}
	}
	return starlark.String(strings.Trim(slug.String(), "_-")), nil
}

// maxPatterns is how many compiled patterns a program keeps. A text with constant patterns never needs more.
const maxPatterns = 64

// patternCache keeps the compiled patterns of one program.
type patternCache struct {
	mu       sync.RWMutex
	patterns map[string]*regexp.Regexp
}

func (c *patternCache) compile(pattern string) (*regexp.Regexp, error) {
	c.mu.RLock()
	re := c.patterns[pattern]
	c.mu.RUnlock()
	if re != nil {
		return re, nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("the pattern is not valid: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.patterns == nil || len(c.patterns) >= maxPatterns {
		c.patterns = map[string]*regexp.Regexp{}
	}
	c.patterns[pattern] = re
	return re, nil
}

// match reports whether the pattern occurs anywhere in the value.
func (c *patternCache) match(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	var value, pattern string
	if err := starlark.UnpackArgs(b.Name(), args, named, "value", &value, "regex", &pattern); err != nil {
		return nil, err
	}
	re, err := c.compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", b.Name(), err)
	}
	return starlark.Bool(re.MatchString(value)), nil
}

// replace exchanges every occurrence of the pattern.
func (c *patternCache) replace(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
	var value, pattern, repl string
	if err := starlark.UnpackArgs(b.Name(), args, named, "value", &value, "regex", &pattern, "repl", &repl); err != nil {
		return nil, err
	}
	re, err := c.compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", b.Name(), err)
	}
	if repl != "" {
		places := len(re.FindAllStringIndex(value, mostBytes/len(repl)+1))
		// What a group matched may be put in at every place.
		if err := fits(len(value) + places*len(repl) + strings.Count(repl, `\`)*len(value)); err != nil {
			return nil, fmt.Errorf("%s: %w", b.Name(), err)
		}
	}
	return starlark.String(re.ReplaceAllString(value, template(repl))), nil
}

// template turns Python's notation for what a group matched, \1 and \g<name>, into Go's.
func template(repl string) string {
	var b strings.Builder
	for i := 0; i < len(repl); i++ {
		c, rest := repl[i], repl[i+1:]
		switch {
		case c == '$':
			b.WriteString("$$")
		case c != '\\' || rest == "":
			b.WriteByte(c)
		case '0' <= rest[0] && rest[0] <= '9':
			digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
			b.WriteString("${" + rest[:digits] + "}")
			i += digits
		case strings.HasPrefix(rest, "g<") && strings.Contains(rest, ">"):
			end := strings.IndexByte(rest, '>')
			b.WriteString("${" + rest[2:end] + "}")
			i += end + 1
		case rest[0] == '\\':
			b.WriteByte('\\')
			i++
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
