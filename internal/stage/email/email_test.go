package email_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/email"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

const (
	global = `{"use_global_settings": true}`
	waits  = "ask ak-stage-email"
)

// bench is the stage with a mailbox behind it.
type bench struct {
	*stagetest.Bench
	box  *mail.Mailbox
	post *mail.Post
}

func open(t *testing.T, config string) *bench {
	t.Helper()
	b := &bench{box: &mail.Mailbox{}, post: office(t, nil)}
	b.post = office(t, b.box)
	b.Bench = stagetest.Open(t, b.maker, config)
	return b
}

func office(t *testing.T, transport mail.Transport) *mail.Post {
	t.Helper()
	texts, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	post, err := mail.New(mail.Options{Texts: texts, Transport: transport, Domain: "id.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { post.Close(context.Background()) })
	return post
}

func (b *bench) maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return email.Kind(b.post, h.Store, h.Sends)
}

// after does what the request left for its end, and gives the letters of all time, the newest first.
func (b *bench) after() []mail.Kept {
	b.T.Helper()
	for _, f := range b.Effects.After {
		f(b.T.Context())
	}
	b.Effects.After = nil
	if err := b.post.Wait(b.T.Context()); err != nil {
		b.T.Fatal(err)
	}
	return b.box.Letters()
}

// restored is the run as the link takes it up.
func (b *bench) restored() stage.Outcome {
	b.T.Helper()
	b.Next()
	stage.SlotIsRestored.Set(b.Visit.Context, true)
	return b.Enter()
}

func (b *bench) ann() *model.User { return b.with("ann", "Ann@Example.org") }

func (b *bench) with(name, address string) *model.User {
	b.T.Helper()
	u := b.User(name, "")
	fresh, err := b.Store.UpdateUser(b.T.Context(), u.ID, func(u *model.User) error { u.Email = address; return nil })
	if err != nil {
		b.T.Fatal(err)
	}
	return fresh
}

func shown(t *testing.T, o stage.Outcome) *email.Challenge {
	t.Helper()
	ask, ok := o.(stage.Ask)
	if !ok {
		t.Fatal(stagetest.Says(o))
	}
	return ask.Challenge.(*email.Challenge)
}

func TestCommon(t *testing.T) {
	b := &bench{post: office(t, &mail.Mailbox{})}
	stagetest.Common(t, stagetest.Subject{Maker: b.maker, Config: global, NeedsUser: true, Prepare: func(sb *stagetest.Bench) {
		(&bench{Bench: sb}).Pending((&bench{Bench: sb}).ann())
	}})
}

func TestSettings(t *testing.T) {
	for name, change := range map[string]func(*email.Config){
		"port": func(c *email.Config) { c.Port = 0 }, "use_ssl": func(c *email.Config) { c.UseTLS, c.UseSSL = true, true },
		"timeout": func(c *email.Config) { c.Timeout = 0 }, "template": func(c *email.Config) { c.Template = "../../etc/passwd" },
		"subject": func(c *email.Config) { c.Subject = "a\r\nBcc: eve@example.net" }, "from_address": func(c *email.Config) { c.FromAddress = "nobody" },
		"recovery_max_attempts": func(c *email.Config) { c.RecoveryMaxAttempts = 0 },
	} {
		c := email.Defaults()
		change(&c)
		var e *model.Error
		if err := c.Validate(); !errors.As(err, &e) || e.Fields[name] == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c := email.Defaults(); c.Validate() != nil {
		t.Errorf("the defaults: %v", c.Validate())
	}
}

func TestALetterGoesOutOnceAndItsLinkPassesTheStage(t *testing.T) {
	b := open(t, `{"use_global_settings": true, "token_expiry": "hours=2", "template": "email/account_confirmation.html"}`)
	ann := b.ann()
	b.Pending(ann)
	if got := stagetest.Says(b.Enter()); got != waits {
		t.Fatal(got)
	}
	if n := len(b.Effects.Links); n != 1 || b.Effects.Links[0].Lifetime != 2*time.Hour || b.Effects.Patience != 2*time.Hour {
		t.Errorf("%d links %+v, patience %s", n, b.Effects.Links, b.Effects.Patience)
	}
	token := b.Effects.Links[0].Token.Reveal()
	if len(b.box.Letters()) != 0 {
		t.Error("the letter went out before the request was done")
	}
	letters := b.after()
	if len(letters) != 1 || letters[0].To != "Ann@Example.org" || !strings.Contains(letters[0].Text, flowtest.Origin+"/if/flow/f/?flow_token="+token) ||
		!strings.Contains(letters[0].Text, "2 hours") || !strings.Contains(letters[0].Subject, "Confirm") {
		t.Fatalf("%+v", letters)
	}
	b.Next()
	if got := stagetest.Says(b.Enter()); got != waits || len(b.Effects.Links) != 0 || len(b.after()) != 1 {
		t.Errorf("shown again: %s, %d letters", got, len(b.box.Letters()))
	}
	if got := stagetest.Says(b.restored()); got != "done" {
		t.Fatal(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := stage.SlotEmailVerified.Value(b.Visit.Context); got != "ann@example.org" {
		t.Errorf("verified %q", got)
	}
	if got := b.Users()["ann"].Attributes[model.AttributeEmailVerified]; got != "ann@example.org" {
		t.Errorf("the user knows %v", got)
	}
	if stage.SlotUserBackend.Value(b.Visit.Context) == "" || stage.SlotAuthMethod.Value(b.Visit.Context) != "email" {
		t.Error("who reads the mailbox of the account is not authenticated")
	}
	if got := stagetest.Says(b.restored()); got != waits {
		t.Errorf("the stage a second time in one flow: %s", got)
	}
}

// An answer, a reload, a letter of another stage or to another address pass nothing: only the link does.
func TestNothingButTheLinkPassesTheStage(t *testing.T) {
	b := open(t, global)
	b.Pending(b.ann())
	b.Enter()
	for _, answer := range [][]any{nil, {"token", "x"}, {"is_restored", true}, {"component", "ak-stage-email"}} {
		if o := b.Submit(answer...); !strings.HasPrefix(stagetest.Says(o), waits) {
			t.Errorf("%v: %s", answer, stagetest.Says(o))
		}
	}
	t.Run("a run that was taken up before the letter was sent", func(t *testing.T) {
		b.Again().Pending(b.Users()["ann"])
		stage.SlotIsRestored.Set(b.Visit.Context, true)
		for range 2 {
			if got := stagetest.Says(b.Enter()); got != waits {
				t.Errorf("%s", got)
			}
		}
	})
	t.Run("the link of another stage", func(t *testing.T) {
		b.Again().Pending(b.Users()["ann"])
		b.Enter()
		b.Next()
		b.Visit.Stage = &model.Stage{ID: "another", Name: "another"}
		stage.SlotIsRestored.Set(b.Visit.Context, true)
		if got := stagetest.Says(b.Enter()); got != waits {
			t.Errorf("%s", got)
		}
	})
	t.Run("an address that has changed meanwhile", func(t *testing.T) {
		b.Again().Pending(b.Users()["ann"])
		b.Enter()
		moved := *b.Users()["ann"]
		moved.Email = "eve@example.net"
		b.Pending(&moved)
		if got := stagetest.Says(b.restored()); got != waits {
			t.Errorf("%s", got)
		}
	})
}

func TestWhomItWritesTo(t *testing.T) {
	const typed = "typed@example.net"
	for _, tt := range []struct {
		name   string
		set    func(*bench)
		want   string // the address, "" for no letter
		says   string
		masked string
	}{
		{"the pending user", func(b *bench) { b.Pending(b.ann()) }, "Ann@Example.org", waits, ""},
		{"the pending user, who typed the address", func(b *bench) {
			b.Pending(b.ann())
			stage.SlotPendingUserIdentifier.Set(b.Visit.Context, "ann@example.org")
		}, "Ann@Example.org", waits, "a***@example.org"},
		{"the pending user, who is authenticated", func(b *bench) { b.Authenticated(b.ann()) }, "Ann@Example.org", waits, "A***@Example.org"},
		{"the address that the run was given for it", func(b *bench) {
			b.Authenticated(b.ann())
			stage.SlotEmail.Set(b.Visit.Context, "given@example.org")
		}, "given@example.org", waits, "g***@example.org"},
		{"somebody who enrolls", func(b *bench) { b.types(typed) }, typed, waits, "t***@example.net"},
		{"somebody who enrolls from a source", func(b *bench) {
			b.types(typed)
			b.Pending(&model.User{Username: "o1"})
			stage.SlotIsSSO.Set(b.Visit.Context, true)
		}, typed, waits, "t***@example.net"},
		{"somebody authenticated without an address, who types one", func(b *bench) {
			b.Authenticated(b.with("wei", ""))
			b.types(typed)
		}, typed, waits, "t***@example.net"},
		{"nobody is there and nothing is typed", func(*bench) {}, "", "refuse email.no_address", ""},
		{"somebody authenticated without an address", func(b *bench) { b.Authenticated(b.with("wei", "")) }, "", "refuse email.no_address", ""},
		{"what is no address", func(b *bench) { b.types("a@b\r\nBcc: eve@example.net") }, "", "refuse mail.address", ""},
		{"somebody who is not there", func(b *bench) { b.Pending(&model.User{Username: typed, Email: typed, IsActive: true}) }, "", waits, ""},
		{"somebody who is not there, by a typed address", func(b *bench) {
			b.Pending(&model.User{Username: typed, Email: typed, IsActive: true})
			stage.SlotPendingUserIdentifier.Set(b.Visit.Context, typed)
		}, "", waits, "t***@example.net"},
		{"somebody who is not there, by a name", func(b *bench) { b.Pending(&model.User{Username: "eve", Email: "eve", IsActive: true}) }, "", waits, ""},
		{"somebody without an address who has shown nothing", func(b *bench) { b.Pending(b.with("wei", "")) }, "", waits, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, global)
			tt.set(b)
			o := b.Enter()
			if got := stagetest.Says(o); got != tt.says {
				t.Fatal(got)
			}
			letters, got := b.after(), ""
			if len(letters) > 0 {
				got = letters[0].To
			}
			if got != tt.want {
				t.Errorf("a letter went to %q, want %q", got, tt.want)
			}
			if ask, ok := o.(stage.Ask); ok && ask.Challenge.(*email.Challenge).Address != tt.masked {
				t.Errorf("the page tells %q, want %q", ask.Challenge.(*email.Challenge).Address, tt.masked)
			}
		})
	}
}

func (b *bench) types(address string) {
	stage.SlotPromptData.Set(b.Visit.Context, map[string]any{"email": address})
}

// OWASP ASVS 5.0, 6.4.3: a password reset must not go to an address that the account does not have.
func TestWhatAStrangerTypesNeverReplacesTheAddressOfAnAccount(t *testing.T) {
	for _, address := range []string{"Ann@Example.org", ""} {
		b := open(t, global)
		b.Pending(b.with("ann", address))
		b.types("eve@example.net")
		b.Enter()
		for _, l := range b.after() {
			if l.To == "eve@example.net" {
				t.Errorf("the account with the address %q can be taken over", address)
			}
		}
	}
}

// OWASP ASVS 5.0, 6.3.8: whether somebody has an account is not told, neither by what is shown nor by what is done.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	type seen struct {
		Says             string
		Challenge        email.Challenge
		Links            int
		After, Writes    int
		Patience         time.Duration
		Again, TooOften  string
		LettersAreCountd int
	}
	look := func(set func(*bench)) seen {
		b := open(t, `{"use_global_settings": true, "recovery_max_attempts": 2}`)
		set(b)
		o := b.Enter()
		s := seen{Says: stagetest.Says(o), Challenge: *shown(t, o), Links: len(b.Effects.Links), After: len(b.Effects.After), Writes: len(b.Effects.Writes), Patience: b.Effects.Patience}
		b.after()
		b.Next()
		s.Again = stagetest.Says(b.Submit())
		b.after()
		b.Next()
		s.TooOften = stagetest.Says(b.Submit())
		return s
	}
	there := look(func(b *bench) { b.Pending(b.ann()) })
	if there.Links != 1 || there.Again != waits+" !non_field_errors stage.email.sent_again" || there.TooOften != waits+" !non_field_errors stage.email.error.too_often" {
		t.Errorf("%+v", there)
	}
	for name, set := range map[string]func(*bench){
		"not there":          func(b *bench) { b.Pending(&model.User{Username: "eve", Email: "eve", IsActive: true}) },
		"without an address": func(b *bench) { b.Pending(b.with("wei", "")) },
		"with a broken one":  func(b *bench) { b.Pending(b.with("wei", "wei")) },
	} {
		if diff := cmp.Diff(there, look(set)); diff != "" {
			t.Errorf("%s (-there +not):\n%s", name, diff)
		}
	}
}

