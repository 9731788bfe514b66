package mail_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a small SMTP server (RFC 5321) that keeps what it is given.
type server struct {
	t        *testing.T
	listener net.Listener
	tls      *tls.Config
	// What it does; set before anybody connects.
	implicitTLS, offersTLS bool
	auth                   string            // mechanisms
	answers                map[string]string // by verb, in place of its own
	hang                   string            // the verb that it never answers

	mu       sync.Mutex
	got      []received
	verbs    []string
	failures int // so many letters are put off first
}

type received struct {
	from, to  string
	user      string
	encrypted bool
	raw       string
}

func start(t *testing.T, change func(*server)) (*server, int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, listener: l, answers: map[string]string{}}
	if change != nil {
		change(s)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s, l.Addr().(*net.TCPAddr).Port
}

func (s *server) letters() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received{}, s.got...)
}

func (s *server) talk(c net.Conn) {
	defer func() { _ = c.Close() }()
	encrypted := s.implicitTLS
	if s.implicitTLS {
		c = tls.Server(c, s.tls)
	}
	r := bufio.NewReader(c)
	say := func(text string) { _, _ = fmt.Fprintf(c, "%s\r\n", text) }
	var letter received
	if s.hang == "greeting" {
		_, _ = io.Copy(io.Discard, c)
		return
	}
	say("220 test ESMTP")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, rest, _ := strings.Cut(line, " ")
		verb = strings.ToUpper(verb)
		s.mu.Lock()
		s.verbs = append(s.verbs, verb)
		s.mu.Unlock()
		if s.hang == verb {
			_, _ = io.Copy(io.Discard, c)
			return
		}
		if a := s.answers[verb]; a != "" {
			say(a)
			continue
		}
		switch verb {
		case "EHLO":
			extensions := []string{"test", "8BITMIME"}
			if s.offersTLS && !encrypted {
				extensions = append(extensions, "STARTTLS")
			}
			if s.auth != "" {
				extensions = append(extensions, "AUTH "+s.auth)
			}
			for i, e := range extensions {
				sep := "-"
				if i == len(extensions)-1 {
					sep = " "
				}
				say("250" + sep + e)
			}
		case "STARTTLS":
			say("220 go on")
			c = tls.Server(c, s.tls)
			r, encrypted = bufio.NewReader(c), true
		case "AUTH":
			letter.user = s.authenticate(rest, r, say)
		case "MAIL":
			letter.from, letter.encrypted = between(rest), encrypted
			say("250 ok")
		case "RCPT":
			letter.to = between(rest)
			say("250 ok")
		case "DATA":
			say("354 go on")
			letter.raw = body(r)
			s.mu.Lock()
			later := s.failures > 0
			if later {
				s.failures--
			} else {
				s.got = append(s.got, letter)
			}
			s.mu.Unlock()
			if later {
				say("451 4.7.1 come back later")
			} else {
				say("250 kept")
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// authenticate takes PLAIN (RFC 4616) and LOGIN, and believes everybody whose password is "right".
func (s *server) authenticate(rest string, r *bufio.Reader, say func(string)) string {
	read := func() string {
		line, _ := r.ReadString('\n')
		clear, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
		return string(clear)
	}
	mechanism, initial, _ := strings.Cut(rest, " ")
	var user, password string
	if mechanism == "PLAIN" {
		clear, _ := base64.StdEncoding.DecodeString(initial)
		parts := bytes.Split(clear, []byte{0})
		user, password = string(parts[1]), string(parts[2])
	} else {
		say("334 VXNlcm5hbWU6")
		user = read()
		say("334 UGFzc3dvcmQ6")
		password = read()
	}
	if password != "right" {
		say("535 5.7.8 no: " + base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password)) + " " + password)
		return ""
	}
	say("235 welcome")
	return user
}

func between(path string) string {
	_, path, _ = strings.Cut(path, "<")
	path, _, _ = strings.Cut(path, ">")
	return path
}

func body(r *bufio.Reader) string {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String()
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

// certificate makes a server's certificate for 127.0.0.1, and whoever trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, pool
}

// letter is a message as a mail program reads it.
type letter struct {
	header     netmail.Header
	text, html string
}

func parse(t *testing.T, raw string) letter {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v:\n%s", err, raw)
	}
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("it is %s, %v", kind, err)
	}
	out := letter{header: m.Header}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		var from io.Reader = part
		switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
		case "base64":
			from = base64.NewDecoder(base64.StdEncoding, part)
		case "quoted-printable":
			from = quotedprintable.NewReader(part)
		}
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			if out.html != "" {
				t.Error("the plain text must come first (RFC 2046, section 5.1.4)")
			}
			out.text = string(content)
		} else {
			out.html = string(content)
		}
	}
}

// decoded gives a header as people read it.
func (l letter) decoded(t *testing.T, name string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(l.header.Get(name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
