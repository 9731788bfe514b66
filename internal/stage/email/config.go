package email

import (
	"time"

	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of an e-mail stage.
type Config struct {
	mail.Settings
	// How long the link in the letter works. The run waits as long.
	TokenExpiry model.Duration `json:"token_expiry"`
	// The subject, for readers of every language. Leave it empty, or at "authentik", for the subject of the letter in the reader's own language.
	Subject string `json:"subject"`
	// Which letter is sent: stages/email/templates/ lists them.
	Template string `json:"template"`
	// Activate the user once the link was opened. Somebody who has signed in before was deactivated by an administrator, and stays so.
	ActivateUserOnSuccess bool `json:"activate_user_on_success"`
	// How many letters go to one address within the time below, over all runs.
	RecoveryMaxAttempts int `json:"recovery_max_attempts" form:"limits"`
	// How long letters to an address are counted.
	RecoveryCacheTimeout model.Duration `json:"recovery_cache_timeout" form:"limits"`
}

// defaultSubject is what clients send who were not told a subject.
const defaultSubject = "authentik"

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{
		Settings: mail.DefaultSettings(), TokenExpiry: "minutes=30", Subject: defaultSubject,
		Template: "email/password_reset.html", RecoveryMaxAttempts: 5, RecoveryCacheTimeout: "minutes=5",
	}
}

// Validate checks what can be known before a letter is sent.
func (c *Config) Validate() error {
	if err := c.Check(c.Template, c.Subject); err != nil {
		return err
	}
	if c.RecoveryMaxAttempts < 1 {
		return model.Invalid("recovery_max_attempts", "At least one letter must be allowed.")
	}
	return nil
}

// good is how long a link works.
func (c *Config) good() time.Duration { return c.TokenExpiry.Or(30 * time.Minute) }
