package model

// Provider is the protocol that applications sign people in by. Kind names its variety ("oauth2"); Config holds that kind's settings.
type Provider struct {
	// The provider's number. The server gives it.
	ID ProviderID `json:"pk" rule:"readonly"`
	// A name for administrators.
	Name string `json:"name" required:"true"`
	// The flow that signs people in for this provider's application. Unset: the brand's.
	AuthenticationFlow *FlowID `json:"authentication_flow" ref:"flow" form:"flows,widget=where:designation=authentication"`
	// The flow that people pass on their way to the application. It may ask for their consent.
	AuthorizationFlow FlowID `json:"authorization_flow" required:"true" ref:"flow" form:",widget=where:designation=authorization"`
	// The flow that runs when the application signs somebody out.
	InvalidationFlow FlowID `json:"invalidation_flow" required:"true" ref:"flow" form:",widget=where:designation=invalidation"`
	// What the application may ask to know: the scopes, each with its claims.
	PropertyMappings []MappingID `json:"property_mappings" ref:"propertymapping" form:"mapping"`
	Kind             string      `json:"-"`
	Config           Config      `json:"-"`
}

// Application is what people open.
type Application struct {
	// The application's id. The server gives it.
	ID ApplicationID `json:"pk" rule:"readonly"`
	// What people see.
	Name string `json:"name" required:"true"`
	// The application's name in addresses. Its issuer contains it, so a change breaks the application's settings.
	Slug string `json:"slug" required:"true" rule:"slug"`
	// The protocol that the application signs people in by. Unset: a mere link.
	Provider *ProviderID `json:"provider" ref:"provider"`
	// Providers that serve the application in the background. None of this version does.
	BackchannelProviders []ProviderID `json:"backchannel_providers" ref:"provider" form:"advanced"`
	// Open the application in a new tab.
	OpenInNewTab bool `json:"open_in_new_tab" form:"appearance"`
	// Where people open the application. Empty: guessed from the provider.
	MetaLaunchURL string `json:"meta_launch_url" form:"appearance"`
	// The address of a picture of the application.
	MetaIcon string `json:"meta_icon" form:"appearance,widget=image"`
	// One line about the application, for people.
	MetaDescription string `json:"meta_description" form:"appearance"`
	// Who makes the application.
	MetaPublisher string `json:"meta_publisher" form:"appearance"`
	// Whether one of the bound policies must pass, or all.
	PolicyEngineMode EngineMode `json:"policy_engine_mode" enum:"all any" form:"advanced"`
	// A heading that applications are listed under.
	Group string `json:"group" form:"appearance"`
}

// NewApplication is an application with the defaults.
func NewApplication() Application { return Application{PolicyEngineMode: EngineAny} }
