package authenticatoremail

import (
	"cmp"
	"context"
	_ "embed"
	"strings"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-authenticator-email"

//go:embed authenticatoremail.html
var screen string

var (
	slotAddress = model.NewSlot[string]("goauthentik.io/stages/authenticator_email/address")
	slotSent    = model.NewSlot[device.Sent]("goauthentik.io/stages/authenticator_email/sent")
)

// Post sends letters. Package mail has it.
type Post interface {
	Queue(l mail.Letter)
}

// Kind describes the stage. The guard limits the codes that are sent.
func Kind(devices *device.Devices, post Post, sends stage.Guard) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "authenticator_email", Path: "authenticator/email", VerboseName: "Email Authenticator Setup Stage", VerboseNamePlural: "Email Authenticator Setup Stages",
		Component: "ak-stage-authenticator-email-form", MetaModelName: "authentik_stages_authenticator_email.authenticatoremailstage", Schema: "AuthenticatorEmailStage",
		Description: "Sets up a mailbox that gets codes.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, devices, post, sends}, nil })
}

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	// Email is where a code is on its way to, most of it hidden.
	Email         string `json:"email,omitempty"`
	EmailRequired bool   `json:"email_required"`
	// Address is what the page's field holds at first.
	Address string `json:"-"`
}

type driver struct {
	Config
	devices *device.Devices
	post    Post
	sends   stage.Guard
}

var (
	_ stage.Driver       = (*driver)(nil)
	_ stage.Screener     = (*driver)(nil)
	_ stage.Configurable = (*driver)(nil)
	_ stage.CodeSender   = (*driver)(nil)
)

// Configures says what people set up by this stage.
func (d *driver) Configures() stage.Configuration {
	return stage.Configuration{Flow: d.ConfigureFlow, Class: model.DeviceEmail, Name: d.FriendlyName}
}

// Screen is the page that asks for the address, then for the code.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter asks for the address, or for the code that was sent to it.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	u := stage.AuthenticatedUser(v)
	if u == nil {
		return stage.RefuseUnauthenticated(), nil
	}
	return stage.Ask{Challenge: d.challenge(v, u)}, nil
}

func (d *driver) challenge(v *stage.Visit, u *model.User) *Challenge {
	c := &Challenge{Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v)}
	address, ok := slotAddress.Get(v.Context)
	if !ok {
		c.EmailRequired, c.Address = true, u.Email
		return c
	}
	c.Email = device.MaskAddress(address)
	return c
}

// Submit takes the address and sends a code to it, or takes the code.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	u := stage.AuthenticatedUser(v)
	if u == nil {
		return stage.RefuseUnauthenticated(), nil
	}
	address, known := slotAddress.Get(v.Context)
	typed := strings.TrimSpace(a.String("email"))
	switch {
	case known && a.Bool("other"):
		slotAddress.Clear(v.Context)
		sent := slotSent.Value(v.Context)
		sent.Hash = ""
		slotSent.Set(v.Context, sent)
		return stage.Ask{Challenge: d.challenge(v, u)}, nil
	case known && a.Bool("resend"):
		return d.send(ctx, v, u, address)
	case typed != "" && a.Code("code", 6) == "":
		checked, err := mail.Address(typed)
		if err != nil {
			o := d.wrong(v, u, "email", "stage.mailbox.error.address")
			o.Challenge.(*Challenge).Address = typed
			return o, nil //nolint:nilerr // a slip of the pen
		}
		return d.send(ctx, v, u, checked)
	case known:
		return d.check(v, u, address, a.Code("code", 6))
	}
	return d.wrong(v, u, "email", "stage.mailbox.error.address"), nil
}

// send sends a code. The address is the run's from then on.
func (d *driver) send(ctx context.Context, v *stage.Visit, u *model.User, address string) (stage.Outcome, error) {
	last := slotSent.Value(v.Context)
	wait, more := last.Wait(v.Now)
	if !more {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "authenticator.sent_too_often", "Too many codes were sent.").With("sent", last.Times)}, nil
	}
	if wait > 0 {
		return d.wrong(v, u, "non_field_errors", "stage.code.error.wait"), nil
	}
	if err := d.sends.Begin(ctx, attempt.Try{What: "send", Person: attempt.User(u.ID), Visitor: v.Visitor}); err != nil {
		if again, ok := stage.TooMany(v, err, d.challenge(v, u), "non_field_errors", u.Username); ok {
			return again, nil
		}
		return nil, err
	}
	code, sent, err := d.devices.NewSent(last, address, d.good(), v.Now)
	if err != nil {
		return nil, err
	}
	if err := d.SendCode(ctx, v, address, code); err != nil {
		return nil, err
	}
	slotAddress.Set(v.Context, address)
	slotSent.Set(v.Context, sent)
	return stage.Ask{Challenge: d.challenge(v, u)}, nil
}

// SendsTo is the class of device that this stage's codes go to.
func (d *driver) SendsTo() model.DeviceClass { return model.DeviceEmail }

// SendCode sends a code to an address, once the request is done. What becomes of the letter is for package mail to tell.
func (d *driver) SendCode(_ context.Context, v *stage.Visit, address, code string) error {
	l := mail.Letter{
		To: address, Locale: v.Locale, Template: d.Template, Subject: d.Subject, Data: map[string]string{"code": code}, Good: d.good(),
		Brand: cmp.Or(v.Snapshot.Brand(v.Host).BrandingTitle, "Weimen"), Server: d.Server(),
	}
	if u := stage.SlotPendingUser.Value(v.Context); u != nil {
		l.Name = u.DisplayName()
	}
	if l.Subject == defaultSubject {
		l.Subject = ""
	}
	v.After(func(context.Context) { d.post.Queue(l) })
	return nil
}

func (d *driver) check(v *stage.Visit, u *model.User, address, code string) (stage.Outcome, error) {
	sent := slotSent.Value(v.Context)
	if !sent.Live(v.Now) {
		return d.wrong(v, u, "code", "stage.code.error.expired"), nil
	}
	after, ok, err := d.devices.Check(sent, address, code, v.Now)
	if err != nil {
		return nil, err
	}
	slotSent.Set(v.Context, after)
	if !ok {
		return d.wrong(v, u, "code", "stage.code.error.wrong"), nil
	}
	draft := d.devices.NewEmail(address, cmp.Or(d.FriendlyName, "E-mail"), v.Stage.ID)
	slotAddress.Clear(v.Context)
	v.Write(draft.Write(u))
	v.Record(draft.Event(v.Visitor, u))
	v.Tell("stage.mailbox.done", nil)
	return stage.Done{}, nil
}

func (d *driver) wrong(v *stage.Visit, u *model.User, field, key string) stage.Ask {
	return stage.Ask{Challenge: d.challenge(v, u), Errors: stage.Invalid(field, key)}
}
