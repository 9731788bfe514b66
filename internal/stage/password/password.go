package password

import (
	"context"
	_ "embed"
	"slices"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

//go:embed password.html
var screen string

const component = "ak-stage-password"

// slotFailures counts the wrong passwords of this run.
var slotFailures = model.NewSlot[int]("goauthentik.io/stages/password/failures")

// Config is the settings of a password stage.
type Config struct {
	// What checks the password, in this order: the first that agrees counts.
	Backends []string `json:"backends" required:"true" enum:"authentik.core.auth.InbuiltBackend authentik.core.auth.TokenBackend authentik.sources.ldap.auth.LDAPBackend authentik.sources.kerberos.auth.KerberosBackend" form:",widget=ordered"`
	// The flow by which a signed-in person changes the password.
	ConfigureFlow *model.FlowID `json:"configure_flow" ref:"flow" form:",widget=where:designation=stage_configuration"`
	// How many wrong passwords end the flow.
	FailedAttemptsBeforeCancel int `json:"failed_attempts_before_cancel" form:"behaviour"`
	// Offer to show the password while it is typed.
	AllowShowPassword bool `json:"allow_show_password" form:"behaviour"`
}

// Defaults are the settings of a new stage.
func Defaults() Config { return Config{FailedAttemptsBeforeCancel: 5} }

// Passwords checks a password. Package user has it.
type Passwords interface {
	Check(ctx context.Context, u *model.User, password string, backends []string) (backend, method string, err error)
}

// Deps is what the stage needs.
type Deps struct {
	Passwords Passwords
	Guard     stage.Guard
}

// Kind describes the stage.
func Kind(d Deps) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "password", VerboseName: "Password Stage", VerboseNamePlural: "Password Stages",
		Component: "ak-stage-password-form", MetaModelName: "authentik_stages_password.passwordstage",
		Description: "Asks for the password of the person who was identified.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, d}, nil })
}

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	RecoveryURL       string `json:"recovery_url,omitempty"`
	AllowShowPassword bool   `json:"allow_show_password"`
}

var _ stage.Scripted = (*Challenge)(nil)

// NeedsScript reports whether the password may be looked at while it is typed.
func (c *Challenge) NeedsScript() bool { return c.AllowShowPassword }

type driver struct {
	Config
	Deps
}

var (
	_ stage.Driver       = (*driver)(nil)
	_ stage.Screener     = (*driver)(nil)
	_ stage.Entrance     = (*driver)(nil)
	_ stage.Configurable = (*driver)(nil)
)

// Screen is the page that asks for the password.
func (d *driver) Screen() stage.Screen {
	return stage.Screen{Name: component, HTML: screen, Script: stage.RevealScript}
}

// Configures says that people change their password by the stage's flow.
func (d *driver) Configures() stage.Configuration { return stage.Configuration{Flow: d.ConfigureFlow} }

// Opens tells what the stage is a way in for.
func (d *driver) Opens(*model.Snapshot) stage.Ways {
	return stage.Ways{Passwords: slices.Contains(d.Backends, "authentik.core.auth.InbuiltBackend")}
}

// Enter asks for the password, unless an earlier stage has authenticated the person.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if stage.SlotPendingUser.Value(v.Context) == nil && v.SignedIn() {
		stage.SlotPendingUser.Set(v.Context, v.User) // who is signed in gives the password once more
	}
	if stage.SlotPendingUser.Value(v.Context) == nil {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "Pending user not set, cannot continue.").
			With("action", model.ActionConfigurationError)}, nil
	}
	if _, done := stage.SlotUserBackend.Get(v.Context); done {
		return stage.Done{}, nil
	}
	return stage.Ask{Challenge: d.challenge(v)}, nil
}

func (d *driver) challenge(v *stage.Visit) *Challenge {
	return &Challenge{
		Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v), AllowShowPassword: d.AllowShowPassword,
		RecoveryURL: v.OtherFlow(v.Snapshot.Brand(v.Host).FlowRecovery),
	}
}

// Submit checks the password.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	u := stage.SlotPendingUser.Value(v.Context)
	if u == nil {
		return d.Enter(ctx, v)
	}
	try := attempt.Try{What: "password", Person: attempt.Of(u, u.Username), Visitor: v.Visitor}
	if err := d.Guard.Begin(ctx, try); err != nil {
		if again, ok := stage.TooMany(v, err, d.challenge(v), "password", u.Username); ok {
			return again, nil
		}
		return nil, err
	}
	backend, method, err := d.Passwords.Check(ctx, u, a.String("password"), d.Backends)
	if err != nil {
		return nil, err
	}
	if backend == "" {
		return d.wrong(v, u), nil
	}
	if err := d.Guard.Succeeded(ctx, try); err != nil {
		return nil, err
	}
	if !u.IsActive {
		return stage.Refuse{Err: model.Refuse(model.CodeDenied, "login.user_inactive", "The user is deactivated.")}, nil
	}
	stage.SlotUserBackend.Set(v.Context, backend)
	stage.SlotAuthMethod.Set(v.Context, method)
	return stage.Done{}, nil
}

func (d *driver) wrong(v *stage.Visit, u *model.User) stage.Outcome {
	failures := slotFailures.Value(v.Context) + 1
	slotFailures.Set(v.Context, failures)
	if failures >= max(d.FailedAttemptsBeforeCancel, 1) {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "login.failed_attempts", "Invalid password").With("attempts", failures)}
	}
	ev := event.New(model.ActionLoginFailed, "authentik.stages.password", v.Visitor, map[string]any{
		"username": u.Username, "cause": "wrong password", "stage": v.Stage.Name, "attempts": failures,
	})
	if u.ID != 0 {
		ev.User = event.UserOf(u)
	}
	v.Record(ev)
	return stage.Ask{Challenge: d.challenge(v), Errors: stage.Invalid("password", "stage.password.error.wrong")}
}
