package portal

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// Refuse tells a person why they cannot go on, and records the cause under the support code that the page shows. It is for refusals outside of flows, which
// record their own; other surfaces that speak to people (an application's authorization request) use it too.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, v *model.Visitor, err error) {
	var refusal *model.Error
	if !errors.As(err, &refusal) {
		refusal = model.Refuse(model.CodeInternal, "internal", "An internal error occurred.").Because(err)
	}
	if refusal.Code == model.CodeUnavailable {
		s.Log.WarnContext(r.Context(), "database unavailable", "request_id", web.RequestID(r.Context()), "err", err)
		web.AnswerUnavailable(w, r, s.Answer, err)
		return
	}
	if refusal.Reason == "rate_limited" {
		s.Answer(w, r, http.StatusTooManyRequests) // not recorded: that is what is limited
		return
	}
	code := event.NewSupportCode()
	if refusal.Code == model.CodeInternal {
		s.Log.ErrorContext(r.Context(), "request failed", "request_id", web.RequestID(r.Context()), "support_code", code, "err", err)
	} else {
		s.Log.WarnContext(r.Context(), "refused", "request_id", web.RequestID(r.Context()), "support_code", code, "reason", refusal.Reason)
	}
	if recordErr := s.Events.Record(r.Context(), refusalEvent(refusal, v, code)); recordErr != nil {
		s.Log.ErrorContext(r.Context(), "refusal not recorded", "support_code", code, "err", recordErr)
	}
	page, told := s.frame(r, v), Refusal{Err: refusal, SupportCode: code, RetryURL: s.retryURL(r, v, refusal), Message: refusal.Args["message"]}
	drawErr := s.draw(w, statusOf(refusal), page, func(w http.ResponseWriter) error { return s.Renderer.Refusal(w, page, told) })
	if drawErr != nil {
		s.Log.ErrorContext(r.Context(), "page not drawn", "err", drawErr)
	}
}

// refusalEvent is the record of a refusal.
func refusalEvent(refusal *model.Error, v *model.Visitor, code string) *model.Event {
	action := model.ActionLoginFailed
	switch refusal.Code {
	case model.CodeInternal:
		action = model.ActionSystemException
	case model.CodeNotFound, model.CodeRateLimited:
		action = model.ActionConfigurationWarning
	case model.CodeInvalid, model.CodeConflict, model.CodeUnauthenticated, model.CodeDenied, model.CodeExpired, model.CodeUpstream, model.CodeUnavailable:
	}
	if a, ok := refusal.Detail["action"].(model.Action); ok {
		action = a
	}
	ev := event.New(action, "authentik.portal", v, refusal.Detail)
	delete(ev.Context, "action")
	if refusal.Detail["source"] != nil {
		ev.App = "authentik.sources.oauth"
	}
	ev.Context["reason"], ev.Context["message"], ev.SupportCode = refusal.Reason, refusal.Error(), code
	ev.Reason = refusal.Reason
	return ev
}

// retryURL is where the person can start again, on their way to where they were going; "" where the start page serves as well.
func (s *Server) retryURL(r *http.Request, v *model.Visitor, refusal *model.Error) string {
	if refusal.Code == model.CodeNotFound {
		return ""
	}
	next := s.safeNext(cmp.Or(refusal.Next, r.URL.Query().Get("next")))
	if strings.HasPrefix(refusal.Next, "/if/flow/") {
		return next // the flow that still waits
	}
	if v == nil || !v.SignedIn() {
		return withNext("/flows/-/default/authentication/", next)
	}
	if next == accountPath { // the start page of whoever is signed in
		return ""
	}
	return next
}

// statusOf gives the status of a refusal's page. What an upstream did wrong is no fault of this server, so it is none of the 5xx.
func statusOf(e *model.Error) int {
	switch e.Code {
	case model.CodeInvalid, model.CodeExpired:
		return http.StatusBadRequest
	case model.CodeNotFound:
		return http.StatusNotFound
	case model.CodeConflict:
		return http.StatusConflict
	case model.CodeUnauthenticated, model.CodeDenied:
		return http.StatusForbidden
	case model.CodeRateLimited:
		return http.StatusTooManyRequests
	case model.CodeUpstream:
		return http.StatusFailedDependency
	case model.CodeUnavailable:
		return http.StatusServiceUnavailable
	case model.CodeInternal:
	}
	return http.StatusInternalServerError
}

// Answer draws a bare status: an address that does not exist, a body that is too large. It records nothing.
func (s *Server) Answer(w http.ResponseWriter, r *http.Request, status int) {
	reasons := map[int]model.Error{
		http.StatusBadRequest:            {Code: model.CodeInvalid, Reason: "flow.invalid"},
		http.StatusForbidden:             {Code: model.CodeDenied, Reason: "cross_origin"},
		http.StatusNotFound:              {Code: model.CodeNotFound, Reason: "not_found"},
		http.StatusMethodNotAllowed:      {Code: model.CodeInvalid, Reason: "method"},
		http.StatusRequestEntityTooLarge: {Code: model.CodeInvalid, Reason: "too_large"},
		http.StatusRequestURITooLong:     {Code: model.CodeInvalid, Reason: "too_large"},
		http.StatusTooManyRequests:       {Code: model.CodeRateLimited, Reason: "rate_limited"},
		http.StatusServiceUnavailable:    {Code: model.CodeUnavailable, Reason: "unavailable"},
	}
	e, ok := reasons[status]
	if !ok {
		e = model.Error{Code: model.CodeInternal, Reason: "internal"}
	}
	if web.WantsJSON(r) {
		web.Answer(w, r, status)
		return
	}
	page := s.frame(r, nil)
	page.Path = ""
	if status == http.StatusNotFound && r.Method == http.MethodGet {
		page.Path = hereOnly
	}
	_ = s.draw(w, status, page, func(w http.ResponseWriter) error { return s.Renderer.Refusal(w, page, Refusal{Err: &e}) })
}
