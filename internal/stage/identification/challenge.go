package identification

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	UserFields            []string `json:"user_fields"`
	PendingUserIdentifier string   `json:"pending_user_identifier,omitempty"`
	PasswordFields        bool     `json:"password_fields"`
	AllowShowPassword     bool     `json:"allow_show_password"`
	ApplicationPre        string   `json:"application_pre,omitempty"`
	ApplicationPreLaunch  string   `json:"application_pre_launch,omitempty"`
	FlowDesignation       string   `json:"flow_designation"`
	Captcha               *Captcha `json:"captcha_stage,omitempty"`
	EnrollURL             string   `json:"enroll_url,omitempty"`
	RecoveryURL           string   `json:"recovery_url,omitempty"`
	PasswordlessURL       string   `json:"passwordless_url,omitempty"`
	PrimaryAction         string   `json:"primary_action"`
	Sources               []Source `json:"sources"`
	ShowSourceLabels      bool     `json:"show_source_labels"`
	EnableRememberMe      bool     `json:"enable_remember_me"`
	// Passkey is the dictionary of navigator.credentials.get.
	Passkey json.RawMessage `json:"passkey_challenge,omitempty"`
}

var (
	_ stage.Scripted = (*Challenge)(nil)
	_ stage.OneWay   = (*Challenge)(nil)
	_ stage.Foreign  = (*Challenge)(nil)
)

// NeedsScript reports whether the page is less without one.
func (c *Challenge) NeedsScript() bool {
	return c.Captcha != nil || c.Passkey != nil || len(c.UserFields) > 0 && (c.EnableRememberMe || c.PasswordFields && c.AllowShowPassword)
}

// Origins are those that the captcha loads from.
func (c *Challenge) Origins() []string {
	if c.Captcha == nil {
		return nil
	}
	return c.Captcha.Origins()
}

// OnlyWay is where the one source begins, if there is nothing else.
func (c *Challenge) OnlyWay() string {
	if len(c.Sources) != 1 || len(c.UserFields) > 0 || c.PasswordlessURL != "" || c.Passkey != nil {
		return ""
	}
	return c.Sources[0].To()
}

// PasskeyOptions is the challenge to passkeys as text, for the page's script.
func (c *Challenge) PasskeyOptions() string { return string(c.Passkey) }

// Autocomplete is what the browser may fill the name in from.
func (c *Challenge) Autocomplete() string {
	if c.Passkey != nil {
		return "username webauthn"
	}
	return "username"
}

// Source is a source to sign in with.
type Source struct {
	Name      string          `json:"name"`
	IconURL   *string         `json:"icon_url"`
	Promoted  bool            `json:"promoted"`
	Challenge stage.Challenge `json:"challenge"`
	Slug      string          `json:"-"`
	Type      string          `json:"-"`
}

// To is where signing in with the source begins.
func (s Source) To() string {
	if to, ok := s.Challenge.(*stage.Redirect); ok {
		return to.To
	}
	return ""
}

// challenge is the login page, with what was typed before. A refusal says that the settings name what cannot be asked for.
func (d *driver) challenge(v *stage.Visit, typed string) (*Challenge, *stage.Refuse, error) {
	app := stage.SlotApplication.Value(v.Context)
	c := &Challenge{
		Base: stage.Base{Component: component}, UserFields: append([]string{}, d.UserFields...), PasswordFields: d.PasswordStage != nil,
		ApplicationPre: app.Name, ApplicationPreLaunch: app.LaunchURL, FlowDesignation: string(v.Flow.Designation), PrimaryAction: "Log in",
		EnrollURL: v.OtherFlow(d.EnrollmentFlow), RecoveryURL: v.OtherFlow(d.RecoveryFlow), PasswordlessURL: v.OtherFlow(d.PasswordlessFlow),
		Sources: d.sources(v), ShowSourceLabels: d.ShowSourceLabels, EnableRememberMe: d.EnableRememberMe,
		PendingUserIdentifier: cmp.Or(typed, v.Query.Get("login_hint")),
	}
	if v.Flow.Designation != model.DesignationAuthentication {
		c.PrimaryAction = "Continue"
	}
	if d.PasswordStage != nil {
		_, c.AllowShowPassword = d.password(v.Snapshot)
	}
	var refusal *stage.Refuse
	var err error
	if c.Captcha, refusal, err = d.showCaptcha(v); refusal != nil || err != nil {
		return nil, refusal, err
	}
	c.Passkey, err = d.showPasskey(v)
	return c, nil, err
}

// sources lists the enabled sources by name.
func (d *driver) sources(v *stage.Visit) []Source {
	out := []Source{}
	for _, id := range d.Sources {
		src := v.Snapshot.Sources[id]
		if src == nil || !src.Enabled {
			continue
		}
		b, ok := d.Buttons(v.Snapshot, src)
		if !ok {
			continue
		}
		query := stage.Carried(v.Query)
		if next := v.Query.Get("next"); next != "" {
			query.Set("next", next)
		}
		if v.SignedIn() {
			query.Set("reauthenticate", "true")
		}
		to := b.URL
		if len(query) > 0 {
			to += "?" + query.Encode()
		}
		item := Source{Name: src.Name, Promoted: src.Promoted, Challenge: stage.NewRedirect(to), Slug: src.Slug, Type: b.Type}
		if b.IconURL != "" {
			item.IconURL = &b.IconURL
		}
		out = append(out, item)
	}
	slices.SortStableFunc(out, func(a, b Source) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
