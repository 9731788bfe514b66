package stage

import (
	"context"
	"errors"
	"time"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
)

// Invitations uses invitations up. Package store has it.
type Invitations interface {
	// ConsumeInvitation is one conditional write: model.ErrNotFound for an invitation that is used, withdrawn or expired.
	ConsumeInvitation(ctx context.Context, id model.InvitationID, now time.Time) error
}

// UseInvitation uses up the invitation that the run was let in by, in the request's transaction and once in a run. It is for the stage that does what the invitation was
// for: a run that is given up uses none. Of two guests with one invitation for a single use, the second is refused, and nothing of theirs is written.
func UseInvitation(v *Visit, s Invitations) {
	ref, invited := SlotInvitation.Get(v.Context)
	if !invited || SlotInvitationUsed.Value(v.Context) {
		return
	}
	SlotInvitationUsed.Set(v.Context, true)
	v.Write(func(ctx context.Context) error {
		err := s.ConsumeInvitation(ctx, ref.ID, v.Now)
		if errors.Is(err, model.ErrNotFound) {
			return model.Refuse(model.CodeExpired, "invitation.used", "The invitation was used by somebody else, or withdrawn, meanwhile.").With("invitation", ref.Name)
		}
		return err
	})
	// The id is what lets in: it is kept out of the audit trail.
	ev := event.New(model.ActionInvitationUsed, "authentik.stages.invitation", v.Visitor, map[string]any{
		"invitation": ref.Name, "single_use": ref.SingleUse,
	})
	if v.User == nil {
		ev.User = nil // that of the pending user, once it has an id
	}
	v.Record(ev)
}