func TestHowManyLettersGoToAnAddress(t *testing.T) {
	b := open(t, `{"use_global_settings": true, "recovery_max_attempts": 3, "recovery_cache_timeout": "minutes=5"}`)
	ann := b.ann()
	b.Pending(ann)
	b.Enter()
	b.after()
	o := b.Submit()
	if ask := o.(stage.Ask); ask.Errors["non_field_errors"][0].Code != "email-sent" || !shown(t, o).Again || len(b.Effects.Links) != 2 {
		t.Errorf("sent again: %+v", ask)
	}
	if n := len(b.after()); n != 2 {
		t.Fatalf("%d letters", n)
	}
	b.Again().Pending(ann) // in another browser
	b.Enter()
	b.after()
	if got := stagetest.Says(b.Submit()); got != waits+" !non_field_errors stage.email.error.too_often" {
		t.Errorf("the fourth: %s", got)
	}
	b.Again().Pending(ann)
	o = b.Enter()
	if c := shown(t, o); c.Sent || len(b.Effects.Links) != 0 {
		t.Errorf("a new run says that a letter was sent: %+v", c)
	}
	if n := len(b.after()); n != 3 {
		t.Fatalf("%d letters, want 3", n)
	}
	b.Again().Pending(b.with("bob", "bob@example.org"))
	b.Enter()
	if n := len(b.after()); n != 4 {
		t.Errorf("somebody else gets none: %d", n)
	}
	b.Wait(6 * time.Minute)
	b.Again().Pending(ann)
	b.Enter()
	if n := len(b.after()); n != 5 {
		t.Errorf("later: %d letters, want 5", n)
	}
}

