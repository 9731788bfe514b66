package resource

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// GroupFields is what can be said about a group from outside.
type GroupFields struct {
	// The group's name. No two groups have the same.
	Name string `json:"name" required:"true" rule:"max=512"`
	// Whether members are administrators, who may do everything.
	IsSuperuser bool `json:"is_superuser"`
	// Anything else, for expressions and claims.
	Attributes map[string]any `json:"attributes"`
	// The groups that members of this one are members of too.
	Parents []model.GroupID `json:"parents" ref:"group"`
	// The members.
	Users []model.UserID `json:"users" ref:"user"`
	// Roles come with role based access control. Until then no role exists that could be named.
	Roles []string `json:"roles" ref:"role"`
}

func groupFields(g *model.Group) *GroupFields {
	return &GroupFields{Name: g.Name, IsSuperuser: g.IsSuperuser, Attributes: g.Attributes, Parents: g.Parents}
}

func (f *GroupFields) write(g *model.Group) {
	g.Name, g.IsSuperuser, g.Attributes, g.Parents, g.Users = f.Name, f.IsSuperuser, f.Attributes, f.Parents, f.Users
}

// decodeGroup reads what shall be written. Members whom the group has already are known to exist.
func (m *Manager) decodeGroup(ctx context.Context, f *GroupFields, body kind.Body, mode kind.Mode, members []model.UserID) error {
	errs := faults{}
	errs.merge(kind.Decode(f, body, mode))
	if len(errs) > 0 {
		return errs.err()
	}
	joining := *f
	joining.Users = slices.DeleteFunc(slices.Clone(f.Users), func(id model.UserID) bool {
		_, found := slices.BinarySearch(members, id)
		return found
	})
	if err := m.checkReferences(ctx, m.Store.Snapshot(), &joining, body, errs); err != nil {
		return err
	}
	return errs.err()
}

// CreateGroup makes a group.
func (m *Manager) CreateGroup(ctx context.Context, by Actor, body kind.Body) (*model.Group, error) {
	if err := access.May(by.Principal, access.Add, ModelGroup, 0); err != nil {
		return nil, err
	}
	f := &GroupFields{Attributes: map[string]any{}}
	if err := m.decodeGroup(ctx, f, body, kind.Create, nil); err != nil {
		return nil, err
	}
	var g *model.Group
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		g = &model.Group{}
		f.write(g)
		if err := m.Store.InsertGroup(ctx, g); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelCreated, ModelGroup, string(g.ID), g.Name)
	})
	return g, err
}

// ChangeGroup changes a group. Its members are neither read nor written where the body does not name them.
func (m *Manager) ChangeGroup(ctx context.Context, by Actor, id model.GroupID, body kind.Body, mode kind.Mode) (*model.Group, error) {
	if err := access.May(by.Principal, access.Change, ModelGroup, 0); err != nil {
		return nil, err
	}
	if !uuidForm.MatchString(string(id)) {
		return nil, model.ErrNotFound
	}
	var g *model.Group
	err := m.guardedPeople(ctx, func(ctx context.Context) error {
		var err error
		g, err = m.Store.UpdateGroup(ctx, id, func(g *model.Group) error {
			members, err := m.membersSeen(ctx, by, g, body)
			if err != nil {
				return err
			}
			f := groupFields(g)
			if err := m.decodeGroup(ctx, f, body, mode, members); err != nil {
				return err
			}
			f.write(g)
			return nil
		})
		if err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelUpdated, ModelGroup, string(id), g.Name)
	})
	return g, err
}

// membersSeen compares a group as it is with what the actor has seen, and gives its members where the body says who shall be.
func (m *Manager) membersSeen(ctx context.Context, by Actor, g *model.Group, body kind.Body) ([]model.UserID, error) {
	if _, named := body["users"]; !named {
		return nil, by.Seen.groupSeen(g)
	}
	members, err := m.Store.MembersOf(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	return members[g.ID], by.Seen.check(GroupVersionWith(g, members[g.ID]))
}

// DeleteGroup deletes a group. Its members stay.
func (m *Manager) DeleteGroup(ctx context.Context, by Actor, id model.GroupID) error {
	if err := access.May(by.Principal, access.Delete, ModelGroup, 0); err != nil {
		return err
	}
	if !uuidForm.MatchString(string(id)) {
		return model.ErrNotFound
	}
	return m.guardedPeople(ctx, func(ctx context.Context) error {
		g, err := m.Store.Group(ctx, id)
		if err != nil {
			return err
		}
		if err := by.Seen.groupSeen(g); err != nil {
			return err
		}
		if err := m.Store.DeleteGroup(ctx, id); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelGroup, string(id), g.Name)
	})
}

// SetMember makes a user a member of a group, or no member any more. It is model.ErrNotFound where either does not exist.
func (m *Manager) SetMember(ctx context.Context, by Actor, id model.GroupID, user model.UserID, member bool) error {
	if err := access.May(by.Principal, access.Change, ModelGroup, 0); err != nil {
		return err
	}
	if !uuidForm.MatchString(string(id)) {
		return model.ErrNotFound
	}
	return m.guardedPeople(ctx, func(ctx context.Context) error {
		g, err := m.Store.Group(ctx, id)
		if err != nil {
			return err
		}
		if _, err := m.Store.User(ctx, user); err != nil {
			return err
		}
		if member {
			err = m.Store.AddUserToGroup(ctx, id, user)
		} else {
			_, err = m.Store.RemoveUserFromGroup(ctx, id, user)
		}
		if err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelUpdated, ModelGroup, string(id), g.Name)
	})
}

func idText[K ~int64](id K) string { return strconv.FormatInt(int64(id), 10) }

// plausibleEmail is a coarse look: one @ with something on both sides, and no blanks. Whether mail arrives is found out by sending one.
func plausibleEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && local != "" && domain != "" && !strings.Contains(domain, "@") && !strings.ContainsFunc(text, unicode.IsSpace)
}
