package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

func (a *API) mountGroups() {
	const list, item = "/core/groups/", "/core/groups/{id}/"
	a.handle(http.MethodGet, list, func(c *call) error {
		if err := c.need(access.View, resource.ModelGroup); err != nil {
			return err
		}
		return listPeople(c, groupFilters, c.Store.ListGroups, c.groupRow)
	})
	a.handle(http.MethodPost, list, func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		g, err := c.Resources.CreateGroup(c.ctx(), c.by, body)
		if err != nil {
			return err
		}
		return c.showGroup(http.StatusCreated, g.ID)
	})
	a.handle(http.MethodGet, item, func(c *call) error {
		if err := c.need(access.View, resource.ModelGroup); err != nil {
			return err
		}
		if !uuidForm.MatchString(c.param("id")) {
			return model.ErrNotFound
		}
		return c.showGroup(http.StatusOK, c.groupID())
	})
	change := func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		g, err := c.Resources.ChangeGroup(c.ctx(), c.by, c.groupID(), body, c.mode())
		if err != nil {
			return err
		}
		return c.showGroup(http.StatusOK, g.ID)
	}
	a.handle(http.MethodPut, item, change)
	a.handle(http.MethodPatch, item, change)
	a.handle(http.MethodDelete, item, func(c *call) error {
		if err := c.Resources.DeleteGroup(c.ctx(), c.by, c.groupID()); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodPost, item+"add_user/", func(c *call) error { return c.setMember(true) })
	a.handle(http.MethodPost, item+"remove_user/", func(c *call) error { return c.setMember(false) })
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.bindingsUsing(resource.ModelGroup) })
}

var groupFilters = map[string]where{
	"name": {"name", store.OpEq}, "is_superuser": {"is_superuser", store.OpEq}, "members_by_pk": {"members_by_pk", store.OpIn},
	"members_by_username": {"members_by_username", store.OpIn}, "attributes": unsupported, "pk": {"pk", store.OpIn},
}

func (c *call) groupID() model.GroupID { return model.GroupID(c.param("id")) }

func (c *call) setMember(member bool) error {
	var body struct {
		User model.UserID `json:"pk" required:"true"`
	}
	if err := c.read(&body); err != nil {
		return err
	}
	if err := c.Resources.SetMember(c.ctx(), c.by, c.groupID(), body.User, member); err != nil {
		return err
	}
	return c.done()
}

func (c *call) showGroup(status int, id model.GroupID) error {
	g, err := c.Store.Group(c.ctx(), id)
	if err != nil {
		return err
	}
	if err := c.meetGroups([]*model.Group{g}); err != nil {
		return err
	}
	out, err := c.groupRow(g)
	if err != nil {
		return err
	}
	if c.showsMembers() {
		c.tag(resource.GroupVersionWith(g, c.members[g.ID]))
	} else {
		c.tag(resource.GroupVersion(g))
	}
	return c.send(status, out)
}

// showsMembers reports whether a group is answered with its members. They are left out for include_members=false, a parameter of ours, and where a table has no column for them.
// With authentik's include_users=false they stay, as ids: Terraform's provider reads them so.
func (c *call) showsMembers() bool {
	q := c.r.URL.Query()
	if c.wantsCSV() {
		return slices.Contains(strings.FieldsFunc(q.Get("fields"), func(r rune) bool { return r == ',' || r == ' ' }), "users")
	}
	return !q.Has("include_members") || truth(q.Get("include_members"))
}

// meetGroups reads the members of groups, or how many there are where they are not shown.
func (c *call) meetGroups(groups []*model.Group) (err error) {
	ids := make([]model.GroupID, 0, len(groups))
	for _, g := range groups {
		ids = append(ids, g.ID)
	}
	if !c.showsMembers() {
		c.membersCount, err = c.Store.CountMembers(c.ctx(), ids...)
		return err
	}
	c.members, err = c.Store.MembersOf(c.ctx(), ids...)
	c.membersCount = map[model.GroupID]int{}
	for id, users := range c.members {
		c.membersCount[id] = len(users)
	}
	return err
}

// groupRow is a group that was met. Expansions may be switched off by parameters.
func (c *call) groupRow(g *model.Group) (any, error) {
	out := partialGroup(g)
	parents := g.Parents
	if parents == nil {
		parents = []model.GroupID{}
	}
	out["parents"], out["users_count"], out["roles"], out["roles_obj"], out["inherited_roles_obj"] = parents, c.membersCount[g.ID], []string{}, []any{}, []any{}
	if c.showsMembers() {
		out["users"] = append([]model.UserID{}, c.members[g.ID]...)
	}
	out["users_obj"], out["parents_obj"], out["children_obj"], out["children"] = nil, nil, nil, []model.GroupID{}
	q := c.r.URL.Query()
	// A table has no cells for what a group's members are.
	if !c.wantsCSV() && c.showsMembers() && (!q.Has("include_users") || truth(q.Get("include_users"))) {
		expanded, err := c.expanded(c.members[g.ID])
		if err != nil {
			return nil, err
		}
		out["users_obj"] = expanded
	}
	if truth(q.Get("include_parents")) {
		expanded := []any{}
		for _, id := range parents {
			parent, err := c.Store.Group(c.ctx(), id)
			if err != nil {
				return nil, err
			}
			expanded = append(expanded, relatedGroup(parent))
		}
		out["parents_obj"] = expanded
	}
	children, err := c.children(g.ID)
	if err != nil {
		return nil, err
	}
	ids, expanded := []model.GroupID{}, []any{}
	for _, child := range children {
		ids = append(ids, child.ID)
		expanded = append(expanded, relatedGroup(child))
	}
	out["children"] = ids
	if truth(q.Get("include_children")) {
		out["children_obj"] = expanded
	}
	return out, nil
}

// expanded reads the users of a group, as many as one answer can sensibly hold.
func (c *call) expanded(ids []model.UserID) ([]any, error) {
	out := []any{}
	if len(ids) == 0 {
		return out, nil
	}
	const most = 1000
	texts := make([]string, 0, min(len(ids), most))
	for _, id := range ids[:min(len(ids), most)] {
		texts = append(texts, idText(id))
	}
	users, _, err := c.Store.ListUsers(c.ctx(), store.List{Where: []store.Where{{Field: "pk", Op: store.OpIn, Values: texts}}, Limit: most})
	for _, u := range users {
		out = append(out, c.partialUser(u))
	}
	return out, err
}

// children reads the groups right below a group.
func (c *call) children(id model.GroupID) ([]*model.Group, error) {
	groups, _, err := c.Store.ListGroups(c.ctx(), store.List{Where: []store.Where{{Field: "parents", Op: store.OpEq, Values: []string{string(id)}}}, Limit: 1000})
	return groups, err
}

func partialGroup(g *model.Group) row {
	return row{"pk": g.ID, "num_pk": g.NumPK, "name": g.Name, "is_superuser": g.IsSuperuser, "attributes": object(g.Attributes)}
}

func relatedGroup(g *model.Group) row {
	out := partialGroup(g)
	out["group_uuid"] = g.ID
	return out
}
