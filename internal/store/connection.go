package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// connectionColumns are what connectionInto scans; the table is called c.
func (s *Store) connectionColumns() string {
	return `c.id, c.user_id, c.source_id, c.identifier, c.profile, c.written, c.created, c.last_updated, ` + s.pick(
		`(SELECT json_group_array(json_object('kind', i.kind, 'namespace', i.namespace, 'value', i.value))
			FROM connection_identifiers i WHERE i.connection_id = c.id)`,
		`(SELECT coalesce(json_agg(json_build_object('kind', i.kind, 'namespace', i.namespace, 'value', i.value) ORDER BY i.kind, i.namespace), '[]')
			FROM connection_identifiers i WHERE i.connection_id = c.id)`)
}

func connectionInto(c *model.Connection) []any {
	return []any{
		&c.ID, &c.User, &c.Source, &c.Identifier, intoJSON{&c.Profile}, intoJSON{&c.Written}, intoTime{&c.Created}, intoTime{&c.LastUpdated}, intoJSON{&c.Identifiers},
	}
}

// OwnersOf tells which of the identifiers are known, and whose they are.
func (s *Store) OwnersOf(ctx context.Context, ids []model.Identifier) ([]model.IdentifierOwner, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var owners []model.IdentifierOwner
	var parts []string
	var args []any
	for i, id := range ids {
		parts = append(parts, fmt.Sprintf("(kind = $%d AND namespace = $%d AND value = $%d)", 3*i+1, 3*i+2, 3*i+3))
		args = append(args, id.Kind, id.Namespace, id.Value)
	}
	text := `SELECT kind, namespace, value, user_id FROM identities WHERE ` + strings.Join(parts, " OR ")
	err := s.read(ctx, statement{text: text, args: args, adhoc: len(ids) > keptRows, each: func(scan row) error {
		var o model.IdentifierOwner
		err := scan(&o.Kind, &o.Namespace, &o.Value, &o.User)
		owners = append(owners, o)
		return err
	}})
	return owners, wrap("read owners of identifiers", err)
}

// keptRows bounds how many rows a composed statement may have to be kept prepared.
const keptRows = 4

// SaveConnection inserts the user's connection to the source or updates the one that exists, and sets its ID and dates. Its identifiers are
// added; of the same kind and namespace the new value replaces the old. An identifier of another user is model.ErrConflict, and
// nothing is changed.
func (s *Store) SaveConnection(ctx context.Context, c *model.Connection) error {
	return wrap("save connection", s.InTx(ctx, func(ctx context.Context) error {
		known, err := s.upsertConnection(ctx, c)
		if err != nil || len(c.Identifiers) == 0 {
			return err
		}
		if err := s.claim(ctx, c); err != nil {
			return err
		}
		args := []any{c.ID}
		var tuples []string
		for i, id := range c.Identifiers {
			tuples = append(tuples, fmt.Sprintf("($1, $%d, $%d, $%d)", 3*i+2, 3*i+3, 3*i+4))
			args = append(args, id.Kind, id.Namespace, id.Value)
		}
		err = s.write(ctx, statement{adhoc: len(tuples) > keptRows, args: args, text: `INSERT INTO connection_identifiers
			(connection_id, kind, namespace, value) VALUES ` + strings.Join(tuples, ", ") + `
			ON CONFLICT (connection_id, kind, namespace) DO UPDATE SET value = excluded.value`})
		if err != nil || !known {
			return err
		}
		return s.exec(ctx, dropIdentities, c.User)
	}))
}

// upsertConnection reports whether the connection was there before.
func (s *Store) upsertConnection(ctx context.Context, c *model.Connection) (known bool, err error) {
	now := moment(s.now())
	profile := c.Profile
	if len(profile) == 0 {
		profile = json.RawMessage("{}")
	}
	c.Written = object(c.Written)
	written, err := jsonText(c.Written)
	if err != nil {
		return false, err
	}
	const upsert = `INSERT INTO connections (user_id, source_id, identifier, profile, written, created, last_updated) VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (user_id, source_id) DO UPDATE
		SET identifier = excluded.identifier, profile = excluded.profile, written = excluded.written, last_updated = excluded.last_updated
		RETURNING id, created`
	previous := c.ID
	err = s.writeOne(ctx, upsert, []any{&c.ID, intoTime{&c.Created}}, c.User, c.Source, c.Identifier, string(profile), written, now)
	c.LastUpdated = now
	return previous == c.ID || !c.Created.Equal(now), err
}

