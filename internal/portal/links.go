package portal

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
)

// The purposes of one-time links.
const (
	// PurposeSetUp lets the first administrator choose a password.
	PurposeSetUp = "set-up"
	// PurposeRescue signs in as administrator.
	PurposeRescue = "rescue"
)

// shortestPassword is the least that the set-up accepts, in characters (NIST SP 800-63B section 5.1.1.1 asks for eight).
const shortestPassword = 8

// showLink shows what a one-time link is for. It uses nothing up, because programs open links too.
func (s *Server) showLink(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	return s.drawLink(w, r, v, http.StatusOK, "")
}

func (s *Server) drawLink(w http.ResponseWriter, r *http.Request, v *model.Visitor, status int, problem string) error {
	page := s.frame(r, v)
	page.Path = hereOnly // the address holds a secret: no link may repeat it
	action := "/link/" + chi.URLParam(r, "purpose") + "/" + chi.URLParam(r, "token") + "/"
	switch chi.URLParam(r, "purpose") {
	case PurposeSetUp:
		return s.draw(w, status, page, func(w http.ResponseWriter) error {
			return s.Renderer.SetUp(w, page, SetUp{Action: action, Person: NewPerson("akadmin", ""), Error: problem})
		})
	case PurposeRescue:
		return s.draw(w, status, page, func(w http.ResponseWriter) error {
			return s.Renderer.Rescue(w, page, Rescue{Action: action})
		})
	}
	return model.Refuse(model.CodeNotFound, "not_found", "There is no such link.")
}

// useLink uses a one-time link: it signs in, and at the set-up sets the password that was chosen, all in one transaction.
func (s *Server) useLink(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	purpose := chi.URLParam(r, "purpose")
	if purpose != PurposeSetUp && purpose != PurposeRescue {
		return model.Refuse(model.CodeNotFound, "not_found", "There is no such link.")
	}
	if purpose != PurposeRescue { // nobody can take the last way in away from an administrator, by whatever they send from the same address
		if err := s.Failures.Check(attempt.Links, v); err != nil {
			return err
		}
	}
	if err := r.ParseForm(); err != nil {
		return model.Refuse(model.CodeInvalid, "flow.invalid", "The form cannot be read.")
	}
	hash := ""
	if purpose == PurposeSetUp {
		password := r.PostForm.Get("password")
		if problem := checkPassword(password, r.PostForm.Get("password_repeat")); problem != "" {
			return s.drawLink(w, r, v, http.StatusBadRequest, problem)
		}
		var err error
		if hash, err = s.Passwords.Hash(r.Context(), password); err != nil {
			return err
		}
	}
	session, token := s.Sessions.Begin(v, 0)
	err := s.Store.InTx(r.Context(), func(ctx context.Context) error {
		return s.redeem(ctx, v, purpose, keypair.Hash(chi.URLParam(r, "token")), hash, session)
	})
	if model.CodeOf(err) == model.CodeExpired {
		err = cmp.Or(s.Failures.Failed(r.Context(), attempt.Links, v), err)
	}
	if err != nil {
		return err
	}
	s.Visitors.Keep(w, session, token)
	http.Redirect(w, r, s.afterLink(purpose), http.StatusSeeOther)
	return nil
}

// afterLink is where a person goes on: who has just set the installation up, to the console's first page.
func (s *Server) afterLink(purpose string) string {
	if purpose == PurposeSetUp && s.Console != nil {
		return consolePath + "welcome"
	}
	return accountPath
}

func checkPassword(password, repeat string) string {
	switch {
	case utf8.RuneCountInString(password) < shortestPassword:
		return "pages.set_up.error.short"
	case len(password) > 1024:
		return "pages.set_up.error.long"
	case password != repeat:
		return "pages.set_up.error.different"
	}
	return ""
}

// redeem consumes the link and signs its user in.
func (s *Server) redeem(ctx context.Context, v *model.Visitor, purpose, tokenHash, passwordHash string, session *model.Session) error {
	link, err := s.Store.ConsumeOneTimeLink(ctx, tokenHash, purpose, s.Now().UTC())
	if errors.Is(err, model.ErrNotFound) {
		return model.Refuse(model.CodeExpired, "link.used", "The link was used already, or has expired.").With("action", model.ActionSuspiciousRequest)
	}
	if err != nil {
		return err
	}
	u, err := s.Store.UpdateUser(ctx, link.User, func(u *model.User) error {
		if purpose == PurposeSetUp && u.PasswordHash != "" {
			// Every start prints a link until there is a password; from then on the others, which lie in logs, are worth nothing.
			return model.Refuse(model.CodeExpired, "link.used", "The set-up was done already, by another link.").With("action", model.ActionSuspiciousRequest)
		}
		u.IsActive = true
		if passwordHash != "" {
			u.PasswordHash, u.PasswordChangeDate = passwordHash, s.Now().UTC()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if v.Session != nil {
		if err := s.Sessions.End(ctx, v.Session.ID); err != nil {
			return err
		}
	}
	session.User, session.AuthMethod = u.ID, purpose
	if err := s.Sessions.Insert(ctx, session); err != nil {
		return err
	}
	events := []*model.Event{event.New(model.ActionLogin, "authentik.recovery", v, map[string]any{"auth_method": purpose})}
	if passwordHash != "" {
		events = append(events, event.New(model.ActionPasswordSet, "authentik.core", v, nil))
	}
	events[0].Tally = model.TallySignIn
	for _, ev := range events {
		ev.User = event.UserOf(u)
	}
	return s.Events.Record(ctx, events...)
}
