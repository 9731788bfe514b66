package authenticatorwebauthn

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-authenticator-webauthn"

//go:embed authenticatorwebauthn.html
var screen string

var (
	// slotBegun is the challenge that waits for its answer.
	slotBegun = model.NewSlot[device.Begun]("goauthentik.io/stages/authenticator_webauthn/challenge")
	// slotFailures counts the answers of this run that were not accepted.
	slotFailures = model.NewSlot[int]("goauthentik.io/stages/authenticator_webauthn/failures")
)

// Kind describes the stage.
func Kind(devices *device.Devices) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "authenticator_webauthn", Path: "authenticator/webauthn", VerboseName: "WebAuthn Authenticator Setup Stage", VerboseNamePlural: "WebAuthn Authenticator Setup Stages",
		Component: "ak-stage-authenticator-webauthn-form", MetaModelName: "authentik_stages_authenticator_webauthn.authenticatorwebauthnstage", Schema: "AuthenticatorWebAuthnStage",
		Description: "Makes a passkey, or registers a security key.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, devices}, nil })
}

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	// Registration is the dictionary of navigator.credentials.create, as JSON.
	Registration json.RawMessage `json:"registration"`
}

// Options is the dictionary as text, for the page's script.
func (c *Challenge) Options() string { return string(c.Registration) }

type driver struct {
	Config
	devices *device.Devices
}

var (
	_ stage.Driver       = (*driver)(nil)
	_ stage.Screener     = (*driver)(nil)
	_ stage.Configurable = (*driver)(nil)
)

// Configures says what people set up by this stage.
func (d *driver) Configures() stage.Configuration {
	return stage.Configuration{Flow: d.ConfigureFlow, Class: model.DeviceWebAuthn, Name: d.FriendlyName}
}

// Screen is the page with the button.
func (d *driver) Screen() stage.Screen {
	return stage.Screen{Name: component, HTML: screen, Script: device.Script}
}

// Enter shows a challenge, the same until it is answered or has expired.
func (d *driver) Enter(ctx context.Context, v *stage.Visit) (stage.Outcome, error) {
	u := stage.AuthenticatedUser(v)
	if u == nil {
		return stage.RefuseUnauthenticated(), nil
	}
	if !device.Possible(v.Visitor) {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "authenticator.origin", "Passkeys need a public address with a name and https.").
			With("action", model.ActionConfigurationError).With("origin", v.Origin)}, nil
	}
	b, ok := slotBegun.Get(v.Context)
	if !ok || !b.Live(v.Now) {
		has, err := d.devices.Of(ctx, u)
		if err != nil {
			return nil, err
		}
		if b, err = d.devices.BeginRegistration(v.Visitor, u, has, d.registration(v)); err != nil {
			return nil, err
		}
		slotBegun.Set(v.Context, b)
	}
	return stage.Ask{Challenge: &Challenge{Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v), Registration: b.Options}}, nil
}

func (d *driver) registration(v *stage.Visit) device.Registration {
	r := device.Registration{
		Title: cmp.Or(v.Snapshot.Brand(v.Host).BrandingTitle, "Weimen"), UserVerification: d.UserVerification, ResidentKey: d.ResidentKeyRequirement, Models: d.DeviceTypeRestrictions,
	}
	if d.AuthenticatorAttachment != nil {
		r.Attachment = *d.AuthenticatorAttachment
	}
	return r
}

// Submit registers what the browser has made. The challenge is used up by any answer.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	u := stage.AuthenticatedUser(v)
	if u == nil || !device.Possible(v.Visitor) {
		return d.Enter(ctx, v)
	}
	b := slotBegun.Value(v.Context)
	slotBegun.Clear(v.Context)
	draft, err := d.devices.FinishRegistration(v.Visitor, u, b, d.registration(v), response(a), cmp.Or(d.FriendlyName, "Passkey"), v.Stage.ID)
	var refusal *model.Error
	if errors.As(err, &refusal) && refusal.Code == model.CodeDenied {
		return d.wrong(ctx, v, "stage.webauthn.error.model", refusal)
	}
	if detail, ok := device.IsWrong(err); ok {
		return d.wrong(ctx, v, "stage.webauthn.error.failed", errors.New(detail))
	}
	if err != nil {
		return nil, err
	}
	v.Write(draft.Write(u))
	v.Record(draft.Event(v.Visitor, u))
	v.Tell("stage.webauthn.done", nil)
	return stage.Done{}, nil
}

// response is the browser's answer: an object of a program, or the text that a page's form holds.
func response(a stage.Answer) string {
	if text := a.String("response"); text != "" {
		return text
	}
	return string(a["response"])
}

func (d *driver) wrong(ctx context.Context, v *stage.Visit, key string, cause error) (stage.Outcome, error) {
	failures := slotFailures.Value(v.Context) + 1
	slotFailures.Set(v.Context, failures)
	if d.MaxAttempts > 0 && failures >= d.MaxAttempts {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "authenticator.attempts", "Too many attempts to register a device.").
			With("attempts", failures).With("cause", cause.Error())}, nil
	}
	o, err := d.Enter(ctx, v)
	if ask, ok := o.(stage.Ask); ok && err == nil {
		ask.Errors = stage.Invalid("response", key)
		return ask, nil
	}
	return o, err
}
