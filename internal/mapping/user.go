package mapping

import (
	"cmp"
	"context"
	"slices"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// userObject shows a user to an expression, with authentik's names. Groups are read when the expression asks for them.
func userObject(u *model.User, installation string, load func(ctx context.Context) ([]model.UserGroup, error)) *expr.Object {
	if u == nil {
		return &expr.Object{Type: "AnonymousUser", Label: "AnonymousUser", Attr: func(name string) (any, bool) { return nil, name == "pk" }}
	}
	query := func(all bool) *expr.Query {
		return &expr.Query{Load: func(ctx context.Context) ([]*expr.Object, error) {
			groups, err := load(ctx)
			if err != nil {
				return nil, err
			}
			var out []*expr.Object
			for i := range groups {
				if all || groups[i].Direct {
					out = append(out, groupObject(&groups[i].Group))
				}
			}
			return out, nil
		}}
	}
	return &expr.Object{Type: "User", Label: u.Username, Attr: func(name string) (any, bool) {
		switch name {
		case "groups", "ak_groups":
			return query(false), true
		case "all_groups":
			return expr.Func(func(context.Context, []any, map[string]any) (any, error) { return query(true), nil }), true
		case "group_attributes":
			return expr.Func(func(ctx context.Context, _ []any, _ map[string]any) (any, error) {
				groups, err := load(ctx)
				if err != nil {
					return nil, err
				}
				return effectiveAttributes(u, groups), nil
			}), true
		case "app_entitlements":
			return expr.Func(func(context.Context, []any, map[string]any) (any, error) { return &expr.Query{}, nil }), true
		case "app_entitlements_attributes":
			return expr.Func(func(context.Context, []any, map[string]any) (any, error) { return map[string]any{}, nil }), true
		}
		return userValue(u, installation, name)
	}}
}

// userValue gives what is written in the user itself. The password's hash is not among it.
func userValue(u *model.User, installation, name string) (any, bool) {
	switch name {
	case "pk", "id":
		return int64(u.ID), true
	case "uuid":
		return u.UUID, true
	case "uid":
		return u.UID(installation), true
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
		return u.Attributes, true
	case "is_authenticated":
		return true, true
	case "date_joined":
		return u.DateJoined.UTC().Format("2006-01-02T15:04:05Z"), true
	}
	return nil, false
}

func groupObject(g *model.Group) *expr.Object {
	return &expr.Object{Type: "Group", Label: g.Name, Attr: func(name string) (any, bool) {
		switch name {
		case "pk", "group_uuid":
			return string(g.ID), true
		case "num_pk":
			return g.NumPK, true
		case "name":
			return g.Name, true
		case "is_superuser":
			return g.IsSuperuser, true
		case "attributes":
			return g.Attributes, true
		}
		return nil, false
	}}
}

// effectiveAttributes are those of the groups in the order of their names, and over them the user's own.
func effectiveAttributes(u *model.User, groups []model.UserGroup) map[string]any {
	sorted := slices.SortedFunc(slices.Values(groups), func(a, b model.UserGroup) int { return cmp.Compare(a.Name, b.Name) })
	out := map[string]any{}
	for i := range sorted {
		Merge(out, clone(sorted[i].Attributes))
	}
	Merge(out, clone(u.Attributes))
	return out
}

// clone copies the objects within an object, so that merging into the copy leaves the original alone.
func clone(in map[string]any) map[string]any {
	out := make(map[string]any, len(in))
	for key, value := range in {
		if object, ok := value.(map[string]any); ok {
			value = clone(object)
		}
		out[key] = value
	}
	return out
}
