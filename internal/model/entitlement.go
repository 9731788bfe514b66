package model

// ApplicationEntitlement is what a person may do in an application, by the application's own word for it: "editor". Whom the policy bindings on it let pass has it; nobody has one
// that nothing is bound to.
type ApplicationEntitlement struct {
	// The entitlement's id. The server gives it.
	ID EntitlementID `json:"pbm_uuid" rule:"readonly"`
	// What the application is told, in the claims "entitlements" and "roles". No two of one application are called the same.
	Name string `json:"name" required:"true"`
	// The application that the entitlement is for.
	App ApplicationID `json:"app" required:"true" ref:"application"`
	// More about the entitlement, for expressions: user.app_entitlements_attributes(application) merges those of all that a person has.
	Attributes map[string]any `json:"attributes"`
}

// NewApplicationEntitlement is an entitlement with the defaults.
func NewApplicationEntitlement() ApplicationEntitlement {
	return ApplicationEntitlement{Attributes: map[string]any{}}
}
