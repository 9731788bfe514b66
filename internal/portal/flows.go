package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/web"
)

const (
	accountPath   = "/if/user/"
	signedOutPath = "/if/signed-out/"
)

// root leads a person home: to their account, or to the login page.
func (s *Server) root(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	to := accountPath
	if !v.SignedIn() {
		to = withNext("/flows/-/default/authentication/", accountPath)
	}
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

// showFlow shows the page of a flow.
func (s *Server) showFlow(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	reply, err := s.Flows.Show(r.Context(), v, chi.URLParam(r, "slug"), r.URL.Query())
	if err != nil {
		return err
	}
	if to := s.onlyWay(w, r, reply); to != "" {
		s.Apply(w, reply)
		http.Redirect(w, r, to, http.StatusFound)
		return nil
	}
	return s.reply(w, r, v, reply)
}

const (
	// sentCookie says that the browser was sent past a page a moment ago, and sentAge is that moment.
	sentCookie = "weimen_sent"
	sentAge    = time.Minute
)

// onlyWay is where a browser goes instead of being shown a page with but one way on; "" if the page is shown. Who comes back within a moment, having changed their mind or because
// something went wrong there, is shown it: nobody is sent round in circles. So is who chooses a language.
func (s *Server) onlyWay(w http.ResponseWriter, r *http.Request, reply *flow.Reply) string {
	c, ok := reply.Challenge.(stage.OneWay)
	if !ok || c.OnlyWay() == "" || len(reply.Messages)+len(stage.BaseOf(reply.Challenge).ResponseErrors) > 0 || r.URL.Query().Has("lang") {
		return ""
	}
	if _, just := s.Cookies.Read(r, sentCookie); just {
		return ""
	}
	s.Cookies.Set(w, sentCookie, "1", sentAge)
	return c.OnlyWay()
}

// answerFlow takes the form of a flow's page.
func (s *Server) answerFlow(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	reply, err := s.Flows.Answer(r.Context(), v, chi.URLParam(r, "slug"), r.URL.Query(), flow.Texts(form))
	if err != nil {
		return err
	}
	return s.reply(w, r, v, reply)
}

// reply answers with what a flow, or a source, came to.
func (s *Server) reply(w http.ResponseWriter, r *http.Request, v *model.Visitor, reply *flow.Reply) error {
	s.Apply(w, reply)
	if reply.To != "" {
		to := reply.To
		if reply.SignOut && to == "/" {
			to = signedOutPath
		}
		s.tell(w, reply.Messages)
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	page := s.frame(r, v)
	if page.Path == "" && strings.HasPrefix(r.URL.Path, "/if/flow/") {
		page.Path = r.URL.RequestURI() // asked for anew, a flow's address shows the step that the form has led to
	}
	page.Messages = append(s.told(w, r), reply.Messages...)
	if reply.Session != nil {
		page.SignOutURL = ""
	}
	if c, ok := reply.Challenge.(*stage.FlowError); ok {
		refusal := Refusal{Err: reply.Refusal, SupportCode: c.SupportCode, RetryURL: withNext("/flows/-/default/authentication/", s.safeNext(r.URL.Query().Get("next")))}
		return s.draw(w, http.StatusInternalServerError, page, func(w http.ResponseWriter) error { return s.Renderer.Refusal(w, page, refusal) })
	}
	status := http.StatusOK
	if reply.Refusal != nil {
		status = statusOf(reply.Refusal)
	}
	policy := s.Renderer.ChallengePolicy(page.Brand, reply.Challenge, s.formTargets(reply.Onward)...)
	return s.drawUnder(w, status, policy, func(w http.ResponseWriter) error { return s.Renderer.Challenge(w, page, reply.Challenge) })
}

// Apply does to the browser's cookies what a flow decided.
func (s *Server) Apply(w http.ResponseWriter, reply *flow.Reply) {
	if reply.Session != nil {
		s.Visitors.Keep(w, reply.Session, reply.SessionToken)
	}
	if reply.SignOut {
		s.Visitors.Forget(w)
	}
	if reply.Locale != "" {
		web.KeepLocale(w, s.Cookies, reply.Locale)
	}
}

// defaultFlow leads to the flow that serves a designation: the brand's, else the first by slug.
func (s *Server) defaultFlow(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	designation := model.Designation(chi.URLParam(r, "designation"))
	f := DefaultFlow(s.Snapshot(), designation, v.Host)
	if f == nil {
		return model.Refuse(model.CodeNotFound, "flow.not_found", "No flow has the designation "+string(designation)+".")
	}
	query := r.URL.Query()
	if designation == model.DesignationAuthentication && v.SignedIn() {
		to := "/"
		if next := s.safeNext(query.Get("next")); next != "" {
			to = next
		}
		http.Redirect(w, r, to, http.StatusFound)
		return nil
	}
	to := url.URL{Path: "/if/flow/" + f.Slug + "/", RawQuery: query.Encode()}
	http.Redirect(w, r, to.String(), http.StatusFound)
	return nil
}

// DefaultFlow gives the flow that serves a designation at a host: the brand's, else the first by slug; nil if there is none.
func DefaultFlow(s *model.Snapshot, d model.Designation, host string) *model.Flow {
	return s.FlowOf(s.Brand(host), d)
}

// cancelFlow gives up a run and begins its flow anew; without a flow it leads to where the person wanted to go, or out.
func (s *Server) cancelFlow(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	query := r.URL.Query()
	slug, next := query.Get("flow"), s.safeNext(query.Get("next"))
	query.Del("flow")
	if slug != "" {
		if err := s.Flows.Cancel(r.Context(), v, slug, query); err != nil {
			return err
		}
	}
	to := next
	if f := s.Snapshot().FlowBySlug(slug); f != nil && f.Designation == model.DesignationAuthentication && !query.Has("run") {
		to = withNext("/if/flow/"+f.Slug+"/", next)
	}
	if to == "" {
		to = "/"
	}
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

// signedOut says that the session is over.
func (s *Server) signedOut(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	if v.SignedIn() {
		http.Redirect(w, r, accountPath, http.StatusFound)
		return nil
	}
	page := s.frame(r, v)
	page.Messages = s.told(w, r)
	return s.draw(w, http.StatusOK, page, func(w http.ResponseWriter) error {
		return s.Renderer.SignedOut(w, page, SignedOut{SignInURL: "/"})
	})
}

// safeNext gives the path on our own origin, or "".
func (s *Server) safeNext(raw string) string {
	next, ok := s.Next(raw)
	if !ok {
		return ""
	}
	return next
}

func withNext(path, next string) string {
	if next == "" {
		return path
	}
	return path + "?" + url.Values{"next": {next}}.Encode()
}

// launch opens an application for a person who may use it.
func (s *Server) launch(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	snapshot := s.Snapshot()
	a := snapshot.ApplicationBySlug(chi.URLParam(r, "slug"))
	if a == nil {
		return model.Refuse(model.CodeNotFound, "not_found", "There is no such application.")
	}
	if !v.SignedIn() {
		http.Redirect(w, r, withNext("/flows/-/default/authentication/", r.URL.Path), http.StatusFound)
		return nil
	}
	allowed, err := s.allowed(r, v, a)
	if err != nil {
		return err
	}
	to := s.LaunchURL(snapshot, a, v.User)
	if !slices.Contains(allowed, a) || to == "" {
		return model.Refuse(model.CodeDenied, "application.denied", "The person may not use the application.").With("application", a.Slug)
	}
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}
