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

// Tally says what an event counts as where sign-ins are counted; "" is nothing.
type Tally string

// What is counted.
const (
	// TallySignIn: a person was signed in, by whatever means. Programs that get a token for themselves are none.
	TallySignIn Tally = "sign_in"
	// TallyEnrolled: a person made their account.
	TallyEnrolled Tally = "enrolled"
)

// ReasonWrongAnswer is the reason of a sign-in that went on after a wrong answer: an unknown name, a wrong password or code.
const ReasonWrongAnswer = "login.wrong_answer"

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
	// Source is the slug of the source that it is about, Application the id of the application that was opened; empty for none.
	Source      string
	Application string
	// Flow is the slug of the flow that was run; empty for everything but the record of a run.
	Flow string
	// Reason is why somebody was turned away: that of the refusal, which the message catalogue explains. Empty where nobody was.
	Reason string
	// Tally is what it counts as.
	Tally   Tally
	Created time.Time
	Expires time.Time
}
