package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/web"
)

// statusError is an error of the HTTP request itself.
type statusError struct {
	status int
	detail string
}

func (e *statusError) Error() string { return e.detail }

// errNotImplemented is for what authentik has and this version has not. 404 would tell its clients that an object is gone.
var errNotImplemented = &statusError{http.StatusNotImplemented, "This is not implemented in this version of Weimen."}

// retryAfter is how long a client is asked to wait for the database.
const retryAfter = 5 * time.Second

// fail translates an error into the shapes of Django REST framework.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	var of *statusError
	if errors.As(err, &of) {
		answer(w, of.status, map[string]any{"detail": a.say(r, of.detail)})
		return
	}
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody is there to read an answer
	}
	if errors.Is(err, resource.ErrChanged) {
		text := func(part string) string {
			return a.Text(web.Locale(r.Context()), "refusal.changed_meanwhile."+part, nil)
		}
		answer(w, http.StatusPreconditionFailed, map[string]any{"detail": text("happened") + " " + text("next"), "code": "changed_meanwhile"})
		return
	}
	var e *model.Error
	if !errors.As(err, &e) {
		e = &model.Error{Code: model.CodeInternal}
	}
	switch e.Code {
	case model.CodeInvalid, model.CodeConflict, model.CodeExpired, model.CodeUpstream:
		answer(w, http.StatusBadRequest, a.refused(r, e))
	case model.CodeNotFound:
		answer(w, http.StatusNotFound, map[string]any{"detail": a.say(r, "Not found.")})
	case model.CodeUnauthenticated:
		// The code is Django REST framework's own, by which the console knows that its session has ended.
		answer(w, http.StatusForbidden, map[string]any{"detail": a.message(r, e), "code": "not_authenticated"})
	case model.CodeDenied:
		answer(w, http.StatusForbidden, map[string]any{"detail": a.message(r, e)})
	case model.CodeRateLimited:
		web.SetRetryAfter(w, retryAfter)
		answer(w, http.StatusTooManyRequests, map[string]any{"detail": a.say(r, "Request was throttled.")})
	case model.CodeUnavailable:
		a.Log.WarnContext(r.Context(), "database not available", "request_id", web.RequestID(r.Context()), "err", err)
		web.SetRetryAfter(w, retryAfter)
		answer(w, http.StatusServiceUnavailable, map[string]any{"detail": a.message(r, e)})
	default:
		a.Log.ErrorContext(r.Context(), "request failed", "request_id", web.RequestID(r.Context()), "method", r.Method, "err", err)
		answer(w, http.StatusInternalServerError, map[string]any{"detail": a.say(r, "A server error occurred. Request "+web.RequestID(r.Context()))})
	}
}

// refused gives the messages by field, or as a whole.
func (a *API) refused(r *http.Request, e *model.Error) map[string]any {
	if len(e.Fields) == 0 {
		return map[string]any{"non_field_errors": []string{a.message(r, e)}}
	}
	body := map[string]any{}
	for field, messages := range e.Fields {
		said := make([]string, len(messages))
		for i, message := range messages {
			said[i] = a.say(r, message)
		}
		body[field] = said
	}
	return body
}

// byProgram reports whether a program asks, which names itself by a token. Programs compare what they are told with what authentik says, so they read the same
// English everywhere; whoever asks from a browser is told in their own language.
func byProgram(r *http.Request) bool { return r.Header.Get("Authorization") != "" }

// message is what an error says. A refusal tells people what happened and what to do next.
func (a *API) message(r *http.Request, e *model.Error) string {
	if e.Reason == "" || a.Text == nil || byProgram(r) {
		return a.say(r, e.Message)
	}
	text := func(part string) string {
		return a.Text(web.Locale(r.Context()), "refusal."+e.Reason+"."+part, e.Args)
	}
	return text("happened") + " " + text("next")
}

// within is what package kind puts before a fault that lies inside of a list or a struct. The console reads from it where that is.
var within = regexp.MustCompile(`^(?:Item \d+: |[a-z][a-z0-9_]*: )+`)

// say says an English sentence to whoever asks.
func (a *API) say(r *http.Request, sentence string) string {
	if a.Sentence == nil || byProgram(r) {
		return sentence
	}
	locale, place := web.Locale(r.Context()), within.FindString(sentence)
	inner := sentence[len(place):]
	if said := a.Sentence(locale, inner); said != inner {
		return place + said
	}
	return a.Sentence(locale, sentence)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// notAllowed answers a method that an address does not have.
func (a *API) notAllowed(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusMethodNotAllowed, map[string]any{"detail": a.say(r, fmt.Sprintf("Method %q not allowed.", r.Method))})
}

// missing answers an address that nothing is mounted at: 501 where authentik has something there, else 404.
func (a *API) missing(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if _, below, ok := strings.Cut(path, "/api/v3/"); ok {
		path = below
	}
	if strings.HasSuffix(path, "/") && absent(strings.TrimPrefix(path, "/")) {
		a.fail(w, r, errNotImplemented)
		return
	}
	answer(w, http.StatusNotFound, map[string]any{"detail": a.say(r, "Not found.")})
}

// absent reports whether a path below /api/v3/ belongs to a collection of authentik's that this version does not have.
func absent(path string) bool {
	for _, prefix := range absentCollections {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// absentCollections are those of authentik 2026.2. What is implemented below them is mounted and never comes here; an unknown object of theirs does not either.
var absentCollections = []string{
	"admin/", "authenticators/", "core/transactional/", "endpoints/", "enterprise/", "events/notifications/", "events/rules/",
	"events/transports/", "flows/inspector/", "lifecycle/", "managed/", "oauth2/", "outposts/", "policies/", "propertymappings/", "providers/", "rac/", "rbac/",
	"reports/", "sources/", "ssf/", "stages/", "tasks/", "tenants/",
}
