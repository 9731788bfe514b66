package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// Trouble is the finding about an upstream that could not be asked, or whose answer is none. It is not ok for an error of another sort: one that the upstream told.
func Trouble(err error) (f source.Finding, ok bool) {
	var e *model.Error
	if !errors.As(err, &e) {
		return source.Finding{}, false
	}
	what := e.Reason[strings.LastIndexByte(e.Reason, '.')+1:]
	switch what {
	case "timeout", "unreachable", "bad_answer", "http_status":
	default:
		return source.Finding{}, false
	}
	endpoint, _ := e.Detail["endpoint"].(string)
	cause, _ := e.Detail["cause"].(string)
	args := map[string]string{"host": HostOf(endpoint), "cause": cause}
	if status, ok := e.Detail["status"].(int); ok {
		args["status"] = fmt.Sprint(status)
	}
	return source.Finding{Code: what, Level: source.LevelError, Args: args}, true
}

// HostOf is the host of an address, the address itself where it has none.
func HostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// Probe asks the token endpoint with a made-up code whether it takes the client's id and secret: who is refused for the code alone is known (RFC 6749 section 5.2).
func (f *CodeFlow) Probe(ctx context.Context, callbackURL string) []source.Finding {
	made := source.Return{Query: url.Values{"code": {rand.Text()}}, CallbackURL: callbackURL}
	if f.PKCE == PKCEPlain || f.PKCE == PKCES256 {
		made.Keep = map[string]string{keepVerifier: rand.Text() + rand.Text()}
	}
	_, err := f.Redeem(ctx, made)
	host := map[string]string{"host": HostOf(f.Token)}
	reached := source.Finding{Code: "reached", Level: source.LevelOK, Args: host}
	var e *model.Error
	if !errors.As(err, &e) {
		return []source.Finding{{Code: "bad_answer", Level: source.LevelError, Args: host}} // a code of nobody's was taken
	}
	if e.Detail["status"] == http.StatusUnauthorized {
		return []source.Finding{reached, {Code: "client_refused", Level: source.LevelError, Args: map[string]string{"error": "401"}}}
	}
	if trouble, is := Trouble(err); is {
		return []source.Finding{trouble}
	}
	problem, _ := e.Detail["error"].(string)
	args := map[string]string{"error": problem, "callback": callbackURL}
	switch {
	case strings.HasSuffix(e.Reason, ".code_rejected"):
		return []source.Finding{reached, {Code: "accepted", Level: source.LevelOK}}
	case problem == "redirect_uri_mismatch":
		return []source.Finding{reached, {Code: "callback_refused", Level: source.LevelError, Args: args}}
	case strings.HasSuffix(e.Reason, ".client_rejected"):
		return []source.Finding{reached, {Code: "client_refused", Level: source.LevelError, Args: args}}
	}
	return []source.Finding{reached, {Code: "not_told", Level: source.LevelWarning, Args: args}}
}
