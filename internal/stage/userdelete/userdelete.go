package userdelete

import (
	"context"
	_ "embed"
	"slices"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-user-delete"

//go:embed userdelete.html
var screen string

// Config is the settings of a user delete stage: there are none.
type Config struct{}

// Users deletes users. Package store has it.
type Users interface {
	DeleteUser(ctx context.Context, id model.UserID) error
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
	CountActiveSuperusers(ctx context.Context) (int, error)
}

// Keep makes a change of people, alone in all processes, and refuses it if it would leave no administrator a way to sign in. Package resource has it.
type Keep func(ctx context.Context, change func(ctx context.Context) error) error

// Kind describes the stage.
func Kind(u Users, keep Keep) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "user_delete", VerboseName: "User Delete Stage", VerboseNamePlural: "User Delete Stages",
		Component: "ak-stage-user-delete-form", MetaModelName: "authentik_stages_user_delete.userdeletestage",
		Description: "Deletes the person's account, after they have confirmed it.",
	}, Config{}, func(Config) (stage.Driver, error) { return &driver{u, keep}, nil })
}

// Challenge asks whether to delete the account.
type Challenge struct {
	stage.Base
	stage.PendingUser
}

type driver struct {
	users Users
	keep  Keep
}

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
)

// Screen is the page that asks.
func (d *driver) Screen() stage.Screen { return stage.Screen{Name: component, HTML: screen} }

// Enter asks.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	u := proven(v)
	if u == nil {
		return nobody(), nil
	}
	return stage.Ask{Challenge: &Challenge{
		Base:        stage.Base{Component: component},
		PendingUser: stage.PendingUser{PendingUser: u.Username, PendingUserAvatar: u.Avatar(), DisplayName: u.DisplayName()},
	}}, nil
}

// Submit deletes, if the answer says so.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	u := proven(v)
	if u == nil {
		return nobody(), nil
	}
	if !a.Bool("confirm") {
		o, err := d.Enter(ctx, v)
		if ask, ok := o.(stage.Ask); ok {
			ask.Errors = stage.Invalid("confirm", "stage.user_delete.error.confirm")
			return ask, err
		}
		return o, err
	}
	d.remove(v, u)
	return stage.Done{}, nil
}

// proven is the run's user, if they have shown who they are: by being signed in, or in this run. Somebody who was only named is nobody here.
func proven(v *stage.Visit) *model.User {
	u := stage.SlotPendingUser.Value(v.Context)
	_, authenticated := stage.SlotUserBackend.Get(v.Context)
	switch {
	case u == nil && v.SignedIn():
		return v.User
	case u == nil || u.ID == 0:
		return nil
	case authenticated, v.SignedIn() && v.User.ID == u.ID:
		return u
	}
	return nil
}

func nobody() stage.Refuse {
	return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "No Pending User.").With("action", model.ActionConfigurationError)}
}

// remove hands the deletion to the executor, and signs out.
func (d *driver) remove(v *stage.Visit, u *model.User) {
	gone := *u
	v.Write(func(ctx context.Context) error {
		return d.keep(ctx, func(ctx context.Context) error { return d.delete(ctx, &gone) })
	})
	ev := event.New(model.ActionModelDeleted, "authentik.stages.user_delete", v.Visitor, map[string]any{
		"model": map[string]any{"app": "authentik_core", "model_name": "user", "pk": int64(gone.ID), "name": gone.Username},
	})
	ev.User = event.UserOf(&gone)
	v.Record(ev)
	stage.SlotPendingUser.Clear(v.Context)
	stage.SlotUserBackend.Clear(v.Context)
	v.Tell("stage.user_delete.done", nil)
	if v.SignedIn() && v.User.ID == gone.ID {
		v.SignOut()
	}
}

// delete deletes a user, but not the last active administrator: not even where none of them could sign in before.
func (d *driver) delete(ctx context.Context, u *model.User) error {
	groups, err := d.users.GroupsOf(ctx, u.ID)
	if err != nil {
		return err
	}
	if err := d.users.DeleteUser(ctx, u.ID); err != nil {
		return err
	}
	if !u.IsActive || !slices.ContainsFunc(groups, func(g model.UserGroup) bool { return g.IsSuperuser }) {
		return nil
	}
	left, err := d.users.CountActiveSuperusers(ctx)
	if err == nil && left == 0 {
		return model.Refuse(model.CodeConflict, "user.last_administrator", "The last administrator cannot be deleted.")
	}
	return err
}
