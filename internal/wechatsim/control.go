package wechatsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// controlRoute is one operation of the control API; its page is drawn from these.
type controlRoute struct {
	Method  string
	Path    string
	Text    string
	handler http.HandlerFunc
}

// action is an operation's work: what it returns is written as JSON.
type action func(r *http.Request) (any, error)

func (s *Simulator) controlRoutes() []controlRoute {
	route := func(method, path, text string, do action) controlRoute {
		return controlRoute{method, path, text, serveJSON(do)}
	}
	routes := []controlRoute{
		route("GET", "/sim/apps", "All applications.", func(*http.Request) (any, error) { return s.Apps(), nil }),
		route("POST", "/sim/apps", "Register an application: app_id, secret, name, domain, account. What is left out is made up.", s.createApp),
		route("GET", "/sim/apps/{id}", "One application.", func(r *http.Request) (any, error) { return s.App(r.PathValue("id")) }),
		route("PATCH", "/sim/apps/{id}", "Change it: bind it with account, unbind it with account \"\", reset its secret.", s.changeApp),
		route("DELETE", "/sim/apps/{id}", "Remove it.", func(r *http.Request) (any, error) { return nil, s.DeleteApp(r.PathValue("id")) }),
		route("GET", "/sim/users", "All people.", func(*http.Request) (any, error) { return s.Users(), nil }),
		route("POST", "/sim/users", "Add a person: id, nickname, sex, province, city, country, language.", s.createUser),
		route("GET", "/sim/users/{id}", "One person.", func(r *http.Request) (any, error) { return s.User(r.PathValue("id")) }),
		route("PATCH", "/sim/users/{id}", "Change a person; a new avatar_version is a new picture.", s.changeUser),
		route("DELETE", "/sim/users/{id}", "Remove a person.", func(r *http.Request) (any, error) { return nil, s.DeleteUser(r.PathValue("id")) }),
		route("GET", "/sim/signins", "Sign-ins, newest first; ?state= finds the one with that state.", s.listSignIns),
		route("GET", "/sim/signins/{uuid}", "One sign-in.", func(r *http.Request) (any, error) { return s.SignIn(r.PathValue("uuid")) }),
		route("POST", "/sim/signins/{uuid}/scan", "Scan the QR code.", func(r *http.Request) (any, error) { return s.Scan(r.PathValue("uuid")) }),
		route("POST", "/sim/signins/{uuid}/confirm", "Confirm as {\"user_id\": …}; target of the answer is where the browser goes.", s.confirmSignIn),
		route("POST", "/sim/signins/{uuid}/cancel", "Refuse.", func(r *http.Request) (any, error) { return s.Cancel(r.PathValue("uuid")) }),
		route("POST", "/sim/signins/{uuid}/expire", "End the QR code's life.", func(r *http.Request) (any, error) { return s.Expire(r.PathValue("uuid")) }),
		route("GET", "/sim/behaviour", "The present behaviour.", func(*http.Request) (any, error) { return s.Behaviour(), nil }),
		route("PATCH", "/sim/behaviour", "Change some of it; keys below.", s.changeBehaviour),
		route("GET", "/sim/faults", "Faults still waiting.", func(*http.Request) (any, error) { return s.Faults(), nil }),
		route("POST", "/sim/faults", "Make calls fail: {\"endpoint\", \"fault\": {\"kind\", …}, \"times\"}. times is 1 if left out, -1 for always, 0 for never.", s.armFault),
		route("DELETE", "/sim/faults", "Take all faults away.", func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil }),
		route("GET", "/sim/calls", "The calls WeChat's endpoints received, secrets shortened.", func(*http.Request) (any, error) { return s.Calls(), nil }),
		route("DELETE", "/sim/calls", "Forget them.", func(*http.Request) (any, error) { s.ClearCalls(); return nil, nil }),
		route("POST", "/sim/clock", "Move the clock forward: {\"advance\": \"10m\"}.", s.advanceClock),
		route("POST", "/sim/reset", "Forget sign-ins, tokens, faults, behaviours, calls. Applications and people stay.", func(*http.Request) (any, error) { s.Reset(); return nil, nil }),
	}
	return append(routes, controlRoute{"GET", "/sim/{$}", "This page.", s.controlPage})
}

func (s *Simulator) createApp(r *http.Request) (any, error) {
	var app App
	if err := decode(r, &app); err != nil {
		return nil, err
	}
	return s.AddApp(app)
}

func (s *Simulator) changeApp(r *http.Request) (any, error) {
	app, err := s.App(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if err := decode(r, &app); err != nil {
		return nil, err
	}
	return s.UpdateApp(r.PathValue("id"), func(a *App) { *a = app })
}

func (s *Simulator) createUser(r *http.Request) (any, error) {
	var user User
	if err := decode(r, &user); err != nil {
		return nil, err
	}
	return s.AddUser(user)
}

func (s *Simulator) changeUser(r *http.Request) (any, error) {
	user, err := s.User(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if err := decode(r, &user); err != nil {
		return nil, err
	}
	return s.UpdateUser(r.PathValue("id"), func(u *User) { *u = user })
}

func (s *Simulator) listSignIns(r *http.Request) (any, error) {
	wanted, filtered := r.URL.Query()["state"]
	out := []SignIn{}
	for _, si := range s.SignIns() {
		if !filtered || si.State == wanted[0] {
			out = append(out, si)
		}
	}
	return out, nil
}

func (s *Simulator) confirmSignIn(r *http.Request) (any, error) {
	var body struct {
		UserID string `json:"user_id"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return s.Confirm(r.PathValue("uuid"), body.UserID)
}

func (s *Simulator) changeBehaviour(r *http.Request) (any, error) {
	b := s.Behaviour()
	if err := decode(r, &b); err != nil {
		return nil, err
	}
	if err := s.SetBehaviour(func(present *Behaviour) { *present = b }); err != nil {
		return nil, err
	}
	return s.Behaviour(), nil
}

func (s *Simulator) armFault(r *http.Request) (any, error) {
	body := struct {
		Endpoint Endpoint `json:"endpoint"`
		Fault    Fault    `json:"fault"`
		Times    int      `json:"times"`
	}{Times: 1}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if err := s.SetFault(body.Endpoint, body.Fault, body.Times); err != nil {
		return nil, err
	}
	return s.Faults(), nil
}

func (s *Simulator) advanceClock(r *http.Request) (any, error) {
	var body struct {
		Advance Duration `json:"advance"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	s.Advance(time.Duration(body.Advance))
	return map[string]time.Time{"now": s.Now()}, nil
}

// controlView is the control API's own description.
type controlView struct {
	Base       string
	Routes     []controlRoute
	Behaviours []guideRow
	Faults     []guideRow
	Endpoints  []Endpoint
}

func (s *Simulator) controlPage(w http.ResponseWriter, r *http.Request) {
	s.pages.reply(r, "control", controlView{s.base(r), s.controlRoutes(), behaviourGuide(), faultGuide(), endpoints()}).write(w)
}

// decode reads a JSON body over what v holds already; a key it does not know is an error.
func decode(r *http.Request, v any) error {
	dec := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("read JSON body: %w: %w", err, ErrInvalid)
	}
	return nil
}

// serveJSON writes what an action returns: 204 for nothing, {"error": …} for an error.
func serveJSON(do action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := do(r)
		status := http.StatusOK
		switch {
		case err != nil:
			status, out = statusOf(err), map[string]string{"error": err.Error()}
		case out == nil:
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		_ = enc.Encode(out) // the caller may be gone
	}
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, ErrConflict):
		return http.StatusConflict
	default:
		return http.StatusBadRequest
	}
}