func TestTwoRequestsAtOnceDoNotPassTheBound(t *testing.T) {
	b := open(t, `{"use_global_settings": true, "recovery_max_attempts": 1}`)
	ann := b.ann()
	var after []func(context.Context)
	for range 3 {
		b.Again().Pending(ann)
		b.Enter()
		after = append(after, b.Effects.After...)
	}
	b.Effects.After = after
	if n := len(b.after()); n != 1 {
		t.Errorf("%d letters, want 1", n)
	}
}

func TestActivation(t *testing.T) {
	for _, activate := range []bool{false, true} {
		config := global
		if activate {
			config = `{"use_global_settings": true, "activate_user_on_success": true}`
		}
		b := open(t, config)
		ann := b.ann()
		ann, err := b.Store.UpdateUser(t.Context(), ann.ID, func(u *model.User) error { u.IsActive = false; return nil })
		if err != nil {
			t.Fatal(err)
		}
		b.Pending(ann)
		b.Enter()
		if b.Users()["ann"].IsActive {
			t.Error("active before the link was opened")
		}
		b.restored()
		if got := stage.SlotPendingUser.Value(b.Visit.Context).IsActive; got != activate {
			t.Errorf("for the stages that follow: %t", got)
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		if got := b.Users()["ann"].IsActive; got != activate {
			t.Errorf("activate %t: %t", activate, got)
		}
	}
}

// Who was deactivated still reads their mail.
func TestNobodyWhoWasDeactivatedActivatesThemselves(t *testing.T) {
	b := open(t, `{"use_global_settings": true, "activate_user_on_success": true}`)
	ann := b.ann()
	ann, err := b.Store.UpdateUser(t.Context(), ann.ID, func(u *model.User) error {
		u.IsActive, u.LastLogin = false, &b.Visit.Now
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Pending(ann)
	b.Enter()
	b.restored()
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if b.Users()["ann"].IsActive || stage.SlotPendingUser.Value(b.Visit.Context).IsActive {
		t.Error("active")
	}
}

func TestAnAddressThatIsNotTheUsersOwnAuthenticatesNobody(t *testing.T) {
	b := open(t, global)
	b.Pending(b.ann())
	stage.SlotEmail.Set(b.Visit.Context, "given@example.org")
	b.Enter()
	if got := stagetest.Says(b.restored()); got != "done" {
		t.Fatal(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, ok := stage.SlotUserBackend.Get(b.Visit.Context); ok {
		t.Error("authenticated")
	}
	if v, ok := b.Users()["ann"].Attributes[model.AttributeEmailVerified]; ok {
		t.Errorf("ann's address is verified by another: %v", v)
	}
}

func TestTheLetterIsInTheReadersLanguageAndTheSubjectTheAdministrators(t *testing.T) {
	for _, tt := range []struct{ subject, want string }{
		{"authentik", "重置你的"}, {"", "重置你的"}, {"Harbour 登录", "Harbour 登录"},
	} {
		b := open(t, `{"use_global_settings": true, "subject": "`+tt.subject+`"}`)
		b.Pending(b.ann())
		b.Visit.Locale = "zh"
		b.Enter()
		if l := b.after(); len(l) != 1 || !strings.HasPrefix(l[0].Subject, tt.want) || !strings.Contains(l[0].Text, "30 分钟") {
			t.Errorf("%q: %+v", tt.subject, l)
		}
	}
}

func TestWithoutAServerItSaysWhichSettingIsMissing(t *testing.T) {
	for name, set := range map[string]func(*bench){
		"for a user":                    func(b *bench) { b.Pending(b.ann()) },
		"for somebody who is not there": func(b *bench) { b.Pending(&model.User{Username: "eve"}) },
	} {
		b := open(t, global)
		b.post = office(t, nil)
		b.Reopen(b.maker, global)
		set(b)
		o, ok := b.Enter().(stage.Refuse)
		if !ok || o.Err.Reason != "mail.not_configured" || !strings.Contains(o.Err.Message, "WEIMEN_EMAIL_HOST") || o.Err.Detail["action"] != model.ActionConfigurationError {
			t.Errorf("%s: %+v", name, o)
		}
	}
}
