package authenticatoremail

import (
	"time"

	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of the stage.
type Config struct {
	// The flow by which a signed-in person sets up a mailbox.
	ConfigureFlow *model.FlowID `json:"configure_flow" ref:"flow" form:",widget=where:designation=stage_configuration"`
	// What the new device is called. Empty: "E-mail".
	FriendlyName string `json:"friendly_name"`
	mail.Settings
	// The subject, for readers of every language. Leave it empty, or at "authentik Sign-in code", for the subject of the letter in the reader's own language.
	Subject string `json:"subject" form:"delivery"`
	// How long a code can be answered.
	TokenExpiry model.Duration `json:"token_expiry" form:"delivery"`
	// Which letter is sent: stages/email/templates/ lists them.
	Template string `json:"template" form:"delivery"`
}

// defaultSubject is what clients send who were not told a subject.
const defaultSubject = "authentik Sign-in code"

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{
		Settings: mail.DefaultSettings(), Subject: defaultSubject, TokenExpiry: "minutes=30",
		Template: "email/email_otp.html",
	}
}

// Validate checks what can be known before a letter is sent.
func (c Config) Validate() error {
	return c.Check(c.Template, c.Subject)
}

// good is how long a code can be answered.
func (c Config) good() time.Duration { return c.TokenExpiry.Or(30 * time.Minute) }
