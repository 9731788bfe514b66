package stage

// PendingUserOf names the run's user for a challenge: by what was typed, where the identification stage is told not to show whom it found. Name and picture are for
// somebody who has shown who they are; before that they would tell strangers who has an account.
func PendingUserOf(v *Visit) PendingUser {
	u := SlotPendingUser.Value(v.Context)
	if u == nil {
		return PendingUser{}
	}
	p := PendingUser{PendingUser: u.Username}
	if typed, ok := SlotPendingUserIdentifier.Get(v.Context); ok {
		p.PendingUser = typed
	}
	_, authenticated := SlotUserBackend.Get(v.Context)
	if authenticated || v.SignedIn() && u.ID != 0 && v.User.ID == u.ID {
		p.DisplayName, p.PendingUserAvatar = u.DisplayName(), u.Avatar()
	}
	return p
}
