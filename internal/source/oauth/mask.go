package oauth

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Mask hides values that must not be told in texts that an upstream wrote. Upstreams echo what they were sent: an error text may quote the code, a
// proxy's page the whole URL with the client secret in it.
type Mask []string

// maskedLength is how many characters of an upstream's text are kept.
const maskedLength = 300

// And returns a mask that hides more values. Empty ones are passed over.
func (m Mask) And(values ...string) Mask {
	out := slices.Clone(m)
	for _, v := range values {
		if v == "" {
			continue
		}
		out = append(out, v)
		if escaped := url.QueryEscape(v); escaped != v {
			out = append(out, escaped)
		}
	}
	// A value may contain another: the longer one goes first, so that no end of it is left over.
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// Text gives the text with every hidden value as "***", on one line, without control characters, and cut to a length that suits an audit trail.
func (m Mask) Text(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf):
			return -1
		}
		return r
	}, text)
	for _, v := range m {
		text = strings.ReplaceAll(text, v, "***")
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maskedLength {
		return string(runes[:maskedLength]) + "…"
	}
	return text
}
