package identification

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/captcha"
	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-identification"

var (
	//go:embed identification.html
	screen string
	//go:embed identification.js
	script string
)

// Users finds people. Package store has it.
type Users interface {
	FindUser(ctx context.Context, fields []string, value string, fold bool) (*model.User, error)
}

// Passwords checks a password. Package user has it.
type Passwords interface {
	Check(ctx context.Context, u *model.User, password string, backends []string) (backend, method string, err error)
}

// Buttons tells how to begin signing in with a source: the address, an icon and the variety. ok is false for a source without a button.
type Buttons func(s *model.Snapshot, src *model.Source) (b Button, ok bool)

// Button is a source's place on the login page.
type Button struct {
	URL     string
	IconURL string
	Type    string
}

// Deps is what the stage needs.
type Deps struct {
	Users     Users
	Passwords Passwords
	Guard     stage.Guard
	Buttons   Buttons
	Devices   *device.Devices
	// Stage opens a stage that the settings name; nil for one that is gone.
	Stage func(s *model.Snapshot, id model.StageID) (stage.Driver, error)
}

// Kind describes the stage.
func Kind(d Deps) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "identification", VerboseName: "Identification Stage", VerboseNamePlural: "Identification Stages",
		Component: "ak-stage-identification-form", MetaModelName: "authentik_stages_identification.identificationstage",
		Description: "Asks who someone is, by name or by a source to sign in with.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{Config: c, Deps: d}, nil })
}

type driver struct {
	Config
	Deps
}

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
	_ stage.Entrance = (*driver)(nil)
)

// Screen is the login page. Its scripts know nothing of each other.
func (d *driver) Screen() stage.Screen {
	return stage.Screen{Name: component, HTML: screen + captcha.Widget, Script: "{" + captcha.Script + "}\n{" + device.Script + "}\n{" + stage.RevealScript + "}\n{" + script + "}\n"}
}

// Enter shows the login page.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	return d.ask(v, "", nil)
}

// ask shows the login page, with what was typed before and what was wrong with it.
func (d *driver) ask(v *stage.Visit, typed string, errs stage.Errors) (stage.Outcome, error) {
	c, refusal, err := d.challenge(v, typed)
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		return *refusal, nil
	}
	return stage.Ask{Challenge: c, Errors: errs}, nil
}

// Opens tells what the stage is a way in for.
func (d *driver) Opens(s *model.Snapshot) stage.Ways {
	w := stage.Ways{Names: len(d.UserFields) > 0, Passkeys: d.WebAuthnStage != nil || d.PasswordlessFlow != nil, Sources: d.Sources}
	if d.PasswordStage != nil {
		backends, _ := d.password(s)
		w.Passwords = slices.Contains(backends, inbuilt)
	}
	return w
}

// inbuilt is the backend that checks people's own passwords.
const inbuilt = "authentik.core.auth.InbuiltBackend"

// password reads what the embedded password stage is configured to.
func (d *driver) password(s *model.Snapshot) (backends []string, allowShow bool) {
	var c struct {
		Backends          []string `json:"backends"`
		AllowShowPassword bool     `json:"allow_show_password"`
	}
	if st := s.Stages[*d.PasswordStage]; st != nil {
		_ = json.Unmarshal(st.Config, &c) // settings of ours; what cannot be read lets nobody in
	}
	return c.Backends, c.AllowShowPassword
}

// Submit finds the user: by a passkey, or by what was typed once the captcha is right.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	if answer := a.Object("passkey"); answer != "" && d.WebAuthnStage != nil {
		return d.withPasskey(ctx, v, answer)
	}
	typed := strings.TrimSpace(a.String("uid_field"))
	if typed == "" || len(d.UserFields) == 0 {
		return d.wrong(v, "", "uid_field", "stage.identification.error.missing")
	}
	if len(typed) > 254 || strings.ContainsRune(typed, 0) {
		return d.wrong(v, "", "uid_field", "stage.identification.error.failed")
	}
	if o, err := d.checkCaptcha(ctx, v, typed, a.String(tokenField)); o != nil || err != nil {
		return o, err
	}
	u, err := d.Users.FindUser(ctx, d.UserFields, typed, d.CaseInsensitiveMatching)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return nil, err
	}
	if d.PasswordStage != nil {
		return d.withPassword(ctx, v, u, typed, a.String("password"))
	}
	if u == nil {
		v.Record(failed(v, typed, "no such user"))
		if !d.PretendUserExists {
			return d.wrong(v, typed, "uid_field", "stage.identification.error.failed")
		}
		u = &model.User{Username: typed, Email: typed, IsActive: true}
	}
	d.found(v, u, typed)
	return stage.Done{}, nil
}

// withPassword checks both in one step and does not tell which was wrong.
func (d *driver) withPassword(ctx context.Context, v *stage.Visit, u *model.User, typed, password string) (stage.Outcome, error) {
	try := attempt.Try{What: "password", Person: attempt.Of(u, typed), Visitor: v.Visitor}
	if err := d.Guard.Begin(ctx, try); err != nil {
		if again, ok := stage.TooMany(v, err, nil, "non_field_errors", typed); ok {
			return d.ask(v, typed, again.Errors)
		}
		return nil, err
	}
	backends, _ := d.password(v.Snapshot)
	backend, method, err := d.Passwords.Check(ctx, u, password, backends)
	if err != nil {
		return nil, err
	}
	if backend == "" {
		v.Record(failed(v, typed, "no such user, or a wrong password"))
		return d.wrong(v, typed, "non_field_errors", "stage.identification.error.failed")
	}
	if !u.IsActive {
		return inactive(u), nil
	}
	if err := d.Guard.Succeeded(ctx, try); err != nil {
		return nil, err
	}
	d.found(v, u, typed)
	stage.SlotUserBackend.Set(v.Context, backend)
	stage.SlotAuthMethod.Set(v.Context, method)
	return stage.Done{}, nil
}

func inactive(u *model.User) stage.Refuse {
	return stage.Refuse{Err: model.Refuse(model.CodeDenied, "login.user_inactive", "The user is deactivated.").With("username", u.Username)}
}

// found makes the user the plan's. Whoever the run has authenticated before, by a password, a source or the link of a letter, was not this one.
func (d *driver) found(v *stage.Visit, u *model.User, typed string) {
	stage.SlotPendingUser.Set(v.Context, u)
	stage.SlotUserBackend.Clear(v.Context)
	stage.SlotAuthMethod.Clear(v.Context)
	stage.SlotAuthMethodArgs.Clear(v.Context)
	stage.SlotIsRestored.Clear(v.Context)
	stage.SlotPendingUserIdentifier.Clear(v.Context)
	if !d.ShowMatchedUser && typed != "" {
		stage.SlotPendingUserIdentifier.Set(v.Context, typed)
	}
}

func (d *driver) wrong(v *stage.Visit, typed, field, key string) (stage.Outcome, error) {
	return d.ask(v, typed, stage.Invalid(field, key))
}

func failed(v *stage.Visit, typed, cause string) *model.Event {
	return event.New(model.ActionLoginFailed, "authentik.stages.identification", v.Visitor, map[string]any{
		"username": typed, "cause": cause, "stage": v.Stage.Name,
	})
}
