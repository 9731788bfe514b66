package mail

import (
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Settings are what a stage says about the server of its letters. A stage's own settings embed them.
type Settings struct {
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
}

// DefaultSettings are authentik's.
func DefaultSettings() Settings {
	return Settings{Host: "localhost", Port: 25, Timeout: 10, FromAddress: "system@authentik.local"}
}

// WritesByInstallation reports whether letters go by the server of the installation's settings.
func (s Settings) WritesByInstallation() bool { return s.UseGlobalSettings }

// Check looks for what can be known to be wrong before a letter is sent by these settings, with this template and subject.
func (s Settings) Check(template, subject string) error {
	switch {
	case s.Port < 1 || s.Port > 65535:
		return model.Invalid("port", "A port is a number from 1 to 65535.")
	case s.UseTLS && s.UseSSL:
		return model.Invalid("use_ssl", "Choose one of use_tls and use_ssl.")
	case s.Timeout < 1 || s.Timeout > 600:
		return model.Invalid("timeout", "The timeout is a number of seconds from 1 to 600.")
	case !HasTemplate(template):
		return model.Invalid("template", "There is no such letter. GET stages/email/templates/ lists those there are.")
	case CheckSubject(subject) != nil:
		return model.Invalid("subject", "A subject is one line of at most 200 characters.")
	case !s.UseGlobalSettings && CheckSender(s.FromAddress) != nil:
		return model.Invalid("from_address", "Write it as noreply@example.com, or as Example <noreply@example.com>.")
	}
	return nil
}

// Server is the stage's own server, nil for the installation's.
func (s Settings) Server() *Server {
	if s.UseGlobalSettings {
		return nil
	}
	return &Server{
		Host: s.Host, Port: s.Port, Username: s.Username, Password: s.Password, UseTLS: s.UseTLS, UseSSL: s.UseSSL,
		Timeout: time.Duration(s.Timeout) * time.Second, From: s.FromAddress,
	}
}
