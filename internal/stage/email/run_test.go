package email_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/email"
	"github.com/weimen-id/weimen/internal/stage/identification"
	"github.com/weimen-id/weimen/internal/stage/userlogin"
)

var linkInText = regexp.MustCompile(`https?://\S+`)

// recovery is a flow of identification, letter and login, as authentik's blueprint of recovery has it: the first two are passed over in a run that was restored.
func recovery(t *testing.T) (*flowtest.House, func() string) {
	t.Helper()
	box := &mail.Mailbox{}
	post := office(t, box)
	h := flowtest.Open(t, func(h *flowtest.House) []kind.Kind[stage.Driver] {
		return []kind.Kind[stage.Driver]{
			identification.Kind(identification.Deps{Users: h.Store, Passwords: h.Passwords, Guard: attempt.New(h.Store, attempt.DefaultLimits(), h.Now)}),
			email.Kind(post, h.Store, h.Sends), userlogin.Kind(h.Sessions),
		}
	})
	f := h.Flow("recover", model.DesignationRecovery, nil,
		flowtest.Step{Name: "who", Kind: "identification", Config: `{"user_fields": ["email"]}`},
		flowtest.Step{Name: "letter", Kind: "email", Config: `{"use_global_settings": true}`},
		flowtest.Step{Name: "login", Kind: "user_login"})
	for _, b := range h.Store.Snapshot().BindingsOf(f.ID)[:2] {
		b.EvaluateOnPlan, b.ReEvaluatePolicies = true, true
		h.Put(b)
		pb := h.Bind(model.TargetID(b.ID), `{"needs": "is_restored"}`)
		pb.Negate = true
		h.Put(pb)
	}
	u := h.User("ann", "")
	if _, err := h.Store.UpdateUser(t.Context(), u.ID, func(u *model.User) error { u.Email = "ann@example.org"; return nil }); err != nil {
		t.Fatal(err)
	}
	return h, func() string {
		t.Helper()
		if err := post.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(box.Letters()) == 0 {
			return ""
		}
		to, err := url.Parse(linkInText.FindString(box.Letters()[0].Text))
		if err != nil {
			t.Fatal(err)
		}
		return to.RequestURI()
	}
}

func TestTheLinkSignsInWhoeverReadsTheMailbox(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		h, link := recovery(t)
		b := h.Browser()
		b.Get("recover?next=/x")
		if got := flowtest.Component(b.Post("recover?next=/x", "uid_field", "ann@example.org")); got != "ak-stage-email" {
			t.Fatal(got)
		}
		to := link()
		if to == "" {
			t.Fatal("no letter was sent")
		}
		if b.Token != "" {
			t.Fatal("signed in before the link was opened")
		}
		reply := b.Post("recover?next=/x")
		if got := flowtest.Component(reply); got != "ak-stage-email" || b.Token != "" {
			t.Fatalf("asked for another letter, and got %s", got)
		}
		if newer := link(); newer == to {
			t.Fatal("the second letter has the link of the first")
		} else {
			to = newer
		}
		if elsewhere {
			b = h.Browser()
			b.Get(to)
			if b.Token != "" {
				t.Fatal("a program that opens the links of letters is signed in")
			}
			reply = b.Post(to)
		} else {
			reply = b.Get(to)
		}
		if b.Token == "" || !strings.HasSuffix(reply.To, "/x") {
			t.Errorf("elsewhere %t: %s %s", elsewhere, flowtest.Component(reply), flowtest.Reason(reply))
		}
		if got := h.Users()["ann"].Attributes[model.AttributeEmailVerified]; got != "ann@example.org" {
			t.Errorf("verified %v", got)
		}
		if reply := h.Browser().Post(to); reply.Session != nil {
			t.Error("the link signs in twice")
		}
	}
}

func TestNobodyWhoIsNotThereGetsALetter(t *testing.T) {
	h, link := recovery(t)
	b := h.Browser()
	b.Get("recover")
	if got := flowtest.Component(b.Post("recover", "uid_field", "eve@example.org")); got != "ak-stage-email" || link() != "" {
		t.Errorf("%s, %q", got, link())
	}
}
