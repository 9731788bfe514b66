package model

// Provider is the protocol that applications sign people in by. Kind names its variety ("oauth2"); Config holds that kind's settings.
type Provider struct {
	ID                 ProviderID  `json:"pk" rule:"readonly"`
	Name               string      `json:"name" required:"true"`
	AuthenticationFlow *FlowID     `json:"authentication_flow" ref:"flow"`
	AuthorizationFlow  FlowID      `json:"authorization_flow" required:"true" ref:"flow"`
	InvalidationFlow   FlowID      `json:"invalidation_flow" required:"true" ref:"flow"`
	PropertyMappings   []MappingID `json:"property_mappings" ref:"propertymapping"`
	Kind               string      `json:"-"`
	Config             Config      `json:"-"`
}

// Application is what people open.
type Application struct {
	ID                   ApplicationID `json:"pk" rule:"readonly"`
	Name                 string        `json:"name" required:"true"`
	Slug                 string        `json:"slug" required:"true" rule:"slug"`
	Provider             *ProviderID   `json:"provider" ref:"provider"`
	BackchannelProviders []ProviderID  `json:"backchannel_providers" ref:"provider"`
	OpenInNewTab         bool          `json:"open_in_new_tab"`
	MetaLaunchURL        string        `json:"meta_launch_url"`
	MetaIcon             string        `json:"meta_icon"`
	MetaDescription      string        `json:"meta_description"`
	MetaPublisher        string        `json:"meta_publisher"`
	PolicyEngineMode     EngineMode    `json:"policy_engine_mode" enum:"all any"`
	// A heading that applications are listed under.
	Group string `json:"group"`
}

// NewApplication is an application with the defaults.
func NewApplication() Application { return Application{PolicyEngineMode: EngineAny} }
