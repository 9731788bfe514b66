package authenticatorwebauthn

import (
	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of the stage.
type Config struct {
	// The flow by which a signed-in person makes a passkey.
	ConfigureFlow *model.FlowID `json:"configure_flow" ref:"flow" form:",widget=where:designation=stage_configuration"`
	// What the new device is called. Empty: "Passkey".
	FriendlyName string `json:"friendly_name"`
	// Whether the device must check who holds it, by a PIN, a finger or a face. To sign in without a password it must.
	UserVerification string `json:"user_verification" enum:"required preferred discouraged"`
	// Only what is built into the person's device (platform), only what is plugged in or held to it (cross-platform), or, unset, either.
	AuthenticatorAttachment *string `json:"authenticator_attachment" enum:"platform cross-platform" form:"advanced"`
	// Whether the device must keep the passkey itself, so that it can be used without a username.
	ResidentKeyRequirement string `json:"resident_key_requirement" enum:"discouraged preferred required" form:"advanced"`
	// The models of device that may be used, by their AAGUID; 00000000-0000-0000-0000-000000000000 stands for those that do not tell theirs. Empty: all. A device's word is taken for it: no
	// manufacturer's certificate is checked.
	DeviceTypeRestrictions []string `json:"device_type_restrictions" form:"advanced"`
	// Those models with their names.
	DeviceTypeRestrictionsObj []device.Model `json:"device_type_restrictions_obj" rule:"readonly"`
	// How many answers that are not accepted end the flow; 0 is no limit.
	MaxAttempts int `json:"max_attempts" form:"advanced"`
}

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{UserVerification: "preferred", ResidentKeyRequirement: "preferred"}
}

// Fill gives the models their names.
func (c *Config) Fill() { c.DeviceTypeRestrictionsObj = device.ModelsOf(c.DeviceTypeRestrictions) }

// Validate checks the models.
func (c *Config) Validate() error {
	for _, id := range c.DeviceTypeRestrictions {
		if len(id) != 36 || uuid.Validate(id) != nil {
			return model.Invalid("device_type_restrictions", `"`+id+`" is not an AAGUID, such as 08987058-cadc-4b81-b6e1-30de50dcbe96.`)
		}
	}
	if c.MaxAttempts < 0 {
		return model.Invalid("max_attempts", "A number of attempts is not below zero.")
	}
	return nil
}
