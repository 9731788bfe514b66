package authenticatorvalidate

import (
	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/model"
)

// What is done with somebody who has no device.
const (
	skip      = "skip"
	deny      = "deny"
	configure = "configure"
)

// Config is the settings of the stage.
type Config struct {
	// What is done with somebody who has none of the devices below: let them pass, refuse them, or have them set one up.
	NotConfiguredAction string `json:"not_configured_action" enum:"skip deny configure"`
	// The devices that count.
	DeviceClasses []string `json:"device_classes" enum:"static totp webauthn duo sms email"`
	// The stages in which somebody without a device may set one up. Of several the person picks one.
	ConfigurationStages []model.StageID `json:"configuration_stages" ref:"stage" form:",widget=ordered"`
	// How long after a device was used in a browser none is asked for in this browser; seconds=0 asks every time.
	LastAuthThreshold model.Duration `json:"last_auth_threshold"`
	// Whether a passkey's device must check who holds it, by a PIN, a finger or a face.
	WebAuthnUserVerification string `json:"webauthn_user_verification" enum:"required preferred discouraged" form:"advanced"`
	// The models of passkey devices that count, by their AAGUID. Empty: all.
	WebAuthnAllowedDeviceTypes []string `json:"webauthn_allowed_device_types" form:"advanced"`
	// Those models with their names.
	WebAuthnAllowedDeviceTypesObj []device.Model `json:"webauthn_allowed_device_types_obj" rule:"readonly"`
}

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{
		NotConfiguredAction: skip, DeviceClasses: []string{"static", "totp", "webauthn", "sms", "email"}, LastAuthThreshold: "seconds=0",
		WebAuthnUserVerification: "preferred",
	}
}

// Fill gives the models their names.
func (c *Config) Fill() {
	c.WebAuthnAllowedDeviceTypesObj = device.ModelsOf(c.WebAuthnAllowedDeviceTypes)
}

// Validate checks what belongs together.
func (c *Config) Validate() error {
	for _, id := range c.WebAuthnAllowedDeviceTypes {
		if len(id) != 36 || uuid.Validate(id) != nil {
			return model.Invalid("webauthn_allowed_device_types", `"`+id+`" is not an AAGUID, such as 08987058-cadc-4b81-b6e1-30de50dcbe96.`)
		}
	}
	if c.NotConfiguredAction == configure && len(c.ConfigurationStages) == 0 {
		return model.Invalid("configuration_stages", "To have people set up a device, choose at least one stage in which they can.")
	}
	return nil
}
