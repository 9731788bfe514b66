package email

import (
	"time"

	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
)

// Config is the settings of an e-mail stage.
type Config struct {
	// Send by the server of the installation's settings (WEIMEN_EMAIL_HOST and those beside it), and pass over the server that is set here.
	UseGlobalSettings bool `json:"use_global_settings"`
	// The SMTP server.
	Host string `json:"host"`
	// Its port: often 587 with STARTTLS, 465 with TLS from the start, and 25 for a server in your own network.
	Port int `json:"port"`
	// The user name at the server, if it wants one.
	Username string `json:"username"`
	// The password at the server. It is said over TLS, or to a server on this machine, and never otherwise.
	Password model.Secret `json:"password"`
	// Demand STARTTLS.
	UseTLS bool `json:"use_tls" title:"Use TLS"`
	// Speak TLS from the start.
	UseSSL bool `json:"use_ssl" title:"Use SSL"`
	// How many seconds the server may take for a step.
	Timeout int `json:"timeout"`
	// The sender: noreply@example.com, or Example <noreply@example.com>. Without a name it gets the title of the brand.
	FromAddress string `json:"from_address"`
	// How long the link in the letter works. The run waits as long.
	TokenExpiry model.Duration `json:"token_expiry"`
	// The subject, for readers of every language. Leave it empty, or at "authentik", for the subject of the letter in the reader's own language.
	Subject string `json:"subject"`
	// Which letter is sent: stages/email/templates/ lists them.
	Template string `json:"template"`
	// Activate the user once the link was opened. Somebody who has signed in before was deactivated by an administrator, and stays so.
	ActivateUserOnSuccess bool `json:"activate_user_on_success"`
	// How many letters go to one address within the time below, over all runs.
	RecoveryMaxAttempts int `json:"recovery_max_attempts"`
	// How long letters to an address are counted.
	RecoveryCacheTimeout model.Duration `json:"recovery_cache_timeout"`
}

// defaultSubject is what clients send who were not told a subject.
const defaultSubject = "authentik"

// Defaults are the settings of a new stage.
func Defaults() Config {
	return Config{
		Host: "localhost", Port: 25, Timeout: 10, FromAddress: "system@authentik.local", TokenExpiry: "minutes=30", Subject: defaultSubject,
		Template: "email/password_reset.html", RecoveryMaxAttempts: 5, RecoveryCacheTimeout: "minutes=5",
	}
}

// Validate checks what can be known before a letter is sent.
func (c *Config) Validate() error {
	switch {
	case c.Port < 1 || c.Port > 65535:
		return model.Invalid("port", "A port is a number from 1 to 65535.")
	case c.UseTLS && c.UseSSL:
		return model.Invalid("use_ssl", "Choose one of use_tls and use_ssl.")
	case c.Timeout < 1 || c.Timeout > 600:
		return model.Invalid("timeout", "The timeout is a number of seconds from 1 to 600.")
	case !mail.HasTemplate(c.Template):
		return model.Invalid("template", "There is no such letter. GET stages/email/templates/ lists those there are.")
	case mail.CheckSubject(c.Subject) != nil:
		return model.Invalid("subject", "A subject is one line of at most 200 characters.")
	case !c.UseGlobalSettings && mail.CheckSender(c.FromAddress) != nil:
		return model.Invalid("from_address", "Write it as noreply@example.com, or as Example <noreply@example.com>.")
	case c.RecoveryMaxAttempts < 1:
		return model.Invalid("recovery_max_attempts", "At least one letter must be allowed.")
	}
	return nil
}

// server is the stage's own, nil for the installation's.
func (c *Config) server() *mail.Server {
	if c.UseGlobalSettings {
		return nil
	}
	return &mail.Server{
		Host: c.Host, Port: c.Port, Username: c.Username, Password: c.Password, UseTLS: c.UseTLS, UseSSL: c.UseSSL,
		Timeout: time.Duration(c.Timeout) * time.Second, From: c.FromAddress,
	}
}

// good is how long a link works.
func (c *Config) good() time.Duration { return c.TokenExpiry.Or(30 * time.Minute) }
