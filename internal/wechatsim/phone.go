package wechatsim

import "net/http"

// phoneView is what the simulated phone shows.
type phoneView struct {
	SignIn
	AppName string
	People  []User
}

// phone is the simulated phone. Opening it is scanning.
func (s *Simulator) phone(w http.ResponseWriter, r *http.Request) {
	uuid := r.FormValue("uuid")
	si, err := s.Scan(uuid)
	if err != nil {
		// A finished one is shown as it is.
		if si, err = s.SignIn(uuid); err != nil {
			s.pages.fail(w, r, err)
			return
		}
	}
	s.showPhone(w, r, si)
}

// phoneDecision is the person pressing one of the two buttons.
func (s *Simulator) phoneDecision(w http.ResponseWriter, r *http.Request) {
	var (
		si   SignIn
		err  error
		uuid = r.FormValue("uuid")
	)
	switch r.FormValue("decision") {
	case "confirm":
		si, err = s.Confirm(uuid, r.FormValue("user"))
	case "cancel":
		si, err = s.Cancel(uuid)
	default:
		err = ErrInvalid
	}
	if err != nil {
		s.pages.fail(w, r, err)
		return
	}
	s.showPhone(w, r, si)
}

func (s *Simulator) showPhone(w http.ResponseWriter, r *http.Request, si SignIn) {
	view := phoneView{SignIn: si, People: s.firstUsers(), AppName: si.AppID}
	if app, err := s.App(si.AppID); err == nil {
		view.AppName = app.Name
	}
	if confirmed, err := s.User(si.UserID); err == nil && si.Status == StatusConfirmed {
		view.People = []User{confirmed}
	}
	s.pages.reply(r, "phone", view).write(w)
}
