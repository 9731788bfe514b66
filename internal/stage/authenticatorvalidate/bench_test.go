package authenticatorvalidate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/device/devicetest"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatorvalidate"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

// bench is the stage before ann, who has devices.
type bench struct {
	*stagetest.Bench
	devices *device.Devices
	ann     *model.User
	key     *devicetest.Authenticator
	secret  string
	codes   []string
	sent    []string // the codes that were sent
	broken  bool     // nothing can be sent
}

// SendsTo and SendCode make the bench what sends codes.
func (b *bench) SendsTo() model.DeviceClass { return model.DeviceSMS }

func (b *bench) SendCode(_ context.Context, _ *stage.Visit, target, code string) error {
	if b.broken {
		return errors.New("the service answered 500")
	}
	b.sent = append(b.sent, target+" "+code)
	return nil
}

func (b *bench) maker(h *flowtest.House) kind.Kind[stage.Driver] {
	b.devices = device.New(h.Store, h.Box)
	return authenticatorvalidate.Kind(authenticatorvalidate.Deps{
		Devices: b.devices, Guard: h.Guard, Sends: h.Sends,
		Sender:   func(*model.Snapshot, model.DeviceClass, model.StageID) (stage.CodeSender, error) { return b, nil },
		Describe: func(name string) kind.Info { return kind.Info{VerboseName: "The " + name, MetaModelName: "m." + name} },
	})
}

func open(t *testing.T, config string, classes ...model.DeviceClass) *bench {
	t.Helper()
	b := &bench{}
	b.Bench = stagetest.Open(t, b.maker, config)
	b.ann = b.User("ann", "")
	b.have(classes...)
	b.Authenticated(b.ann)
	stage.SlotAuthMethod.Set(b.Visit.Context, "password")
	return b
}

// have gives ann devices.
func (b *bench) have(classes ...model.DeviceClass) {
	b.T.Helper()
	for _, class := range classes {
		var draft *device.Draft
		var err error
		switch class {
		case model.DeviceTOTP:
			b.secret = device.NewTOTPSecret()
			before := b.Visit.Now.Add(-10 * time.Minute)
			draft, _ = b.devices.NewTOTP(b.secret, 6, devicetest.Code(b.T, b.secret, 6, before), "app", "totp-stage", before)
		case model.DeviceStatic:
			b.codes = device.NewPrinted(2, 12)
			draft, err = b.devices.NewStatic(b.codes, "codes", "static-stage")
		case model.DeviceWebAuthn:
			b.key = devicetest.New(b.T, flowtest.Origin)
			draft = b.register(b.key)
		case model.DeviceSMS:
			draft, err = b.devices.NewSMS("+8613812345678", false, "phone", "sms-stage")
		case model.DeviceEmail:
			draft = b.devices.NewEmail("ann@example.org", "mail", "email-stage")
		}
		if err != nil {
			b.T.Fatal(err)
		}
		if err := b.Store.InTx(b.T.Context(), draft.Write(b.ann)); err != nil {
			b.T.Fatal(err)
		}
	}
}

func (b *bench) register(a *devicetest.Authenticator) *device.Draft {
	b.T.Helper()
	r := device.Registration{Title: "L", UserVerification: "preferred", ResidentKey: "required"}
	begun, err := b.devices.BeginRegistration(b.Visit.Visitor, b.ann, nil, r)
	if err != nil {
		b.T.Fatal(err)
	}
	draft, err := b.devices.FinishRegistration(b.Visit.Visitor, b.ann, begun, r, a.Create(begun.Options), "key", "webauthn-stage")
	if err != nil {
		b.T.Fatal(err)
	}
	return draft
}

// code is what ann's app shows now.
func (b *bench) code() string { return devicetest.Code(b.T, b.secret, 6, b.Visit.Now) }

// challenge is what the stage shows.
func challenge(t *testing.T, o stage.Outcome) *authenticatorvalidate.Challenge {
	t.Helper()
	ask, ok := o.(stage.Ask)
	if !ok {
		t.Fatalf("it does not ask: %s", stagetest.Says(o))
	}
	return ask.Challenge.(*authenticatorvalidate.Challenge)
}

// classes lists the devices of a challenge.
func classes(c *authenticatorvalidate.Challenge) string {
	var out []string
	for _, d := range c.DeviceChallenges {
		out = append(out, string(d.Class))
	}
	return strings.Join(out, " ")
}

func (b *bench) commit() {
	b.T.Helper()
	if err := b.Commit(); err != nil {
		b.T.Fatal(err)
	}
}

const (
	asks        = "ask ak-stage-authenticator-validate"
	wrongCode   = asks + " !code stage.validate.error.code"
	wrongKey    = asks + " !webauthn stage.validate.error.passkey"
	everything  = `{"device_classes": ["static", "totp", "webauthn", "sms", "email"], "not_configured_action": "deny"}`
	configureTo = `{"device_classes": ["totp"], "not_configured_action": "configure", "configuration_stages": `
)

func all() []model.DeviceClass {
	return []model.DeviceClass{model.DeviceStatic, model.DeviceTOTP, model.DeviceWebAuthn, model.DeviceSMS, model.DeviceEmail}
}
