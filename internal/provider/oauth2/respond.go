package oauth2

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// answer is what an authorization request comes to: fields for a redirect URI that was found good.
type answer struct {
	To     string            `json:"to"`
	Mode   string            `json:"mode"`
	Fields map[string]string `json:"fields"`
	// Expires ends a form_post answer on its way through our own page.
	Expires time.Time `json:"expires"`
}

// answer completes the fields: the client's state, and who answers (RFC 9207).
func (g grant) answer(issuer string, fields map[string]string) answer {
	fields["iss"] = issuer
	if g.State != "" {
		fields["state"] = g.State
	}
	return answer{To: g.RedirectURI, Mode: g.Mode, Fields: fields}
}

// location is where the browser goes, within the time given. An answer by form goes through a page of ours, to which it is handed sealed: it must not stand in an address
// in clear.
func (s *Server) location(a answer, within time.Duration) string {
	values := url.Values{}
	for name, value := range a.Fields {
		values.Set(name, value)
	}
	switch {
	case a.Mode == "form_post":
		a.Expires = s.now().Add(within)
		clear, _ := json.Marshal(a) // strings and a time always encode
		return base + "authorize/post/?" + url.Values{"answer": {s.Box.Seal(string(clear), placeFormPost)}}.Encode()
	case a.Mode == "fragment":
		return a.To + "#" + values.Encode()
	case strings.HasSuffix(a.To, "?"):
		return a.To + values.Encode()
	case strings.Contains(a.To, "?"):
		return a.To + "&" + values.Encode()
	}
	return a.To + "?" + values.Encode()
}

const placeFormPost = "oauth2/form_post"

// reject tells the client, through the browser, why there is no code (RFC 6749 section 4.1.2.1).
func (s *Server) reject(w http.ResponseWriter, r *http.Request, q *authRequest, e *oidc.Error) {
	level := slog.LevelWarn
	if q.prompted(oidc.PromptNone) { // asked by a page in the background, again and again
		level = slog.LevelDebug
	}
	s.Log.Log(r.Context(), level, "authorization refused", "client_id", q.client.config.ClientID, "error", string(e.ErrorType), "reason", e.Description,
		"request_id", web.RequestID(r.Context()))
	fields := map[string]string{"error": string(e.ErrorType)}
	if e.Description != "" {
		fields["error_description"] = e.Description
	}
	redirect(w, r, s.location(q.answer(q.client.issuer, fields), time.Minute))
}

// redirect sends the browser on by GET; what it was asked with stays behind (RFC 9700 section 4.12).
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	http.Redirect(w, r, to, status)
}

// formScript sends the form; the policy of the page knows it by its hash. Without script there is the button.
const formScript = `document.forms[0].submit()`

func formScriptSource() string {
	sum := sha256.Sum256([]byte(formScript))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

var formPage = template.Must(template.New("form").Parse(`<!doctype html>
<html lang="{{.Lang}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>{{.Title}}</title>
<form method="post" action="{{.To}}">
{{- range $name, $value := .Fields}}
<input type="hidden" name="{{$name}}" value="{{$value}}">
{{- end}}
<button>{{.Title}}</button>
</form>
<script>` + formScript + `</script>
</html>
`))

// formPost is the page that hands an answer to the client by POST (OAuth 2.0 Form Post Response Mode).
func (s *Server) formPost(w http.ResponseWriter, r *http.Request) {
	var a answer
	clear, err := s.Box.Open(r.URL.Query().Get("answer"), placeFormPost)
	if err != nil || json.Unmarshal([]byte(clear), &a) != nil || s.now().After(a.Expires) {
		s.Pages.Refuse(w, r, model.Refuse(model.CodeExpired, "flow.expired", "The answer to the application has expired."))
		return
	}
	source, ok := web.SourceOf(a.To)
	if !ok {
		source = "'none'"
	}
	web.StrictPolicy().With("form-action", source).With("script-src", formScriptSource()).Set(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	title := "Continue"
	if web.Locale(r.Context()) == web.Chinese {
		title = "继续"
	}
	_ = formPage.Execute(w, struct {
		Lang, Title string
		To          template.URL
		Fields      map[string]string
	}{web.Locale(r.Context()), title, template.URL(a.To), a.Fields}) //nolint:gosec // registered, and not of a scheme that runs
}
