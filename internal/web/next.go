package web

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestNext leaves room for an authorization request to return to.
const longestNext = 16 << 10

// SafeNext checks where to send a person afterwards, as given in ?next= or the like, and returns a path on our own origin. A whole address of
// our own origin is cut down to its path. Everything else is refused: an open redirect lends our name to whoever wants to deceive people (RFC
// 9700, section 4.11).
//
// It refuses whatever browsers, proxies and parsers read differently, and whatever would leave our origin once decoded; what it lets
// through needs no further care.
func SafeNext(public *url.URL, raw string) (string, bool) {
	if raw == "" || len(raw) > longestNext {
		return "", false
	}
	for i := range len(raw) {
		// Browsers drop tabs and newlines, trim spaces and take a backslash for a slash. What is not ASCII has to come encoded.
		if c := raw[i]; c <= ' ' || c > '~' || c == '\\' {
			return "", false
		}
	}
	if strings.HasPrefix(raw, "//") {
		return "", false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.User != nil {
		return "", false
	}
	if u.Scheme != "" || u.Host != "" {
		if !strings.EqualFold(u.Scheme, public.Scheme) || !strings.EqualFold(u.Host, public.Host) {
			return "", false
		}
		u.Scheme, u.Host = "", ""
		if u.Path == "" {
			u.Path = "/"
		}
	}
	if !safePath(u.EscapedPath()) {
		return "", false
	}
	return u.String(), true
}

// safePath reports whether a path begins with one slash and stays plain, however often it is decoded.
func safePath(path string) bool {
	if !strings.HasPrefix(path, "/") {
		return false
	}
	for range 4 {
		if strings.Contains(path, "//") || strings.ContainsFunc(path, suspicious) || !utf8.ValidString(path) {
			return false
		}
		for segment := range strings.SplitSeq(path, "/") {
			if segment == "." || segment == ".." {
				return false
			}
		}
		decoded, err := url.PathUnescape(path)
		if err != nil {
			return false
		}
		if decoded == path {
			return true
		}
		path = decoded
	}
	return false // encoded again and again: nobody means well with that
}

// suspicious finds the letters that someone may take for a slash, or that cannot be seen.
func suspicious(c rune) bool {
	switch c {
	case '\\', '\u2044', '\u2215', '\u29f8', '\u29f5', '\u29f9', '\ufe68', '\uff0f', '\uff3c':
		return true
	}
	return unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Zs) && c != ' '
}
