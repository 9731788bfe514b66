package authenticatorsms

import (
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
)

// The values of Provider and AuthType.
const (
	twilio, generic = "twilio", "generic"
	basic, bearer   = "basic", "bearer"
)

// Config is the settings of the stage.
type Config struct {
	// The flow by which a signed-in person sets up a telephone.
	ConfigureFlow *model.FlowID `json:"configure_flow" ref:"flow" form:",widget=where:designation=stage_configuration"`
	// What the new device is called. Empty: "Text message".
	FriendlyName string `json:"friendly_name"`
	// Who sends the messages: Twilio, or any service that takes a POST of the JSON object {"From": …, "To": …, "Body": the code, "Message": the whole text}, as a small adapter in front of Alibaba Cloud's or Tencent Cloud's does.
	Provider string `json:"provider" required:"true" enum:"twilio generic"`
	// The number, or the name, that messages come from.
	FromNumber string `json:"from_number" required:"true"`
	// At Twilio the account's SID; otherwise the address that requests go to.
	AccountSID string `json:"account_sid" title:"Account SID or address" required:"true"`
	// At Twilio the auth token; otherwise the user name (basic) or the token (bearer).
	Auth model.Secret `json:"auth" required:"true" rule:"readback"`
	// The password that goes with the user name. Not for Twilio.
	AuthPassword model.Secret `json:"auth_password" rule:"readback"`
	// How requests are authorised. Not for Twilio.
	AuthType string `json:"auth_type" enum:"basic bearer"`
	// Keep only a hash of the number. It shows that the number is somebody's, and that one person uses it; no code can be sent to it later.
	VerifyOnly bool `json:"verify_only" form:"advanced"`
	// A mapping that makes the body of the request. This version has none for it: leave it unset.
	Mapping *model.MappingID `json:"mapping" ref:"propertymapping" form:"advanced"`
}

// Defaults are the settings of a new stage.
func Defaults() Config { return Config{Provider: twilio, AuthType: basic} }

// Validate checks the address.
func (c Config) Validate() error {
	if c.Mapping != nil {
		return model.Invalid("mapping", "This version sends From, To, Body and Message and takes no mapping for it: leave it unset.")
	}
	if c.Provider != generic {
		return nil
	}
	u, err := url.Parse(c.AccountSID)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return model.Invalid("account_sid", "For this provider it is the address that requests go to, such as https://sms.example.org/send.")
	}
	return nil
}
