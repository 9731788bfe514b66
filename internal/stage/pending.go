package stage

import "github.com/weimen-id/weimen/internal/model"

// PendingUserOf names the plan's user for a challenge: by what was typed, where the identification stage is told not to show whom it found.
func PendingUserOf(c *model.PlanContext) PendingUser {
	u := SlotPendingUser.Value(c)
	if u == nil {
		return PendingUser{}
	}
	p := PendingUser{PendingUser: u.Username, PendingUserAvatar: u.Avatar()}
	if typed, ok := SlotPendingUserIdentifier.Get(c); ok {
		p = PendingUser{PendingUser: typed}
	}
	return p
}
