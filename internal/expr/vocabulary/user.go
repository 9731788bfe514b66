package vocabulary

import (
	"context"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// UserObject shows a user with authentik's names; nil is an anonymous one. The password's hash is not among them. Groups are read when the text asks for them, once, and kept
// with the user.
func (v *Vocabulary) UserObject(u *model.User) *expr.Object { return v.userObject(u, "") }

// userObject shows a user whom a backend has authenticated, as authentik does: by an attribute that others do not have.
func (v *Vocabulary) userObject(u *model.User, backend string) *expr.Object {
	if u == nil {
		return anonymous()
	}
	o := &expr.Object{Type: "User", Label: u.Username, Host: u, Attr: func(name string) (any, bool) {
		if name == "backend" {
			return backend, backend != ""
		}
		if attr, ok := v.userMethod(u, name); ok {
			return attr, true
		}
		return v.userValue(u, name)
	}}
	if u.ID != 0 {
		o.Key = u.ID
	}
	return o
}

// anonymous is nobody, with the attributes that expressions ask everybody for.
func anonymous() *expr.Object {
	return &expr.Object{Type: "AnonymousUser", Label: "AnonymousUser", Key: "anonymous", Attr: func(name string) (any, bool) {
		switch name {
		case "pk", "id", "uuid", "last_login":
			return nil, true
		case "username", "name", "email", "path", "type":
			return "", true
		case "is_active", "is_superuser", "is_authenticated":
			return false, true
		case "is_anonymous":
			return true, true
		case "attributes":
			return map[string]any{}, true
		case "groups", "ak_groups":
			return &expr.Query{}, true
		case "all_groups", "app_entitlements":
			return constant(&expr.Query{}), true
		case "group_attributes", "app_entitlements_attributes":
			return constant(map[string]any{}), true
		case "has_usable_password":
			return constant(false), true
		}
		return nil, false
	}}
}

// constant is a method that always gives the same.
func constant(value any) expr.Func {
	return func(context.Context, []any, map[string]any) (any, error) { return value, nil }
}

// userMethod gives what has to be computed.
func (v *Vocabulary) userMethod(u *model.User, name string) (any, bool) {
	switch name {
	case "groups", "ak_groups":
		return v.groupQuery(u, false), true
	case "all_groups":
		return constant(v.groupQuery(u, true)), true
	case "is_superuser":
		return expr.Late(func(ctx context.Context) (any, error) {
			_, err := v.groupsOf(ctx, u)
			return u.IsSuperuser(), err
		}), true
	case "group_attributes":
		return expr.Func(func(ctx context.Context, _ []any, _ map[string]any) (any, error) {
			groups, err := v.groupsOf(ctx, u)
			if err != nil {
				return nil, err
			}
			return effectiveAttributes(u, groups), nil
		}), true
	case "app_entitlements":
		return v.entitlementQuery(u), true
	case "app_entitlements_attributes":
		return v.entitlementAttributes(u), true
	case "has_usable_password":
		return constant(u.PasswordHash != ""), true
	}
	return nil, false
}

// userValue gives what is written in the user itself.
func (v *Vocabulary) userValue(u *model.User, name string) (any, bool) {
	switch name {
	case "pk", "id":
		if u.ID == 0 {
			return nil, true // still to be made
		}
		return int64(u.ID), true
	case "uuid":
		return u.UUID, true
	case "uid":
		return u.UID(v.Snapshot().Installation), true
	case "username":
		return u.Username, true
	case "name":
		return u.Name, true
	case "email":
		return u.Email, true
	case "is_active":
		return u.IsActive, true
	case "path":
		return u.Path, true
	case "type":
		return string(u.Type), true
	case "attributes":
		if u.Attributes == nil {
			return map[string]any{}, true
		}
		return u.Attributes, true
	case "avatar":
		return u.Avatar(), true
	case "is_authenticated":
		return true, true
	case "is_anonymous":
		return false, true
	case "last_login":
		return u.LastLogin, true
	case "date_joined":
		return u.DateJoined.UTC(), true
	case "last_updated":
		return u.LastUpdated.UTC(), true
	case "password_change_date":
		return u.PasswordChangeDate.UTC(), true
	}
	return nil, false
}

// groupsOf reads the groups with their ancestors once, and keeps them with the user.
func (v *Vocabulary) groupsOf(ctx context.Context, u *model.User) ([]model.UserGroup, error) {
	if u.Groups != nil || u.ID == 0 {
		return u.Groups, nil
	}
	groups, err := v.Store.GroupsOf(ctx, u.ID)
	if err != nil {
		return nil, evaluationOf(ctx).fault(err)
	}
	u.Groups = append([]model.UserGroup{}, groups...)
	return u.Groups, nil
}
