package model

// Policy decides whether a request may pass.
type Policy struct {
	ID               PolicyID `json:"pk" rule:"readonly"`
	Name             string   `json:"name" required:"true"`
	ExecutionLogging bool     `json:"execution_logging"`
	Kind             string   `json:"-"`
	Config           Config   `json:"-"`
}

// PolicyBinding puts a policy, a group or a user before a target: exactly one of the three.
type PolicyBinding struct {
	ID PolicyBindingID `json:"pk" rule:"readonly"`
	// Target is answered as it was sent: an object's own id, also for flows and flow-stage bindings, which have a second one.
	Target  TargetID  `json:"target" required:"true"`
	Policy  *PolicyID `json:"policy" ref:"policy"`
	Group   *GroupID  `json:"group" ref:"group"`
	User    *UserID   `json:"user" ref:"user"`
	Negate  bool      `json:"negate"`
	Enabled bool      `json:"enabled"`
	Order   int       `json:"order" required:"true"`
	// Seconds until a policy that does not answer is taken as failed.
	Timeout int `json:"timeout"`
	// What a policy that fails or does not answer in time counts as.
	FailureResult bool `json:"failure_result"`
}

// NewPolicyBinding is a binding with the defaults.
func NewPolicyBinding() PolicyBinding { return PolicyBinding{Enabled: true, Timeout: 30} }

// PropertyMapping transforms: a profile into a user's properties, a user into claims.
type PropertyMapping struct {
	ID      MappingID `json:"pk" rule:"readonly"`
	Managed *string   `json:"managed" rule:"readonly"`
	Name    string    `json:"name" required:"true"`
	// The body of a function in the expression language; what it returns is merged into the result.
	Expression string `json:"expression" required:"true"`
	Kind       string `json:"-"`
	Config     Config `json:"-"`
}
