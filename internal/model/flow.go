package model

// Designation says what a flow is for.
type Designation string

// The designations.
const (
	DesignationAuthentication     Designation = "authentication"
	DesignationAuthorization      Designation = "authorization"
	DesignationInvalidation       Designation = "invalidation"
	DesignationEnrollment         Designation = "enrollment"
	DesignationUnenrollment       Designation = "unenrollment"
	DesignationRecovery           Designation = "recovery"
	DesignationStageConfiguration Designation = "stage_configuration"
)

// Requirement says who may run a flow. It is checked against the person who asks, not against a pending user.
type Requirement string

// The requirements.
const (
	RequireNone            Requirement = "none"
	RequireAuthenticated   Requirement = "require_authenticated"
	RequireUnauthenticated Requirement = "require_unauthenticated"
	RequireSuperuser       Requirement = "require_superuser"
	RequireRedirect        Requirement = "require_redirect"
	RequireOutpost         Requirement = "require_outpost"
)

// EngineMode says how several policies combine.
type EngineMode string

// The engine modes.
const (
	EngineAny EngineMode = "any"
	EngineAll EngineMode = "all"
)

// DeniedAction says what happens where a flow does not apply to who asks.
type DeniedAction string

// The denied actions.
const (
	DeniedMessageContinue DeniedAction = "message_continue"
	DeniedMessage         DeniedAction = "message"
	DeniedContinue        DeniedAction = "continue"
)

// InvalidResponseAction says what happens where a stage refuses an answer.
type InvalidResponseAction string

// The invalid response actions.
const (
	InvalidRetry              InvalidResponseAction = "retry"
	InvalidRestart            InvalidResponseAction = "restart"
	InvalidRestartWithContext InvalidResponseAction = "restart_with_context"
)

// Flow is a sequence of stages that a person passes.
type Flow struct {
	// The flow's id. The server gives it.
	ID FlowID `json:"pk" rule:"readonly"`
	// The flow's id as a target of policy bindings.
	Target TargetID `json:"policybindingmodel_ptr_id" rule:"readonly"`
	// A name for administrators.
	Name string `json:"name" required:"true"`
	// The flow's name in addresses.
	Slug string `json:"slug" required:"true" rule:"slug"`
	// The heading that people see.
	Title string `json:"title" required:"true"`
	// What the flow is for.
	Designation Designation `json:"designation" required:"true" enum:"authentication authorization invalidation enrollment unenrollment recovery stage_configuration"`
	// Who may run the flow.
	Authentication Requirement `json:"authentication" enum:"none require_authenticated require_unauthenticated require_superuser require_redirect require_outpost" form:"behaviour"`
	// The address of a picture for other clients of the API; Weimen's own pages do not show it.
	Background string `json:"background" form:"appearance,widget=image"`
	// Kept for authentik's own web client; Weimen's pages need no compatibility mode.
	CompatibilityMode bool `json:"compatibility_mode" form:"advanced"`
	// Where the flow is not for who asks: say so, lead on to where they wanted to go, or the latter where it is known and the former elsewhere.
	DeniedAction DeniedAction `json:"denied_action" enum:"message_continue message continue" form:"behaviour"`
	// The arrangement in other clients of the API; Weimen's own pages have one.
	Layout string `json:"layout" enum:"stacked content_left content_right sidebar_left sidebar_right sidebar_left_frame_background sidebar_right_frame_background" form:"appearance"`
	// Whether one of the bound policies must pass, or all.
	PolicyEngineMode EngineMode `json:"policy_engine_mode" enum:"all any" form:"advanced"`
}

// NewFlow is a flow with the defaults.
func NewFlow() Flow {
	return Flow{Authentication: RequireNone, DeniedAction: DeniedMessageContinue, Layout: "stacked", PolicyEngineMode: EngineAny}
}

// FlowStageBinding puts a stage into a flow, at a place.
type FlowStageBinding struct {
	// The binding's id. The server gives it.
	ID BindingID `json:"pk" rule:"readonly"`
	// The binding's id as a target of policy bindings.
	Policy TargetID `json:"policybindingmodel_ptr_id" rule:"readonly"`
	// The flow that holds the stage.
	Flow FlowID `json:"target" required:"true" ref:"flow"`
	// The stage.
	Stage StageID `json:"stage" required:"true" ref:"stage"`
	// Stages run in ascending order.
	Order int `json:"order" required:"true"`
	// Evaluate the policies when the plan is made: a stage that they refuse is left out for the whole run.
	EvaluateOnPlan bool `json:"evaluate_on_plan" form:"advanced"`
	// Evaluate the policies when the stage's turn comes.
	ReEvaluatePolicies bool `json:"re_evaluate_policies" form:"advanced"`
	// Whether one of the bound policies must pass, or all.
	PolicyEngineMode EngineMode `json:"policy_engine_mode" enum:"all any" form:"advanced"`
	// After a wrong answer: ask again, or start the flow again, without or with what is known so far.
	InvalidResponseAction InvalidResponseAction `json:"invalid_response_action" enum:"retry restart restart_with_context" form:"behaviour"`
}

// NewFlowStageBinding is a binding with the defaults.
func NewFlowStageBinding() FlowStageBinding {
	return FlowStageBinding{ReEvaluatePolicies: true, PolicyEngineMode: EngineAny, InvalidResponseAction: InvalidRetry}
}

// Stage is one step that flows can hold. Kind names its variety; Config holds that kind's settings.
type Stage struct {
	// The stage's id. The server gives it.
	ID StageID `json:"pk" rule:"readonly"`
	// A name for administrators.
	Name string `json:"name" required:"true"`
	Kind string `json:"-"`
	// Config is the kind's settings as stored: JSON with secrets sealed.
	Config Config `json:"-"`
}
