package store

import (
	"context"
	"errors"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// invitationColumns are what invitationInto scans; the table is called i.
const invitationColumns = `i.id, i.name, i.expires, i.fixed_data, i.single_use, i.flow_id, coalesce(i.created_by, 0), i.created`

const readInvitation = `SELECT ` + invitationColumns + ` FROM invitations i WHERE i.id = $1`

func invitationInto(i *model.Invitation) []any {
	return []any{
		&i.ID, &i.Name,
		intoTimePtr{&i.Expires},
		intoJSON{&i.FixedData},
		&i.SingleUse, &i.Flow, &i.CreatedBy,
		intoTime{&i.Created},
	}
}

// invitationValues are the columns that InsertInvitation and UpdateInvitation write, in their order.
func invitationValues(i *model.Invitation) ([]any, error) {
	data, err := jsonText(object(i.FixedData))
	if err != nil {
		return nil, err
	}
	return []any{i.ID, i.Name, momentOrNull(i.Expires), data, i.SingleUse, i.Flow}, nil
}

// Invitation reads an invitation. Whether it has expired is for the caller to say.
func (s *Store) Invitation(ctx context.Context, id model.InvitationID) (*model.Invitation, error) {
	i := &model.Invitation{}
	if err := s.readOne(ctx, readInvitation, invitationInto(i), id); err != nil {
		return nil, wrap("read invitation", err)
	}
	return i, nil
}

// InsertInvitation adds an invitation, and sets its ID and creation time where they are empty. CreatedBy may be 0, for nobody.
func (s *Store) InsertInvitation(ctx context.Context, i *model.Invitation) error {
	if i.ID == "" {
		i.ID = model.InvitationID(newSecretID())
	}
	if i.Created.IsZero() {
		i.Created = moment(s.now())
	}
	values, err := invitationValues(i)
	if err != nil {
		return wrap("insert invitation", err)
	}
	const insert = `INSERT INTO invitations (id, name, expires, fixed_data, single_use, flow_id, created_by, created)
		VALUES ($1, $2, $3, $4, $5, $6, nullif($7, 0), $8)`
	return wrap("insert invitation", s.exec(ctx, insert, append(values, i.CreatedBy, moment(i.Created))...))
}

// UpdateInvitation lets fn change an invitation, alone with it, and returns the result. Its ID, and who made it when, are not changed.
func (s *Store) UpdateInvitation(ctx context.Context, id model.InvitationID, fn func(*model.Invitation) error) (*model.Invitation, error) {
	var i *model.Invitation
	err := s.InTx(ctx, func(ctx context.Context) error {
		before := &model.Invitation{}
		if err := s.readOne(ctx, s.pick(readInvitation, readInvitation+" FOR UPDATE"), invitationInto(before), id); err != nil {
			return err
		}
		after := *before
		i = &after
		if err := fn(i); err != nil {
			return err
		}
		i.ID, i.CreatedBy, i.Created = id, before.CreatedBy, before.Created
		values, err := invitationValues(i)
		if err != nil {
			return err
		}
		const update = `UPDATE invitations SET name = $2, expires = $3, fixed_data = $4, single_use = $5, flow_id = $6 WHERE id = $1 RETURNING 1`
		return s.must(ctx, update, values...)
	})
	if err != nil {
		return nil, wrap("update invitation", err)
	}
	return i, nil
}

// ConsumeInvitation uses an invitation. One for a single use is taken, once: of many callers one gets it. For the others, and for
// everybody once it has expired, it is model.ErrNotFound.
func (s *Store) ConsumeInvitation(ctx context.Context, id model.InvitationID, now time.Time) error {
	const (
		take = `DELETE FROM invitations WHERE id = $1 AND single_use AND (expires IS NULL OR expires > $2) RETURNING 1`
		keep = `SELECT 1 FROM invitations WHERE id = $1 AND NOT single_use AND (expires IS NULL OR expires > $2)`
	)
	err := s.must(ctx, take, id, moment(now))
	if errors.Is(err, model.ErrNotFound) {
		err = s.readOne(ctx, keep, []any{new(int)}, id, moment(now))
	}
	return wrap("consume invitation", err)
}

// DeleteInvitation deletes an invitation.
func (s *Store) DeleteInvitation(ctx context.Context, id model.InvitationID) error {
	return wrap("delete invitation", s.must(ctx, `DELETE FROM invitations WHERE id = $1 RETURNING 1`, id))
}

// ListInvitations lists invitations, and how many there are in all.
func (s *Store) ListInvitations(ctx context.Context, l List) ([]*model.Invitation, int, error) {
	return list(ctx, s, listing[model.Invitation]{
		noun: "invitations", columns: invitationColumns, id: "i.id", order: "i.expires DESC", into: invitationInto,
		from: "invitations i LEFT JOIN users u ON u.id = i.created_by LEFT JOIN flows f ON f.id = i.flow_id",
		fields: map[string]column{
			"pk": {sql: "i.id"}, "name": {sql: "i.name"}, "expires": {sql: "i.expires", is: moments, nullable: true},
			"single_use": {sql: "i.single_use", is: booleans}, "created": {sql: "i.created", is: moments},
			"created_by": {sql: "i.created_by", is: integers, nullable: true}, "created_by__username": {sql: "u.username", nullable: true},
			"flow": {sql: "i.flow_id", nullable: true}, "flow__slug": {sql: "f.slug", nullable: true},
		},
		search: []string{"i.name", "u.username", "f.slug"},
	}, l)
}
