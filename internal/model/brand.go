package model

// Brand is how the installation presents itself at a domain, and which flows it uses there.
type Brand struct {
	ID                            BrandID        `json:"brand_uuid" rule:"readonly"`
	Domain                        string         `json:"domain" required:"true"`
	Default                       bool           `json:"default"`
	BrandingTitle                 string         `json:"branding_title"`
	BrandingLogo                  string         `json:"branding_logo"`
	BrandingFavicon               string         `json:"branding_favicon"`
	BrandingCustomCSS             string         `json:"branding_custom_css"`
	BrandingDefaultFlowBackground string         `json:"branding_default_flow_background"`
	FlowAuthentication            *FlowID        `json:"flow_authentication" ref:"flow"`
	FlowInvalidation              *FlowID        `json:"flow_invalidation" ref:"flow"`
	FlowRecovery                  *FlowID        `json:"flow_recovery" ref:"flow"`
	FlowUnenrollment              *FlowID        `json:"flow_unenrollment" ref:"flow"`
	FlowUserSettings              *FlowID        `json:"flow_user_settings" ref:"flow"`
	FlowDeviceCode                *FlowID        `json:"flow_device_code" ref:"flow"`
	DefaultApplication            *ApplicationID `json:"default_application" ref:"application"`
	WebCertificate                *KeyPairID     `json:"web_certificate" ref:"certificatekeypair"`
	ClientCertificates            []KeyPairID    `json:"client_certificates" ref:"certificatekeypair"`
	Attributes                    map[string]any `json:"attributes"`
}

// NewBrand is a brand with the defaults.
func NewBrand() Brand { return Brand{BrandingTitle: "authentik", Attributes: map[string]any{}} }

// KeyPair is a certificate and, perhaps, its private key.
type KeyPair struct {
	ID          KeyPairID `json:"pk" rule:"readonly"`
	Name        string    `json:"name" required:"true"`
	Certificate string    `json:"certificate_data" required:"true" rule:"writeonly"`
	Key         Sealed    `json:"key_data" rule:"writeonly"`
	Managed     *string   `json:"managed" rule:"readonly"`
}
