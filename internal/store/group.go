package store

import (
	"context"
	"encoding/hex"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// groupColumns are what groupInto scans; the table is called g.
func (s *Store) groupColumns() string {
	return `g.id, g.name, g.is_superuser, g.attributes, ` + s.pick(
		`(SELECT json_group_array(p.parent_id) FROM group_parents p WHERE p.group_id = g.id)`,
		`(SELECT coalesce(json_agg(p.parent_id), '[]') FROM group_parents p WHERE p.group_id = g.id)`)
}

func groupInto(g *model.Group) []any {
	return []any{intoGroupID{g}, &g.Name, &g.IsSuperuser, intoJSON{&g.Attributes}, intoJSON{&g.Parents}}
}

// intoGroupID scans the id and with it the number that authentik derives from it.
type intoGroupID struct{ g *model.Group }

// Scan takes text.
func (i intoGroupID) Scan(src any) error {
	id, _ := src.(string)
	i.g.ID, i.g.NumPK = model.GroupID(id), numPK(id)
	return nil
}

// numPK is the first five decimal digits of a UUID taken as a number.
func numPK(id string) int64 {
	raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil {
		return 0
	}
	digits := new(big.Int).SetBytes(raw).String()
	n, _ := strconv.ParseInt(digits[:min(5, len(digits))], 10, 64)
	return n
}

// InsertGroup adds a group with its parents and members, and sets its ID where it is empty. A taken name is model.ErrConflict.
func (s *Store) InsertGroup(ctx context.Context, g *model.Group) error {
	return wrap("insert group", s.InTx(ctx, func(ctx context.Context) error {
		if g.ID == "" {
			g.ID = model.GroupID(newID())
		}
		g.NumPK = numPK(string(g.ID))
		attributes, err := jsonText(object(g.Attributes))
		if err != nil {
			return err
		}
		const insert = `INSERT INTO groups (id, name, is_superuser, attributes) VALUES ($1, $2, $3, $4)`
		if err := s.exec(ctx, insert, g.ID, g.Name, g.IsSuperuser, attributes); err != nil {
			return err
		}
		if err := s.setParents(ctx, g.ID, g.Parents); err != nil {
			return err
		}
		return s.addMembers(ctx, g.ID, g.Users)
	}))
}

// UpdateGroup lets fn change a group and its parents, and set its members, and returns the result. A group above itself is invalid.
func (s *Store) UpdateGroup(ctx context.Context, id model.GroupID, fn func(*model.Group) error) (*model.Group, error) {
	var g *model.Group
	err := s.InTx(ctx, func(ctx context.Context) error {
		lock := s.pick(`SELECT 1 FROM groups WHERE id = $1`, `SELECT 1 FROM groups WHERE id = $1 FOR UPDATE`)
		if err := s.readOne(ctx, lock, []any{new(int)}, id); err != nil {
			return err
		}
		var err error
		if g, err = s.Group(ctx, id); err != nil {
			return err
		}
		parents := slices.Clone(g.Parents)
		if err := fn(g); err != nil {
			return err
		}
		g.ID, g.NumPK = id, numPK(string(id))
		attributes, err := jsonText(object(g.Attributes))
		if err != nil {
			return err
		}
		const update = `UPDATE groups SET name = $1, is_superuser = $2, attributes = $3 WHERE id = $4`
		if err := s.exec(ctx, update, g.Name, g.IsSuperuser, attributes, id); err != nil {
			return err
		}
		if !slices.Equal(parents, g.Parents) {
			if err := s.setParents(ctx, id, g.Parents); err != nil {
				return err
			}
		}
		if g.Users != nil {
			return s.SetGroupUsers(ctx, id, g.Users)
		}
		return nil
	})
	if err != nil {
		return nil, wrap("update group", err)
	}
	return g, nil
}

// DeleteGroup deletes a group and the policy bindings that name it. Its members and the groups below it stay.
func (s *Store) DeleteGroup(ctx context.Context, id model.GroupID) error {
	return wrap("delete group", s.Change(ctx, func(ctx context.Context, c *Change) error {
		for _, b := range c.Snapshot().PolicyBindings {
			if b.Group != nil && *b.Group == id {
				if err := c.Delete(ctx, b); err != nil {
					return err
				}
			}
		}
		return s.must(ctx, `DELETE FROM groups WHERE id = $1 RETURNING 1`, id)
	}))
}

// Group reads a group with its parents.
func (s *Store) Group(ctx context.Context, id model.GroupID) (*model.Group, error) {
	g := &model.Group{}
	if err := s.readOne(ctx, `SELECT `+s.groupColumns()+` FROM groups g WHERE g.id = $1`, groupInto(g), id); err != nil {
		return nil, wrap("read group", err)
	}
	return g, nil
}

// GroupByName reads the group with exactly this name, with its parents.
func (s *Store) GroupByName(ctx context.Context, name string) (*model.Group, error) {
	g := &model.Group{}
	if err := s.readOne(ctx, `SELECT `+s.groupColumns()+` FROM groups g WHERE g.name = $1`, groupInto(g), name); err != nil {
		return nil, wrap("read group", err)
	}
	return g, nil
}

// ListGroups lists groups with their parents, and how many groups there are in all.
func (s *Store) ListGroups(ctx context.Context, l List) ([]*model.Group, int, error) {
	return list(ctx, s, listing[model.Group]{
		noun: "groups", columns: s.groupColumns(), from: "groups g", id: "g.id", order: "g.name", into: groupInto,
		fields: map[string]column{
			"pk": {sql: "g.id"}, "name": {sql: "g.name"}, "is_superuser": {sql: "g.is_superuser", is: booleans},
			"parents":             {sql: "p.parent_id", within: "g.id IN (SELECT p.group_id FROM group_parents p WHERE %s)"},
			"members_by_pk":       {sql: "m.user_id", is: integers, within: "g.id IN (SELECT m.group_id FROM user_groups m WHERE %s)"},
			"members_by_username": {sql: "u.username", within: "g.id IN (SELECT m.group_id FROM user_groups m JOIN users u ON u.id = m.user_id WHERE %s)"},
		},
		search: []string{"g.name"},
	}, l)
}

// places writes n placeholders from number first on: "$1, $2".
func places(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String()
}
