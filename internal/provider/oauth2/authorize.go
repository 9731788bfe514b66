package oauth2

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/stage"
)

// authorize answers an authorization request: an error, a way to sign in, or what the authorization flow comes to.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	snap := s.Snapshot()
	values, wrong := parameters(r)
	if len(values) == 0 && wrong != nil {
		s.refuseRequest(w, r, wrong)
		return
	}
	c, refusal := s.target(snap, values)
	if refusal != nil {
		s.Pages.Refuse(w, r, refusal)
		return
	}
	if len((&authRequest{values: values}).path("")) > maxRequest {
		s.refuseRequest(w, r, fmt.Errorf("the request has more than %d bytes", maxRequest))
		return
	}
	q, invalid := validate(c, values)
	if malformed := (*oidc.Error)(nil); errors.As(wrong, &malformed) {
		invalid = malformed
	}
	if invalid != nil {
		s.reject(w, r, q, invalid)
		return
	}
	v, err := s.Visit(w, r)
	if err != nil {
		s.Pages.Fail(w, r, err)
		return
	}
	if s.interact(w, r, snap, q, v) {
		return
	}
	s.decide(w, r, snap, q, v)
}

// refuseRequest shows a page for a request whose client cannot be told.
func (s *Server) refuseRequest(w http.ResponseWriter, r *http.Request, err error) {
	s.Pages.Refuse(w, r, model.Refuse(model.CodeInvalid, "oauth2.invalid_request", "The authorization request cannot be read.").Because(err))
}

// decide asks the application's policies, and runs the authorization flow for a person who may pass.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, snap *model.Snapshot, q *authRequest, v *model.Visitor) {
	c := q.client
	plan := q.context(v.User)
	result, err := s.mayUse(r, snap, c, v, v.User, plan)
	if err != nil {
		s.Pages.Fail(w, r, err)
		return
	}
	silent := q.prompted(oidc.PromptNone)
	switch {
	case !result.Passing && silent:
		s.recordRefusal(r, v, denied(c, v.User, result))
		s.reject(w, r, q, oidc.ErrAccessDenied().WithDescription("The person may not use this application"))
		return
	case !result.Passing:
		s.Pages.Refuse(w, r, denied(c, v.User, result))
		return
	}
	if subject(c.config.SubMode, v.User, snap.Installation) == "" {
		s.recordRefusal(r, v, model.Refuse(model.CodeDenied, "application.denied", "The account has no e-mail address, which the application knows people by.").
			With("application", c.app.Slug))
		s.reject(w, r, q, oidc.ErrAccessDenied().WithDescription("The account has no e-mail address, which this application knows people by"))
		return
	}
	f := snap.Flows[c.provider.AuthorizationFlow]
	if f == nil {
		s.Pages.Fail(w, r, fmt.Errorf("provider %s has no authorization flow", c.provider.Name))
		return
	}
	stage.SlotConsentAgain.Set(plan, q.prompted(oidc.PromptConsent))
	stage.SlotConsentDenied.Set(plan, s.location(q.answer(c.issuer, map[string]string{"error": "access_denied"}), flow.RunLifetime))
	start := flow.Start{Flow: f, Context: plan, Query: url.Values{"next": {q.path("")}}}
	asks := s.HasConsent(snap, f)
	if !asks && (q.prompted(oidc.PromptConsent) || q.wantsOffline()) {
		if silent {
			s.reject(w, r, q, errConsentRequired())
			return
		}
		start.Append = append(start.Append, InlineConsent)
	}
	start.Append = append(start.Append, InlineAuthorize)
	reply, err := s.Flows.Start(r.Context(), v, start)
	if err != nil {
		s.Pages.Fail(w, r, err)
		return
	}
	if silent && (!reply.Ended || reply.Refusal != nil) {
		s.stopSilently(w, r, q, v, reply, asks)
		return
	}
	s.Pages.Reply(w, r, reply)
}

