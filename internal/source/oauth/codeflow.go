package oauth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
)

// keepVerifier is where a departure keeps the PKCE verifier.
const keepVerifier = "code_verifier"

// codeLength is the longest code that is sent on, in bytes. None of the standards sets a limit; the longest seen in the wild are near 2,000.
const codeLength = 4096

// CodeFlow speaks the authorization code grant (RFC 6749 section 4.1) with PKCE (RFC 7636) for one source.
type CodeFlow struct {
	Settings
	Addresses
	Upstream
	// Scopes are those that the type asks for; the source's settings may add to them or replace them.
	Scopes []string
	// PKCE is PKCENone, PKCEPlain or PKCES256.
	PKCE string
	// ClientAuth is BasicAuth or PostBody.
	ClientAuth string
}

// Depart says where the browser goes. What the administrator wrote into the address's own query wins over what is added here; nothing may replace state and
// redirect_uri, though.
func (f *CodeFlow) Depart(b source.Begin, extra url.Values) (source.Departure, error) {
	u, err := url.Parse(f.Authorization)
	if err != nil || u.Host == "" {
		return source.Departure{}, f.unusable()
	}
	q := url.Values{
		"client_id":     {f.ConsumerKey},
		"response_type": {"code"},
		"scope":         {strings.Join(Scopes(f.Scopes, f.AdditionalScopes), " ")},
	}
	keep := map[string]string{}
	if f.PKCE == PKCEPlain || f.PKCE == PKCES256 {
		keep[keepVerifier] = rand.Text() + rand.Text()
		q.Set("code_challenge", challenge(f.PKCE, keep[keepVerifier]))
		q.Set("code_challenge_method", f.PKCE)
	}
	for name, values := range extra {
		q[name] = values
	}
	for name, values := range u.Query() {
		q[name] = values
	}
	q.Set("redirect_uri", b.CallbackURL)
	q.Set("state", b.State)
	u.RawQuery = q.Encode()
	return source.Departure{URL: u.String(), Keep: keep}, nil
}

