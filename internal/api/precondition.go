package api

import (
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/resource"
)

// tag names the version of what is answered, for a later If-Match. It is a strong tag, because weak ones cannot be compared there (RFC 9110, section 13.1.1); answers are never
// stored by caches, so nobody takes it for a promise about every byte of them. What it covers says [resource.Seen].
func (c *call) tag(version string) { c.w.Header().Set("ETag", `"`+version+`"`) }

// seen reads the versions that If-Match names. It is nil where the header is absent, or "*": then any version will do. Weak tags match nothing.
func seen(r *http.Request) resource.Seen {
	headers := r.Header.Values("If-Match")
	if len(headers) == 0 {
		return nil
	}
	out := resource.Seen{}
	for tag := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" {
			return nil
		}
		if version, ok := strings.CutPrefix(tag, `"`); ok {
			out = append(out, strings.TrimSuffix(version, `"`))
		}
	}
	return out
}
