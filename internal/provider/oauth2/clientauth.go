package oauth2

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// credentials are what a client presents itself with (RFC 6749 section 2.3).
type credentials struct {
	id, secret string
}

// readCredentials takes them from the Authorization header, where both parts are percent-encoded (RFC 6749 section 2.3.1), or from the form, but not from both.
func readCredentials(r *http.Request, form url.Values) (credentials, error) {
	body := credentials{form.Get("client_id"), form.Get("client_secret")}
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Basic") {
		if body.id == "" {
			return credentials{}, oidc.ErrInvalidClient().WithDescription("The client does not say who it is")
		}
		return body, nil
	}
	id, secret, ok := r.BasicAuth()
	if !ok {
		return credentials{}, oidc.ErrInvalidClient().WithDescription("The Authorization header cannot be read")
	}
	header := credentials{unescape(id), unescape(secret)}
	if body.secret != "" {
		return credentials{}, oidc.ErrInvalidRequest().WithDescription("The client authenticates in two ways at once")
	}
	if body.id != "" && body.id != header.id {
		return credentials{}, oidc.ErrInvalidRequest().WithDescription("client_id is not the one of the Authorization header")
	}
	return header, nil
}

// unescape decodes a part of the header; one that is not encoded is taken as it is, for many clients do not.
func unescape(s string) string {
	if clear, err := url.QueryUnescape(s); err == nil {
		return clear
	}
	return s
}

// authenticate checks the secret of a client that must have one.
func (c *client) authenticate(given credentials) error {
	if c.config.ClientType == Confidential && !c.knows(given.secret) {
		return oidc.ErrInvalidClient().WithDescription("There is no such client, or its secret is wrong")
	}
	return nil
}
