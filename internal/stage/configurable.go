package stage

import "github.com/weimen-id/weimen/internal/model"

// Configurable is a driver of what people set up for themselves when they are signed in: their password, an authenticator. "My account" offers it, and
// /flows/-/configure/<stage>/ leads there.
type Configurable interface{ Configures() Configuration }

// Configuration says what is set up, and by which flow.
type Configuration struct {
	// Flow is nil where people cannot set it up by themselves.
	Flow *model.FlowID
	// Class is the sort of authenticator; "" for the password.
	Class model.DeviceClass
	// Name is what the administrator calls it; may be empty.
	Name string
}
