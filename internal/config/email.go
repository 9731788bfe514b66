package config

import (
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// resolveEmail checks the settings of e-mail.
func (l *loader) resolveEmail(c Config, s *Settings) {
	s.Email = Email{Username: c.EmailUsername, Password: model.NewSecret(string(c.EmailPassword))}
	e := &s.Email
	check(l, "email_host", &e.Host, c.EmailHost, parseHost, "Write the host alone, as smtp.example.com")
	if c.EmailPort != "" {
		check(l, "email_port", &e.Port, c.EmailPort, parsePort, "Write a number, such as 587")
	}
	check(l, "email_use_tls", &e.UseTLS, c.EmailUseTLS, parseBool, "Choose true or false")
	check(l, "email_use_ssl", &e.UseSSL, c.EmailUseSSL, parseBool, "Choose true or false")
	if e.UseTLS && e.UseSSL {
		l.mistake(Mistake{l.origins["email_use_ssl"].called, l.origins["email_use_ssl"].place, "is set together with email_use_tls", "Set one of the two: ssl for port 465, tls for port 587"})
	}
	check(l, "email_timeout", &e.Timeout, c.EmailTimeout, parseSeconds, "Write a number of seconds from 1 to 600")
	from := c.EmailFrom
	if from == "" && strings.Contains(c.EmailUsername, "@") {
		from = c.EmailUsername
	}
	if from == "" && s.URL != nil {
		from = "noreply@" + s.URL.Hostname()
	}
	if c.EmailFrom != "" {
		check(l, "email_from", &e.From, from, parseSender, "Write it as noreply@example.com, or as Example <noreply@example.com>")
	} else {
		e.From = from
	}
}

func parseHost(text string) (string, error) {
	if strings.ContainsAny(text, " /@\r\n\t") || strings.Count(text, ":") == 1 {
		return "", fmt.Errorf("%q is not a host", text)
	}
	return text, nil
}

func parsePort(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is not a port from 1 to 65535", text)
	}
	return int(n), nil
}

func parseBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "1", "yes", "on":
		return true, nil
	case "false", "0", "no", "off":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither true nor false", text)
}

func parseSeconds(text string) (time.Duration, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 || n > 600 {
		return 0, fmt.Errorf("%q is not a number of seconds", text)
	}
	return time.Duration(n) * time.Second, nil
}

func parseSender(text string) (string, error) {
	if _, err := mail.ParseAddress(text); err != nil || strings.ContainsAny(text, "\r\n") {
		return "", fmt.Errorf("%q is not an e-mail address", text)
	}
	return text, nil
}
