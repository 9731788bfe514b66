package oauth2

import (
	"net/url"
	"regexp"
	"strings"
)

// redirects knows where a client's codes may be sent.
type redirects struct {
	strict   map[string]bool
	patterns []*regexp.Regexp
	// origins are those of the addresses, for answers to scripts (CORS).
	origins map[string]bool
}

// compileRedirects leaves out patterns that do not compile: what is not understood allows nothing.
func compileRedirects(list []RedirectURI) redirects {
	r := redirects{strict: map[string]bool{}, origins: map[string]bool{}}
	for _, entry := range list {
		if entry.MatchingMode == MatchRegex {
			if p, err := entry.pattern(); err == nil {
				r.patterns = append(r.patterns, p)
			}
		} else {
			r.strict[entry.URL] = true
		}
		if origin, ok := entry.origin(); ok {
			r.origins[origin] = true
		}
	}
	return r
}

// allow reports whether codes may be sent to an address, to the letter as the client gave it (RFC 9700 section 2.1). What browsers and parsers read differently is
// refused before a pattern sees it.
func (r redirects) allow(raw string) bool {
	if raw == "" || len(raw) > maxURI || strings.ContainsFunc(raw, func(c rune) bool { return c <= ' ' || c > '~' || c == '\\' }) {
		return false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" || !allowedScheme(u.Scheme) || strings.Contains(raw, "#") {
		return false
	}
	if r.strict[raw] {
		return true
	}
	if u.User != nil || dotted(u.EscapedPath()) {
		return false
	}
	for _, p := range r.patterns {
		if p.MatchString(raw) {
			return true
		}
	}
	return false
}

// dotted reports whether a path climbs: a pattern for one folder must not let out of it.
func dotted(path string) bool {
	path = strings.ReplaceAll(strings.ToLower(path), "%2e", ".")
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// origin gives scheme and host of an entry. A pattern has one if it begins with them literally, up to and with a slash.
func (r RedirectURI) origin() (string, bool) {
	raw := r.URL
	if r.MatchingMode == MatchRegex {
		p, err := regexp.Compile(r.URL)
		if err != nil {
			return "", false
		}
		prefix, whole := p.LiteralPrefix()
		if !whole && strings.Count(prefix, "/") < 3 {
			return "", false
		}
		raw = prefix
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", false
	}
	return u.Scheme + "://" + u.Host, true
}
