package model

import "time"

// Invitation lets somebody enroll. Its id is what stands in the link ("itoken").
type Invitation struct {
	ID   InvitationID
	Name string
	// Expires is nil for an invitation that does not expire.
	Expires *time.Time
	// FixedData becomes the guest's prompt data.
	FixedData map[string]any
	// SingleUse invitations are consumed by the first guest who is enrolled.
	SingleUse bool
	// Flow is the one flow that the invitation is for; nil for any.
	Flow      *FlowID
	CreatedBy UserID
	Created   time.Time
}
