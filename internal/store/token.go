package store

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

// tokenColumns are what tokenInto scans; the table is called t.
const tokenColumns = `t.id, t.identifier, t.intent, t.user_id, t.description, t.expires, t.expiring, t.managed, t.key_hash, t.key_sealed`

func tokenInto(t *model.Token) []any {
	return []any{
		&t.ID, &t.Identifier, &t.Intent, &t.User, &t.Description, intoTimePtr{&t.Expires}, &t.Expiring, &t.Managed, &t.KeyHash, &t.KeySealed,
	}
}

func tokenValues(t *model.Token) []any {
	return []any{
		t.Identifier, t.Intent, t.User, t.Description, momentOrNull(t.Expires), t.Expiring, t.Managed, t.KeyHash, string(t.KeySealed), t.ID,
	}
}

// InsertToken adds a token and sets its ID where it is empty. A taken identifier is model.ErrConflict.
func (s *Store) InsertToken(ctx context.Context, t *model.Token) error {
	if t.ID == "" {
		t.ID = model.TokenID(newID())
	}
	return wrap("insert token", s.exec(ctx, `INSERT INTO tokens
		(identifier, intent, user_id, description, expires, expiring, managed, key_hash, key_sealed, id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, tokenValues(t)...))
}

// UpdateToken lets fn change a token, alone with it, and returns the result.
func (s *Store) UpdateToken(ctx context.Context, id model.TokenID, fn func(*model.Token) error) (*model.Token, error) {
	var t *model.Token
	err := s.InTx(ctx, func(ctx context.Context) error {
		t = &model.Token{}
		const read = `SELECT ` + tokenColumns + ` FROM tokens t WHERE t.id = $1`
		if err := s.readOne(ctx, s.pick(read, read+" FOR UPDATE"), tokenInto(t), id); err != nil {
			return err
		}
		if err := fn(t); err != nil {
			return err
		}
		t.ID = id
		return s.must(ctx, `UPDATE tokens SET identifier = $1, intent = $2, user_id = $3, description = $4, expires = $5, expiring = $6,
			managed = $7, key_hash = $8, key_sealed = $9 WHERE id = $10 RETURNING 1`, tokenValues(t)...)
	})
	if err != nil {
		return nil, wrap("update token", err)
	}
	return t, nil
}

// DeleteToken deletes a token.
func (s *Store) DeleteToken(ctx context.Context, id model.TokenID) error {
	return wrap("delete token", s.must(ctx, `DELETE FROM tokens WHERE id = $1 RETURNING 1`, id))
}

// TokenByIdentifier reads a token by its name.
func (s *Store) TokenByIdentifier(ctx context.Context, identifier string) (*model.Token, error) {
	t := &model.Token{}
	err := s.readOne(ctx, `SELECT `+tokenColumns+` FROM tokens t WHERE t.identifier = $1`, tokenInto(t), identifier)
	if err != nil {
		return nil, wrap("read token", err)
	}
	return t, nil
}

// TokenByKeyHash reads a token by its key, and its user. Whether they are still valid is for the caller to say.
func (s *Store) TokenByKeyHash(ctx context.Context, hash string) (*model.Token, *model.User, error) {
	t, u := &model.Token{}, &model.User{}
	err := s.readOne(ctx, `SELECT `+tokenColumns+`, `+userColumns+` FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.key_hash = $1`,
		append(tokenInto(t), userInto(u)...), hash)
	if err != nil {
		return nil, nil, wrap("read token", err)
	}
	return t, u, nil
}

var tokens = listing[model.Token]{
	noun: "tokens", columns: tokenColumns, from: "tokens t JOIN users u ON u.id = t.user_id", id: "t.id", order: "t.identifier", into: tokenInto,
	fields: map[string]column{
		"pk": {sql: "t.id"}, "identifier": {sql: "t.identifier"}, "intent": {sql: "t.intent"}, "description": {sql: "t.description"},
		"user": {sql: "t.user_id", is: integers}, "user__username": {sql: "u.username"}, "managed": {sql: "t.managed", nullable: true},
		"expires": {sql: "t.expires", is: moments, nullable: true}, "expiring": {sql: "t.expiring", is: booleans},
	},
	search: []string{"t.identifier", "t.intent", "u.username", "t.description"},
}

// ListTokens lists tokens, and how many there are in all.
func (s *Store) ListTokens(ctx context.Context, l List) ([]*model.Token, int, error) {
	return list(ctx, s, tokens, l)
}
