package resource

import (
	"context"
	"slices"
	"time"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// UserFields is what can be said about a user from outside.
type UserFields struct {
	// The name that the person signs in with. No two people have the same.
	Username string `json:"username" required:"true" rule:"max=150"`
	// The name that others see.
	Name string `json:"name" required:"true" rule:"blank"`
	// The e-mail address. It may be empty: whoever comes from WeChat has none.
	Email string `json:"email" rule:"max=254"`
	// Whether the person may sign in.
	IsActive bool `json:"is_active"`
	// The folder that the user is listed in, as users/staff.
	Path string `json:"path"`
	// What the user is: one of us, somebody from outside, or a program.
	Type model.UserType `json:"type" enum:"internal external service_account internal_service_account"`
	// Anything else, for expressions and claims.
	Attributes map[string]any `json:"attributes"`
	// When the person signed in last.
	LastLogin *time.Time `json:"last_login"`
	// The groups that the user is a member of.
	Groups []model.GroupID `json:"groups" ref:"group"`
	// Roles come with role based access control. Until then no role exists that could be named.
	Roles []string `json:"roles" ref:"role"`
}

// NewUserFields are the fields of a new user with the defaults.
func NewUserFields() *UserFields {
	return &UserFields{IsActive: true, Path: "users", Type: model.UserInternal, Attributes: map[string]any{}}
}

func (f *UserFields) read(u *model.User) {
	*f = UserFields{
		Username: u.Username, Name: u.Name, Email: u.Email, IsActive: u.IsActive, Path: u.Path, Type: u.Type, Attributes: u.Attributes, LastLogin: u.LastLogin,
	}
}

func (f *UserFields) write(u *model.User) {
	u.Username, u.Name, u.Email, u.IsActive, u.Path, u.Type = f.Username, f.Name, f.Email, f.IsActive, f.Path, f.Type
	u.Attributes, u.LastLogin = f.Attributes, f.LastLogin
}

// decodeUser decodes a body over the fields and checks it.
func (m *Manager) decodeUser(ctx context.Context, f *UserFields, body kind.Body, mode kind.Mode) error {
	before := f.Type
	errs := faults{}
	errs.merge(kind.Decode(f, body, mode))
	if len(errs) > 0 {
		return errs.err()
	}
	if fault := pathFault(f.Path); fault != "" {
		errs.add("path", "%s", fault)
	}
	if f.Email != "" && !plausibleEmail(f.Email) {
		errs.add("email", "Enter a valid email address.")
	}
	if (before == model.UserInternalServiceAccount) != (f.Type == model.UserInternalServiceAccount) {
		errs.add("type", "Setting a user to internal service account is not allowed.")
	}
	if err := m.checkReferences(ctx, m.Store.Snapshot(), f, body, errs); err != nil {
		return err
	}
	return errs.err()
}

// CreateUser makes a user.
func (m *Manager) CreateUser(ctx context.Context, by Actor, body kind.Body) (*model.User, error) {
	if err := access.May(by.Principal, access.Add, ModelUser, 0); err != nil {
		return nil, err
	}
	f := NewUserFields()
	if err := m.decodeUser(ctx, f, body, kind.Create); err != nil {
		return nil, err
	}
	var u *model.User
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		u = &model.User{}
		f.write(u)
		if err := m.Store.InsertUser(ctx, u); err != nil {
			return err
		}
		if err := m.Store.SetUserGroups(ctx, u.ID, f.Groups); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelCreated, ModelUser, idText(u.ID), u.Username)
	})
	return u, m.namingUser(ctx, f.Username, err)
}

// ChangeUser changes a user. One who is deactivated is signed out everywhere.
func (m *Manager) ChangeUser(ctx context.Context, by Actor, id model.UserID, body kind.Body, mode kind.Mode) (*model.User, error) {
	if err := access.May(by.Principal, access.Change, ModelUser, 0); err != nil {
		return nil, err
	}
	var u *model.User
	wanted := ""
	err := m.guardedPeople(ctx, func(ctx context.Context) error {
		f, deactivated := &UserFields{}, false
		var err error
		u, err = m.Store.UpdateUser(ctx, id, func(u *model.User) error {
			if err := m.userSeen(ctx, by, u); err != nil {
				return err
			}
			f.read(u)
			if err := m.decodeUser(ctx, f, body, mode); err != nil {
				return err
			}
			deactivated, wanted = u.IsActive && !f.IsActive, f.Username
			f.write(u)
			return nil
		})
		if err != nil {
			return err
		}
		if _, given := body["groups"]; given {
			if err := m.Store.SetUserGroups(ctx, id, f.Groups); err != nil {
				return err
			}
		}
		if deactivated {
			if err := m.signOut(ctx, id, ""); err != nil {
				return err
			}
		}
		return m.record(ctx, by, model.ActionModelUpdated, ModelUser, idText(id), u.Username)
	})
	return u, m.namingUser(ctx, wanted, err)
}

// signOut ends a user's sessions, all but one if except is set, and everything that applications were given.
func (m *Manager) signOut(ctx context.Context, id model.UserID, except model.SessionID) error {
	if _, err := m.Store.DeleteSessionsOf(ctx, id, except); err != nil {
		return err
	}
	return m.Store.RevokeUserTokens(ctx, id, m.Now().UTC())
}

// DeleteUser deletes a user with everything that is theirs.
func (m *Manager) DeleteUser(ctx context.Context, by Actor, id model.UserID) error {
	if err := access.May(by.Principal, access.Delete, ModelUser, 0); err != nil {
		return err
	}
	return m.guardedPeople(ctx, func(ctx context.Context) error {
		u, err := m.Store.User(ctx, id)
		if err != nil {
			return err
		}
		if err := m.userSeen(ctx, by, u); err != nil {
			return err
		}
		if err := m.Store.DeleteUser(ctx, id); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelUser, idText(id), u.Username)
	})
}

// SetPassword gives a user a password and signs them out everywhere: whoever knew the old one must not stay. People who change their own keep the session that they do
// it in. The slow hash is made before the transaction.
func (m *Manager) SetPassword(ctx context.Context, by Actor, id model.UserID, password string) error {
	if err := access.May(by.Principal, access.Change, ModelUser, 0); err != nil {
		return err
	}
	if _, err := m.Store.User(ctx, id); err != nil {
		return err
	}
	hash, err := m.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	var own model.SessionID
	if by.Principal != nil && by.Session != nil && by.UserID() == id {
		own = by.Session.ID
	}
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		u, err := m.Store.UpdateUser(ctx, id, func(u *model.User) error {
			u.PasswordHash, u.PasswordChangeDate = hash, m.Now().UTC()
			return nil
		})
		if err != nil {
			return err
		}
		if err := m.signOut(ctx, id, own); err != nil {
			return err
		}
		return m.event(ctx, by, model.ActionPasswordSet, "authentik_core", map[string]any{
			"user": map[string]any{"pk": int64(u.ID), "username": u.Username, "email": u.Email},
		})
	})
}

// DirectGroups gives the groups that a user belongs to by itself.
func DirectGroups(groups []model.UserGroup) []model.UserGroup {
	return slices.DeleteFunc(slices.Clone(groups), func(g model.UserGroup) bool { return !g.Direct })
}
