package store

import (
	"context"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// userColumns are what userInto scans; the table is called u.
const userColumns = `u.id, u.uuid, u.username, u.name, u.email, u.is_active, u.path, u.type, u.attributes, u.password_hash,
	u.last_login, u.date_joined, u.last_updated, u.password_change_date`

func userInto(u *model.User) []any {
	return []any{
		&u.ID, &u.UUID, &u.Username, &u.Name, &u.Email, &u.IsActive, &u.Path, &u.Type,
		intoJSON{&u.Attributes},
		&u.PasswordHash,
		intoTimePtr{&u.LastLogin},
		intoTime{&u.DateJoined},
		intoTime{&u.LastUpdated},
		intoTime{&u.PasswordChangeDate},
	}
}

// userValues are the columns that InsertUser and UpdateUser write, in their order.
func userValues(u *model.User) ([]any, error) {
	attributes, err := jsonText(object(u.Attributes))
	if err != nil {
		return nil, err
	}
	upn, _ := u.Attributes["upn"].(string)
	return []any{
		u.Username, fold(u.Username), u.Name, u.Email, fold(u.Email), upn, fold(upn), u.IsActive, u.Path, u.Type, attributes,
		u.PasswordHash, momentOrNull(u.LastLogin), moment(u.DateJoined), moment(u.LastUpdated), moment(u.PasswordChangeDate),
	}, nil
}

const insertUser = `INSERT INTO users (username, username_fold, name, email, email_fold, upn, upn_fold, is_active, path, type, attributes,
	password_hash, last_login, date_joined, last_updated, password_change_date, uuid)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id`

// InsertUser adds a user and sets its ID, and its UUID and dates where they are empty. A taken username is model.ErrConflict.
func (s *Store) InsertUser(ctx context.Context, u *model.User) error {
	now := moment(s.now())
	if u.UUID == "" {
		u.UUID = newID()
	}
	if u.Path == "" {
		u.Path = "users"
	}
	if u.Type == "" {
		u.Type = model.UserInternal
	}
	if u.DateJoined.IsZero() {
		u.DateJoined = now
	}
	if u.PasswordChangeDate.IsZero() {
		u.PasswordChangeDate = now
	}
	u.LastUpdated = now
	values, err := userValues(u)
	if err != nil {
		return wrap("insert user", err)
	}
	return wrap("insert user", s.writeOne(ctx, insertUser, []any{&u.ID}, append(values, u.UUID)...))
}

const updateUser = `UPDATE users SET username = $1, username_fold = $2, name = $3, email = $4, email_fold = $5, upn = $6, upn_fold = $7,
	is_active = $8, path = $9, type = $10, attributes = $11, password_hash = $12, last_login = $13, date_joined = $14, last_updated = $15,
	password_change_date = $16 WHERE id = $17 RETURNING 1`

// UpdateUser lets fn change a user, alone with it, and returns the result. ID, UUID and groups are not changed.
func (s *Store) UpdateUser(ctx context.Context, id model.UserID, fn func(*model.User) error) (*model.User, error) {
	var u *model.User
	err := s.InTx(ctx, func(ctx context.Context) error {
		u = &model.User{}
		const read = `SELECT ` + userColumns + ` FROM users u WHERE u.id = $1`
		if err := s.readOne(ctx, s.pick(read, read+" FOR UPDATE"), userInto(u), id); err != nil {
			return err
		}
		uuid := u.UUID
		if err := fn(u); err != nil {
			return err
		}
		u.ID, u.UUID, u.LastUpdated = id, uuid, moment(s.now())
		values, err := userValues(u)
		if err != nil {
			return err
		}
		return s.must(ctx, updateUser, append(values, id)...)
	})
	if err != nil {
		return nil, wrap("update user", err)
	}
	return u, nil
}

// DeleteUser deletes a user with everything that is theirs: sessions, tokens, connections, consents, policy bindings. Events stay.
func (s *Store) DeleteUser(ctx context.Context, id model.UserID) error {
	return wrap("delete user", s.Change(ctx, func(ctx context.Context, c *Change) error {
		for _, b := range c.Snapshot().PolicyBindings {
			if b.User != nil && *b.User == id {
				if err := c.Delete(ctx, b); err != nil {
					return err
				}
			}
		}
		return s.must(ctx, `DELETE FROM users WHERE id = $1 RETURNING 1`, id)
	}))
}

// User reads a user, without groups.
func (s *Store) User(ctx context.Context, id model.UserID) (*model.User, error) {
	return s.oneUser(ctx, `SELECT `+userColumns+` FROM users u WHERE u.id = $1`, id)
}

// UserByUsername reads the user with exactly this username.
func (s *Store) UserByUsername(ctx context.Context, name string) (*model.User, error) {
	return s.oneUser(ctx, `SELECT `+userColumns+` FROM users u WHERE u.username = $1`, name)
}

// FindUser reads the first user, by id, whose username, email, upn (the attribute) or uuid is the value: fields says which of them
// count, fold whether case does not matter. An empty value finds nobody.
func (s *Store) FindUser(ctx context.Context, fields []string, value string, anyCase bool) (*model.User, error) {
	var parts []string
	for _, f := range fields {
		if find, ok := findUser[f]; ok {
			if !anyCase {
				find += " AND " + f + " = $2"
			}
			parts = append(parts, find)
		}
	}
	if len(parts) == 0 || value == "" {
		return nil, wrap("find user", model.ErrNotFound)
	}
	args := []any{fold(value)}
	if !anyCase {
		args = append(args, value)
	}
	text := `SELECT ` + userColumns + ` FROM users u WHERE u.id = (SELECT min(id) FROM (` + strings.Join(parts, " UNION ALL ") + `) found)`
	return s.oneUser(ctx, text, args...)
}

// findUser holds the look-ups of FindUser; the indexes are over folded text and leave empty text out.
var findUser = map[string]string{
	"username": `SELECT id FROM users WHERE username_fold = $1`,
	"email":    `SELECT id FROM users WHERE email_fold = $1 AND email_fold <> ''`,
	"upn":      `SELECT id FROM users WHERE upn_fold = $1 AND upn_fold <> ''`,
	"uuid":     `SELECT id FROM users WHERE uuid = $1`,
}

func (s *Store) oneUser(ctx context.Context, text string, args ...any) (*model.User, error) {
	u := &model.User{}
	if err := s.readOne(ctx, text, userInto(u), args...); err != nil {
		return nil, wrap("read user", err)
	}
	return u, nil
}

// superusers are the groups that make superusers, with all groups below them.
const superusers = `WITH RECURSIVE down (id) AS (
	SELECT id FROM groups WHERE is_superuser
	UNION SELECT p.group_id FROM group_parents p JOIN down ON p.parent_id = down.id)`

// CountActiveSuperusers counts the active users whom a group, or one above it, makes a superuser.
func (s *Store) CountActiveSuperusers(ctx context.Context) (int, error) {
	var n int
	err := s.readOne(ctx, superusers+` SELECT count(*) FROM users u WHERE u.is_active
		AND u.id IN (SELECT m.user_id FROM user_groups m WHERE m.group_id IN (SELECT id FROM down))`, []any{&n})
	return n, wrap("count superusers", err)
}

// UserPaths lists the paths that users are in.
func (s *Store) UserPaths(ctx context.Context) ([]string, error) {
	var paths []string
	err := s.read(ctx, statement{text: `SELECT DISTINCT path FROM users ORDER BY path`, each: func(scan row) error {
		var p string
		paths = append(paths, p)
		return scan(&paths[len(paths)-1])
	}})
	return paths, wrap("list user paths", err)
}

var users = listing[model.User]{
	noun: "users", columns: userColumns, from: "users u", id: "u.id", order: "u.id",
	into: func(u *model.User) []any { return userInto(u) },
	fields: map[string]column{
		"pk": {sql: "u.id", is: integers}, "id": {sql: "u.id", is: integers}, "uuid": {sql: "u.uuid"}, "username": {sql: "u.username"},
		"name": {sql: "u.name", orderPostgres: "substr(u.name, 1, 500)"}, "email": {sql: "u.email"}, "path": {sql: "u.path"},
		"type":      {sql: "u.type", common: []any{string(model.UserInternal), string(model.UserExternal)}},
		"is_active": {sql: "u.is_active", is: booleans, common: []any{true}}, "last_login": {sql: "u.last_login", is: moments, nullable: true},
		"date_joined": {sql: "u.date_joined", is: moments}, "last_updated": {sql: "u.last_updated", is: moments},
		"upn":            {sql: "u.upn"},
		"groups_by_pk":   {sql: "m.group_id", within: "u.id IN (SELECT m.user_id FROM user_groups m WHERE %s)"},
		"groups_by_name": {sql: "g.name", within: "u.id IN (SELECT m.user_id FROM user_groups m JOIN groups g ON g.id = m.group_id WHERE %s)"},
		"is_superuser": {
			sql: "(u.id IN (SELECT m.user_id FROM user_groups m WHERE m.group_id IN (" + superusers + " SELECT id FROM down)))", is: booleans,
		},
	},
	search: []string{"u.username", "u.name", "u.email", "u.uuid"},
}

// ListUsers lists users without their groups, and how many there are in all. Besides the columns, groups_by_pk, groups_by_name and
// is_superuser can be asked for.
func (s *Store) ListUsers(ctx context.Context, l List) ([]*model.User, int, error) {
	return list(ctx, s, users, l)
}
