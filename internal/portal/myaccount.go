package portal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
)

// account shows "my account".
func (s *Server) account(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	if !v.SignedIn() {
		http.Redirect(w, r, withNext("/flows/-/default/authentication/", accountPath), http.StatusFound)
		return nil
	}
	view, err := s.accountView(r, v)
	if err != nil {
		return err
	}
	page := s.frame(r, v)
	page.Messages = s.told(w, r)
	return s.draw(w, http.StatusOK, page, func(w http.ResponseWriter) error { return s.Renderer.Account(w, page, view) })
}

func (s *Server) accountView(r *http.Request, v *model.Visitor) (AccountView, error) {
	snapshot := s.Snapshot()
	view := AccountView{
		Person: NewPerson(v.User.DisplayName(), v.User.Avatar()), Username: v.User.Username, Email: v.User.Email, Action: accountPath,
	}
	connections, err := s.connectionsOf(r.Context(), v.User.ID)
	if err != nil {
		return view, err
	}
	if slices.ContainsFunc(connections, func(c *model.Connection) bool { return c.Identifier == v.User.Username }) {
		view.Username = ""
	}
	view.Sources = s.sourceViews(snapshot, v.Session, connections)
	if err := s.secure(r, snapshot, v, &view); err != nil {
		return view, err
	}
	sessions, err := s.Sessions.List(r.Context(), v.User.ID)
	if err != nil {
		return view, err
	}
	for _, x := range sessions {
		view.Sessions = append(view.Sessions, SessionView{
			ID: string(x.ID), Device: DeviceOf(x.UserAgent), ClientIP: x.ClientIP, LastUsed: x.LastUsed, Source: x.Source, Current: x.ID == v.Session.ID,
		})
	}
	applications, err := s.allowed(r, v, slices.Collect(maps.Values(snapshot.Applications))...)
	if err != nil {
		return view, err
	}
	for _, a := range applications {
		if to := s.LaunchURL(snapshot, a, v.User); to != "" {
			view.Applications = append(view.Applications, ApplicationView{
				Name: a.Name, Description: a.MetaDescription, Group: a.Group, IconURL: a.MetaIcon, LaunchURL: to, NewTab: a.OpenInNewTab,
			})
		}
	}
	return view, nil
}

func (s *Server) connectionsOf(ctx context.Context, id model.UserID) ([]*model.Connection, error) {
	connections, _, err := s.Store.ListConnections(ctx, store.List{
		Where: []store.Where{{Field: "user", Op: store.OpEq, Values: []string{strconv.FormatInt(int64(id), 10)}}},
	})
	return connections, err
}