// claim makes the identifiers the user's. The statement returns the owner of each, who was there first.
func (s *Store) claim(ctx context.Context, c *model.Connection) error {
	var tuples []string
	args := []any{c.User}
	for i, id := range c.Identifiers {
		tuples = append(tuples, fmt.Sprintf("($1, $%d, $%d, $%d)", 3*i+2, 3*i+3, 3*i+4))
		args = append(args, id.Kind, id.Namespace, id.Value)
	}
	text := `INSERT INTO identities (user_id, kind, namespace, value) VALUES ` + strings.Join(tuples, ", ") + `
		ON CONFLICT (kind, namespace, value) DO UPDATE SET user_id = identities.user_id RETURNING user_id`
	foreign := false
	err := s.write(ctx, statement{text: text, args: args, adhoc: len(tuples) > keptRows, each: func(scan row) error {
		var owner model.UserID
		err := scan(&owner)
		foreign = foreign || owner != c.User
		return err
	}})
	if err == nil && foreign {
		err = s.spoil(ctx, taken("connections", "identifier"))
	}
	return err
}

// dropIdentities frees the identifiers of a user that none of their connections has.
const dropIdentities = `DELETE FROM identities WHERE user_id = $1 AND NOT EXISTS (SELECT 1 FROM connection_identifiers c
	WHERE c.kind = identities.kind AND c.namespace = identities.namespace AND c.value = identities.value)`

// Connection reads a connection with its identifiers.
func (s *Store) Connection(ctx context.Context, id model.ConnectionID) (*model.Connection, error) {
	return s.oneConnection(ctx, ` FROM connections c WHERE c.id = $1`, id)
}

// ConnectionOf reads the user's connection to the source, with its identifiers.
func (s *Store) ConnectionOf(ctx context.Context, user model.UserID, source model.SourceID) (*model.Connection, error) {
	return s.oneConnection(ctx, ` FROM connections c WHERE c.user_id = $1 AND c.source_id = $2`, user, source)
}

func (s *Store) oneConnection(ctx context.Context, from string, args ...any) (*model.Connection, error) {
	c := &model.Connection{}
	if err := s.readOne(ctx, `SELECT `+s.connectionColumns()+from, connectionInto(c), args...); err != nil {
		return nil, wrap("read connection", err)
	}
	return c, nil
}

// DeleteConnection deletes a connection and frees the identifiers that no other connection of the user has.
func (s *Store) DeleteConnection(ctx context.Context, id model.ConnectionID) error {
	return wrap("delete connection", s.InTx(ctx, func(ctx context.Context) error {
		var user model.UserID
		if err := s.writeOne(ctx, `DELETE FROM connections WHERE id = $1 RETURNING user_id`, []any{&user}, id); err != nil {
			return err
		}
		return s.exec(ctx, dropIdentities, user)
	}))
}

// ListConnections lists connections with their identifiers, and how many there are in all.
func (s *Store) ListConnections(ctx context.Context, l List) ([]*model.Connection, int, error) {
	return list(ctx, s, listing[model.Connection]{
		noun: "connections", columns: s.connectionColumns(), id: "c.id", order: "c.id", into: connectionInto,
		from: "connections c JOIN users u ON u.id = c.user_id JOIN sources s ON s.id = c.source_id",
		fields: map[string]column{
			"pk": {sql: "c.id", is: integers}, "user": {sql: "c.user_id", is: integers}, "user__username": {sql: "u.username"},
			"source": {sql: "c.source_id"}, "source__slug": {sql: "s.slug"}, "identifier": {sql: "c.identifier"},
			"created": {sql: "c.created", is: moments}, "last_updated": {sql: "c.last_updated", is: moments},
		},
		search: []string{"u.username", "c.identifier", "s.slug"},
	}, l)
}

// CountConnections counts the connections of a user.
func (s *Store) CountConnections(ctx context.Context, user model.UserID) (int, error) {
	var n int
	err := s.readOne(ctx, `SELECT count(*) FROM connections WHERE user_id = $1`, []any{&n}, user)
	return n, wrap("count connections", err)
}