// recordRefusal records a refusal that goes to the client and not to a page.
func (s *Server) recordRefusal(r *http.Request, v *model.Visitor, refusal *model.Error) {
	ev := event.New(model.ActionConfigurationWarning, appName, v, refusal.Detail)
	ev.Context["reason"], ev.Context["message"] = refusal.Reason, refusal.Message
	s.record(r.Context(), ev)
}

// stopSilently ends a run that would have to show something, which prompt=none forbids.
func (s *Server) stopSilently(w http.ResponseWriter, r *http.Request, q *authRequest, v *model.Visitor, reply *flow.Reply, consent bool) {
	if to, err := url.Parse(reply.To); err == nil && !reply.Ended {
		if err := s.Flows.Cancel(r.Context(), v, reply.Flow.Slug, to.Query()); err != nil {
			s.Pages.Fail(w, r, err)
			return
		}
	}
	e := oidc.ErrInteractionRequired().WithDescription("The person has to do something")
	switch {
	case reply.Refusal != nil:
		e = oidc.ErrAccessDenied()
	case consent:
		e = errConsentRequired()
	}
	s.reject(w, r, q, e)
}

// wantsOffline reports whether a refresh token was asked for: people are told (OpenID Connect Core 11).
func (q *authRequest) wantsOffline() bool {
	for _, scope := range q.Scopes {
		if scope == oidc.ScopeOfflineAccess {
			return true
		}
	}
	return false
}

// context is what the authorization flow and the policies know.
func (q *authRequest) context(u *model.User) *model.PlanContext {
	c := model.NewPlanContext()
	stage.SlotApplication.Set(c, q.client.ref())
	stage.SlotPendingUser.Set(c, u)
	stage.SlotConsentHeader.Set(c, "You're about to sign into "+q.client.app.Name+".")
	stage.SlotConsentPermissions.Set(c, q.permissions())
	slotGrant.Set(c, q.grant)
	c.Put("oauth_scopes", q.Scopes)
	c.Put("oauth_grant_type", "authorization_code")
	c.Put("oauth_response_type", "code")
	c.Put("oauth_redirect_uri", q.RedirectURI)
	c.Put("oauth_code_challenge", q.Challenge)
	c.Put("oauth_code_challenge_method", q.Method)
	return c
}

func (q *authRequest) permissions() []stage.Permission {
	texts := q.client.descriptions(q.Scopes)
	out := []stage.Permission{}
	for _, scope := range q.Scopes {
		if text := texts[scope]; text != "" {
			out = append(out, stage.Permission{ID: scope, Name: text})
		}
	}
	return out
}

// ref names the application within a plan.
func (c *client) ref() stage.ApplicationRef {
	launch := c.app.MetaLaunchURL
	if launch == "" {
		launch = (&driver{c.config}).LaunchURL()
	}
	return stage.ApplicationRef{ID: c.app.ID, Slug: c.app.Slug, Name: c.app.Name, LaunchURL: launch}
}

// mayUse evaluates the application's policies.
func (s *Server) mayUse(r *http.Request, snap *model.Snapshot, c *client, v *model.Visitor, u *model.User, plan *model.PlanContext) (policy.Result, error) {
	target := model.TargetID(c.app.ID)
	if len(snap.PoliciesOf(target)) == 0 {
		return policy.Result{Passing: true}, nil
	}
	return s.Policies.Evaluate(r.Context(), snap, target, c.app.PolicyEngineMode, &policy.Request{Visitor: v, User: u, Context: plan})
}

// denied is the refusal for a person whom a policy keeps out.
func denied(c *client, u *model.User, result policy.Result) *model.Error {
	e := model.Refuse(model.CodeDenied, "application.denied", "A policy of the application denied access.").
		With("rule", result.Rule).With("application", c.app.Slug).With("username", u.Username)
	e.Args = map[string]string{"application": c.app.Name}
	if len(result.Messages) > 0 {
		e.Message = result.Messages[0]
		e.Args["message"] = result.Messages[0]
	}
	return e
}
