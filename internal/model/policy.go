package model

// Policy decides whether a request may pass.
type Policy struct {
	// The policy's id. The server gives it.
	ID PolicyID `json:"pk" rule:"readonly"`
	// A name for administrators.
	Name string `json:"name" required:"true"`
	// Record each decision in the audit trail, also those that let pass.
	ExecutionLogging bool   `json:"execution_logging" form:"advanced"`
	Kind             string `json:"-"`
	Config           Config `json:"-"`
}

// PolicyBinding puts a policy, a group or a user before a target: exactly one of the three.
type PolicyBinding struct {
	// The binding's id. The server gives it.
	ID PolicyBindingID `json:"pk" rule:"readonly"`
	// What the binding stands before. Either id of a flow or a flow-stage binding will do; it is answered as it was sent.
	Target TargetID `json:"target" required:"true"`
	// The policy that decides.
	Policy *PolicyID `json:"policy" ref:"policy"`
	// The group whose members pass.
	Group *GroupID `json:"group" ref:"group"`
	// The person who passes.
	User *UserID `json:"user" ref:"user"`
	// Turn the decision round.
	Negate bool `json:"negate" form:"advanced"`
	// Whether the binding counts.
	Enabled bool `json:"enabled"`
	// Bindings are asked in ascending order.
	Order int `json:"order" required:"true"`
	// Seconds until a policy that does not answer is taken as failed.
	Timeout int `json:"timeout" form:"advanced"`
	// What a policy that fails or does not answer in time counts as.
	FailureResult bool `json:"failure_result" form:"advanced"`
}

// NewPolicyBinding is a binding with the defaults.
func NewPolicyBinding() PolicyBinding { return PolicyBinding{Enabled: true, Timeout: 30} }

// PropertyMapping transforms: a profile into a user's properties, a user into claims.
type PropertyMapping struct {
	// The mapping's id. The server gives it.
	ID MappingID `json:"pk" rule:"readonly"`
	// Who looks after the mapping, where it is not the administrator.
	Managed *string `json:"managed" rule:"readonly"`
	// A name for administrators.
	Name string `json:"name" required:"true"`
	// The body of a function in the expression language; what it returns is merged into the result.
	Expression string `json:"expression" required:"true" form:",widget=expression"`
	Kind       string `json:"-"`
	Config     Config `json:"-"`
}
