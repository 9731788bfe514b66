package invitation

import (
	"context"

	"github.com/weimen-id/weimen/internal/stage"
)

// Inline is the name of the stage that ends a run with an invitation: it uses the invitation up where no other stage has.
const Inline = "invitation"

// Use is that stage.
func Use(s stage.Invitations) stage.Driver { return &use{s} }

type use struct{ store stage.Invitations }

var (
	_ stage.Driver = (*use)(nil)
	_ stage.Closer = (*use)(nil)
)

// Enter uses the run's invitation up.
func (u *use) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	stage.UseInvitation(v, u.store)
	return stage.Done{}, nil
}

// Submit asks for nothing, so nothing is submitted to it.
func (u *use) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return u.Enter(ctx, v)
}

// Keeps names what tells the run's invitation.
func (u *use) Keeps() []string {
	return []string{stage.SlotInvitation.Name(), stage.SlotInvitationUsed.Name()}
}
