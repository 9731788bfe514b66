package source

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
)

// SlotGroups are the groups that the source puts the person into: by the source's id, what the group is made of. Absent: the source says nothing about groups.
var SlotGroups = model.NewSlot[map[string]map[string]any]("source_groups")

// Groups is what sources need of the database for groups. Package store has it.
type Groups interface {
	GroupConnectionsOfSource(ctx context.Context, source model.SourceID) ([]*model.GroupConnection, error)
	InsertGroupConnection(ctx context.Context, c *model.GroupConnection) error
	GroupByName(ctx context.Context, name string) (*model.Group, error)
	Group(ctx context.Context, id model.GroupID) (*model.Group, error)
	InsertGroup(ctx context.Context, g *model.Group) error
	UpdateGroup(ctx context.Context, id model.GroupID, fn func(*model.Group) error) (*model.Group, error)
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
	AddUserToGroup(ctx context.Context, id model.GroupID, user model.UserID) error
	RemoveUserFromGroup(ctx context.Context, id model.GroupID, user model.UserID) (bool, error)
	CountActiveSuperusers(ctx context.Context) (int, error)
}

// joining is one person who gets the groups that their source tells.
type joining struct {
	*Manager
	source  *model.Source
	visitor *model.Visitor
	user    *model.User
	events  []*model.Event
}

// join makes a user a member of the groups that the source tells, and ends the membership in others of the source's groups. Groups that have no connection to the source stay as they
// are. It gives the events to record.
func (m *Manager) join(
	ctx context.Context, v *model.Visitor, u *model.User, src *model.Source, told map[string]map[string]any,
) ([]*model.Event, error) {
	connections, err := m.Store.GroupConnectionsOfSource(ctx, src.ID)
	if err != nil || len(connections) == 0 && len(told) == 0 {
		return nil, err
	}
	j := &joining{Manager: m, source: src, visitor: v, user: u}
	wanted := map[model.GroupID]bool{}
	for _, id := range slices.Sorted(maps.Keys(told)) {
		group, err := j.group(ctx, connections, id, told[id])
		if err != nil {
			return nil, err
		}
		if group != "" {
			wanted[group] = true
		}
	}
	return j.events, j.move(ctx, connections, wanted)
}

// group finds the group of the source's id, or makes it; "" where the person is left out of it.
func (j *joining) group(ctx context.Context, known []*model.GroupConnection, id string, properties map[string]any) (model.GroupID, error) {
	for _, c := range known {
		if c.Identifier == id {
			return c.Group, j.describe(ctx, c.Group, properties)
		}
	}
	name, _ := properties["name"].(string)
	if name == "" {
		name = id
	}
	namesake, err := j.Store.GroupByName(ctx, name)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return "", err
	}
	if namesake == nil {
		return j.found(ctx, id, name, properties)
	}
	switch j.source.GroupMatchingMode {
	case model.MatchGroupNameDeny:
		return "", model.Refuse(model.CodeDenied, "source.group_denied", "Failed to update groups. Please try again later.").
			With("group", name).With("cause", "a group of this name exists, and the group matching mode is name_deny")
	case model.MatchGroupNameLink:
		return j.link(ctx, known, namesake, id, properties)
	case model.MatchGroupIdentifier:
	}
	j.warn("A group of this name exists and has no connection to the source, so nobody is put into it", namesake, id)
	return "", nil
}

// link takes a group for that of the source by its name. One that makes its members administrators is never taken so: whoever can name a group at the source could make themselves
// one. Nor is a group that the source knows by another id. A connection that an administrator makes by hand says that it is meant.
func (j *joining) link(ctx context.Context, known []*model.GroupConnection, g *model.Group, id string, properties map[string]any) (model.GroupID, error) {
	if slices.ContainsFunc(known, func(c *model.GroupConnection) bool { return c.Group == g.ID }) {
		j.warn("A group of this name has another id at the source, so nobody is put into it", g, id)
		return "", nil
	}
	powerful, err := j.isPowerful(ctx, g, map[model.GroupID]bool{})
	if err != nil {
		return "", err
	}
	if powerful {
		j.warn("A group of this name makes its members administrators, so it is not taken for the source's. Connect it by hand if it is meant", g, id)
		return "", nil
	}
	if err := j.Store.InsertGroupConnection(ctx, &model.GroupConnection{Group: g.ID, Source: j.source.ID, Identifier: id}); err != nil {
		return "", changedMeanwhile(err)
	}
	return g.ID, j.describe(ctx, g.ID, properties)
}

// isPowerful reports whether a group, or one above it, makes administrators.
func (j *joining) isPowerful(ctx context.Context, g *model.Group, seen map[model.GroupID]bool) (bool, error) {
	if g.IsSuperuser {
		return true, nil
	}
	seen[g.ID] = true
	for _, id := range g.Parents {
		if seen[id] {
			continue
		}
		parent, err := j.Store.Group(ctx, id)
		if err != nil {
			return false, err
		}
		if powerful, err := j.isPowerful(ctx, parent, seen); powerful || err != nil {
			return powerful, err
		}
	}
	return false, nil
}

