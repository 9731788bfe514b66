package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// GroupsOf reads the groups of a user and all groups above them, by name.
func (s *Store) GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error) {
	text := `WITH RECURSIVE up (id, direct) AS (
		SELECT group_id, 1 FROM user_groups WHERE user_id = $1
		UNION SELECT p.parent_id, 0 FROM up JOIN group_parents p ON p.group_id = up.id)
		SELECT ` + s.groupColumns() + `, own.direct
		FROM (SELECT id, max(direct) AS direct FROM up GROUP BY id) own JOIN groups g ON g.id = own.id ORDER BY g.name`
	var groups []model.UserGroup
	err := s.read(ctx, statement{text: text, args: []any{id}, each: func(scan row) error {
		groups = append(groups, model.UserGroup{})
		g := &groups[len(groups)-1]
		return scan(append(groupInto(&g.Group), &g.Direct)...)
	}})
	return groups, wrap("read groups of user", err)
}

// GroupsOfAll reads what GroupsOf does, for many users in one statement.
func (s *Store) GroupsOfAll(ctx context.Context, ids []model.UserID) (map[model.UserID][]model.UserGroup, error) {
	out := map[model.UserID][]model.UserGroup{}
	if len(ids) == 0 {
		return out, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	text := `WITH RECURSIVE up (user_id, id, direct) AS (
		SELECT user_id, group_id, 1 FROM user_groups WHERE user_id IN (` + places(1, len(args)) + `)
		UNION SELECT up.user_id, p.parent_id, 0 FROM up JOIN group_parents p ON p.group_id = up.id)
		SELECT own.user_id, ` + s.groupColumns() + `, own.direct
		FROM (SELECT user_id, id, max(direct) AS direct FROM up GROUP BY user_id, id) own JOIN groups g ON g.id = own.id ORDER BY own.user_id, g.name`
	err := s.read(ctx, statement{text: text, args: args, adhoc: true, each: func(scan row) error {
		var user model.UserID
		var g model.UserGroup
		if err := scan(append([]any{&user}, append(groupInto(&g.Group), &g.Direct)...)...); err != nil {
			return err
		}
		out[user] = append(out[user], g)
		return nil
	}})
	return out, wrap("read groups of users", err)
}

// SetUserGroups makes these the direct groups of a user.
func (s *Store) SetUserGroups(ctx context.Context, id model.UserID, groups []model.GroupID) error {
	return wrap("set groups of user", s.InTx(ctx, func(ctx context.Context) error {
		if err := s.exec(ctx, `DELETE FROM user_groups WHERE user_id = $1`, id); err != nil {
			return err
		}
		for _, g := range unique(groups) {
			if err := s.exec(ctx, addMember, id, g); err != nil {
				return err
			}
		}
		return nil
	}))
}

// MembersOf reads the direct members of groups in one statement, those of each by their ids.
func (s *Store) MembersOf(ctx context.Context, groups ...model.GroupID) (map[model.GroupID][]model.UserID, error) {
	out := map[model.GroupID][]model.UserID{}
	err := s.ofMembers(ctx, `SELECT group_id, user_id FROM user_groups WHERE group_id IN (%s) ORDER BY group_id, user_id`, groups, func(scan row) error {
		var group model.GroupID
		var user model.UserID
		err := scan(&group, &user)
		out[group] = append(out[group], user)
		return err
	})
	return out, wrap("read members of groups", err)
}

// CountMembers counts the direct members of groups in one statement. Groups without any are left out.
func (s *Store) CountMembers(ctx context.Context, groups ...model.GroupID) (map[model.GroupID]int, error) {
	out := map[model.GroupID]int{}
	err := s.ofMembers(ctx, `SELECT group_id, count(*) FROM user_groups WHERE group_id IN (%s) GROUP BY group_id`, groups, func(scan row) error {
		var group model.GroupID
		var n int
		err := scan(&group, &n)
		out[group] = n
		return err
	})
	return out, wrap("count members of groups", err)
}

func (s *Store) ofMembers(ctx context.Context, text string, groups []model.GroupID, each func(row) error) error {
	if len(groups) == 0 {
		return nil
	}
	args := make([]any, len(groups))
	for i, id := range groups {
		args[i] = id
	}
	return s.read(ctx, statement{text: fmt.Sprintf(text, places(1, len(args))), args: args, adhoc: len(args) > 1, each: each})
}

// SetGroupUsers makes these the direct members of a group. Only memberships that begin or end are written.
func (s *Store) SetGroupUsers(ctx context.Context, id model.GroupID, users []model.UserID) error {
	return wrap("set members of group", s.InTx(ctx, func(ctx context.Context) error {
		members, err := s.MembersOf(ctx, id)
		if err != nil {
			return err
		}
		wanted := unique(users)
		for chunk := range slices.Chunk(missing(members[id], wanted), memberChunk) {
			args := []any{id}
			for _, u := range chunk {
				args = append(args, u)
			}
			if err := s.write(ctx, statement{text: `DELETE FROM user_groups WHERE group_id = $1 AND user_id IN (` + places(2, len(chunk)) + `)`, args: args, adhoc: true}); err != nil {
				return err
			}
		}
		return s.addMembers(ctx, id, missing(wanted, members[id]))
	}))
}

// memberChunk bounds the memberships that one statement writes.
const memberChunk = 500

// missing gives what of a sorted list is missing from another.
func missing[T model.UserID | model.GroupID](list, other []T) []T {
	var out []T
	for _, x := range list {
		if _, found := slices.BinarySearch(other, x); !found {
			out = append(out, x)
		}
	}
	return out
}

const addMember = `INSERT INTO user_groups (user_id, group_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`

func (s *Store) addMembers(ctx context.Context, id model.GroupID, users []model.UserID) error {
	for chunk := range slices.Chunk(unique(users), memberChunk) {
		tuples, args := make([]string, len(chunk)), []any{id}
		for i, u := range chunk {
			tuples[i], args = fmt.Sprintf("($%d, $1)", i+2), append(args, u)
		}
		text := `INSERT INTO user_groups (user_id, group_id) VALUES ` + strings.Join(tuples, ", ") + ` ON CONFLICT DO NOTHING`
		if err := s.write(ctx, statement{text: text, args: args, adhoc: true}); err != nil {
			return err
		}
	}
	return nil
}

// AddUserToGroup makes a user a member; one who is a member already stays one.
func (s *Store) AddUserToGroup(ctx context.Context, id model.GroupID, user model.UserID) error {
	return wrap("add user to group", s.exec(ctx, addMember, user, id))
}

// RemoveUserFromGroup ends a membership and reports whether there was one.
func (s *Store) RemoveUserFromGroup(ctx context.Context, id model.GroupID, user model.UserID) (bool, error) {
	n, err := s.hit(ctx, `DELETE FROM user_groups WHERE user_id = $1 AND group_id = $2 RETURNING 1`, user, id)
	return n > 0, wrap("remove user from group", err)
}

// setParents replaces the parents of a group. Writers of the hierarchy wait for one another, else two of them could close a circle.
func (s *Store) setParents(ctx context.Context, id model.GroupID, parents []model.GroupID) error {
	if s.postgres {
		if err := s.exec(ctx, `LOCK TABLE group_parents IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
	}
	if err := s.exec(ctx, `DELETE FROM group_parents WHERE group_id = $1`, id); err != nil {
		return err
	}
	for _, p := range unique(parents) {
		if err := s.exec(ctx, `INSERT INTO group_parents (group_id, parent_id) VALUES ($1, $2)`, id, p); err != nil {
			return err
		}
	}
	if len(parents) == 0 {
		return nil
	}
	const circle = `WITH RECURSIVE up (id) AS (
		SELECT parent_id FROM group_parents WHERE group_id = $1
		UNION SELECT p.parent_id FROM up JOIN group_parents p ON p.group_id = up.id)
		SELECT count(*) FROM up WHERE id = $1`
	var n int
	if err := s.readOne(ctx, circle, []any{&n}, id); err != nil {
		return err
	}
	if n > 0 {
		return s.spoil(ctx, model.Invalid("parents", "A group cannot be above itself."))
	}
	return nil
}

// unique drops what is listed twice and sorts, so that concurrent writers take their locks in one order.
func unique[T int64 | model.UserID | model.GroupID](list []T) []T {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}
