package oauthtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/model"
)

// secrets are all that must never be told, in the forms that they travel in.
func secrets() []string {
	var out []string
	for _, s := range []string{Secret, Code, AccessToken, RefreshToken, IDToken} {
		out = append(out, s, url.QueryEscape(s), url.PathEscape(s))
	}
	return append(out, base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(ClientID)+":"+url.QueryEscape(Secret))))
}

// leaks gives the first secret in a text, "" if there is none.
func leaks(text string) string {
	for _, s := range secrets() {
		if strings.Contains(text, s) {
			return s
		}
	}
	return ""
}

func leaksOf(v any) string {
	text, _ := json.Marshal(v)
	return leaks(string(text) + fmt.Sprintf("%+v", v))
}

// checkRefusal looks at an error in every way that it may be printed.
func checkRefusal(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("it was accepted")
	}
	var refusal *model.Error
	if !errors.As(err, &refusal) || refusal.Reason == "" {
		t.Fatalf("the error is none to show: %v", err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Warn("refused", "err", err, "detail", refusal.Detail, "args", refusal.Args)
	slog.New(slog.NewTextHandler(&log, nil)).Warn("refused", "err", err, "detail", refusal.Detail, "args", refusal.Args)
	fmt.Fprintf(&log, "%v %+v %#v %s %q", err, err, err, refusal.Message, refusal.Reason)
	for inner := error(refusal); inner != nil; inner = errors.Unwrap(inner) {
		fmt.Fprintf(&log, "%v %#v", inner, inner)
	}
	if found := leaks(log.String()); found != "" {
		t.Errorf("the error tells %q:\n%s", found, log.String())
	}
}

// keepsSecrets spoils each request of a sign-in in each way.
func (s Subject) keepsSecrets(t *testing.T) {
	h := s.open(t)
	d, _ := h.begin(t)
	begun := h.requests
	if _, err := h.finish(d, callback()); err != nil {
		t.Fatal(err)
	}
	whole := h.requests
	for name, spoil := range spoilt() {
		for at := begun; at < whole; at++ {
			t.Run(fmt.Sprintf("%s at request %d", name, at), func(t *testing.T) {
				t.Parallel()
				h := s.open(t)
				d, _ := h.begin(t)
				h.mu.Lock()
				h.spoilAt, h.spoil = at, spoil
				h.mu.Unlock()
				account, err := h.finish(d, callback())
				if h.followed {
					t.Error("a redirect was followed")
				}
				if err == nil { // what was spoilt was not needed
					if found := leaksOf(account); found != "" {
						t.Errorf("the account tells %q", found)
					}
					return
				}
				checkRefusal(t, err)
			})
		}
	}
}

// spoilt are answers that no sign-in can succeed with, all of them telling secrets.
func spoilt() map[string]http.HandlerFunc {
	all := strings.Join(secrets(), " ")
	quoted, _ := json.Marshal(all)
	say := func(status int, contentType, format string, args ...any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			fmt.Fprintf(w, format, args...)
		}
	}
	return map[string]http.HandlerFunc{
		"an errcode":         say(200, "text/plain", `{"errcode":40029,"errmsg":%s}`, quoted),
		"an unknown errcode": say(200, "text/plain", `{"errcode":"70000","errmsg":%s}`, quoted),
		"an errcode of text": say(200, "text/plain", `{"errcode":%s}`, quoted),
		"an OAuth error":     say(400, "application/json", `{"error":"invalid_grant","error_description":%s}`, quoted),
		"another error":      say(401, "application/json", `{"error":%s,"error_description":%s}`, quoted, quoted),
		"a page":             say(500, "text/html", `<html>%s</html>`, all),
		"truncated JSON":     say(200, "application/json", `{"access_token":"%s`, all),
		"a list":             say(200, "application/json", `[%s]`, quoted),
		"null":               say(200, "application/json", `null`),
		"endless":            say(200, "application/json", `{"nickname":"%s"}`, strings.Repeat(all, 20_000)),
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere?"+url.QueryEscape(all), http.StatusFound)
		},
		"a redirect to no URL": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://["+all)
			w.WriteHeader(http.StatusFound)
		},
		"something that is not HTTP": raw("I am " + all + "\r\n\r\n"),
		"a body that is cut off":     raw("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{\"errmsg\":\"" + all),
		"nothing":                    raw(""),
	}
}

// raw says a text on the bare connection and closes it.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = conn.Write([]byte(text))
		_ = conn.Close()
	}
}
