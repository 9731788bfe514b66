package identification

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-identification"

//go:embed identification.html
var screen string

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
}

// Kind describes the stage.
func Kind(d Deps) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "identification", VerboseName: "Identification Stage", VerboseNamePlural: "Identification Stages",
		Component: "ak-stage-identification-form", MetaModelName: "authentik_stages_identification.identificationstage",
		Description: "Asks who someone is, by name or by a source to sign in with.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{Config: c, Deps: d}, nil })
}

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
	EnrollURL             string   `json:"enroll_url,omitempty"`
	RecoveryURL           string   `json:"recovery_url,omitempty"`
	PasswordlessURL       string   `json:"passwordless_url,omitempty"`
	PrimaryAction         string   `json:"primary_action"`
	Sources               []Source `json:"sources"`
	ShowSourceLabels      bool     `json:"show_source_labels"`
	EnableRememberMe      bool     `json:"enable_remember_me"`
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

type driver struct {
	Config
	Deps
}

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
	_ stage.Entrance = (*driver)(nil)
)

// Screen is the login page.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter shows the login page.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	return stage.Ask{Challenge: d.challenge(v)}, nil
}

func (d *driver) challenge(v *stage.Visit) *Challenge {
	app := stage.SlotApplication.Value(v.Context)
	c := &Challenge{
		Base: stage.Base{Component: component}, UserFields: append([]string{}, d.UserFields...), PasswordFields: d.PasswordStage != nil,
		ApplicationPre: app.Name, ApplicationPreLaunch: app.LaunchURL, FlowDesignation: string(v.Flow.Designation), PrimaryAction: "Log in",
		EnrollURL: link(v, d.EnrollmentFlow), RecoveryURL: link(v, d.RecoveryFlow), PasswordlessURL: link(v, d.PasswordlessFlow),
		Sources: d.sources(v), ShowSourceLabels: d.ShowSourceLabels, EnableRememberMe: d.EnableRememberMe,
		PendingUserIdentifier: v.Query.Get("login_hint"),
	}
	if v.Flow.Designation != model.DesignationAuthentication {
		c.PrimaryAction = "Continue"
	}
	if d.PasswordStage != nil {
		_, c.AllowShowPassword = d.password(v.Snapshot)
	}
	return c
}

// link leads to another flow and keeps the query, with it where the person wanted to go.
func link(v *stage.Visit, id *model.FlowID) string {
	if id == nil || v.Snapshot.Flows[*id] == nil {
		return ""
	}
	to := "/if/flow/" + url.PathEscape(v.Snapshot.Flows[*id].Slug) + "/"
	query := url.Values{}
	for name, values := range v.Query {
		if name != "run" {
			query[name] = values
		}
	}
	if q := query.Encode(); q != "" {
		to += "?" + q
	}
	return to
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

// Opens tells what the stage is a way in for.
func (d *driver) Opens(s *model.Snapshot) stage.Ways {
	w := stage.Ways{Names: len(d.UserFields) > 0, Sources: d.Sources}
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

// Submit finds the user.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	typed := strings.TrimSpace(a.String("uid_field"))
	if typed == "" || len(d.UserFields) == 0 {
		return d.wrong(v, "", "uid_field", "stage.identification.error.missing"), nil
	}
	if len(typed) > 254 || strings.ContainsRune(typed, 0) {
		return d.wrong(v, "", "uid_field", "stage.identification.error.failed"), nil
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
			return d.wrong(v, typed, "uid_field", "stage.identification.error.failed"), nil
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
		if again, ok := stage.TooMany(v, err, d.challengeFor(v, typed), "non_field_errors", typed); ok {
			return again, nil
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
		return d.wrong(v, typed, "non_field_errors", "stage.identification.error.failed"), nil
	}
	if !u.IsActive {
		return stage.Refuse{Err: model.Refuse(model.CodeDenied, "login.user_inactive", "The user is deactivated.").With("username", u.Username)}, nil
	}
	if err := d.Guard.Succeeded(ctx, try); err != nil {
		return nil, err
	}
	d.found(v, u, typed)
	stage.SlotUserBackend.Set(v.Context, backend)
	stage.SlotAuthMethod.Set(v.Context, method)
	return stage.Done{}, nil
}

// found makes the user the plan's. Whoever the run has authenticated before, by a password or a source, was not this one.
func (d *driver) found(v *stage.Visit, u *model.User, typed string) {
	stage.SlotPendingUser.Set(v.Context, u)
	stage.SlotUserBackend.Clear(v.Context)
	stage.SlotAuthMethod.Clear(v.Context)
	stage.SlotPendingUserIdentifier.Clear(v.Context)
	if !d.ShowMatchedUser {
		stage.SlotPendingUserIdentifier.Set(v.Context, typed)
	}
}

func (d *driver) wrong(v *stage.Visit, typed, field, key string) stage.Outcome {
	return stage.Ask{Challenge: d.challengeFor(v, typed), Errors: stage.Invalid(field, key)}
}

// challengeFor is the challenge with what was typed before.
func (d *driver) challengeFor(v *stage.Visit, typed string) *Challenge {
	c := d.challenge(v)
	if typed != "" {
		c.PendingUserIdentifier = typed
	}
	return c
}

func failed(v *stage.Visit, typed, cause string) *model.Event {
	return event.New(model.ActionLoginFailed, "authentik.stages.identification", v.Visitor, map[string]any{
		"username": typed, "cause": cause, "stage": v.Stage.Name,
	})
}
