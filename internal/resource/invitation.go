package resource

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// InvitationFields is what can be said about an invitation from outside.
type InvitationFields struct {
	// A name for administrators.
	Name string `json:"name" required:"true" rule:"slug"`
	// Until when the invitation is good. Empty: for ever.
	Expires *time.Time `json:"expires"`
	// What is known of the guest beforehand. It fills the prompts of the flow, and is kept where no prompt asks.
	FixedData map[string]any `json:"fixed_data"`
	// Whether the invitation is used up by the first guest.
	SingleUse bool `json:"single_use"`
	// The flow that the invitation is for. Empty: any.
	Flow *model.FlowID `json:"flow" ref:"flow"`
}

func invitationFields(i *model.Invitation) *InvitationFields {
	return &InvitationFields{Name: i.Name, Expires: i.Expires, FixedData: i.FixedData, SingleUse: i.SingleUse, Flow: i.Flow}
}

func (f *InvitationFields) write(i *model.Invitation) {
	i.Name, i.Expires, i.FixedData, i.SingleUse, i.Flow = f.Name, f.Expires, f.FixedData, f.SingleUse, f.Flow
}

func (m *Manager) decodeInvitation(ctx context.Context, f *InvitationFields, body kind.Body, mode kind.Mode) error {
	errs := faults{}
	errs.merge(kind.Decode(f, body, mode))
	if len(errs) > 0 {
		return errs.err()
	}
	if err := m.checkReferences(ctx, m.Store.SnapshotIn(ctx), f, body, errs); err != nil {
		return err
	}
	return errs.err()
}

// CreateInvitation makes an invitation. Its id is what stands in the guest's link, so the audit trail names it by its name alone.
func (m *Manager) CreateInvitation(ctx context.Context, by Actor, body kind.Body) (*model.Invitation, error) {
	if err := access.May(by.Principal, access.Add, ModelInvitation, 0); err != nil {
		return nil, err
	}
	f := &InvitationFields{FixedData: map[string]any{}}
	if err := m.decodeInvitation(ctx, f, body, kind.Create); err != nil {
		return nil, err
	}
	var i *model.Invitation
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		i = &model.Invitation{CreatedBy: by.UserID()}
		f.write(i)
		if err := m.Store.InsertInvitation(ctx, i); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelCreated, ModelInvitation, "", i.Name)
	})
	return i, err
}

// Invitation finds an invitation for who may act on it.
func (m *Manager) Invitation(ctx context.Context, by Actor, a access.Action, id model.InvitationID) (*model.Invitation, error) {
	if err := access.May(by.Principal, a, ModelInvitation, 0); err != nil {
		return nil, err
	}
	if !uuidForm.MatchString(string(id)) {
		return nil, model.ErrNotFound
	}
	return m.Store.Invitation(ctx, id)
}

// ChangeInvitation changes an invitation.
func (m *Manager) ChangeInvitation(ctx context.Context, by Actor, id model.InvitationID, body kind.Body, mode kind.Mode) (*model.Invitation, error) {
	if _, err := m.Invitation(ctx, by, access.Change, id); err != nil {
		return nil, err
	}
	var i *model.Invitation
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		i, err = m.Store.UpdateInvitation(ctx, id, func(i *model.Invitation) error {
			if err := by.Seen.check(InvitationVersion(i)); err != nil {
				return err
			}
			f := invitationFields(i)
			if err := m.decodeInvitation(ctx, f, body, mode); err != nil {
				return err
			}
			f.write(i)
			return nil
		})
		if err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelUpdated, ModelInvitation, "", i.Name)
	})
	return i, err
}

// DeleteInvitation withdraws an invitation.
func (m *Manager) DeleteInvitation(ctx context.Context, by Actor, id model.InvitationID) error {
	i, err := m.Invitation(ctx, by, access.Delete, id)
	if err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context) error {
		_, err := m.Store.UpdateInvitation(ctx, id, func(i *model.Invitation) error { return by.Seen.check(InvitationVersion(i)) }) // and nobody changes it until it is gone
		if err != nil {
			return err
		}
		if err := m.Store.DeleteInvitation(ctx, id); err != nil {
			return err
		}
		return m.record(ctx, by, model.ActionModelDeleted, ModelInvitation, "", i.Name)
	})
}
