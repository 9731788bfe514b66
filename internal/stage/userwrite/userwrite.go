package userwrite

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Config is the settings of a user write stage.
type Config struct {
	// Whether a new user is made: never, where there is none yet, or always.
	UserCreationMode string `json:"user_creation_mode" enum:"never_create create_when_required always_create"`
	// New users must be activated before they can sign in.
	CreateUsersAsInactive bool `json:"create_users_as_inactive"`
	// A group that new users are put into.
	CreateUsersGroup *model.GroupID `json:"create_users_group" ref:"group"`
	// Where new users are put, unless a source says otherwise.
	UserPathTemplate string `json:"user_path_template" form:"advanced"`
	// The type of new users.
	UserType model.UserType `json:"user_type" enum:"internal external service_account internal_service_account" form:"advanced"`
}

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{UserCreationMode: "create_when_required", UserType: model.UserExternal}
}

// Users writes users. Package store has it.
type Users interface {
	stage.Invitations
	InsertUser(ctx context.Context, u *model.User) error
	UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error)
	AddUserToGroup(ctx context.Context, group model.GroupID, user model.UserID) error
	Group(ctx context.Context, id model.GroupID) (*model.Group, error)
	GroupByName(ctx context.Context, name string) (*model.Group, error)
	RevokeUserTokens(ctx context.Context, user model.UserID, now time.Time) error
}

// Passwords makes password hashes. Package user has it.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
}

// Sessions ends sessions. Package session has it.
type Sessions interface {
	EndAll(ctx context.Context, user model.UserID, except model.SessionID) (int, error)
}

// Kind describes the stage.
func Kind(u Users, p Passwords, s Sessions) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "user_write", VerboseName: "User Write Stage", VerboseNamePlural: "User Write Stages",
		Component: "ak-stage-user-write-form", MetaModelName: "authentik_stages_user_write.userwritestage",
		Description: "Makes a user of what was collected, or changes the present one.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, u, p, s}, nil })
}

type driver struct {
	Config
	users     Users
	passwords Passwords
	sessions  Sessions
}

var _ stage.Driver = (*driver)(nil)

// Enter writes.
func (d *driver) Enter(ctx context.Context, v *stage.Visit) (stage.Outcome, error) {
	data, ok := stage.SlotPromptData.Get(v.Context)
	if !ok || len(data) == 0 {
		refusal := refuse(model.CodeInvalid, "flow.misconfigured", "No Pending data.")
		refusal.Err = refusal.Err.With("action", model.ActionConfigurationError)
		return refusal, nil
	}
	u, created := d.target(v)
	if u == nil {
		return refuse(model.CodeInvalid, "flow.denied", "No user found and can't create new user."), nil
	}
	if !created && stage.AuthenticatedUser(v) == nil {
		refusal := refuse(model.CodeInvalid, "flow.misconfigured", "The flow would change somebody who was only named.")
		refusal.Err = refusal.Err.With("action", model.ActionConfigurationError)
		return refusal, nil
	}
	hash, err := d.password(ctx, data)
	if err != nil {
		var e *model.Error
		if errors.As(err, &e) && e.Code == model.CodeInvalid {
			return refuse(model.CodeInvalid, "flow.invalid", e.Error()), nil
		}
		return nil, err
	}
	groups, err := d.groups(ctx, v, created)
	if err != nil {
		return nil, err
	}
	changes := plan(data)
	changes.created, changes.source = created, stage.SlotSource.Value(v.Context).Name
	changes.verified = stage.SlotEmailVerified.Value(v.Context)
	if hash != "" {
		changes.password, changes.at = hash, v.Now.UTC()
	}
	before := u.Locale()
	u = copied(u)
	changes.apply(u)
	if refusal := unusable(u); refusal != nil {
		return *refusal, nil
	}
	stage.SlotPromptData.Set(v.Context, forget(data))
	stage.SlotPendingUser.Set(v.Context, u)
	if created && !u.IsActive {
		stage.SlotAwaitsActivation.Set(v.Context, true)
	}
	if v.SignedIn() && v.User.ID == u.ID && u.Locale() != "" && u.Locale() != before {
		v.Speak(u.Locale())
	}
	d.write(v, u, changes, groups)
	if v.Flow.Designation == model.DesignationStageConfiguration && !created {
		v.Tell(said(changes), nil)
	}
	return stage.Done{}, nil
}

// Submit asks for nothing, so nothing is submitted to it.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}

// said is what people are told who changed something of themselves.
func said(c changes) string {
	if c.password != "" {
		return "stage.user_write.password"
	}
	return "stage.user_write.saved"
}

// target is the user to write: the pending one, else who is signed in, else a new one if the mode allows.
func (d *driver) target(v *stage.Visit) (u *model.User, created bool) {
	if d.UserCreationMode != "always_create" {
		if u := stage.SlotPendingUser.Value(v.Context); u != nil && u.ID != 0 {
			return u, false
		}
		if v.SignedIn() {
			return v.User, false
		}
	}
	if d.UserCreationMode == "never_create" {
		return nil, false
	}
	u = &model.User{IsActive: !d.CreateUsersAsInactive, Type: d.UserType, Path: "users", Attributes: map[string]any{}}
	if d.UserPathTemplate != "" {
		u.Path = d.UserPathTemplate
	}
	if path, ok := stage.SlotUserPath.Get(v.Context); ok && path != "" {
		u.Path = path
	}
	if t, ok := stage.SlotUserType.Get(v.Context); ok && t != "" {
		u.Type = t
	}
	if _, ok := stage.SlotUserBackend.Get(v.Context); !ok {
		stage.SlotUserBackend.Set(v.Context, "authentik.core.auth.InbuiltBackend")
	}
	return u, true
}

