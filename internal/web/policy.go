package web

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// ContentPolicy is a Content-Security-Policy. It is a value: With returns a changed copy.
type ContentPolicy struct{ directives []directive }

type directive struct {
	name    string
	sources []string
}

// StrictPolicy allows a page our own styles, scripts, pictures and forms, nothing inline, nothing from elsewhere, and no frame around it. The
// router sends it with every answer.
func StrictPolicy() ContentPolicy {
	self := []string{"'self'"}
	none := []string{"'none'"}
	return ContentPolicy{[]directive{
		{"default-src", none},
		{"base-uri", none},
		{"connect-src", self},
		{"font-src", self},
		{"form-action", self},
		{"frame-ancestors", none},
		{"img-src", []string{"'self'", "data:"}},
		{"manifest-src", self},
		{"script-src", self},
		{"style-src", self},
	}}
}

// With allows more sources to a directive: With("img-src", "https:") for avatars, With("form-action", origin) for a form whose answer redirects
// to an application, which browsers check as well. A source that could end the directive or begin another is left out.
func (p ContentPolicy) With(name string, sources ...string) ContentPolicy {
	sources = slices.DeleteFunc(slices.Clone(sources), func(s string) bool {
		return s == "" || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' || c == ';' || c == ',' })
	})
	changed := slices.Clone(p.directives)
	i := slices.IndexFunc(changed, func(d directive) bool { return d.name == name })
	if i < 0 {
		i = len(changed)
		changed = append(changed, directive{name: name})
	}
	var all []string
	for _, s := range slices.Concat(changed[i].sources, sources) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if len(all) > 1 {
		all = slices.DeleteFunc(all, func(s string) bool { return s == "'none'" })
	}
	changed[i].sources = all
	return ContentPolicy{changed}
}

// String is the header's value.
func (p ContentPolicy) String() string {
	parts := make([]string, len(p.directives))
	for i, d := range p.directives {
		parts[i] = strings.Join(append([]string{d.name}, d.sources...), " ")
	}
	return strings.Join(parts, "; ")
}

// Set makes it the policy of this answer. Call it before the header is written.
func (p ContentPolicy) Set(w http.ResponseWriter) { w.Header().Set(policyHeader, p.String()) }

const policyHeader = "Content-Security-Policy"

// SourceOf gives what allows an address in a policy: the origin of a web address, the scheme of an app's own ("com.example.app:"). It refuses
// schemes that run or carry content.
func SourceOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	switch u.Scheme {
	case "", "javascript", "data", "blob", "filesystem", "about", "vbscript", "view-source", "file":
		return "", false
	case "http", "https":
		if u.Hostname() == "" || strings.ContainsAny(u.Host, "*'\"; ,") {
			return "", false
		}
		if ip := net.ParseIP(u.Hostname()); ip != nil && ip.To4() == nil {
			return u.Scheme + ":", true // a policy cannot name an IPv6 address (CSP 3, section 2.3.1)
		}
		return u.Scheme + "://" + u.Host, true
	default:
		return u.Scheme + ":", true
	}
}
