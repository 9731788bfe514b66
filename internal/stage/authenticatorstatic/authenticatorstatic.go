package authenticatorstatic

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-authenticator-static"

//go:embed authenticatorstatic.html
var screen string

// slotCodes are the codes that the run shows. The plan is sealed, and forgets them once they are taken.
var slotCodes = model.NewSlot[[]string]("goauthentik.io/stages/authenticator_static/codes")

// Config is the settings of the stage.
type Config struct {
	// The flow by which a signed-in person gets codes.
	ConfigureFlow *model.FlowID `json:"configure_flow" ref:"flow" form:",widget=where:designation=stage_configuration"`
	// What the new device is called. Empty: "Recovery codes".
	FriendlyName string `json:"friendly_name"`
	// How many codes there are.
	TokenCount int `json:"token_count"`
	// How many letters a code has. Fewer than 8 can be guessed.
	TokenLength int `json:"token_length"`
}

// The bounds of what can be asked for.
const (
	maxCount, maxLength = 50, 100
	minLength           = 8
)

// Defaults are the settings of a new stage.
func Defaults() Config { return Config{TokenCount: 6, TokenLength: 12} }

// Validate checks the numbers.
func (c Config) Validate() error {
	fields := map[string][]string{}
	if c.TokenCount < 1 || c.TokenCount > maxCount {
		fields["token_count"] = []string{"Choose between 1 and 50 codes."}
	}
	if c.TokenLength < minLength || c.TokenLength > maxLength {
		fields["token_length"] = []string{"Choose between 8 and 100 letters: shorter codes can be guessed."}
	}
	if len(fields) > 0 {
		return &model.Error{Code: model.CodeInvalid, Message: "The numbers are out of bounds.", Fields: fields}
	}
	return nil
}

// Kind describes the stage.
func Kind(devices *device.Devices) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "authenticator_static", Path: "authenticator/static", VerboseName: "Static Authenticator Setup Stage", VerboseNamePlural: "Static Authenticator Setup Stages",
		Component: "ak-stage-authenticator-static-form", MetaModelName: "authentik_stages_authenticator_static.authenticatorstaticstage", Schema: "AuthenticatorStaticStage",
		Description: "Gives a person codes to print, each of which signs in once.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, devices}, nil })
}

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	Codes []string `json:"codes"`
}

// Grouped are the codes as people read them.
func (c *Challenge) Grouped() []string {
	out := make([]string, len(c.Codes))
	for i, code := range c.Codes {
		var groups []string
		for part := range slices.Chunk([]byte(code), 4) {
			groups = append(groups, string(part))
		}
		out[i] = strings.Join(groups, "-")
	}
	return out
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
	return stage.Configuration{Flow: d.ConfigureFlow, Class: model.DeviceStatic, Name: d.FriendlyName}
}

// Screen is the page with the codes.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter shows the codes, the same until they are taken.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if stage.AuthenticatedUser(v) == nil {
		return stage.RefuseUnauthenticated(), nil
	}
	codes, ok := slotCodes.Get(v.Context)
	if !ok {
		codes = device.NewPrinted(d.TokenCount, d.TokenLength)
		slotCodes.Set(v.Context, codes)
	}
	return stage.Ask{Challenge: &Challenge{Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v), Codes: codes}}, nil
}

// Submit stores them: the person says that they are written down. Codes that were never shown are not stored.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	u := stage.AuthenticatedUser(v)
	codes, ok := slotCodes.Get(v.Context)
	if u == nil || !ok {
		return d.Enter(ctx, v)
	}
	draft, err := d.devices.NewStatic(codes, cmp.Or(d.FriendlyName, "Recovery codes"), v.Stage.ID)
	if err != nil {
		return nil, err
	}
	slotCodes.Clear(v.Context)
	v.Write(draft.Write(u))
	v.Record(draft.Event(v.Visitor, u))
	v.Tell("stage.static.done", nil)
	return stage.Done{}, nil
}