// password makes the hash of the password that was collected, "" if none was.
func (d *driver) password(ctx context.Context, data map[string]any) (string, error) {
	clear, ok := data["password"].(string)
	if !ok || clear == "" {
		return "", nil
	}
	return d.passwords.Hash(ctx, clear)
}

// groups are those that the user is put into: the stage's where it makes the user, and the run's, by id or name. One that is gone is recorded and passed over.
func (d *driver) groups(ctx context.Context, v *stage.Visit, created bool) ([]model.GroupID, error) {
	var wanted []string
	if created && d.CreateUsersGroup != nil {
		wanted = append(wanted, string(*d.CreateUsersGroup))
	}
	wanted = append(wanted, stage.SlotGroups.Value(v.Context)...)
	var out []model.GroupID
	for _, name := range wanted {
		g, err := d.group(ctx, name)
		if errors.Is(err, model.ErrNotFound) {
			v.Record(event.New(model.ActionConfigurationWarning, "authentik.stages.user_write", v.Visitor, map[string]any{
				"group": name, "message": "The group that users are to be put into does not exist.",
			}))
			continue
		}
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, g.ID) {
			out = append(out, g.ID)
		}
	}
	return out, nil
}

func (d *driver) group(ctx context.Context, name string) (*model.Group, error) {
	if _, err := uuid.Parse(name); err == nil {
		g, err := d.users.Group(ctx, model.GroupID(name))
		if !errors.Is(err, model.ErrNotFound) {
			return g, err
		}
	}
	return d.users.GroupByName(ctx, name)
}

// The longest names that are kept, in characters.
const (
	maxUsername = 150
	maxEmail    = 254
)

// unusable refuses names that nobody can have.
func unusable(u *model.User) *stage.Refuse {
	var r stage.Refuse
	switch {
	case strings.TrimSpace(u.Username) == "":
		r = refuse(model.CodeInvalid, "flow.username_missing", "Aborting write to empty username")
	case utf8.RuneCountInString(u.Username) > maxUsername, utf8.RuneCountInString(u.Email) > maxEmail, strings.ContainsRune(u.Username+u.Email+u.Name+u.Path, 0):
		r = refuse(model.CodeInvalid, "flow.invalid", "A name is too long, or holds what cannot be kept.")
	default:
		return nil
	}
	return &r
}

// forget gives what was collected without the clear password, which leaves the plan.
func forget(data map[string]any) map[string]any {
	out := maps.Clone(data)
	delete(out, "password")
	delete(out, "password_repeat")
	return out
}

// write hands the writing to the executor.
func (d *driver) write(v *stage.Visit, u *model.User, changes changes, groups []model.GroupID) {
	keep := present(v, u)
	v.Write(func(ctx context.Context) error {
		if err := d.save(ctx, u, changes); err != nil {
			return taken(err, changes.source)
		}
		for _, id := range groups {
			if err := d.users.AddUserToGroup(ctx, id, u.ID); err != nil {
				return err
			}
		}
		if changes.created || changes.password == "" {
			return nil
		}
		// Whoever knew the old password, or came in by a session that it made, must not stay.
		if _, err := d.sessions.EndAll(ctx, u.ID, keep); err != nil {
			return err
		}
		return d.users.RevokeUserTokens(ctx, u.ID, v.Now.UTC())
	})
	if changes.created {
		stage.UseInvitation(v, d.users)
	}
	written := event.New(model.ActionUserWrite, "authentik.stages.user_write", v.Visitor, map[string]any{
		"created": changes.created, "username": u.Username, "path": u.Path,
	})
	if changes.created {
		written.Tally = model.TallyEnrolled
		written.Source = stage.SlotSource.Value(v.Context).Slug
	}
	v.Record(written)
	if changes.password != "" && !changes.created {
		v.Record(event.New(model.ActionPasswordSet, "authentik.stages.user_write", v.Visitor, map[string]any{
			"user": map[string]any{"pk": int64(u.ID), "username": u.Username, "email": u.Email},
		}))
	}
}

// present is the session that is kept when a password changes: the one in which people change their own.
func present(v *stage.Visit, u *model.User) model.SessionID {
	if v.SignedIn() && u.ID != 0 && v.User.ID == u.ID {
		return v.Session.ID
	}
	return ""
}

// save writes the user's row. What has changed elsewhere meanwhile stays.
func (d *driver) save(ctx context.Context, u *model.User, changes changes) error {
	if changes.created {
		return d.users.InsertUser(ctx, u)
	}
	fresh, err := d.users.UpdateUser(ctx, u.ID, func(stored *model.User) error {
		changes.apply(stored)
		return nil
	})
	if err != nil {
		return err
	}
	*u = *fresh
	return nil
}

// taken tells people that their name is another's.
func taken(err error, source string) error {
	if !errors.Is(err, model.ErrConflict) {
		return err
	}
	reason := "flow.username_taken"
	if source != "" {
		reason = "source.username_taken"
	}
	refusal := model.Refuse(model.CodeConflict, reason, "Failed to update user. Please try again later.").Because(err)
	if source != "" {
		refusal.Args = map[string]string{"source": source}
	}
	return refusal
}

func refuse(code model.Code, reason, message string) stage.Refuse {
	return stage.Refuse{Err: model.Refuse(code, reason, message)}
}
