package resource

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// ConnectionFields is what can be said about a connection from outside.
type ConnectionFields struct {
	// The person.
	User model.UserID `json:"user" required:"true" ref:"user"`
	// The source.
	Source model.SourceID `json:"source" required:"true" ref:"source"`
	// What the source knows the person's account by.
	Identifier string `json:"identifier" required:"true"`
}

// SaveConnection connects a user to an account by hand: a new connection if id is 0, else that one, whose user and source stay.
func (m *Manager) SaveConnection(ctx context.Context, by Actor, id model.ConnectionID, body kind.Body, mode kind.Mode) (*model.Connection, error) {
	action, event := access.Change, model.ActionModelUpdated
	if id == 0 {
		action, event = access.Add, model.ActionModelCreated
	}
	if err := access.May(by.Principal, action, ModelConnection, 0); err != nil {
		return nil, err
	}
	var c *model.Connection
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		c = &model.Connection{}
		if id != 0 {
			var err error
			if c, err = m.Store.Connection(ctx, id); err != nil {
				return err
			}
		}
		if err := m.editConnection(ctx, c, body, mode); err != nil {
			return err
		}
		if err := m.Store.SaveConnection(ctx, c); err != nil {
			return err
		}
		return m.record(ctx, by, event, ModelConnection, idText(c.ID), c.Identifier)
	})
	return c, err
}

func (m *Manager) editConnection(ctx context.Context, c *model.Connection, body kind.Body, mode kind.Mode) error {
	f := &ConnectionFields{User: c.User, Source: c.Source, Identifier: c.Identifier}
	s := m.Store.Snapshot()
	errs := faults{}
	errs.merge(kind.Decode(f, body, mode))
	if len(errs) > 0 {
		return errs.err()
	}
	if err := m.checkReferences(ctx, s, f, body, errs); err != nil {
		return err
	}
	if c.ID != 0 && (f.User != c.User || f.Source != c.Source) {
		errs.add(whole, "A connection stays with its user and source: delete it and make another.")
	}
	if len(errs) > 0 {
		return errs.err()
	}
	if c.ID == 0 {
		_, err := m.Store.ConnectionOf(ctx, f.User, f.Source)
		if err == nil {
			errs.add(whole, "The fields user, source must make a unique set.")
			return errs.err()
		}
		if !errors.Is(err, model.ErrNotFound) {
			return err
		}
	}
	unchanged := f.Identifier == c.Identifier
	c.User, c.Source, c.Identifier = f.User, f.Source, f.Identifier
	if unchanged {
		return nil
	}
	ids := []model.Identifier{{Kind: model.IdentifierSubject, Namespace: string(f.Source), Value: f.Identifier}}
	if m.Identifiers != nil {
		var err error
		if ids, err = m.Identifiers(s.Sources[f.Source], f.Identifier); err != nil {
			return err
		}
	}
	c.Identifiers = ids
	return nil
}

// Connection finds a connection that the actor may act on.
func (m *Manager) Connection(ctx context.Context, by Actor, a access.Action, id model.ConnectionID) (*model.Connection, error) {
	c, err := m.Store.Connection(ctx, id)
	if err != nil {
		return nil, err
	}
	return c, access.May(by.Principal, a, ModelConnection, c.User)
}

// DeleteConnection removes a connection. A person's own is kept where it is the last way to sign in; an administrator's program may remove it all the same. The user's row is locked
// meanwhile, so that two requests cannot remove the last two at the same time.
func (m *Manager) DeleteConnection(ctx context.Context, by Actor, id model.ConnectionID) error {
	c, err := m.Connection(ctx, by, access.Delete, id)
	if err != nil {
		return err
	}
	return m.guardedPeople(ctx, func(ctx context.Context) error {
		if by.UserID() == c.User && (by.Token == nil || !by.Superuser()) {
			if err := m.keepAWayIn(ctx, c); err != nil {
				return err
			}
		}
		if err := m.Store.DeleteConnection(ctx, id); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelConnection, idText(id), c.Identifier)
	})
}

// keepAWayIn refuses where nothing but the connection lets its user sign in: no password, and no other connection to a source that signs people in.
func (m *Manager) keepAWayIn(ctx context.Context, c *model.Connection) error {
	u, err := m.Store.UpdateUser(ctx, c.User, func(*model.User) error { return nil })
	if err != nil || u.PasswordHash != "" {
		return err
	}
	others, _, err := m.Store.ListConnections(ctx, store.List{Where: []store.Where{{Field: "user", Op: store.OpEq, Values: []string{idText(c.User)}}}})
	if err != nil {
		return err
	}
	s := m.Store.Snapshot()
	for _, other := range others {
		src := s.Sources[other.Source]
		if other.ID != c.ID && src != nil && src.Enabled && src.AuthenticationFlow != nil {
			return nil
		}
	}
	return model.Refuse(model.CodeConflict, "connection.last_way", "The connection is the last way to sign in.").With("action", model.ActionConfigurationWarning)
}
