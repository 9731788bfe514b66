package mail

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/model"
)

// Letter is what somebody is to be told.
type Letter struct {
	// To is the address, and Name who reads there; it may be empty.
	To, Name string
	// Locale is the reader's language, "en" or "zh".
	Locale string
	// Template is one of [Templates], such as "email/password_reset.html".
	Template string
	// Subject replaces that of the template unless it is empty.
	Subject string
	// Data fills the template in: "link", "code"; "title" and "text" for a notification.
	Data map[string]string
	// Good is how long the link or code works; zero says nothing about it.
	Good time.Duration
	// Brand is the name that the letter speaks in; "" is Weimen.
	Brand string
	// Server sends the letter; nil is the installation's.
	Server *Server
}

// Server is an SMTP server and how to talk to it.
type Server struct {
	Host string
	// Port is 25, or 587 with UseTLS, or 465 with UseSSL, where it is zero.
	Port     int
	Username string
	Password model.Secret
	// UseTLS begins in clear and demands STARTTLS (RFC 3207); UseSSL speaks TLS from the start (RFC 8314).
	UseTLS, UseSSL bool
	// Timeout bounds each step of a delivery, and six of it the whole; zero is 10 s.
	Timeout time.Duration
	// From is an address, perhaps with a name: "Example <noreply@example.org>". Without a name it gets the brand's.
	From string
}

// Message is a letter as it goes out.
type Message struct {
	From, FromName string
	To, ToName     string
	Subject        string
	Text, HTML     string
	Locale         string
}

const (
	// maxAddress is the longest address that fits into an SMTP path (RFC 5321, section 4.5.3.1.3).
	maxAddress = 254
	maxSubject = 200
	maxName    = 64
)

// Address checks one bare address. It refuses names, lists, comments and everything that could become a header of its own. The error is a *model.Error of
// CodeInvalid.
func Address(text string) (string, error) {
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || len(text) > maxAddress || hasControl(text) {
		return "", model.Refuse(model.CodeInvalid, "mail.address", "This is not an e-mail address that a letter can be sent to.")
	}
	return text, nil
}

// sender takes the From of a server apart. The brand is the name where there is none.
func sender(from, brand string) (address, name string, err error) {
	parsed, err := mail.ParseAddress(from)
	if err != nil || hasControl(from) || len(from) > maxAddress+maxName {
		return "", "", model.Refuse(model.CodeUpstream, "mail.not_configured", "The sender's address is not an e-mail address: check WEIMEN_EMAIL_FROM, or the stage's from_address.")
	}
	if parsed.Name == "" {
		parsed.Name = brand
	}
	return parsed.Address, parsed.Name, nil
}

// CheckSender checks the From of a server.
func CheckSender(from string) error {
	_, _, err := sender(from, "")
	return err
}

// CheckSubject refuses a subject that could become a header of its own.
func CheckSubject(text string) error {
	if hasControl(text) || utf8.RuneCountInString(text) > maxSubject || !utf8.ValidString(text) {
		return model.Refuse(model.CodeUpstream, "mail.not_configured", "The subject of the letter has a line break in it or is too long.")
	}
	return nil
}

// calling is how a letter addresses its reader. A name that could pass for a web address is left out: whoever makes an account with somebody else's address chooses
// the name, and must not be able to have an advertisement delivered by us.
func calling(name string) string {
	name = strings.TrimSpace(name)
	if hasControl(name) || !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxName || strings.ContainsAny(name, "./:@<>&\\。／：＠") {
		return ""
	}
	return name
}

func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
	})
}
