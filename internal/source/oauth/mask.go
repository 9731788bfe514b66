package oauth

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Mask hides values that must not be told in texts that an upstream wrote. Upstreams echo what they were sent: an error text may quote the code, a
// proxy's page the whole URL with the client secret in it.
type Mask []string

// opaque is what looks like a code or a token that is not among the hidden values, such as one that we have not been given yet. WeChat's "rid", which its support asks
// for, has 26 characters and stays; its codes have 32.
var opaque = regexp.MustCompile(`[A-Za-z0-9_~+=%-]{30,}`)

// maskedLength is how many characters of an upstream's text are kept.
const maskedLength = 300

// And returns a mask that hides more values. Empty ones are passed over.
func (m Mask) And(values ...string) Mask {
	out := slices.Clone(m)
	for _, v := range values {
		if v == "" {
			continue
		}
		out = append(out, v, url.QueryEscape(v), url.PathEscape(v))
	}
	// A value may contain another: the longer one goes first, so that no end of it is left over.
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return slices.Compact(out)
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
	text = opaque.ReplaceAllLiteralString(text, "***")
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maskedLength {
		return string(runes[:maskedLength]) + "…"
	}
	return text
}