// challenge is the code challenge of a verifier (RFC 7636 section 4.2).
func challenge(method, verifier string) string {
	if method == PKCEPlain {
		return verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Scopes applies authentik's rule: additional scopes are added to the type's own, or replace them after a leading "*". The result is sorted and without doubles.
func Scopes(own []string, additional string) []string {
	additional, replace := strings.CutPrefix(strings.TrimSpace(additional), "*")
	more := strings.FieldsFunc(additional, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' })
	if !replace {
		more = append(more, own...)
	}
	slices.Sort(more)
	return slices.Compact(more)
}

// Code takes the code from a callback. Reasons of errors: denied and no_code where the person did not agree, refused for another error of the upstream,
// code_malformed.
func (f *CodeFlow) Code(r source.Return) (string, error) {
	mask := Mask{}.And(f.ConsumerSecret.Reveal())
	if problem := r.Query.Get("error"); problem != "" { // RFC 6749 section 4.1.2.1
		refusal := f.Refuse(model.CodeUpstream, "refused", f.Title+" refused the sign-in.")
		if problem == "access_denied" {
			refusal = f.Refuse(model.CodeDenied, "denied", "The person did not agree to sign in.")
		}
		return "", refusal.With("error", mask.Text(problem)).With("error_description", mask.Text(r.Query.Get("error_description")))
	}
	codes := r.Query["code"]
	switch {
	case len(codes) == 0 || codes[0] == "":
		return "", f.Refuse(model.CodeDenied, "no_code", f.Title+" sent no code back.")
	case len(codes) > 1 || !IsCode(codes[0], codeLength): // RFC 6749 section 3.1: no parameter twice
		return "", f.Refuse(model.CodeInvalid, "code_malformed", "The code in the callback is not one.").With("length", len(codes[0]))
	}
	return codes[0], nil
}

// IsCode reports whether a text can be an authorization code: printable ASCII (RFC 6749 appendix A.11) of at most this many bytes.
func IsCode(text string, limit int) bool {
	return text != "" && len(text) <= limit && !strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r > 0x7e })
}

// Token is the upstream's answer to a code.
type Token struct {
	Access model.Secret
	// ID is OpenID Connect's id_token, if there is one.
	ID model.Secret
	// Known is what may be known of the token (RFC 6749 section 5.1), for source.Account.
	Known map[string]any
	// Mask hides everything secret of this sign-in.
	Mask Mask
}

// Redeem exchanges the callback's code for a token (RFC 6749 section 4.1.3). It asks once: a code is spent by asking. Reasons of errors: those of Code and Ask, and code_rejected,
// client_rejected, refused.
func (f *CodeFlow) Redeem(ctx context.Context, r source.Return) (Token, error) {
	code, err := f.Code(r)
	if err != nil {
		return Token{}, err
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {r.CallbackURL}}
	verifier := r.Keep[keepVerifier]
	if verifier != "" {
		form.Set("code_verifier", verifier)
	}
	secret := f.ConsumerSecret.Reveal()
	// RFC 6749 section 2.3.1: both are form-encoded before they become HTTP Basic.
	id, password := url.QueryEscape(f.ConsumerKey), url.QueryEscape(secret)
	mask := Mask{}.And(secret, code, verifier, base64.StdEncoding.EncodeToString([]byte(id+":"+password)))
	if f.ClientAuth == PostBody {
		form.Set("client_id", f.ConsumerKey)
		form.Set("client_secret", secret)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.Addresses.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return Token{}, f.unusable()
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if f.ClientAuth != PostBody {
		req.SetBasicAuth(id, password)
	}
	answer, err := f.Ask(req)
	if err != nil {
		return Token{}, err
	}
	return f.readToken(answer, mask)
}

func (f *CodeFlow) readToken(a Answer, mask Mask) (Token, error) {
	body, err := DecodeProfile(a.Body)
	if problem := body.Text("error"); problem != "" {
		return Token{}, f.tokenError(problem).With("endpoint", a.Endpoint).
			With("error", mask.Text(problem)).With("error_description", mask.Text(body.Text("error_description")))
	}
	if a.Status != http.StatusOK {
		return Token{}, f.BadStatus(a)
	}
	access := body.Text("access_token")
	if err != nil || access == "" {
		return Token{}, f.BadAnswer(a.Endpoint, "no access_token in the token answer")
	}
	id := body.Text("id_token")
	return Token{
		Access: model.NewSecret(access), ID: model.NewSecret(id), Known: Known(body),
		Mask: mask.And(access, id, body.Text("refresh_token")),
	}, nil
}

// Known gives what may be known of a token answer (RFC 6749 section 5.1): what it allows, and for how long.
func Known(body Profile) map[string]any {
	out := map[string]any{}
	for _, name := range []string{"token_type", "scope", "expires_in"} {
		if value := body[name]; value != nil {
			out[name] = value
		}
	}
	return out
}

// tokenError classes the errors of RFC 6749 section 5.2, and GitHub's words for them.
func (f *CodeFlow) tokenError(problem string) *model.Error {
	switch problem {
	case "invalid_grant", "bad_verification_code":
		return f.Refuse(model.CodeExpired, "code_rejected", f.Title+" no longer knows the code: it was used, or too old.")
	case "invalid_client", "unauthorized_client", "incorrect_client_credentials", "redirect_uri_mismatch":
		return f.Refuse(model.CodeInvalid, "client_rejected", f.Title+" does not accept the source's settings: client id, secret or callback address.")
	}
	return f.Refuse(model.CodeUpstream, "refused", f.Title+" refused the sign-in.")
}

// Fetch asks for a JSON document with the token (RFC 6750 section 2.1).
func (f *CodeFlow) Fetch(ctx context.Context, t Token, address string) (any, error) {
	answer, err := f.Get(ctx, address, "Authorization", "Bearer "+t.Access.Reveal(), "Accept", "application/json")
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, f.BadStatus(answer)
	}
	v, err := Decode(answer.Body)
	if err != nil {
		return nil, f.BadAnswer(answer.Endpoint, err.Error())
	}
	return v, nil
}
