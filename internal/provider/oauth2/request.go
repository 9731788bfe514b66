package oauth2

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/model"
)

// authRequest is an authorization request that was found valid (RFC 6749 section 4.1.1, OpenID Connect Core 3.1.2.1).
type authRequest struct {
	client *client
	// values are the parameters as they came, to come back with.
	values url.Values
	grant
	prompts   []string
	maxAge    time.Duration
	hasMaxAge bool
	loginHint string
	idToken   string
}

// grant is what a code is issued for. It lies in the plan while the person passes the authorization flow.
type grant struct {
	Provider    model.ProviderID `json:"provider"`
	RedirectURI string           `json:"redirect_uri"`
	Mode        string           `json:"response_mode"`
	State       string           `json:"state,omitempty"`
	Nonce       string           `json:"nonce,omitempty"`
	Challenge   string           `json:"code_challenge,omitempty"`
	Method      string           `json:"code_challenge_method,omitempty"`
	Scopes      []string         `json:"scopes"`
}

// slotGrant bears authentik's name of the parameters of a request.
var slotGrant = model.NewSlot[grant]("goauthentik.io/providers/oauth2/params")

// parameters reads a request's parameters: the query of a GET, the form of a POST, never both. Whatever is given twice, or cannot be stored, comes back as an error next to
// the values (RFC 6749 section 3.1).
func parameters(r *http.Request) (url.Values, error) {
	values := r.URL.Query()
	if r.Method == http.MethodPost {
		if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/x-www-form-urlencoded" {
			return url.Values{}, oidc.ErrInvalidRequest().WithDescription("Send the parameters as application/x-www-form-urlencoded")
		}
		if err := r.ParseForm(); err != nil {
			if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
				return url.Values{}, err
			}
			return url.Values{}, oidc.ErrInvalidRequest().WithDescription("The parameters cannot be read")
		}
		values = r.PostForm
	}
	for name, list := range values {
		if len(list) > 1 {
			return values, oidc.ErrInvalidRequest().WithDescription("A parameter is given twice: %s", ascii(name))
		}
		if !utf8.ValidString(list[0]) || strings.ContainsRune(list[0], 0) {
			return values, oidc.ErrInvalidRequest().WithDescription("A parameter holds bytes that are no text: %s", ascii(name))
		}
	}
	return values, nil
}

// ascii keeps of a name what may stand in an error's description.
func ascii(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), 40)]
}

// target finds the client and checks the redirect URI, before anything that may redirect (RFC 6749 section 4.1.2.1). The refusal is for the person: nothing is sent to
// the address that was given.
func (s *Server) target(snap *model.Snapshot, values url.Values) (*client, *model.Error) {
	ids, uris := values["client_id"], values["redirect_uri"]
	if len(ids) != 1 || ids[0] == "" {
		return nil, model.Refuse(model.CodeInvalid, "oauth2.client_unknown", "The request names no client.")
	}
	c, err := s.byID(snap, ids[0])
	if errors.Is(err, errNoClient) {
		return nil, model.Refuse(model.CodeInvalid, "oauth2.client_unknown", "There is no client of this id.").With("client_id", clip(ids[0]))
	}
	if err != nil {
		return nil, model.Refuse(model.CodeInvalid, "oauth2.invalid_request", "The client's keys cannot be used.").Because(err)
	}
	if len(uris) != 1 || !c.redirects.allow(uris[0]) {
		refusal := model.Refuse(model.CodeInvalid, "oauth2.redirect_uri", "The redirect URI is not registered for this client.").With("client_id", clip(ids[0]))
		if len(uris) > 0 {
			refusal = refusal.With("redirect_uri", clip(uris[0]))
		}
		refusal.Args = map[string]string{"application": c.app.Name}
		return nil, refusal
	}
	return c, nil
}

// clip keeps what the audit trail says about wrong input short.
func clip(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s[:min(len(s), 200)], "\x00", ""), "")
}

// validate reads the rest of a request whose client and redirect URI are known to be good: its errors go to the client. The grant is filled as far as the error's answer
// needs it, whatever the error.
func validate(c *client, values url.Values) (*authRequest, *oidc.Error) {
	get := values.Get
	q := &authRequest{client: c, values: values, loginHint: get("login_hint"), idToken: get("id_token_hint")}
	q.grant = grant{
		Provider: c.provider.ID, RedirectURI: get("redirect_uri"), Mode: "query", State: get("state"), Nonce: get("nonce"),
		Challenge: get("code_challenge"), Method: get("code_challenge_method"),
	}
	switch mode := get("response_mode"); mode {
	case "", "query":
	case "fragment", "form_post":
		q.Mode = mode
	default:
		return q, oidc.ErrInvalidRequest().WithDescription("response_mode must be query, fragment or form_post")
	}
	switch {
	case values.Has("request"):
		return q, oidc.ErrRequestNotSupported().WithDescription("The request parameter is not supported")
	case values.Has("request_uri"):
		return q, errRequestURINotSupported()
	case get("response_type") == "":
		return q, oidc.ErrInvalidRequest().WithDescription("response_type is missing")
	case get("response_type") != "code":
		return q, errUnsupportedResponseType("Only response_type=code is supported")
	}
	if err := q.readPKCE(); err != nil {
		return q, err
	}
	if err := q.readPrompt(get("prompt"), get("max_age")); err != nil {
		return q, err
	}
	asked := strings.Fields(get("scope"))
	if len(asked) == 0 { // none asked: all that need no word of the person's own (RFC 6749 section 3.3)
		asked = slices.DeleteFunc(slices.Clone(c.scopes), func(s string) bool { return s == oidc.ScopeOfflineAccess })
	}
	q.Scopes = c.granted(asked)
	return q, nil
}

var challengePattern = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// readPKCE checks what RFC 7636 section 4.2 says about a challenge.
func (q *authRequest) readPKCE() *oidc.Error {
	switch {
	case q.Challenge == "" && q.Method == "":
		return nil
	case q.Challenge == "":
		return oidc.ErrInvalidRequest().WithDescription("code_challenge_method is given without code_challenge")
	case q.Method == "":
		q.Method = "plain" // RFC 7636 section 4.3
	case q.Method != "plain" && q.Method != "S256":
		return oidc.ErrInvalidRequest().WithDescription("code_challenge_method must be S256 or plain")
	}
	if !challengePattern.MatchString(q.Challenge) {
		return oidc.ErrInvalidRequest().WithDescription("code_challenge must have 43 to 128 unreserved characters")
	}
	return nil
}

func (q *authRequest) readPrompt(prompt, maxAge string) *oidc.Error {
	q.prompts = strings.Fields(prompt)
	if q.prompted(oidc.PromptNone) && len(q.prompts) > 1 {
		return oidc.ErrInvalidRequest().WithDescription("prompt=none cannot be combined with other values")
	}
	if maxAge == "" {
		return nil
	}
	seconds, err := strconv.ParseUint(maxAge, 10, 31)
	if err != nil {
		return oidc.ErrInvalidRequest().WithDescription("max_age must be a number of seconds")
	}
	q.maxAge, q.hasMaxAge = time.Duration(seconds)*time.Second, true
	return nil
}

func (q *authRequest) prompted(value string) bool { return slices.Contains(q.prompts, value) }
