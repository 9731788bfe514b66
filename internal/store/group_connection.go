package store

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

// groupConnectionColumns are what groupConnectionInto scans; the table is called c.
const groupConnectionColumns = `c.id, c.group_id, c.source_id, c.identifier, c.created, c.last_updated`

func groupConnectionInto(c *model.GroupConnection) []any {
	return []any{&c.ID, &c.Group, &c.Source, &c.Identifier, intoTime{&c.Created}, intoTime{&c.LastUpdated}}
}

// GroupConnections reads the connections of a source by what it calls the groups. Names that are not known give none.
func (s *Store) GroupConnections(ctx context.Context, source model.SourceID, identifiers []string) ([]*model.GroupConnection, error) {
	if len(identifiers) == 0 {
		return nil, nil
	}
	args := []any{source}
	for _, id := range identifiers {
		args = append(args, id)
	}
	return s.groupConnections(ctx, statement{
		text: `SELECT ` + groupConnectionColumns + ` FROM group_connections c WHERE c.source_id = $1 AND c.identifier IN (` +
			places(2, len(identifiers)) + `) ORDER BY c.identifier`,
		args: args, adhoc: len(identifiers) > keptRows,
	})
}

// GroupConnectionsOfSource reads all connections of a source.
func (s *Store) GroupConnectionsOfSource(ctx context.Context, source model.SourceID) ([]*model.GroupConnection, error) {
	return s.groupConnections(ctx, statement{
		text: `SELECT ` + groupConnectionColumns + ` FROM group_connections c WHERE c.source_id = $1 ORDER BY c.identifier`, args: []any{source},
	})
}

func (s *Store) groupConnections(ctx context.Context, st statement) ([]*model.GroupConnection, error) {
	var all []*model.GroupConnection
	st.each = func(scan row) error {
		c := &model.GroupConnection{}
		all = append(all, c)
		return scan(groupConnectionInto(c)...)
	}
	return all, wrap("read group connections", s.read(ctx, st))
}

// GroupConnection reads a connection.
func (s *Store) GroupConnection(ctx context.Context, id model.GroupConnectionID) (*model.GroupConnection, error) {
	c := &model.GroupConnection{}
	err := s.readOne(ctx, `SELECT `+groupConnectionColumns+` FROM group_connections c WHERE c.id = $1`, groupConnectionInto(c), id)
	if err != nil {
		return nil, wrap("read group connection", err)
	}
	return c, nil
}

// InsertGroupConnection adds a connection and sets its ID and dates. A source's name for a group that is taken is model.ErrConflict.
func (s *Store) InsertGroupConnection(ctx context.Context, c *model.GroupConnection) error {
	now := moment(s.now())
	c.Created, c.LastUpdated = now, now
	const insert = `INSERT INTO group_connections (group_id, source_id, identifier, created, last_updated) VALUES ($1, $2, $3, $4, $4) RETURNING id`
	return wrap("insert group connection", s.writeOne(ctx, insert, []any{&c.ID}, c.Group, c.Source, c.Identifier, now))
}

// RenameGroupConnection sets by what the source knows the group, and returns the result. A taken name is model.ErrConflict.
func (s *Store) RenameGroupConnection(ctx context.Context, id model.GroupConnectionID, identifier string) (*model.GroupConnection, error) {
	var c *model.GroupConnection
	err := s.InTx(ctx, func(ctx context.Context) error {
		const rename = `UPDATE group_connections SET identifier = $2, last_updated = $3 WHERE id = $1 RETURNING 1`
		if err := s.must(ctx, rename, id, identifier, moment(s.now())); err != nil {
			return err
		}
		var err error
		c, err = s.GroupConnection(ctx, id)
		return err
	})
	return c, wrap("rename group connection", err)
}

// DeleteGroupConnection deletes a connection. The group stays.
func (s *Store) DeleteGroupConnection(ctx context.Context, id model.GroupConnectionID) error {
	return wrap("delete group connection", s.must(ctx, `DELETE FROM group_connections WHERE id = $1 RETURNING 1`, id))
}

// ListGroupConnections lists connections, and how many there are in all.
func (s *Store) ListGroupConnections(ctx context.Context, l List) ([]*model.GroupConnection, int, error) {
	return list(ctx, s, listing[model.GroupConnection]{
		noun: "group connections", columns: groupConnectionColumns, id: "c.id", order: "c.id", into: groupConnectionInto,
		from: "group_connections c JOIN groups g ON g.id = c.group_id JOIN sources s ON s.id = c.source_id",
		fields: map[string]column{
			"pk": {sql: "c.id", is: integers}, "group": {sql: "c.group_id"}, "source": {sql: "c.source_id"}, "source__slug": {sql: "s.slug"},
			"identifier": {sql: "c.identifier"}, "created": {sql: "c.created", is: moments}, "last_updated": {sql: "c.last_updated", is: moments},
		},
		search: []string{"g.name", "c.identifier", "s.slug"},
	}, l)
}
