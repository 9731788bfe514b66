package oauth2

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// retryAfter is how long a client is asked to wait for the database.
const retryAfter = 5 * time.Second

// The errors that the library has no constructor for. Descriptions are for the client's developer, in the letters that RFC 6749 section 5.2 allows.

func errUnsupportedResponseType(text string) *oidc.Error {
	return &oidc.Error{ErrorType: "unsupported_response_type", Description: text} // RFC 6749 section 4.1.2.1
}

func errConsentRequired() *oidc.Error {
	return &oidc.Error{ErrorType: "consent_required", Description: "The person has to consent"} // OpenID Connect Core 3.1.2.6
}

func errRequestURINotSupported() *oidc.Error {
	return &oidc.Error{ErrorType: "request_uri_not_supported", Description: "The request_uri parameter is not supported"} // OpenID Connect Core 3.1.2.6
}

func errInvalidToken(text string) *oidc.Error {
	return &oidc.Error{ErrorType: "invalid_token", Description: text} // RFC 6750 section 3.1
}

func errInsufficientScope() *oidc.Error {
	return &oidc.Error{ErrorType: "insufficient_scope", Description: "The access token does not have the scope openid"} // RFC 6750 section 3.1
}

func errTemporarilyUnavailable() *oidc.Error {
	return &oidc.Error{ErrorType: "temporarily_unavailable", Description: "The database is not available just now, try again"} // RFC 6749 section 4.1.2.1
}

// translate gives what the protocol says about an error, and the status that it is answered with. The text of a fault of ours stays here.
func translate(err error) (*oidc.Error, int) {
	var known *oidc.Error
	if errors.As(err, &known) {
		status := http.StatusBadRequest
		if known.ErrorType == "invalid_token" {
			status = http.StatusUnauthorized
		}
		if known.ErrorType == "insufficient_scope" {
			status = http.StatusForbidden
		}
		return known, status
	}
	if errors.Is(err, errNoClient) {
		return oidc.ErrInvalidClient().WithDescription("There is no such application"), http.StatusNotFound
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return oidc.ErrInvalidRequest().WithDescription("The request is too large"), http.StatusRequestEntityTooLarge
	}
	if model.CodeOf(err) == model.CodeUnavailable {
		return errTemporarilyUnavailable(), http.StatusServiceUnavailable
	}
	return oidc.ErrServerError().WithDescription("Something went wrong here, see the server's log"), http.StatusInternalServerError
}

// writeError answers a program (RFC 6749 section 5.2). Faults of ours are logged.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, err error) {
	answer, status := translate(err)
	switch status {
	case http.StatusServiceUnavailable:
		web.SetRetryAfter(w, retryAfter)
	case http.StatusInternalServerError:
		s.Log.ErrorContext(r.Context(), "oauth2 request failed", "path", r.URL.Path, "request_id", web.RequestID(r.Context()), "err", err)
	case http.StatusUnauthorized, http.StatusForbidden:
		w.Header().Set("WWW-Authenticate", `Bearer error="`+string(answer.ErrorType)+`", error_description="`+answer.Description+`"`)
	}
	if answer.ErrorType == oidc.InvalidClient && r.Header.Get("Authorization") != "" {
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", `Basic realm="OAuth 2.0 client"`)
	}
	writeJSON(w, status, answer)
}

// writeJSON answers with what no cache may keep (RFC 6749 section 5.1).
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"server_error"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
