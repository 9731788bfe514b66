package resource

import (
	"context"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// GroupConnectionFields is what can be said about a group's connection to a source from outside.
type GroupConnectionFields struct {
	// The group.
	Group model.GroupID `json:"group" required:"true" ref:"group"`
	// The source.
	Source model.SourceID `json:"source" required:"true" ref:"source"`
	// What the source knows the group by.
	Identifier string `json:"identifier" required:"true"`
}

// GroupConnection finds a connection for who may act on it.
func (m *Manager) GroupConnection(ctx context.Context, by Actor, a access.Action, id model.GroupConnectionID) (*model.GroupConnection, error) {
	if err := access.May(by.Principal, a, ModelGroupConnection, 0); err != nil {
		return nil, err
	}
	return m.Store.GroupConnection(ctx, id)
}

func (m *Manager) decodeGroupConnection(ctx context.Context, f *GroupConnectionFields, body kind.Body, mode kind.Mode) error {
	errs := faults{}
	errs.merge(kind.Decode(f, body, mode))
	if len(errs) > 0 {
		return errs.err()
	}
	if err := m.checkReferences(ctx, m.Store.Snapshot(), f, body, errs); err != nil {
		return err
	}
	return errs.err()
}

// CreateGroupConnection connects a group to what a source calls it.
func (m *Manager) CreateGroupConnection(ctx context.Context, by Actor, body kind.Body) (*model.GroupConnection, error) {
	if err := access.May(by.Principal, access.Add, ModelGroupConnection, 0); err != nil {
		return nil, err
	}
	f := &GroupConnectionFields{}
	if err := m.decodeGroupConnection(ctx, f, body, kind.Create); err != nil {
		return nil, err
	}
	var c *model.GroupConnection
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		c = &model.GroupConnection{Group: f.Group, Source: f.Source, Identifier: f.Identifier}
		if err := m.Store.InsertGroupConnection(ctx, c); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelCreated, ModelGroupConnection, idText(c.ID), c.Identifier)
	})
	return c, err
}

// ChangeGroupConnection changes by what the source knows the group. The group and the source stay.
func (m *Manager) ChangeGroupConnection(ctx context.Context, by Actor, id model.GroupConnectionID, body kind.Body, mode kind.Mode) (*model.GroupConnection, error) {
	c, err := m.GroupConnection(ctx, by, access.Change, id)
	if err != nil {
		return nil, err
	}
	f := &GroupConnectionFields{Group: c.Group, Source: c.Source, Identifier: c.Identifier}
	if err := m.decodeGroupConnection(ctx, f, body, mode); err != nil {
		return nil, err
	}
	if f.Group != c.Group || f.Source != c.Source {
		return nil, model.Invalid(whole, "A connection stays with its group and source: delete it and make another.")
	}
	err = m.Store.InTx(ctx, func(ctx context.Context) error {
		if c, err = m.Store.RenameGroupConnection(ctx, id, f.Identifier); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelUpdated, ModelGroupConnection, idText(id), c.Identifier)
	})
	return c, err
}

// DeleteGroupConnection removes a connection. The group stays.
func (m *Manager) DeleteGroupConnection(ctx context.Context, by Actor, id model.GroupConnectionID) error {
	c, err := m.GroupConnection(ctx, by, access.Delete, id)
	if err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		if err := m.Store.DeleteGroupConnection(ctx, id); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelGroupConnection, idText(id), c.Identifier)
	})
}
