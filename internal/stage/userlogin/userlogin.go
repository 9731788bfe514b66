package userlogin

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-user-login"

// Config is the settings of a user login stage.
type Config struct {
	// How long people stay signed in; seconds=0 is until the browser is closed.
	SessionDuration model.Duration `json:"session_duration"`
	// How much longer, for those who choose to stay signed in; seconds=0 does not ask.
	RememberMeOffset model.Duration `json:"remember_me_offset"`
	// How long a device is known after a sign-in. Here a browser is known by its own cookie for as long as it keeps it, whatever is set.
	RememberDevice model.Duration `json:"remember_device" form:"advanced"`
	// End the person's other sessions.
	TerminateOtherSessions bool `json:"terminate_other_sessions" form:"advanced"`
	// End a session that moves: to another autonomous system, to another network of it (of 256 addresses, or an IPv6 site), or to any other address. The first two need a database
	// of networks on the server.
	NetworkBinding string `json:"network_binding" enum:"no_binding bind_asn bind_asn_network bind_asn_network_ip" form:"advanced"`
	// End a session that moves to another continent, country or city. Needs a database of places on the server.
	GeoIPBinding string `json:"geoip_binding" enum:"no_binding bind_continent bind_continent_country bind_continent_country_city" form:"advanced"`
}

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{
		SessionDuration: "seconds=0", RememberMeOffset: "seconds=0", RememberDevice: "days=30", NetworkBinding: "no_binding", GeoIPBinding: "no_binding",
	}
}

// Sessions makes and ends sessions. Package session has it.
type Sessions interface {
	Begin(v *model.Visitor, lifetime time.Duration) (*model.Session, model.Secret)
	Insert(ctx context.Context, s *model.Session) error
	End(ctx context.Context, id model.SessionID) error
	EndAll(ctx context.Context, user model.UserID, except model.SessionID) (int, error)
	// Bind binds a session to where the visitor is. It gives the settings that the server has no database for.
	Bind(s *model.Session, v *model.Visitor, byNetwork, byPlace string) (unable []string)
	CanBind(byNetwork, byPlace string) (unable []string)
}

// Kind describes the stage.
func Kind(s Sessions) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "user_login", VerboseName: "User Login Stage", VerboseNamePlural: "User Login Stages",
		Component: "ak-stage-user-login-form", MetaModelName: "authentik_stages_user_login.userloginstage",
		Description: "Signs the person in.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, s}, nil })
}

// Challenge asks whether to stay signed in.
type Challenge struct {
	stage.Base
	stage.PendingUser
}

var _ stage.Asker = (*Challenge)(nil)

// Form asks whether to stay signed in.
func (c *Challenge) Form() stage.Form {
	return stage.Form{Submit: "stage.user_login.submit", Fields: []stage.FormField{{
		Name: "remember_me", Label: "stage.user_login.remember_me", Type: "checkbox", Help: "stage.user_login.help",
	}}}
}

type driver struct {
	Config
	sessions Sessions
}

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Entrance = (*driver)(nil)
	_ kind.Checker   = (*driver)(nil)
)

// Check refuses bindings that the server cannot hold anybody to.
func (d *driver) Check() error {
	errs := map[string][]string{}
	for _, field := range d.sessions.CanBind(d.NetworkBinding, d.GeoIPBinding) {
		errs[field] = []string{"The server has no database for this. Name one with WEIMEN_GEOIP_DATABASE or WEIMEN_GEOIP_ASN_DATABASE, or choose another binding."}
	}
	if len(errs) == 0 {
		return nil
	}
	return &model.Error{Code: model.CodeInvalid, Message: "invalid input", Fields: errs}
}

// Opens tells that the stage signs people in.
func (d *driver) Opens(*model.Snapshot) stage.Ways { return stage.Ways{SignsIn: true} }

// Enter signs in, or asks first whether to stay signed in.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if o := check(v); o != nil {
		return o, nil
	}
	if d.RememberMeOffset.Or(0) > 0 {
		return stage.Ask{Challenge: &Challenge{Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v)}}, nil
	}
	d.signIn(v, false)
	return stage.Done{}, nil
}

// Submit signs in.
func (d *driver) Submit(_ context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	if o := check(v); o != nil {
		return o, nil
	}
	d.signIn(v, a.Bool("remember_me"))
	return stage.Done{}, nil
}

// check refuses whoever has not been authenticated in this run: a flow that forgets to ask for a password must not sign anybody in. Somebody whom the run has made, and who must
// be activated first, is told so and goes on without being signed in.
func check(v *stage.Visit) stage.Outcome {
	u := stage.SlotPendingUser.Value(v.Context)
	if u == nil {
		return misconfigured("No Pending user to login.")
	}
	if _, ok := stage.SlotUserBackend.Get(v.Context); !ok {
		return misconfigured("The flow signs in without having authenticated anybody.")
	}
	switch {
	case u.IsActive:
		return nil
	case stage.SlotAwaitsActivation.Value(v.Context):
		v.Tell("stage.user_login.awaits", nil)
		return stage.Done{}
	}
	return stage.Refuse{Err: model.Refuse(model.CodeDenied, "login.user_inactive", "The user is deactivated.")}
}

func misconfigured(message string) stage.Refuse {
	return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", message).With("action", model.ActionConfigurationError)}
}

func (d *driver) signIn(v *stage.Visit, remember bool) {
	u := stage.SlotPendingUser.Value(v.Context)
	lifetime := d.SessionDuration.Or(0)
	if remember {
		lifetime += d.RememberMeOffset.Or(0)
	}
	method := stage.SlotAuthMethod.Value(v.Context)
	if method == "" {
		method = "password"
	}
	previous := v.Session
	s, token := d.sessions.Begin(v.Visitor, lifetime)
	s.AuthMethod, s.Source = stage.SessionMethod(v, method), stage.SlotSource.Value(v.Context).Name
	d.bind(v, s)
	v.Write(func(ctx context.Context) error {
		s.User = u.ID
		if previous != nil {
			if err := d.sessions.End(ctx, previous.ID); err != nil {
				return err
			}
		}
		if err := d.sessions.Insert(ctx, s); err != nil {
			return err
		}
		if !d.TerminateOtherSessions {
			return nil
		}
		_, err := d.sessions.EndAll(ctx, u.ID, s.ID)
		return err
	})
	details := map[string]any{"auth_method": method}
	if args, ok := stage.SlotAuthMethodArgs.Get(v.Context); ok && len(args) > 0 {
		details["auth_method_args"] = args
	}
	if src, ok := stage.SlotSource.Get(v.Context); ok {
		details["source"], details["source_name"] = src.Slug, src.Name
	}
	ev := event.New(model.ActionLogin, "authentik.stages.user_login", v.Visitor, details)
	ev.User, ev.Tally = nil, model.TallySignIn // the user is the pending one, once it has an id
	v.Record(ev)
	v.SignIn(s, token, u)
}

// bind binds the session to where the person is. What the server can no longer tell is recorded: people are let in, for otherwise nobody could mend it.
func (d *driver) bind(v *stage.Visit, s *model.Session) {
	for _, setting := range d.sessions.Bind(s, v.Visitor, d.NetworkBinding, d.GeoIPBinding) {
		v.Record(event.New(model.ActionConfigurationWarning, "authentik.stages.user_login", v.Visitor, map[string]any{
			"setting": setting, "message": "The session was not bound, because the server has no database for it.",
		}))
	}
}
