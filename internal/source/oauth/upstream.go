package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// Upstream asks a server on behalf of someone who signs in, and turns what goes wrong into an error to show.
type Upstream struct {
	// Prefix begins the reasons of errors: "wechat" gives "wechat.timeout".
	Prefix string
	// Title is the upstream's name in messages.
	Title  string
	Client *http.Client
	// Limit is the most that an answer may hold, in bytes.
	Limit int64
}

// Answer is what a server said.
type Answer struct {
	Status int
	Body   []byte
	// Endpoint is where it was said, without the query.
	Endpoint string
}

// Ask sends a request and reads the whole answer. Any HTTP status is an answer. Reasons of errors: timeout, unreachable, and bad_answer for one that is cut off or
// longer than the limit. No error holds the request's URL, headers or body.
func (u Upstream) Ask(req *http.Request) (Answer, error) {
	at := Endpoint(req.URL)
	res, err := u.Client.Do(req)
	if err != nil {
		return Answer{}, u.transport(at, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := web.ReadBody(res.Body, u.Limit)
	switch {
	case errors.Is(err, web.ErrBodyTooLarge):
		return Answer{}, u.BadAnswer(at, fmt.Sprintf("the answer is longer than %d bytes", u.Limit))
	case isTimeout(err):
		return Answer{}, u.transport(at, err)
	case err != nil:
		return Answer{}, u.BadAnswer(at, err.Error())
	}
	return Answer{Status: res.StatusCode, Body: body, Endpoint: at}, nil
}

// Get asks for an address with optional headers, given in pairs.
func (u Upstream) Get(ctx context.Context, address string, headers ...string) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Answer{}, u.unusable()
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return u.Ask(req)
}

// GetOnce asks for an address and never twice. net/http repeats a GET by itself where a connection that was kept open breaks before the answer, although the
// server may have done its work; it does not repeat a request whose body it cannot read again, so there is one, of no bytes.
func (u Upstream) GetOnce(ctx context.Context, address string) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Answer{}, u.unusable()
	}
	req.Body = io.NopCloser(strings.NewReader(""))
	return u.Ask(req)
}

// BadAnswer is the error for an answer that makes no sense. The text is ours and quotes nothing of the answer.
func (u Upstream) BadAnswer(endpoint, text string) *model.Error {
	return u.Refuse(model.CodeUpstream, "bad_answer", u.Title+" gave an answer that makes no sense.").With("endpoint", endpoint).With("cause", text)
}

// BadStatus is the error for an HTTP status that is not success.
func (u Upstream) BadStatus(a Answer) *model.Error {
	return u.Refuse(model.CodeUpstream, "http_status", fmt.Sprintf("%s answered with HTTP status %d.", u.Title, a.Status)).
		With("endpoint", a.Endpoint).With("status", a.Status)
}

// Refuse makes an error whose reason begins with the upstream's prefix.
func (u Upstream) Refuse(code model.Code, what, message string) *model.Error {
	return model.Refuse(code, u.Prefix+"."+what, message)
}

func (u Upstream) unusable() *model.Error {
	return u.Refuse(model.CodeInvalid, "unreachable", u.Title+" cannot be asked: the address in the source's settings is not a URL.")
}

// transport describes an error of the client. It is scrubbed first: as net/http gives it, it prints the whole URL.
func (u Upstream) transport(endpoint string, err error) *model.Error {
	refusal := u.Refuse(model.CodeUpstream, "unreachable", u.Title+" could not be reached.")
	if isTimeout(err) {
		refusal = u.Refuse(model.CodeUpstream, "timeout", u.Title+" did not answer in time.")
	}
	return refusal.With("endpoint", endpoint).With("cause", web.Scrub(err).Error())
}

// Endpoint is an address without its query, user and fragment, fit to be logged.
func Endpoint(u *url.URL) string { return u.Scheme + "://" + u.Host + u.EscapedPath() }

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
