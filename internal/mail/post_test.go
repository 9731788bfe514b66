package mail_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
)

// office is a post office that notes its reports down.
type office struct {
	*mail.Post
	mu      sync.Mutex
	reports []mail.Report
}

func open(t *testing.T, o mail.Options) *office {
	t.Helper()
	var err error
	if o.Texts, err = i18n.New(); err != nil {
		t.Fatal(err)
	}
	of := &office{}
	o.Domain = "id.example.org"
	o.Report = func(_ context.Context, r mail.Report) {
		of.mu.Lock()
		defer of.mu.Unlock()
		of.reports = append(of.reports, r)
	}
	if of.Post, err = mail.New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { of.Close(t.Context()) })
	return of
}

func (of *office) told() []mail.Report {
	of.mu.Lock()
	defer of.mu.Unlock()
	return append([]mail.Report{}, of.reports...)
}

func local(port int) mail.Server {
	return mail.Server{Host: "127.0.0.1", Port: port, From: "noreply@example.org", Timeout: 2 * time.Second}
}

const link = "https://id.example.org/if/flow/recovery/?flow_token=SECRETLINK"

func reset() mail.Letter {
	return mail.Letter{
		To: "ann@example.com", Name: "Ann", Locale: "en", Template: "email/password_reset.html", Brand: "Lantern",
		Data: map[string]string{"link": link}, Good: 30 * time.Minute,
	}
}

func TestALetterArrivesWhole(t *testing.T) {
	s, port := start(t, nil)
	of := open(t, mail.Options{Server: local(port)})
	l := reset()
	l.To, l.Name, l.Locale, l.Brand = "zhang@example.com", "张三", "zh", "微门 Lantern"
	if err := of.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	all := s.letters()
	if len(all) != 1 || all[0].from != "noreply@example.org" || all[0].to != "zhang@example.com" {
		t.Fatalf("%+v", all)
	}
	for i, c := range all[0].raw {
		if c > 126 || c < 32 && c != '\r' && c != '\n' && c != '\t' {
			t.Fatalf("byte %d is %q: old servers take ASCII only", i, c)
		}
	}
	for line := range strings.Lines(all[0].raw) {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes (RFC 5322, section 2.1.1)", len(line))
		}
	}
	got := parse(t, all[0].raw)
	want := map[string]string{
		"Subject": "重置你的微门 Lantern 密码", "From": "微门 Lantern <noreply@example.org>", "To": "张三 <zhang@example.com>",
		"Auto-Submitted": "auto-generated", "Mime-Version": "1.0", "Content-Language": "zh-Hans",
	}
	for name, value := range want {
		if text := strings.ReplaceAll(got.decoded(t, name), `"`, ""); text != value {
			t.Errorf("%s is %q, want %q", name, text, value)
		}
	}
	if id := got.header.Get("Message-Id"); !strings.HasSuffix(id, "@id.example.org>") || len(id) < 30 {
		t.Errorf("Message-ID %s", id)
	}
	if _, err := got.header.Date(); err != nil {
		t.Errorf("Date: %v", err)
	}
	for what, content := range map[string]string{"text": got.text, "HTML": got.html} {
		for _, part := range []string{"张三，你好", "30 分钟", "flow_token=SECRETLINK", "请忽略本邮件", "微门 Lantern"} {
			if !strings.Contains(content, part) {
				t.Errorf("the %s lacks %q", what, part)
			}
		}
	}
	for _, remote := range []string{"<img", "<link", "url(", "src=", "<script", "<style"} {
		if strings.Contains(got.html, remote) {
			t.Errorf("the HTML has %s: mail programs take it away, or fetch what spies on the reader", remote)
		}
	}
	if diff := cmp.Diff([]mail.Report{{To: "zhang@example.com", Template: "email/password_reset.html", Host: "127.0.0.1", Tries: 1}}, of.told()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestEveryTemplateInEveryLanguage(t *testing.T) {
	box := &mail.Mailbox{}
	of := open(t, mail.Options{Transport: box})
	subjects := map[string]bool{}
	for _, lang := range i18n.Languages() {
		for _, template := range mail.Templates() {
			err := of.Send(t.Context(), mail.Letter{
				To: "ann@example.com", Locale: lang, Template: template.Name, Data: map[string]string{"link": link, "code": "123456"}, Good: 48 * time.Hour,
			})
			if err != nil {
				t.Fatal(err)
			}
			m := box.Letters()[0]
			if subjects[m.Subject] || strings.Contains(m.Text+m.HTML+m.Subject, "mail.") || strings.Contains(m.Text+m.Subject, "{{") || strings.Contains(m.Text, "\n\n\n") {
				t.Errorf("%s %s: %s\n%s", lang, template.Name, m.Subject, m.Text)
			}
			subjects[m.Subject] = true
			if !strings.Contains(m.Text, "123456") || !strings.Contains(m.HTML, "123456") || !strings.Contains(m.HTML, `href="`+link) {
				t.Errorf("%s %s lacks its link or code:\n%s", lang, template.Name, m.Text)
			}
		}
	}
}

func TestWaysToAServer(t *testing.T) {
	config, pool := certificate(t)
	user := func(s *mail.Server) { s.Username, s.Password = "ann", model.NewSecret("right") }
	for _, tt := range []struct {
		name   string
		server func(*server)
		with   func(*mail.Server)
		roots  bool
		want   string // part of the reason, "" for success
	}{
		{"in clear", nil, nil, true, ""},
		{"by STARTTLS", func(s *server) { s.offersTLS = true }, func(m *mail.Server) { m.UseTLS = true }, true, ""},
		{"TLS from the start", func(s *server) { s.implicitTLS = true }, func(m *mail.Server) { m.UseSSL = true }, true, ""},
		{"with a password by STARTTLS", func(s *server) { s.offersTLS, s.auth = true, "LOGIN PLAIN" }, func(m *mail.Server) { m.UseTLS = true; user(m) }, true, ""},
		{"with a password over TLS, by LOGIN alone", func(s *server) { s.implicitTLS, s.auth = true, "LOGIN" }, func(m *mail.Server) { m.UseSSL = true; user(m) }, true, ""},
		{"with a password in clear on this machine", func(s *server) { s.auth = "PLAIN" }, user, true, ""},
		{"STARTTLS is wanted and not offered", nil, func(m *mail.Server) { m.UseTLS = true }, true, "does not support STARTTLS"},
		{"a certificate that nobody vouches for", func(s *server) { s.offersTLS = true }, func(m *mail.Server) { m.UseTLS = true }, false, "certificate"},
		{"a wrong password", func(s *server) { s.auth = "PLAIN" }, func(m *mail.Server) { user(m); m.Password = model.NewSecret("wrong-hunter2") }, true, "535"},
		{"no AUTH where a password is set", nil, user, true, "does not support SMTP AUTH"},
		{"nobody there", func(s *server) { _ = s.listener.Close() }, nil, true, "connection refused"},
		{"a sender that is refused", func(s *server) { s.answers["MAIL"] = "550 5.7.1 who are you" }, nil, true, "who are you"},
		{"a reader who is not there", func(s *server) { s.answers["RCPT"] = "550 5.1.1 no such mailbox" }, nil, true, "no such mailbox"},
		{"a letter that is refused, with its link", func(s *server) { s.answers["DATA"] = "554 5.6.0 spam: " + link }, nil, true, "spam: ***"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, port := start(t, func(s *server) {
				s.tls = config
				if tt.server != nil {
					tt.server(s)
				}
			})
			to, options := local(port), mail.Options{}
			if tt.with != nil {
				tt.with(&to)
			}
			if options.Server = to; tt.roots {
				options.Roots = pool
			}
			of := open(t, options)
			err := of.Send(t.Context(), reset())
			if tt.want == "" {
				if err != nil || len(s.letters()) != 1 {
					t.Fatalf("%v", err)
				}
				if got := s.letters()[0]; got.encrypted != (to.UseTLS || to.UseSSL) || got.user != to.Username {
					t.Errorf("%+v", got)
				}
				return
			}
			var e *model.Error
			if !errors.As(err, &e) || e.Code != model.CodeUpstream || !strings.Contains(e.Message, tt.want) {
				t.Fatalf("%v, want %q", err, tt.want)
			}
			r := of.told()
			if len(r) != 1 || !strings.Contains(r[0].Reason, tt.want) {
				t.Errorf("%+v", r)
			}
			for _, text := range []string{err.Error(), r[0].Reason} {
				if strings.Contains(text, "hunter2") || strings.Contains(text, "AGFubgB3cm9uZy1odW50ZXIy") || strings.Contains(text, "SECRETLINK") || strings.ContainsAny(text, "\r\n") {
					t.Errorf("it tells a secret: %s", text)
				}
			}
		})
	}
}