// sourceViews lists the sources that are connected or can be.
func (s *Server) sourceViews(snapshot *model.Snapshot, session *model.Session, connections []*model.Connection) []SourceView {
	var out []SourceView
	for _, src := range snapshot.Sources {
		view := SourceView{Name: src.Name}
		b, ok := s.Button(snapshot, src)
		if ok {
			view.Type, view.ConnectURL = b.Type, connectURL(session, src, b)
			if b.IconURL != "" {
				view.IconURL = &b.IconURL
			}
		}
		for _, c := range connections {
			if c.Source == src.ID {
				view.Connections = append(view.Connections, ConnectionView{ID: strconv.FormatInt(int64(c.ID), 10), Name: nickname(c), Since: c.Created})
			}
		}
		if len(view.Connections) > 0 || ok && src.Enabled {
			out = append(out, view)
		}
	}
	slices.SortFunc(out, func(a, b SourceView) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// nickname is what the account is called at its source, as far as it told.
func nickname(c *model.Connection) string {
	var profile struct {
		Nickname string `json:"nickname"`
		Name     string `json:"name"`
		Login    string `json:"login"`
	}
	_ = json.Unmarshal(c.Profile, &profile) // shown if it is there
	return strings.TrimSpace(cmp.Or(profile.Nickname, profile.Name, profile.Login))
}

// allowed narrows applications to those that the person may use.
func (s *Server) allowed(r *http.Request, v *model.Visitor, applications ...*model.Application) ([]*model.Application, error) {
	snapshot := s.Snapshot()
	var out []*model.Application
	for _, a := range applications {
		result, err := s.Policies.Evaluate(r.Context(), snapshot, model.TargetID(a.ID), a.PolicyEngineMode, &policy.Request{
			Visitor: v, User: v.User, Context: model.NewPlanContext(),
		})
		if err != nil {
			return nil, err
		}
		if result.Passing {
			out = append(out, a)
		}
	}
	return out, nil
}

// changeAccount takes the forms of "my account".
func (s *Server) changeAccount(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	if !v.SignedIn() {
		http.Redirect(w, r, withNext("/flows/-/default/authentication/", accountPath), http.StatusSeeOther)
		return nil
	}
	if err := r.ParseForm(); err != nil {
		return model.Refuse(model.CodeInvalid, "flow.invalid", "The form cannot be read.")
	}
	var message string
	var err error
	switch r.PostForm.Get("action") {
	case "disconnect":
		message, err = "account.connections.removed", s.disconnect(r.Context(), v, r.PostForm.Get("connection"))
	case "revoke":
		message, err = "account.sessions.revoked", s.revoke(r.Context(), v, model.SessionID(r.PostForm.Get("session")))
	case "revoke_others":
		message, err = "account.sessions.revoked_others", s.revokeOthers(r.Context(), v)
	case "remove_device":
		message, err = "account.security.removed", s.removeDevice(r.Context(), v, r.PostForm.Get("device"))
	default:
		err = model.Refuse(model.CodeInvalid, "flow.invalid", "The form asks for nothing that is known.")
	}
	if err != nil {
		return err
	}
	s.tell(w, []stage.Message{{Key: message}})
	http.Redirect(w, r, accountPath, http.StatusSeeOther)
	return nil
}

// disconnect removes a connection of the person's own, unless it is the last way to sign in.
func (s *Server) disconnect(ctx context.Context, v *model.Visitor, id string) error {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return model.Refuse(model.CodeInvalid, "flow.invalid", "The connection is not named.")
	}
	c, err := s.Store.Connection(ctx, model.ConnectionID(n))
	if errors.Is(err, model.ErrNotFound) || err == nil && c.User != v.User.ID {
		return nil // gone already, or never theirs
	}
	if err != nil {
		return err
	}
	by := resource.Actor{Principal: &access.Principal{User: v.User, Session: v.Session}, Visitor: v}
	return s.Resources.DeleteConnection(ctx, by, c.ID)
}

// removeDevice removes an authenticator of the person's own.
func (s *Server) removeDevice(ctx context.Context, v *model.Visitor, id string) error {
	own, err := s.Store.DevicesOf(ctx, v.User.ID)
	if err != nil {
		return err
	}
	for _, d := range own {
		if strconv.FormatInt(int64(d.ID), 10) == id {
			by := resource.Actor{Principal: &access.Principal{User: v.User, Session: v.Session}, Visitor: v}
			return s.Resources.DeleteDevice(ctx, by, d.Class, d.ID)
		}
	}
	return nil // gone already, or never theirs
}

// revoke ends one of the person's own sessions, and what applications were given in it: whoever revokes a session does not trust who sits there.
func (s *Server) revoke(ctx context.Context, v *model.Visitor, id model.SessionID) error {
	own, err := s.Sessions.List(ctx, v.User.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(own, func(x *model.Session) bool { return x.ID == id }) {
		return nil // gone already, or never theirs
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Sessions.End(ctx, id); err != nil {
			return err
		}
		if err := s.Store.RevokeSessionTokens(ctx, id, s.Now().UTC()); err != nil {
			return err
		}
		return s.Events.Record(ctx, event.New(model.ActionLogout, "authentik.portal", v, map[string]any{"session": string(id), "message": "Session revoked"}))
	})
}

// revokeOthers does the same to all but the present session.
func (s *Server) revokeOthers(ctx context.Context, v *model.Visitor) error {
	own, err := s.Sessions.List(ctx, v.User.ID)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		for _, x := range own {
			if x.ID == v.Session.ID {
				continue
			}
			if err := s.Store.RevokeSessionTokens(ctx, x.ID, s.Now().UTC()); err != nil {
				return err
			}
		}
		n, err := s.Sessions.EndAll(ctx, v.User.ID, v.Session.ID)
		if err != nil {
			return err
		}
		return s.Events.Record(ctx, event.New(model.ActionLogout, "authentik.portal", v, map[string]any{"sessions": n, "message": "Other sessions revoked"}))
	})
}