// found makes a group. Whether it makes administrators, and what is above it, is never the source's to say.
func (j *joining) found(ctx context.Context, id, name string, properties map[string]any) (model.GroupID, error) {
	attributes, _ := properties["attributes"].(map[string]any)
	g := &model.Group{Name: name, Attributes: attributes}
	if err := j.Store.InsertGroup(ctx, g); err != nil {
		return "", changedMeanwhile(err)
	}
	if err := j.Store.InsertGroupConnection(ctx, &model.GroupConnection{Group: g.ID, Source: j.source.ID, Identifier: id}); err != nil {
		return "", changedMeanwhile(err)
	}
	j.events = append(j.events, event.New(model.ActionModelCreated, app, j.visitor, map[string]any{
		"model": map[string]any{"app": "authentik_core", "model_name": "group", "pk": string(g.ID), "name": name}, "source": j.source.Slug,
	}))
	return g.ID, nil
}

// changedMeanwhile says that two people brought the same new group at the same moment: the sign-in is to be tried anew.
func changedMeanwhile(err error) error {
	if errors.Is(err, model.ErrConflict) {
		return model.Refuse(model.CodeConflict, "source.group_conflict", "A group was made or connected at the same moment.").Because(err)
	}
	return err
}

// describe merges what the source tells of a group into its attributes, where that says something new. Its name stays.
func (j *joining) describe(ctx context.Context, id model.GroupID, properties map[string]any) error {
	attributes, _ := properties["attributes"].(map[string]any)
	if len(attributes) == 0 {
		return nil
	}
	g, err := j.Store.Group(ctx, id)
	if err != nil {
		return err
	}
	if g.Attributes == nil {
		g.Attributes = map[string]any{}
	}
	before := map[string]any{}
	mapping.MergeUnique(before, g.Attributes)
	mapping.MergeUnique(g.Attributes, attributes)
	if mapping.SameValue(before, g.Attributes) {
		return nil
	}
	_, err = j.Store.UpdateGroup(ctx, id, func(stored *model.Group) error {
		if stored.Attributes == nil {
			stored.Attributes = map[string]any{}
		}
		mapping.MergeUnique(stored.Attributes, attributes)
		return nil
	})
	return err
}

// move ends and begins memberships.
func (j *joining) move(ctx context.Context, connections []*model.GroupConnection, wanted map[model.GroupID]bool) error {
	present, err := j.Store.GroupsOf(ctx, j.user.ID)
	if err != nil {
		return err
	}
	var leaves []*model.UserGroup
	var left, joined []string
	for i := range present {
		g := &present[i]
		connected := slices.ContainsFunc(connections, func(c *model.GroupConnection) bool { return c.Group == g.ID })
		switch {
		case !g.Direct:
		case wanted[g.ID]:
			delete(wanted, g.ID)
		case connected:
			if _, err := j.Store.RemoveUserFromGroup(ctx, g.ID, j.user.ID); err != nil {
				return err
			}
			leaves, left = append(leaves, g), append(left, g.Name)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		if err := j.Store.AddUserToGroup(ctx, id, j.user.ID); err != nil {
			return err
		}
		joined = append(joined, string(id))
	}
	kept, err := j.keepAdministrator(ctx, present, leaves)
	if err != nil {
		return err
	}
	if kept {
		left = nil
	}
	if len(left)+len(joined) == 0 {
		return nil
	}
	j.user.Groups = nil // whoever asks reads them anew
	j.events = append(j.events, event.New(model.ActionUserWrite, app, j.visitor, map[string]any{
		"created": false, "username": j.user.Username, "source": j.source.Slug, "groups_joined": joined, "groups_left": left,
	}))
	return nil
}

// keepAdministrator puts the last active administrator back into the groups that they leave: what a source forgets to tell locks nobody out of the server.
func (j *joining) keepAdministrator(ctx context.Context, present []model.UserGroup, leaves []*model.UserGroup) (kept bool, err error) {
	if len(leaves) == 0 || !slices.ContainsFunc(present, func(g model.UserGroup) bool { return g.IsSuperuser }) {
		return false, nil
	}
	if n, err := j.Store.CountActiveSuperusers(ctx); n > 0 || err != nil {
		return false, err
	}
	for _, g := range leaves {
		if err := j.Store.AddUserToGroup(ctx, g.ID, j.user.ID); err != nil {
			return false, err
		}
		j.warn("The source no longer tells this group of the last administrator, who stays in it: nobody else could administer the server", &g.Group, "")
	}
	return true, nil
}

// warn records that a group of the source was left out, for whoever looks after groups.
func (j *joining) warn(message string, g *model.Group, id string) {
	j.events = append(j.events, event.New(model.ActionConfigurationWarning, app, j.visitor, map[string]any{
		"message": message, "source": j.source.Slug, "group": g.Name, "group_id": id, "group_matching_mode": j.source.GroupMatchingMode,
	}))
}