// RFC 4954 section 9: what shows the password is not said where others can listen.
func TestAPasswordIsNeverSaidInClearToAnotherMachine(t *testing.T) {
	s, port := start(t, func(s *server) { s.auth = "PLAIN LOGIN" })
	server := local(port)
	server.Host, server.Username, server.Password = "LOCALHOST", "ann", model.NewSecret("right") // resolves to this machine, and does not look so
	of := open(t, mail.Options{Server: server})
	if err := of.Send(t.Context(), reset()); err == nil {
		t.Error("it was sent")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.verbs, "EHLO") || slices.Contains(s.verbs, "AUTH") {
		t.Errorf("the server heard %v", s.verbs)
	}
}

func TestAServerThatHangsIsLeft(t *testing.T) {
	for _, verb := range []string{"greeting", "EHLO", "MAIL", "DATA"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			_, port := start(t, func(s *server) { s.hang = verb })
			server := local(port)
			server.Timeout = 150 * time.Millisecond
			began := time.Now()
			if err := open(t, mail.Options{Server: server}).Send(t.Context(), reset()); err == nil {
				t.Error("it was sent")
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// RFC 5322 section 2.2: a line break in a header begins the next one, so none gets into any.
func TestNoHeaderCanBeAdded(t *testing.T) {
	box := &mail.Mailbox{}
	of := open(t, mail.Options{Transport: box})
	for _, to := range []string{
		"", "ann", "a@b\r\nBcc: eve@example.net", "a@b\nX: y", "Ann <ann@example.com>", "ann@example.com, eve@example.net", "ann@example.com,", "<ann@example.com>",
		"ann@example.com\x00", " ann@example.com", "ann@example.com\u202e", "a(b)@example.com", strings.Repeat("a", 300) + "@example.com",
	} {
		l := reset()
		l.To = to
		if err := of.Send(t.Context(), l); model.CodeOf(err) != model.CodeInvalid {
			t.Errorf("%q: %v", to, err)
		}
	}
	for _, subject := range []string{"a\r\nBcc: eve@example.net", "a\nb", "a\rb", "a\u2028b", "a\x00", strings.Repeat("长", 300), "\xff"} {
		l := reset()
		l.Subject = subject
		if err := of.Send(t.Context(), l); err == nil {
			t.Errorf("subject %q was sent", subject)
		}
	}
	for _, from := range []string{"", "nobody", "a@b\r\nBcc: eve@example.net", "A\r\nB <a@b>", "a@example.org, b@example.org"} {
		l := reset()
		l.Server = &mail.Server{Host: "127.0.0.1", From: from}
		if err := of.Send(t.Context(), l); err == nil || !strings.Contains(err.Error(), "sender") {
			t.Errorf("from %q: %v", from, err)
		}
	}
	if n := len(box.Letters()); n != 0 {
		t.Errorf("%d letters were sent", n)
	}
}

// Whoever makes an account with somebody else's address chooses the name: no advertisement is delivered by it.
func TestANameIsNoPlaceForAnAdvertisement(t *testing.T) {
	box := &mail.Mailbox{}
	of := open(t, mail.Options{Transport: box})
	for name, kept := range map[string]bool{
		"Ann Lee": true, "张三": true, "O’Brien-Smith": true, "win at https://evil.example": false, "evil.example": false, "call me @evil": false,
		"a\r\nb": false, strings.Repeat("长", 65): false, "<b>x</b>": false, "": false,
	} {
		l := reset()
		l.Name = name
		if err := of.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		m := box.Letters()[0]
		if got := name != "" && strings.Contains(m.Text, "Hello "+name); got != kept || (m.ToName == name) != (kept || name == "") {
			t.Errorf("%q: %q, %s", name, m.ToName, m.Text)
		}
	}
}

func TestWithoutAServerItSaysWhichSettingIsMissing(t *testing.T) {
	of := open(t, mail.Options{})
	for name, err := range map[string]error{"ready": of.Ready(nil), "send": of.Send(t.Context(), reset())} {
		var e *model.Error
		if !errors.As(err, &e) || e.Reason != "mail.not_configured" || !strings.Contains(e.Message, "WEIMEN_EMAIL_HOST") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := of.Ready(&mail.Server{}); err == nil || !strings.Contains(err.Error(), "stage") {
		t.Errorf("a stage's own server without a host: %v", err)
	}
	if err := of.Ready(&mail.Server{Host: "mail.example.org"}); err != nil {
		t.Error(err)
	}
}

func TestTheQueueTriesAgain(t *testing.T) {
	soon := []time.Duration{time.Millisecond, time.Millisecond}
	for _, tt := range []struct {
		name  string
		with  func(*server)
		tries int
		want  string
	}{
		{"what is put off", func(s *server) { s.failures = 2 }, 3, ""},
		{"not for ever", func(s *server) { s.failures = 9 }, 3, "come back later"},
		{"not what is refused for good", func(s *server) { s.answers["RCPT"] = "550 5.1.1 no such mailbox" }, 1, "no such mailbox"},
		{"not a wrong sender", func(s *server) { s.answers["MAIL"] = "553 5.1.8 not yours" }, 1, "not yours"},
		{"where nobody is there", func(s *server) { _ = s.listener.Close() }, 3, "refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, port := start(t, tt.with)
			of := open(t, mail.Options{Server: local(port), Pauses: soon})
			of.Queue(reset())
			if err := of.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			r := of.told()
			if len(r) != 1 || r[0].Tries != tt.tries || (r[0].Reason == "") != (tt.want == "") || !strings.Contains(r[0].Reason, tt.want) {
				t.Errorf("%+v", r)
			}
			if sent := len(s.letters()); sent != 1 && tt.want == "" || sent != 0 && tt.want != "" {
				t.Errorf("%d letters arrived", sent)
			}
		})
	}
}

func TestTheQueueIsBoundedAndEnds(t *testing.T) {
	_, port := start(t, func(s *server) { s.hang = "greeting" })
	server := local(port)
	server.Timeout = time.Minute
	of := open(t, mail.Options{Server: server})
	const all = 1010
	for range all {
		of.Queue(reset())
	}
	if n := len(of.told()); n != 10 {
		t.Errorf("%d letters were given up at once, want 10", n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	began := time.Now()
	of.Close(ctx)
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("closing took %s", took)
	}
	if n := len(of.told()); n != all {
		t.Errorf("%d of %d letters are reported", n, all)
	}
	of.Queue(reset())
	if n := len(of.told()); n != all+1 {
		t.Error("a letter after the end is not reported")
	}
}
