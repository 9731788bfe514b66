package model

import "time"

// Action says what happened. The values are authentik's.
type Action string

// The actions that are recorded so far.
const (
	ActionLogin                Action = "login"
	ActionLoginFailed          Action = "login_failed"
	ActionLogout               Action = "logout"
	ActionUserWrite            Action = "user_write"
	ActionSuspiciousRequest    Action = "suspicious_request"
	ActionPasswordSet          Action = "password_set"
	ActionSecretView           Action = "secret_view"
	ActionSecretRotate         Action = "secret_rotate"
	ActionAuthorizeApplication Action = "authorize_application"
	ActionSourceLinked         Action = "source_linked"
	ActionInvitationUsed       Action = "invitation_used"
	ActionPolicyException      Action = "policy_exception"
	ActionPolicyExecution      Action = "policy_execution"
	ActionMappingException     Action = "property_mapping_exception"
	ActionSystemException      Action = "system_exception"
	ActionConfigurationError   Action = "configuration_error"
	ActionConfigurationWarning Action = "configuration_warning"
	ActionModelCreated         Action = "model_created"
	ActionModelUpdated         Action = "model_updated"
	ActionModelDeleted         Action = "model_deleted"
	ActionEmailSent            Action = "email_sent"
	ActionFlowExecution        Action = "flow_execution"
)

// EventUser is a user as an event remembers it, also after the user is gone.
type EventUser struct {
	ID       UserID `json:"pk"`
	Username string `json:"username"`
	Email    string `json:"email"`
}

// Event is a record of who did what.
type Event struct {
	ID     EventID
	Action Action
	// App is the module that recorded it, in authentik's dotted names.
	App  string
	User *EventUser
	// Context says more. It never holds secrets, codes, tokens or cookies.
	Context  map[string]any
	ClientIP string
	// SupportCode is the short code that a refusal page shows. All events of one run of a flow bear the run's; empty for what belongs to no run and was not refused.
	SupportCode string
	Created     time.Time
	Expires     time.Time
}
