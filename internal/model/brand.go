package model

// Brand is how the installation presents itself at a domain, and which flows it uses there.
type Brand struct {
	// The brand's id. The server gives it.
	ID BrandID `json:"brand_uuid" rule:"readonly"`
	// The domain that the brand is for; its subdomains are included.
	Domain string `json:"domain" required:"true"`
	// Use this brand at every domain that no brand is for.
	Default bool `json:"default"`
	// The name of the installation, as people see it.
	BrandingTitle string `json:"branding_title" form:"appearance"`
	// The address of the logo.
	BrandingLogo string `json:"branding_logo" form:"appearance,widget=image"`
	// The address of the icon that browsers show beside the title.
	BrandingFavicon string `json:"branding_favicon" form:"appearance,widget=image"`
	// The flow that signs people in.
	FlowAuthentication *FlowID `json:"flow_authentication" ref:"flow" form:"flows,widget=where:designation=authentication"`
	// The flow that signs people out.
	FlowInvalidation *FlowID `json:"flow_invalidation" ref:"flow" form:"flows,widget=where:designation=invalidation"`
	// The flow for people who forgot their password. Unset: there is none.
	FlowRecovery *FlowID `json:"flow_recovery" ref:"flow" form:"flows,widget=where:designation=recovery"`
	// The flow by which people delete their account. Unset: they cannot.
	FlowUnenrollment *FlowID `json:"flow_unenrollment" ref:"flow" form:"flows,widget=where:designation=unenrollment"`
	// The flow by which people change what is known about them. Unset: they cannot.
	FlowUserSettings *FlowID `json:"flow_user_settings" ref:"flow" form:"flows,widget=where:designation=stage_configuration"`
	// Anything else, for expressions.
	Attributes map[string]any `json:"attributes" form:"advanced"`
	// A style sheet. Weimen's own pages do not take it.
	BrandingCustomCSS string `json:"branding_custom_css" form:"kept,widget=css"`
	// The address of a picture. Weimen's own pages do not show it.
	BrandingDefaultFlowBackground string `json:"branding_default_flow_background" form:"kept,widget=image"`
	// The flow that connects devices without a browser. This version has no such sign-in.
	FlowDeviceCode *FlowID `json:"flow_device_code" ref:"flow" form:"kept,widget=where:designation=stage_configuration"`
	// The application that people are led to who come for none. This version shows them their list.
	DefaultApplication *ApplicationID `json:"default_application" ref:"application" form:"kept"`
	// The certificate for the domain. A proxy in front of Weimen speaks TLS.
	WebCertificate *KeyPairID `json:"web_certificate" ref:"certificatekeypair" form:"kept"`
	// Authorities that sign certificates of browsers. They are not asked in this version.
	ClientCertificates []KeyPairID `json:"client_certificates" ref:"certificatekeypair" form:"kept"`
}

// NewBrand is a brand with the defaults.
func NewBrand() Brand { return Brand{BrandingTitle: "authentik", Attributes: map[string]any{}} }

// KeyPair is a certificate and, perhaps, its private key.
type KeyPair struct {
	// The id. The server gives it.
	ID KeyPairID `json:"pk" rule:"readonly"`
	// A name for administrators.
	Name string `json:"name" required:"true"`
	// The certificate in PEM.
	Certificate string `json:"certificate_data" required:"true" rule:"writeonly,multiline"`
	// The private key in PEM. Without one nothing can be signed. It is stored sealed and shown only on request, which is recorded.
	Key Sealed `json:"key_data" rule:"writeonly,multiline"`
	// Who looks after the pair, where it is not the administrator.
	Managed *string `json:"managed" rule:"readonly"`
}
