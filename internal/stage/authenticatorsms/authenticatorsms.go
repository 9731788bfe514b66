package authenticatorsms

import (
	"cmp"
	"context"
	_ "embed"
	"net/http"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const (
	component = "ak-stage-authenticator-sms"
	// lifetime is how long a code can be answered.
	lifetime = 5 * time.Minute
)

//go:embed authenticatorsms.html
var screen string

var (
	slotNumber = model.NewSlot[string]("goauthentik.io/stages/authenticator_sms/number")
	slotSent   = model.NewSlot[device.Sent]("goauthentik.io/stages/authenticator_sms/sent")
)

// Deps is what the stage needs.
type Deps struct {
	Devices *device.Devices
	// Sends limits the codes that are sent.
	Sends stage.Guard
	// Client calls the service that sends.
	Client *http.Client
	// Text gives a text of the message catalogue.
	Text func(locale, key string, args map[string]string) string
}

// Kind describes the stage.
func Kind(d Deps) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "authenticator_sms", Path: "authenticator/sms", VerboseName: "SMS Authenticator Setup Stage", VerboseNamePlural: "SMS Authenticator Setup Stages",
		Component: "ak-stage-authenticator-sms-form", MetaModelName: "authentik_stages_authenticator_sms.authenticatorsmsstage", Schema: "AuthenticatorSMSStage",
		Description: "Sets up a telephone that gets codes by text message.",
	}, Defaults(), func(c Config) (stage.Driver, error) {
		return &driver{Config: c, devices: d.Devices, sends: d.Sends, client: d.Client, text: d.Text}, nil
	})
}

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	PhoneNumberRequired bool `json:"phone_number_required"`
	// Number is what was typed; Hint is the number that a code is on its way to.
	Number string `json:"-"`
	Hint   string `json:"-"`
}

type driver struct {
	Config
	devices *device.Devices
	sends   stage.Guard
	client  *http.Client
	text    func(locale, key string, args map[string]string) string
}

var (
	_ stage.Driver       = (*driver)(nil)
	_ stage.Screener     = (*driver)(nil)
	_ stage.Configurable = (*driver)(nil)
)

// Configures says what people set up by this stage.
func (d *driver) Configures() stage.Configuration {
	return stage.Configuration{Flow: d.ConfigureFlow, Class: model.DeviceSMS, Name: d.FriendlyName}
}

// Screen is the page that asks for the number, then for the code.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter asks for the number, or for the code that was sent to it.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if stage.AuthenticatedUser(v) == nil {
		return stage.RefuseUnauthenticated(), nil
	}
	return stage.Ask{Challenge: d.challenge(v)}, nil
}

func (d *driver) challenge(v *stage.Visit) *Challenge {
	c := &Challenge{Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v)}
	number, ok := slotNumber.Get(v.Context)
	if !ok {
		known, _ := stage.SlotPromptData.Value(v.Context)["phone"].(string)
		c.PhoneNumberRequired, c.Number = true, known
		return c
	}
	c.Hint = device.MaskNumber(number)
	return c
}

// Submit takes the number and sends a code to it, or takes the code.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	u := stage.AuthenticatedUser(v)
	if u == nil {
		return stage.RefuseUnauthenticated(), nil
	}
	number, known := slotNumber.Get(v.Context)
	switch {
	case known && a.Bool("other"):
		slotNumber.Clear(v.Context)
		d.forget(v)
		return stage.Ask{Challenge: d.challenge(v)}, nil
	case known && a.Bool("resend"):
		return d.send(ctx, v, u, number)
	case a.String("phone_number") != "" && a.Code("code", 6) == "":
		return d.take(ctx, v, u, a.String("phone_number"))
	case known:
		return d.check(v, u, number, a.Code("code", 6))
	}
	return d.wrong(v, "phone_number", "stage.sms.error.number"), nil
}

// forget takes the code back that is out, but not how many were sent.
func (d *driver) forget(v *stage.Visit) {
	sent := slotSent.Value(v.Context)
	sent.Hash = ""
	slotSent.Set(v.Context, sent)
}

func (d *driver) take(ctx context.Context, v *stage.Visit, u *model.User, typed string) (stage.Outcome, error) {
	number, ok := device.Number(typed)
	key := "stage.sms.error.number"
	if ok {
		taken, err := d.devices.NumberTaken(ctx, number)
		if err != nil {
			return nil, err
		}
		if ok = !taken; taken {
			key = "stage.sms.error.taken"
		}
	}
	if !ok {
		o := d.wrong(v, "phone_number", key)
		o.Challenge.(*Challenge).Number = typed
		return o, nil
	}
	return d.send(ctx, v, u, number)
}

// send sends a code. The number is the run's from then on.
func (d *driver) send(ctx context.Context, v *stage.Visit, u *model.User, number string) (stage.Outcome, error) {
	last := slotSent.Value(v.Context)
	wait, more := last.Wait(v.Now)
	if !more {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "authenticator.sent_too_often", "Too many codes were sent.").With("sent", last.Times)}, nil
	}
	if wait > 0 {
		return d.wrong(v, "non_field_errors", "stage.code.error.wait"), nil
	}
	if err := d.sends.Begin(ctx, attempt.Try{What: "send", Person: attempt.User(u.ID), Visitor: v.Visitor}); err != nil {
		if again, ok := stage.TooMany(v, err, d.challenge(v), "non_field_errors", u.Username); ok {
			return again, nil
		}
		return nil, err
	}
	code, sent, err := d.devices.NewSent(last, number, lifetime, v.Now)
	if err != nil {
		return nil, err
	}
	if err := d.SendCode(ctx, v, number, code); err != nil {
		v.Record(event.New(model.ActionConfigurationError, "authentik.stages.authenticator_sms", v.Visitor, map[string]any{"message": err.Error(), "stage": v.Stage.Name}))
		sent.Hash = ""
		slotSent.Set(v.Context, sent)
		return d.wrong(v, "non_field_errors", "stage.sms.error.send"), nil //nolint:nilerr // the person can try again, and the administrator is told
	}
	slotNumber.Set(v.Context, number)
	slotSent.Set(v.Context, sent)
	return stage.Ask{Challenge: d.challenge(v)}, nil
}

func (d *driver) check(v *stage.Visit, u *model.User, number, code string) (stage.Outcome, error) {
	sent := slotSent.Value(v.Context)
	if !sent.Live(v.Now) {
		return d.wrong(v, "code", "stage.code.error.expired"), nil
	}
	after, ok, err := d.devices.Check(sent, number, code, v.Now)
	if err != nil {
		return nil, err
	}
	slotSent.Set(v.Context, after)
	if !ok {
		return d.wrong(v, "code", "stage.code.error.wrong"), nil
	}
	draft, err := d.devices.NewSMS(number, d.VerifyOnly, cmp.Or(d.FriendlyName, "Text message"), v.Stage.ID)
	if err != nil {
		return nil, err
	}
	slotNumber.Clear(v.Context)
	v.Write(draft.Write(u))
	v.Record(draft.Event(v.Visitor, u))
	v.Tell("stage.sms.done", nil)
	return stage.Done{}, nil
}

func (d *driver) wrong(v *stage.Visit, field, key string) stage.Ask {
	return stage.Ask{Challenge: d.challenge(v), Errors: stage.Invalid(field, key)}
}
