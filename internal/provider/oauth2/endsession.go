package oauth2

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// ending is a sign-out on its way through the invalidation flow.
type ending struct {
	// To is where the browser goes afterwards; empty shows the page that says that it is done.
	To string `json:"to,omitempty"`
}

var slotEnding = model.NewSlot[ending]("goauthentik.io/providers/oauth2/end_session")

// endSession signs a person out of an application (OpenID Connect RP-Initiated Logout 1.0): it runs the provider's invalidation flow, which decides whether this server's
// own session ends as well. A post-logout address that is not registered is not gone to; the person stays on our page.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) {
	snap := s.Snapshot()
	c, err := s.bySlug(snap, chi.URLParam(r, "slug"))
	if err != nil {
		s.Pages.Refuse(w, r, model.Refuse(model.CodeNotFound, "oauth2.client_unknown", "There is no such application."))
		return
	}
	values, err := parameters(r)
	if err != nil {
		s.refuseRequest(w, r, err)
		return
	}
	v, err := s.Visit(w, r)
	if err != nil {
		s.Pages.Fail(w, r, err)
		return
	}
	to := c.afterLogout(values, v, snap.Installation)
	f := s.invalidationFlow(snap, c, v)
	if f == nil || (!v.SignedIn() && to != "") {
		if to == "" {
			to = "/"
		}
		redirect(w, r, to)
		return
	}
	plan := model.NewPlanContext()
	stage.SlotApplication.Set(plan, c.ref())
	if v.SignedIn() {
		stage.SlotPendingUser.Set(plan, v.User)
	}
	slotEnding.Set(plan, ending{To: to})
	reply, err := s.Flows.Start(r.Context(), v, flow.Start{Flow: f, Context: plan, Append: []string{InlineEndSession}})
	if err != nil {
		s.Pages.Fail(w, r, err)
		return
	}
	s.Pages.Reply(w, r, reply)
}

// invalidationFlow is the provider's, else the brand's.
func (s *Server) invalidationFlow(snap *model.Snapshot, c *client, v *model.Visitor) *model.Flow {
	if f := snap.Flows[c.provider.InvalidationFlow]; f != nil {
		return f
	}
	if id := snap.Brand(v.Host).FlowInvalidation; id != nil {
		return snap.Flows[*id]
	}
	return nil
}

// afterLogout gives the address to go to, with the client's state; "" if none was given, if it is not registered, or if the hint is not ours or names somebody else.
func (c *client) afterLogout(values url.Values, v *model.Visitor, installation string) string {
	to := values.Get("post_logout_redirect_uri")
	if !c.redirects.allow(to) {
		return ""
	}
	if id := values.Get("client_id"); id != "" && id != c.config.ClientID {
		return ""
	}
	if token := values.Get("id_token_hint"); token != "" {
		sub, ok := c.hint(token)
		if !ok || (v.SignedIn() && sub != subject(c.config.SubMode, v.User, installation)) {
			return ""
		}
	}
	state := values.Get("state")
	if state == "" {
		return to
	}
	sign := "?"
	if strings.Contains(to, "?") {
		sign = "&"
	}
	return to + sign + url.Values{"state": {state}}.Encode()
}

// sessionEnder is the last stage of a sign-out.
type sessionEnder struct{ server *Server }

var _ stage.Driver = (*sessionEnder)(nil)

// Enter goes to the application's page, or shows that the person is signed out of the application and what they can do now.
func (e *sessionEnder) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if end := slotEnding.Value(v.Context); end.To != "" {
		return stage.Leave{URL: end.To}, nil
	}
	app, brand := stage.SlotApplication.Value(v.Context), v.Snapshot.Brand(v.Host)
	ended := &stage.SessionEnd{
		Base: stage.Base{Component: "ak-stage-session-end"}, ApplicationName: app.Name, ApplicationLaunchURL: app.LaunchURL, BrandName: brand.BrandingTitle,
	}
	if u := stage.SlotPendingUser.Value(v.Context); u != nil {
		ended.PendingUser.PendingUser = u.Username
	}
	if id := brand.FlowInvalidation; id != nil && v.Snapshot.Flows[*id] != nil && v.SignedIn() {
		ended.InvalidationFlowURL = "/if/flow/" + url.PathEscape(v.Snapshot.Flows[*id].Slug) + "/"
	}
	return stage.Ask{Challenge: ended}, nil
}

// Submit ends the run: there is nothing to answer.
func (e *sessionEnder) Submit(context.Context, *stage.Visit, stage.Answer) (stage.Outcome, error) {
	return stage.Leave{URL: "/"}, nil
}
