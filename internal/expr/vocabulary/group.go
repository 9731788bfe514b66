package vocabulary

import (
	"cmp"
	"context"
	"slices"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/model"
)

// groupQuery is the list of a user's groups: those that they are in themselves, or those above as well.
func (v *Vocabulary) groupQuery(u *model.User, all bool) *expr.Query {
	return &expr.Query{Load: func(ctx context.Context) ([]*expr.Object, error) {
		groups, err := v.groupsOf(ctx, u)
		if err != nil {
			return nil, err
		}
		var out []*expr.Object
		for i := range groups {
			if all || groups[i].Direct {
				out = append(out, GroupObject(&groups[i].Group))
			}
		}
		return out, nil
	}}
}

// GroupObject shows a group with authentik's names.
func GroupObject(g *model.Group) *expr.Object {
	return &expr.Object{Type: "Group", Label: g.Name, Key: g.ID, Host: g, Attr: func(name string) (any, bool) {
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
			if g.Attributes == nil {
				return map[string]any{}, true
			}
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

// Merge puts src into dst as authentik merges claims and attributes: objects are merged, lists are joined (also where an item repeats), anything else is replaced by the newer
// value.
func Merge(dst, src map[string]any) {
	for key, value := range src {
		dst[key] = merged(dst[key], value)
	}
}

func merged(old, value any) any {
	switch v := value.(type) {
	case map[string]any:
		object, ok := old.(map[string]any)
		if !ok {
			return v
		}
		Merge(object, v)
		return object
	case []any:
		if list, ok := old.([]any); ok {
			return append(list[:len(list):len(list)], v...)
		}
	}
	return value
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
