package blueprint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// PeopleResources makes, changes and deletes what is not configuration. Package resource has it.
type PeopleResources interface {
	CreateUser(ctx context.Context, by resource.Actor, body kind.Body) (*model.User, error)
	ChangeUser(ctx context.Context, by resource.Actor, id model.UserID, body kind.Body, mode kind.Mode) (*model.User, error)
	SetPassword(ctx context.Context, by resource.Actor, id model.UserID, password string) error
	DeleteUser(ctx context.Context, by resource.Actor, id model.UserID) error
	CreateGroup(ctx context.Context, by resource.Actor, body kind.Body) (*model.Group, error)
	ChangeGroup(ctx context.Context, by resource.Actor, id model.GroupID, body kind.Body, mode kind.Mode) (*model.Group, error)
	DeleteGroup(ctx context.Context, by resource.Actor, id model.GroupID) error
	CreateInvitation(ctx context.Context, by resource.Actor, body kind.Body) (*model.Invitation, error)
	ChangeInvitation(ctx context.Context, by resource.Actor, id model.InvitationID, body kind.Body, mode kind.Mode) (*model.Invitation, error)
	DeleteInvitation(ctx context.Context, by resource.Actor, id model.InvitationID) error
}

// people are the models of the database, each found by one field.
func (r *run) people() map[string]sort {
	return map[string]sort{resource.ModelUser: r.users(), resource.ModelGroup: r.groups(), resource.ModelInvitation: r.invitations()}
}

// only gives the one identifier that objects of a model are found by.
func only(name, field string, identifiers map[string]any) (string, error) {
	value, ok := identifiers[field].(string)
	if !ok || len(identifiers) != 1 {
		return "", fmt.Errorf("%s is found by its %s alone", name, field)
	}
	return value, nil
}

func (r *run) users() sort {
	return sort{
		find: func(ctx context.Context, identifiers map[string]any) (*found, error) {
			name, err := only(resource.ModelUser, "username", identifiers)
			if err != nil {
				return nil, err
			}
			u, err := r.People.FindUser(ctx, []string{"username"}, name, false)
			if errors.Is(err, model.ErrNotFound) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			return &found{id: u.ID}, nil
		},
		write: r.writeUser,
		remove: func(ctx context.Context, there *found) error {
			return r.Resources.DeleteUser(ctx, r.by, idOf[model.UserID](there))
		},
	}
}

// writeUser also sets the password that an entry has, which the API takes at an address of its own.
func (r *run) writeUser(ctx context.Context, there *found, body kind.Body) (*found, error) {
	password := ""
	if raw, ok := body["password"]; ok {
		if err := json.Unmarshal(raw, &password); err != nil || password == "" {
			return nil, model.Invalid("password", "A password is a text that is not empty.")
		}
		delete(body, "password")
	}
	if _, ok := body["name"]; !ok && there == nil {
		body["name"] = json.RawMessage(`""`) // which the model may leave out, and the API may not
	}
	var u *model.User
	var err error
	if there == nil {
		u, err = r.Resources.CreateUser(ctx, r.by, body)
	} else {
		u, err = r.Resources.ChangeUser(ctx, r.by, idOf[model.UserID](there), body, kind.Patch)
	}
	if err != nil {
		return nil, err
	}
	if password != "" {
		if err := r.Resources.SetPassword(ctx, r.by, u.ID, password); err != nil {
			return nil, err
		}
	}
	return &found{id: u.ID}, nil
}

func (r *run) groups() sort {
	of := func(g *model.Group, err error) (*found, error) {
		if err != nil {
			return nil, err
		}
		return &found{id: g.ID}, nil
	}
	return sort{
		find: func(ctx context.Context, identifiers map[string]any) (*found, error) {
			name, err := only(resource.ModelGroup, "name", identifiers)
			if err != nil {
				return nil, err
			}
			list, _, err := r.People.ListGroups(ctx, named(name))
			if err != nil || len(list) == 0 {
				return nil, err
			}
			return of(list[0], nil)
		},
		write: func(ctx context.Context, there *found, body kind.Body) (*found, error) {
			if there == nil {
				return of(r.Resources.CreateGroup(ctx, r.by, body))
			}
			return of(r.Resources.ChangeGroup(ctx, r.by, idOf[model.GroupID](there), body, kind.Patch))
		},
		remove: func(ctx context.Context, there *found) error {
			return r.Resources.DeleteGroup(ctx, r.by, idOf[model.GroupID](there))
		},
	}
}

func (r *run) invitations() sort {
	of := func(i *model.Invitation, err error) (*found, error) {
		if err != nil {
			return nil, err
		}
		return &found{id: i.ID}, nil
	}
	return sort{
		find: func(ctx context.Context, identifiers map[string]any) (*found, error) {
			name, err := only(resource.ModelInvitation, "name", identifiers)
			if err != nil {
				return nil, err
			}
			list, _, err := r.People.ListInvitations(ctx, named(name))
			if err != nil || len(list) == 0 {
				return nil, err
			}
			return of(list[0], nil)
		},
		write: func(ctx context.Context, there *found, body kind.Body) (*found, error) {
			if there == nil {
				return of(r.Resources.CreateInvitation(ctx, r.by, body))
			}
			return of(r.Resources.ChangeInvitation(ctx, r.by, idOf[model.InvitationID](there), body, kind.Patch))
		},
		remove: func(ctx context.Context, there *found) error {
			return r.Resources.DeleteInvitation(ctx, r.by, idOf[model.InvitationID](there))
		},
	}
}

func named(name string) store.List {
	return store.List{Where: []store.Where{{Field: "name", Op: store.OpEq, Values: []string{name}}}, Limit: 1}
}

// idOf gives the id of what the same sort has found.
func idOf[T any](f *found) T {
	id, _ := f.id.(T)
	return id
}

// metaApply is the model of an entry that asks for another blueprint to be there.
const metaApply = "authentik_blueprints.metaapplyblueprint"

// shipped answers for an entry that asks for another blueprint. Those that every installation begins with have been applied before anything else; no others are kept here.
func (r *run) shipped(ctx context.Context, e entry) error {
	attrs, err := r.object(ctx, &e.Attrs)
	if err != nil {
		return err
	}
	identifiers, _ := attrs["identifiers"].(map[string]any)
	name, _ := identifiers["name"].(string)
	if required, said := attrs["required"].(bool); slices.Contains(r.Shipped, name) || (said && !required) {
		return nil
	}
	return fmt.Errorf("the blueprint %q is none of those that every installation begins with: apply it first, and take this entry out or say required: false", name)
}
