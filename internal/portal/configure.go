package portal

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// configure begins the flow in which a signed-in person sets up what a stage is about, and leads back to "my account".
func (s *Server) configure(w http.ResponseWriter, r *http.Request, v *model.Visitor) error {
	snapshot := s.Snapshot()
	c := s.Configures(snapshot, snapshot.Stages[model.StageID(chi.URLParam(r, "stage"))])
	if c.Flow == nil || snapshot.Flows[*c.Flow] == nil {
		return model.Refuse(model.CodeNotFound, "flow.not_found", "The stage has no flow to set it up by.")
	}
	if !v.SignedIn() {
		http.Redirect(w, r, withNext("/flows/-/default/authentication/", r.URL.Path), http.StatusFound)
		return nil
	}
	next := s.safeNext(r.URL.Query().Get("next"))
	if next == "" {
		next = accountPath
	}
	plan := model.NewPlanContext()
	stage.SlotPendingUser.Set(plan, v.User)
	stage.SlotRedirect.Set(plan, next)
	if s.rescued(v) {
		stage.SlotUserBackend.Set(plan, "authentik.core.auth.InbuiltBackend")
	}
	reply, err := s.Flows.Start(r.Context(), v, flow.Start{Flow: snapshot.Flows[*c.Flow], Context: plan, Query: url.Values{}})
	if err != nil {
		return err
	}
	return s.reply(w, r, v, reply)
}

// rescueTrust is how long a sign-in by the rescue link stands for the password.
const rescueTrust = 30 * time.Minute

// rescued reports whether the person has just come by the rescue link. It is for those who have forgotten their password: asked for the old one, they could never choose another.
func (s *Server) rescued(v *model.Visitor) bool {
	return v.Session.AuthMethod == PurposeRescue && s.Now().Sub(v.Session.AuthTime) < rescueTrust
}

// configurables are the stages that people can set up something by, by their names.
func (s *Server) configurables(snapshot *model.Snapshot) []configurable {
	var out []configurable
	for _, st := range slices.SortedFunc(maps.Values(snapshot.Stages), func(a, b *model.Stage) int { return cmp.Compare(a.Name, b.Name) }) {
		if c := s.Configures(snapshot, st); c.Flow != nil && snapshot.Flows[*c.Flow] != nil {
			out = append(out, configurable{c, "/flows/-/configure/" + string(st.ID) + "/"})
		}
	}
	return out
}

type configurable struct {
	stage.Configuration
	url string
}

// secure adds to "my account" how the person signs in besides with sources: the password, authenticators; and where the profile is edited, and the account deleted.
func (s *Server) secure(r *http.Request, snapshot *model.Snapshot, v *model.Visitor, view *AccountView) error {
	brand := snapshot.Brand(v.Host)
	view.EditURL, view.DeleteURL = flowURL(snapshot, brand.FlowUserSettings), flowURL(snapshot, brand.FlowUnenrollment)
	if s.Console != nil && v.User.IsSuperuser() {
		view.ConsoleURL = consolePath
	}
	devices, err := s.Store.DevicesOf(r.Context(), v.User.ID)
	if err != nil {
		return err
	}
	for _, d := range devices {
		if d.Confirmed {
			view.Devices = append(view.Devices, DeviceView{
				ID: strconv.FormatInt(int64(d.ID), 10), Name: d.Name, Class: string(d.Class), Created: d.Created, LastUsed: d.LastUsed, CodesLeft: d.CodesLeft,
			})
		}
	}
	view.HasPassword = v.User.PasswordHash != ""
	for _, c := range s.configurables(snapshot) {
		if c.Class != "" {
			view.Add = append(view.Add, AddView{Name: c.Name, Class: string(c.Class), URL: c.url})
		} else if view.PasswordURL == "" {
			view.PasswordURL = c.url
		}
	}
	return nil
}

func flowURL(s *model.Snapshot, id *model.FlowID) string {
	if id == nil || s.Flows[*id] == nil {
		return ""
	}
	return withNext("/if/flow/"+url.PathEscape(s.Flows[*id].Slug)+"/", accountPath)
}
