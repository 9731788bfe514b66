package authenticatortotp

import (
	"cmp"
	"context"
	_ "embed"
	"html/template"
	"strings"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-authenticator-totp"

//go:embed authenticatortotp.html
var screen string

// slotSecret is the secret that the run has shown. The plan is sealed.
var slotSecret = model.NewSlot[string]("goauthentik.io/stages/authenticator_totp/secret")

// Kind describes the stage.
func Kind(devices *device.Devices) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "authenticator_totp", Path: "authenticator/totp", VerboseName: "TOTP Authenticator Setup Stage", VerboseNamePlural: "TOTP Authenticator Setup Stages",
		Component: "ak-stage-authenticator-totp-form", MetaModelName: "authentik_stages_authenticator_totp.authenticatortotpstage", Schema: "AuthenticatorTOTPStage",
		Description: "Sets up an app on a phone that shows a new code every half minute.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, devices}, nil })
}

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	// ConfigURL is what an app takes over: an otpauth URI.
	ConfigURL string `json:"config_url"`
	// Secret is the key in it, for people to type.
	Secret string `json:"-"`
}

// Picture is the QR code of the address.
func (c *Challenge) Picture() (template.HTML, error) { return picture(c.ConfigURL) }

// AppURL opens the app on this very device.
func (c *Challenge) AppURL() template.URL { return template.URL(c.ConfigURL) } //nolint:gosec // made by us, of the scheme otpauth

// Key is the secret in groups of four, for people to type.
func (c *Challenge) Key() string {
	var groups []string
	for rest := c.Secret; rest != ""; {
		n := min(4, len(rest))
		groups, rest = append(groups, rest[:n]), rest[n:]
	}
	return strings.Join(groups, " ")
}

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
	return stage.Configuration{Flow: d.ConfigureFlow, Class: model.DeviceTOTP, Name: d.FriendlyName}
}

// Screen is the page with the picture.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter shows a secret, the same until it is taken.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	u := stage.AuthenticatedUser(v)
	if u == nil {
		return stage.RefuseUnauthenticated(), nil
	}
	return stage.Ask{Challenge: d.challenge(v, u)}, nil
}

func (d *driver) challenge(v *stage.Visit, u *model.User) *Challenge {
	secret, ok := slotSecret.Get(v.Context)
	if !ok {
		secret = device.NewTOTPSecret()
		slotSecret.Set(v.Context, secret)
	}
	title := cmp.Or(v.Snapshot.Brand(v.Host).BrandingTitle, "Weimen")
	return &Challenge{
		Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v), ConfigURL: device.TOTPURL(secret, d.digits(), title, u.Username), Secret: secret,
	}
}

// Submit takes the secret if a code shows that the app has it.
func (d *driver) Submit(_ context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	u := stage.AuthenticatedUser(v)
	if u == nil {
		return stage.RefuseUnauthenticated(), nil
	}
	c := d.challenge(v, u)
	draft, ok := d.devices.NewTOTP(c.Secret, d.digits(), a.Code("code", d.digits()), cmp.Or(d.FriendlyName, "Authenticator app"), v.Stage.ID, v.Now)
	if !ok {
		return stage.Ask{Challenge: c, Errors: stage.Invalid("code", "stage.totp.error.wrong")}, nil
	}
	slotSecret.Clear(v.Context)
	v.Write(draft.Write(u))
	v.Record(draft.Event(v.Visitor, u))
	v.Tell("stage.totp.done", nil)
	return stage.Done{}, nil
}
