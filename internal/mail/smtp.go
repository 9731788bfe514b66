package mail

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

const (
	defaultTimeout = 10 * time.Second
	// wholeFactor times the timeout of one step is the limit of a whole delivery: a server that answers each step at the last moment cannot hold it for long.
	wholeFactor = 6
	// maxReason is how much of a server's words is told.
	maxReason = 300
)

// smtp delivers to SMTP servers (RFC 5321).
type smtp struct {
	roots  *x509.CertPool
	domain string
}

// Deliver hands a message to the server.
func (s *smtp) Deliver(ctx context.Context, server *Server, m *Message) error {
	timeout := cmp.Or(server.Timeout, defaultTimeout)
	ctx, cancel := context.WithTimeout(ctx, wholeFactor*timeout)
	defer cancel()
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(server.Host, s.options(ctx, server, timeout)...)
	if err != nil {
		return fmt.Errorf("prepare the delivery: %w", err)
	}
	return client.DialAndSendWithContext(ctx, msg)
}

func (s *smtp) options(ctx context.Context, server *Server, timeout time.Duration) []gomail.Option {
	config := &tls.Config{ServerName: server.Host, MinVersion: tls.VersionTLS12, RootCAs: s.roots}
	policy := gomail.NoTLS
	if server.UseTLS {
		policy = gomail.TLSMandatory
	}
	out := []gomail.Option{
		gomail.WithPort(server.port()), gomail.WithTimeout(timeout), gomail.WithTLSConfig(config), gomail.WithTLSPolicy(policy),
		gomail.WithDialContextFunc(dial(ctx, server.UseSSL, config, timeout)), gomail.WithHELO(s.domain), gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	if server.UseSSL {
		out = append(out, gomail.WithSSL())
	}
	if server.Username == "" {
		return out
	}
	out = append(out, gomail.WithUsername(server.Username), gomail.WithPassword(server.Password.Reveal()))
	if server.UseTLS || server.UseSSL || isLoopback(server.Host) {
		return append(out, gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return append(out, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)) // in clear it takes only what does not show the password
}

// dial connects, and hangs up when the context ends, whatever step the delivery is at.
func dial(whole context.Context, overTLS bool, config *tls.Config, timeout time.Duration) gomail.DialContextFunc {
	dialer := &net.Dialer{Timeout: timeout}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		var c net.Conn
		var err error
		if overTLS {
			c, err = (&tls.Dialer{NetDialer: dialer, Config: config}).DialContext(ctx, network, address)
		} else {
			c, err = dialer.DialContext(ctx, network, address)
		}
		if err == nil {
			context.AfterFunc(whole, func() { _ = c.Close() })
		}
		return c, err
	}
}

// compose writes the message (RFC 5322, MIME): text first, HTML as its alternative, so that every reader finds what it can show (RFC 2046, section 5.1.4).
func (s *smtp) compose(m *Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingB64), gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(m.FromName, m.From); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	set := msg.To
	if m.ToName != "" {
		set = func(to ...string) error { return msg.AddToFormat(m.ToName, to[0]) }
	}
	if err := set(m.To); err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetDate()
	msg.SetMessageIDWithValue(strings.ToLower(rand.Text()) + "@" + s.domain)
	// RFC 3834: so that no holiday notice answers it. Old Exchange servers know only their own header.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader(gomail.HeaderContentLang, m.Locale)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

func (s *Server) port() int {
	switch {
	case s.Port != 0:
		return s.Port
	case s.UseSSL:
		return 465
	case s.UseTLS:
		return 587
	}
	return 25
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// passing reports whether a failure may be gone in a while. What a server refuses for good (5xx, RFC 5321 section 4.2.1) stays refused.
func passing(err error) bool {
	if s := (*gomail.SendError)(nil); errors.As(err, &s) {
		return s.IsTemp() || s.ErrorCode() < 400
	}
	if reply := (*textproto.Error)(nil); errors.As(err, &reply) {
		return reply.Code < 500
	}
	var certificate *tls.CertificateVerificationError
	return !errors.As(err, &certificate) && !errors.Is(err, gomail.ErrNoSupportedAuthDiscovered)
}

// told is what went wrong, as an administrator may read it: one line of the server's words without the password, the link and the code.
func told(err error, server *Server, l Letter) string {
	if errors.Is(err, gomail.ErrNoSupportedAuthDiscovered) {
		return "the server offers no way to send the password safely: switch on use_tls or use_ssl"
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(err.Error(), "?"))
	secrets := []string{l.Data["link"], l.Data["code"]}
	if server != nil {
		password := server.Password.Reveal()
		secrets = append(secrets, password, base64.StdEncoding.EncodeToString([]byte(password)),
			base64.StdEncoding.EncodeToString([]byte("\x00"+server.Username+"\x00"+password)))
	}
	for _, s := range secrets {
		if len(s) > 2 {
			text = strings.ReplaceAll(text, s, "***")
		}
	}
	if runes := []rune(text); len(runes) > maxReason {
		text = string(runes[:maxReason]) + "…"
	}
	return text
}
