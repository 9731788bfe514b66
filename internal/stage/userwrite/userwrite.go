package userwrite

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

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
	UserPathTemplate string `json:"user_path_template"`
	// The type of new users.
	UserType model.UserType `json:"user_type" enum:"internal external service_account internal_service_account"`
}

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{UserCreationMode: "create_when_required", UserType: model.UserExternal}
}

// Users writes users. Package store has it.
type Users interface {
	InsertUser(ctx context.Context, u *model.User) error
	UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error)
	AddUserToGroup(ctx context.Context, group model.GroupID, user model.UserID) error
}

// Passwords makes password hashes. Package user has it.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
}

// Kind describes the stage.
func Kind(u Users, p Passwords) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "user_write", VerboseName: "User Write Stage", VerboseNamePlural: "User Write Stages",
		Component: "ak-stage-user-write-form", MetaModelName: "authentik_stages_user_write.userwritestage",
		Description: "Makes a user of what was collected, or changes the present one.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{c, u, p}, nil })
}

type driver struct {
	Config
	users     Users
	passwords Passwords
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
	hash, err := d.password(ctx, data)
	if err != nil {
		var e *model.Error
		if errors.As(err, &e) && e.Code == model.CodeInvalid {
			return refuse(model.CodeInvalid, "flow.invalid", e.Error()), nil
		}
		return nil, err
	}
	stage.SlotPromptData.Set(v.Context, forget(data))
	changes := plan(data)
	if hash != "" {
		changes.password, changes.at = hash, v.Now.UTC()
	}
	changes.apply(u)
	if src, ok := stage.SlotSource.Get(v.Context); ok {
		noteSource(u, src.Name)
	}
	if strings.TrimSpace(u.Username) == "" {
		return refuse(model.CodeInvalid, "flow.username_missing", "Aborting write to empty username"), nil
	}
	stage.SlotPendingUser.Set(v.Context, u)
	d.write(v, u, created, changes)
	return stage.Done{}, nil
}

// Submit asks for nothing, so nothing is submitted to it.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
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

// forget gives what was collected without the clear password, which leaves the plan.
func forget(data map[string]any) map[string]any {
	out := maps.Clone(data)
	delete(out, "password")
	delete(out, "password_repeat")
	return out
}

// noteSource lists the source among those that wrote the user.
func noteSource(u *model.User, name string) {
	var names []any
	switch list := u.Attributes[model.AttributeSources].(type) {
	case []any:
		names = list
	case []string:
		for _, s := range list {
			names = append(names, s)
		}
	}
	if !slices.Contains(names, any(name)) {
		u.Attributes[model.AttributeSources] = append(names, name)
	}
}

// write hands the writing to the executor.
func (d *driver) write(v *stage.Visit, u *model.User, created bool, changes changes) {
	source := stage.SlotSource.Value(v.Context).Name
	ev := event.New(model.ActionUserWrite, "authentik.stages.user_write", v.Visitor, map[string]any{"created": created, "username": u.Username, "path": u.Path})
	v.Write(func(ctx context.Context) error {
		if created {
			if err := d.users.InsertUser(ctx, u); err != nil {
				return taken(err)
			}
			if d.CreateUsersGroup != nil {
				return d.users.AddUserToGroup(ctx, *d.CreateUsersGroup, u.ID)
			}
			return nil
		}
		fresh, err := d.users.UpdateUser(ctx, u.ID, func(stored *model.User) error {
			changes.apply(stored)
			if source != "" {
				noteSource(stored, source)
			}
			return nil
		})
		if err != nil {
			return taken(err)
		}
		*u = *fresh
		return nil
	})
	v.Record(ev)
}

// taken tells people that their name is another's.
func taken(err error) error {
	if errors.Is(err, model.ErrConflict) {
		return model.Refuse(model.CodeConflict, "source.username_taken", "Failed to update user. Please try again later.").Because(err)
	}
	return err
}

func refuse(code model.Code, reason, message string) stage.Refuse {
	return stage.Refuse{Err: model.Refuse(code, reason, message)}
}
