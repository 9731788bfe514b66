package consent

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-consent"

//go:embed consent.html
var screen string

// slotToken ties an answer to the question that was shown.
var slotToken = model.NewSlot[string]("goauthentik.io/stages/consent/token")

// Config is the settings of a consent stage.
type Config struct {
	// Ask each time, once for all, or again after some time.
	Mode string `json:"mode" enum:"always_require permanent expiring"`
	// How long a consent lasts where it expires.
	ConsentExpireIn model.Duration `json:"consent_expire_in"`
}

// Defaults are the settings of a new stage.
func Defaults() Config { return Config{Mode: "always_require", ConsentExpireIn: "weeks=4"} }

// Store keeps consents. Package store has it.
type Store interface {
	Consent(ctx context.Context, user model.UserID, app model.ApplicationID) (*model.Consent, error)
	SaveConsent(ctx context.Context, c *model.Consent) error
}

// Kind describes the stage.
func Kind(s Store, now func() time.Time) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "consent", VerboseName: "Consent Stage", VerboseNamePlural: "Consent Stages",
		Component: "ak-stage-consent-form", MetaModelName: "authentik_stages_consent.consentstage",
		Description: "Asks the person to allow an application what it wants to know.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return New(c, s, now), nil })
}

// New opens a stage outside of the configuration: a provider appends one where consent is needed and the flow has none.
func New(c Config, s Store, now func() time.Time) stage.Driver { return &driver{c, s, now} }

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	HeaderText            string             `json:"header_text"`
	Permissions           []stage.Permission `json:"permissions"`
	AdditionalPermissions []stage.Permission `json:"additional_permissions"`
	Token                 string             `json:"token"`
}

type driver struct {
	Config
	store Store
	now   func() time.Time
}

var (
	_ stage.Driver    = (*driver)(nil)
	_ stage.Screener  = (*driver)(nil)
	_ stage.Consenter = (*driver)(nil)
)

// AsksConsent says that this is a stage for consent.
func (d *driver) AsksConsent() {}

// Screen is the consent page.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter asks, unless the person has allowed all of it before.
func (d *driver) Enter(ctx context.Context, v *stage.Visit) (stage.Outcome, error) {
	wanted := stage.SlotConsentPermissions.Value(v.Context)
	app, hasApp := stage.SlotApplication.Get(v.Context)
	u := stage.SlotPendingUser.Value(v.Context)
	var granted []string
	if hasApp && u != nil && d.Mode != "always_require" {
		c, err := d.store.Consent(ctx, u.ID, app.ID)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return nil, err
		}
		if c != nil && (c.Expires == nil || d.now().Before(*c.Expires)) {
			granted = c.Permissions
			if covers(granted, wanted) && !stage.SlotConsentAgain.Value(v.Context) {
				return stage.Done{}, nil
			}
		}
	}
	return stage.Ask{Challenge: d.challenge(v, wanted, granted)}, nil
}

func (d *driver) challenge(v *stage.Visit, wanted []stage.Permission, granted []string) *Challenge {
	token, ok := slotToken.Get(v.Context)
	if !ok {
		var raw [16]byte
		_, _ = rand.Read(raw[:]) // never fails, see crypto/rand
		token = hex.EncodeToString(raw[:])
		slotToken.Set(v.Context, token)
	}
	c := &Challenge{
		Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v), HeaderText: stage.SlotConsentHeader.Value(v.Context),
		Permissions: []stage.Permission{}, AdditionalPermissions: []stage.Permission{}, Token: token,
	}
	for _, p := range wanted {
		if len(granted) > 0 && !slices.Contains(granted, p.ID) {
			c.AdditionalPermissions = append(c.AdditionalPermissions, p)
		} else {
			c.Permissions = append(c.Permissions, p)
		}
	}
	return c
}

// Submit takes the answer: the token of the question, or a refusal.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	token := slotToken.Value(v.Context)
	if token == "" || subtle.ConstantTimeCompare([]byte(token), []byte(a.String("token"))) != 1 {
		o, err := d.Enter(ctx, v)
		if ask, ok := o.(stage.Ask); ok {
			ask.Errors = stage.Invalid("token", "stage.consent.error.token")
			return ask, err
		}
		return o, err
	}
	if a.Bool("deny") {
		if to, ok := stage.SlotConsentDenied.Get(v.Context); ok && to != "" {
			return stage.Leave{URL: to}, nil
		}
		return stage.Refuse{Err: model.Refuse(model.CodeDenied, "flow.consent_denied", "The person did not allow it.")}, nil
	}
	slotToken.Clear(v.Context)
	d.remember(v)
	return stage.Done{}, nil
}

func covers(granted []string, wanted []stage.Permission) bool {
	return !slices.ContainsFunc(wanted, func(p stage.Permission) bool { return !slices.Contains(granted, p.ID) })
}

func (d *driver) remember(v *stage.Visit) {
	app, hasApp := stage.SlotApplication.Get(v.Context)
	u := stage.SlotPendingUser.Value(v.Context)
	if !hasApp || u == nil || d.Mode == "always_require" {
		return
	}
	c := &model.Consent{User: u.ID, Application: app.ID}
	for _, p := range stage.SlotConsentPermissions.Value(v.Context) {
		c.Permissions = append(c.Permissions, p.ID)
	}
	if d.Mode == "expiring" {
		until := d.now().Add(d.ConsentExpireIn.Or(28 * 24 * time.Hour)).UTC()
		c.Expires, c.Expiring = &until, true
	}
	v.Write(func(ctx context.Context) error { return d.store.SaveConsent(ctx, c) })
}
