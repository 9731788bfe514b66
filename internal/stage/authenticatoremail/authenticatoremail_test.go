package authenticatoremail_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatoremail"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

type office struct{ letters []mail.Letter }

func (o *office) Queue(l mail.Letter) { o.letters = append(o.letters, l) }

func (o *office) maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return authenticatoremail.Kind(device.New(h.Store, h.Box), o, h.Sends)
}

// done does what a request does after its transaction.
func done(t *testing.T, b *stagetest.Bench) {
	t.Helper()
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, after := range b.Effects.After {
		after(t.Context())
	}
	b.Next()
}

func TestCommon(t *testing.T) {
	o := &office{}
	stagetest.Common(t, stagetest.Subject{Maker: o.maker, NeedsUser: true, Prepare: func(b *stagetest.Bench) {
		b.Authenticated(b.User("ann", ""))
	}})
	if len(o.letters) > 0 {
		t.Error("being shown, or answered with nonsense, it sends letters")
	}
}

const (
	asks    = "ask ak-stage-authenticator-email"
	address = asks + " !email stage.mailbox.error.address"
)

func TestAMailboxIsSetUp(t *testing.T) {
	office := &office{}
	b := stagetest.Open(t, office.maker, `{"host": "smtp.example.org", "from_address": "noreply@example.org", "use_tls": true, "token_expiry": "minutes=10"}`)
	ann := b.User("ann", "")
	b.Authenticated(ann)
	if c := b.Enter().(stage.Ask).Challenge.(*authenticatoremail.Challenge); !c.EmailRequired || c.Address != "ann@example.org" {
		t.Errorf("%+v", c)
	}
	for _, typed := range []string{"", "ann", "ann@example.org\r\nBcc: x@example.org", "Ann <ann@example.org>", "a@example.org, b@example.org"} {
		if got := stagetest.Says(b.Submit("email", typed)); got != address {
			t.Errorf("%q: %s", typed, got)
		}
	}
	o := b.Submit("email", " ann@work.example.org ")
	if c := o.(stage.Ask).Challenge.(*authenticatoremail.Challenge); stagetest.Says(o) != asks || c.EmailRequired || c.Email != "a***@work.example.org" {
		t.Fatalf("%s", stagetest.Says(o))
	}
	if len(office.letters) > 0 {
		t.Error("the letter goes out before the request is done")
	}
	done(t, b)
	if len(office.letters) != 1 {
		t.Fatalf("%d letters", len(office.letters))
	}
	l := office.letters[0]
	if l.To != "ann@work.example.org" || l.Template != "email/email_otp.html" || l.Subject != "" || l.Good != 10*time.Minute || l.Server == nil || l.Server.Host != "smtp.example.org" || !l.Server.UseTLS {
		t.Errorf("%+v", l)
	}
	code := l.Data["code"]
	if got := stagetest.Says(b.Submit("code", "abc")); got != asks+" !code stage.code.error.wrong" {
		t.Error(got)
	}
	if got := stagetest.Says(b.Submit("resend", true)); got != asks+" !non_field_errors stage.code.error.wait" {
		t.Error(got)
	}
	if got := stagetest.Says(b.Submit("code", code)); got != "done" {
		t.Fatal(got)
	}
	done(t, b)
	all, err := b.Store.DevicesOf(t.Context(), ann.ID)
	if err != nil || len(all) != 1 || all[0].Class != model.DeviceEmail || all[0].Name != "E-mail" {
		t.Fatalf("%+v, %v", all, err)
	}
	if raw, _ := json.Marshal([]any{all, b.Events("")}); strings.Contains(string(raw), "ann@work") || strings.Contains(string(raw), code) {
		t.Errorf("the address or the code is stored in clear: %s", raw)
	}
}

func TestTheInstallationsServer(t *testing.T) {
	office := &office{}
	b := stagetest.Open(t, office.maker, `{"use_global_settings": true, "subject": "Your code"}`)
	b.Authenticated(b.User("ann", ""))
	b.Submit("email", "ann@example.org")
	done(t, b)
	if l := office.letters[0]; l.Server != nil || l.Subject != "Your code" {
		t.Errorf("%+v", l)
	}
}

func TestLettersAreBounded(t *testing.T) {
	office := &office{}
	b := stagetest.Open(t, office.maker, "")
	b.Authenticated(b.User("ann", ""))
	last := ""
	for i := range 6 {
		b.Visit.Now = b.Visit.Now.Add(time.Duration(i+1) * time.Minute)
		last = stagetest.Says(b.Submit("email", "victim@example.org"))
		b.Submit("other", true)
	}
	if last != "refuse authenticator.sent_too_often" {
		t.Error(last)
	}
}

func TestAMerelyIdentifiedPersonSendsNothing(t *testing.T) {
	office := &office{}
	b := stagetest.Open(t, office.maker, "")
	b.Pending(b.User("ann", ""))
	if got := stagetest.Says(b.Submit("email", "ann@example.org")); got != "refuse flow.misconfigured" || len(b.Effects.After) > 0 {
		t.Error(got)
	}
}

func TestSettings(t *testing.T) {
	for name, tt := range map[string]struct {
		with func(*authenticatoremail.Config)
		ok   bool
	}{
		"the defaults":                     {func(*authenticatoremail.Config) {}, true},
		"no port":                          {func(c *authenticatoremail.Config) { c.Port = 0 }, false},
		"both ways of TLS":                 {func(c *authenticatoremail.Config) { c.UseTLS, c.UseSSL = true, true }, false},
		"no timeout":                       {func(c *authenticatoremail.Config) { c.Timeout = 0 }, false},
		"no such letter":                   {func(c *authenticatoremail.Config) { c.Template = "x" }, false},
		"a subject of two lines":           {func(c *authenticatoremail.Config) { c.Subject = "a\nb" }, false},
		"no sender":                        {func(c *authenticatoremail.Config) { c.FromAddress = "" }, false},
		"no sender, by the installation's": {func(c *authenticatoremail.Config) { c.FromAddress, c.UseGlobalSettings = "", true }, true},
	} {
		c := authenticatoremail.Defaults()
		tt.with(&c)
		if err := c.Validate(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
