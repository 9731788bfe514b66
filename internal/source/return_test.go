package source_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/store"
)

func TestANewPersonIsEnrolledAndRecognisedTheNextTime(t *testing.T) {
	h := open(t)
	b := h.Browser()
	reply, err := h.back(b, "wx", callback(h.depart(b, source.Departing{Next: "/x?y=1"}), "o1.u1"))
	if got := flowtest.Component(reply); err != nil || got != "→ /x?y=1" || reply.Refusal != nil {
		t.Fatalf("%s, %v, %v", got, reply.Refusal, err)
	}
	if who(b) != "u1" {
		t.Fatalf("signed in is %q", who(b))
	}
	u := h.Users()["u1"]
	if u == nil || u.Name != "N" || u.Email != "" || u.Path != "goauthentik.io/sources/wx" || u.Type != model.UserExternal {
		t.Errorf("user %+v", u)
	}
	conn, err := h.Store.ConnectionOf(t.Context(), u.ID, h.source.ID)
	if err != nil || conn.Identifier != "u1" || len(conn.Identifiers) != 2 {
		t.Errorf("connection %+v, %v", conn, err)
	}
	var actions []model.Action
	for _, ev := range h.Events("") {
		actions = append(actions, ev.Action)
		if ev.User == nil || ev.User.ID != u.ID {
			t.Errorf("%s is recorded for %+v", ev.Action, ev.User)
		}
	}
	if len(actions) != 3 {
		t.Errorf("events: %v", actions)
	}
	other := h.Browser()
	h.signIn(other, "wx", "o1.u1")
	if who(other) != "u1" || len(h.Users()) != 1 {
		t.Errorf("signed in is %q of %d", who(other), len(h.Users()))
	}
	if n := len(h.Events(model.ActionSourceLinked)); n != 1 {
		t.Errorf("%d link events", n)
	}
}

func TestIdentifiersAcrossApps(t *testing.T) {
	h := open(t)
	h.add("service", "wx2")
	t.Run("several apps of one account lead to one person", func(t *testing.T) {
		h.signIn(h.Browser(), "wx", "a1.ua")
		b := h.Browser()
		h.signIn(b, "service", "a2.ua")
		if who(b) != "ua" || len(h.Users()) != 1 {
			t.Errorf("signed in is %q of %d", who(b), len(h.Users()))
		}
	})
	t.Run("an app that is bound to an account later keeps its people", func(t *testing.T) {
		h.signIn(h.Browser(), "wx", "b1")
		b := h.Browser()
		h.signIn(b, "wx", "b1.ub")
		if who(b) != "b1" {
			t.Errorf("signed in is %q", who(b))
		}
		other := h.Browser()
		h.signIn(other, "service", "b2.ub")
		if who(other) != "b1" {
			t.Errorf("at the other app signed in is %q", who(other))
		}
	})
	t.Run("two people who turn out to be one are told, and nobody is merged", func(t *testing.T) {
		h.signIn(h.Browser(), "wx", "c1")
		h.signIn(h.Browser(), "service", "c2.uc")
		b := h.Browser()
		reply, err := h.back(b, "wx", callback(h.depart(b, source.Departing{}), "c1.uc"))
		if got := refused(reply, err); got != "source.conflict" || who(b) != "" {
			t.Errorf("%q, signed in is %q", got, who(b))
		}
	})
	t.Run("an account that moved keeps its people, and the change is on record", func(t *testing.T) {
		h.signIn(h.Browser(), "wx", "d1.ud")
		b := h.Browser()
		h.signIn(b, "wx", "d1.ud2")
		if who(b) != "ud" {
			t.Errorf("signed in is %q", who(b))
		}
		warnings := h.Events(model.ActionConfigurationWarning)
		if len(warnings) != 1 || warnings[0].Context["before"] != "ud" {
			t.Errorf("events: %+v", warnings)
		}
		again := h.Browser()
		h.signIn(again, "service", "d2.ud2")
		if who(again) != "ud" {
			t.Errorf("by the new unionid signed in is %q", who(again))
		}
	})
	t.Run("a profile without the unionid that is known changes nothing", func(t *testing.T) {
		b := h.Browser()
		h.signIn(b, "wx", "a1")
		conn, err := h.Store.ConnectionOf(t.Context(), b.Visitor().User.ID, h.source.ID)
		if err != nil || conn.Identifier != "ua" || len(conn.Identifiers) != 2 {
			t.Errorf("connection %+v, %v", conn, err)
		}
	})
}

// RFC 6749 section 10.12 and RFC 9700 section 4.7: a state is ours, used once, in time, by the browser and for the source that it was made for.
func TestStatesThatAreRefused(t *testing.T) {
	h := open(t)
	h.add("other", "wx2")
	b := h.Browser()
	used := h.depart(b, source.Departing{})
	if got := refused(h.back(b, "wx", callback(used, ""))); got != "oauth.cancelled" {
		t.Fatalf("a callback without a code is refused as %q", got)
	}
	for _, tt := range []struct {
		name, slug, state, want string
		browser                 *flowtest.Browser
	}{
		{name: "missing", state: "", want: "source.state_missing"},
		{name: "unknown", state: strings.Repeat("0", 32), want: "source.state_unknown"},
		{name: "not in our form", state: "x", want: "source.state_unknown"},
		{name: "in capitals", state: strings.ToUpper(h.depart(b, source.Departing{})), want: "source.state_unknown"},
		{name: "100 kB of it", state: strings.Repeat("0", 100<<10), want: "source.state_unknown"},
		{name: "used, and refused then", state: used, want: "source.state_used"},
		{name: "of another browser", state: h.depart(b, source.Departing{}), browser: h.Browser(), want: "source.other_browser"},
		{name: "of another source", state: h.depart(b, source.Departing{Slug: "other"}), want: "source.other_source"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := h.exchanges.Load()
			who := b
			if tt.browser != nil {
				who = tt.browser
			}
			if got := refused(h.back(who, "wx", callback(tt.state, "o1"))); got != tt.want {
				t.Errorf("refused as %q, want %q", got, tt.want)
			}
			if h.exchanges.Load() != before {
				t.Error("the upstream was asked")
			}
		})
	}
	t.Run("expired", func(t *testing.T) {
		state := h.depart(b, source.Departing{})
		h.Wait(source.RequestLifetime + time.Second)
		if got := refused(h.back(b, "wx", callback(state, "o1"))); got != "source.state_expired" {
			t.Errorf("refused as %q", got)
		}
	})
	t.Run("a state that another browser has tried is still good for its own", func(t *testing.T) {
		state := h.depart(b, source.Departing{})
		if got := refused(h.back(h.Browser(), "wx", callback(state, "o1"))); got != "source.other_browser" {
			t.Errorf("refused as %q", got)
		}
		if got := refused(h.back(b, "wx", callback(state, "o1"))); got != "" {
			t.Errorf("refused as %q", got)
		}
	})
	if n := len(h.Users()); n != 1 {
		t.Errorf("%d users", n)
	}
}

func TestWhereOneMayWantToGo(t *testing.T) {
	h := open(t)
	for next, want := range map[string]string{
		"": "→ /if/user/", "/x": "→ /x", flowtest.Origin + "/x": "→ /x",
	} {
		b := h.Browser()
		reply, err := h.back(b, "wx", callback(h.depart(b, source.Departing{Next: next}), "o1"))
		if err != nil || flowtest.Component(reply) != want {
			t.Errorf("next %q leads %v, %v", next, reply, err)
		}
	}
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		_, err := h.manager.Depart(t.Context(), h.Browser().Visitor(), source.Departing{Slug: "wx", Next: next})
		if got := refused(nil, err); got != "next.invalid" {
			t.Errorf("next %q is refused as %q", next, got)
		}
	}
}

func TestSeveralTabsAtOnce(t *testing.T) {
	h := open(t)
	b := h.Browser()
	first, second := h.depart(b, source.Departing{Next: "/1"}), h.depart(b, source.Departing{Next: "/2"})
	reply, err := h.back(b, "wx", callback(first, "o1"))
	if err != nil || reply.To != "/1" {
		t.Fatalf("%+v, %v", reply, err)
	}
	// The second tab comes back when the first has signed in: the account is the person's own.
	reply, err = h.back(b, "wx", callback(second, "o1"))
	if err != nil || reply.To != "/2" || who(b) != "o1" || len(h.Users()) != 1 {
		t.Errorf("%+v, %v", reply, err)
	}
}

func TestASecondCallbackLeadsWhereTheFirstDid(t *testing.T) {
	h := open(t)
	b := h.Browser()
	q := callback(h.depart(b, source.Departing{Next: "/x"}), "o1")
	for range 3 {
		reply, err := h.back(b, "wx", q)
		if err != nil || reply.To != "/x" || reply.Refusal != nil {
			t.Fatalf("%+v, %v", reply, err)
		}
	}
	if h.exchanges.Load() != 1 {
		t.Errorf("%d exchanges", h.exchanges.Load())
	}
	t.Run("also where its flow asks", func(t *testing.T) {
		asking := h.Flow("asking", model.DesignationEnrollment, nil, flowtest.Step{Name: "q", Kind: "script", Config: `{"does": "ask", "name": "q"}`},
			flowtest.Step{Name: "write", Kind: "user_write"}, flowtest.Step{Name: "login", Kind: "user_login"})
		h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = &asking.ID })
		b := h.Browser()
		q := callback(h.depart(b, source.Departing{Next: "/x"}), "o2")
		first, err := h.back(b, "wx", q)
		if err != nil || flowtest.Component(first) != "test-q" {
			t.Fatalf("%+v, %v", first, err)
		}
		second, err := h.back(b, "wx", q)
		if err != nil || second.To != first.To {
			t.Fatalf("%+v, %v", second, err)
		}
		if reply := b.Post(second.To, "answer", "yes"); reply.To != "/x" || who(b) != "o2" {
			t.Errorf("%+v", reply)
		}
		third, err := h.back(b, "wx", q)
		if err != nil || third.To != "/x" {
			t.Errorf("%+v, %v", third, err)
		}
	})
	t.Run("also where its flow ends elsewhere", func(t *testing.T) {
		f := h.Flow("denied", model.DesignationEnrollment, func(f *model.Flow) { f.DeniedAction = model.DeniedContinue }, flowtest.Step{Name: "write", Kind: "user_write"})
		h.Bind(model.TargetID(f.ID), `{"passing": false}`)
		h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = &f.ID })
		b := h.Browser()
		q := callback(h.depart(b, source.Departing{Next: "/x"}), "o3")
		first, err := h.back(b, "wx", q)
		if err != nil || first.To != "/" {
			t.Fatalf("%+v, %v", first, err)
		}
		begun := time.Now()
		second, err := h.back(b, "wx", q)
		if err != nil || second.To != "/" || time.Since(begun) > 5*time.Second {
			t.Errorf("%+v, %v after %s", second, err, time.Since(begun))
		}
	})
}

func TestOfManyCallbacksAtOnceOneExchanges(t *testing.T) {
	h := open(t)
	h.during = func() { time.Sleep(20 * time.Millisecond) }
	b := h.Browser()
	q := callback(h.depart(b, source.Departing{Next: "/x"}), "o1.u1")
	var wait sync.WaitGroup
	for range 32 {
		wait.Go(func() {
			reply, err := h.manager.Return(context.Background(), b.Visitor(), "wx", q)
			if err != nil || reply.Refusal != nil || reply.To != "/x" {
				t.Errorf("%+v, %v", reply, err)
			}
		})
	}
	wait.Wait()
	if n := h.exchanges.Load(); n != 1 || len(h.Users()) != 1 {
		t.Errorf("%d exchanges, %d users", n, len(h.Users()))
	}
}

func TestABrowserThatHangsUpLeavesNoOneWaiting(t *testing.T) {
	h := open(t)
	b := h.Browser()
	q := callback(h.depart(b, source.Departing{}), "o1")
	ctx, hangUp := context.WithCancel(t.Context())
	h.during = hangUp
	if _, err := h.manager.Return(ctx, b.Visitor(), "wx", q); err == nil {
		t.Fatal("the exchange outlived its browser")
	}
	begun := time.Now()
	if got := refused(h.back(b, "wx", q)); got != "source.state_used" || time.Since(begun) > 5*time.Second {
		t.Errorf("refused as %q after %s", got, time.Since(begun))
	}
}

func TestASourceThatIsNotThere(t *testing.T) {
	h := open(t)
	b := h.Browser()
	_, err := h.manager.Depart(t.Context(), b.Visitor(), source.Departing{Slug: "none"})
	if got := refused(nil, err); got != "source.disabled" || model.CodeOf(err) != model.CodeNotFound {
		t.Errorf("an unknown source is refused as %q", got)
	}
	var e *model.Error
	if errors.As(err, &e); e.Detail["source"] != nil {
		t.Error("whoever asks for a source that is none has it counted among the sources")
	}
	state := h.depart(b, source.Departing{})
	h.change(h.source, func(s *model.Source) { s.Enabled = false })
	if got := refused(h.back(b, "wx", callback(state, "o1"))); got != "source.disabled" {
		t.Errorf("one that was switched off meanwhile is refused as %q", got)
	}
	h.change(h.source, func(s *model.Source) { s.Enabled = true })
	if got := refused(h.back(b, "wx", callback(state, "o1"))); got != "" {
		t.Errorf("one that is on again is refused as %q", got)
	}
	state = h.depart(b, source.Departing{})
	if err := h.Store.Change(t.Context(), func(ctx context.Context, tx *store.Change) error { return tx.Delete(ctx, h.source) }); err != nil {
		t.Fatal(err)
	}
	if got := refused(h.back(b, "wx", callback(state, "o1"))); got != "source.disabled" {
		t.Errorf("one that was deleted meanwhile is refused as %q", got)
	}
	h.add("wx", "wx1")
	if got := refused(h.back(b, "wx", callback(state, "o1"))); got != "source.state_unknown" {
		t.Errorf("another one in its place is refused as %q", got)
	}
}

// GO-2025-3822: a deactivated user does not come in through a source.
func TestADeactivatedUserIsRefused(t *testing.T) {
	h := open(t)
	h.signIn(h.Browser(), "wx", "o1")
	if _, err := h.Store.UpdateUser(t.Context(), h.Users()["o1"].ID, func(u *model.User) error { u.IsActive = false; return nil }); err != nil {
		t.Fatal(err)
	}
	b := h.Browser()
	if got := refused(h.back(b, "wx", callback(h.depart(b, source.Departing{}), "o1"))); got != "source.user_inactive" || who(b) != "" {
		t.Errorf("refused as %q", got)
	}
}

func TestASourceWithoutAFlow(t *testing.T) {
	h := open(t)
	h.signIn(h.Browser(), "wx", "known")
	h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = nil })
	b := h.Browser()
	if got := refused(h.back(b, "wx", callback(h.depart(b, source.Departing{}), "new"))); got != "source.no_enrollment" {
		t.Errorf("a new person is refused as %q", got)
	}
	h.signIn(b, "wx", "known")
	h.change(h.source, func(s *model.Source) { s.AuthenticationFlow = nil })
	b = h.Browser()
	if got := refused(h.back(b, "wx", callback(h.depart(b, source.Departing{}), "known"))); got != "source.no_authentication" || who(b) != "" {
		t.Errorf("a known person is refused as %q", got)
	}
}

func TestPoliciesOfASource(t *testing.T) {
	h := open(t)
	h.signIn(h.Browser(), "wx", "member")
	member := h.Users()["member"]
	h.signIn(h.Browser(), "wx", "stranger")
	binding := model.NewPolicyBinding()
	binding.Target, binding.User = model.TargetID(h.source.ID), &member.ID
	h.Put(&binding)
	for code, want := range map[string]string{"member": "", "stranger": "source.policy_denied", "new": "source.policy_denied"} {
		b := h.Browser()
		if got := refused(h.back(b, "wx", callback(h.depart(b, source.Departing{}), code))); got != want {
			t.Errorf("%s is refused as %q, want %q", code, got, want)
		}
	}
	stranger := h.Browser().SignIn(h.Users()["stranger"])
	_, err := h.manager.Depart(t.Context(), stranger.Visitor(), source.Departing{Slug: "wx"})
	if got := refused(nil, err); got != "source.policy_denied" {
		t.Errorf("a stranger who is signed in is refused as %q", got)
	}
	t.Run("also for one who signs in while away", func(t *testing.T) {
		b := h.Browser()
		state := h.depart(b, source.Departing{})
		b.SignIn(h.Users()["stranger"])
		if got := refused(h.back(b, "wx", callback(state, "stranger"))); got != "source.policy_denied" {
			t.Errorf("refused as %q", got)
		}
	})
}

func TestMatchingByUsername(t *testing.T) {
	h := open(t)
	h.change(h.source, func(s *model.Source) { s.UserMatchingMode = model.MatchUsernameLink })
	ann := h.User("ann", "")
	h.username = func() string { return "ann" }
	b := h.Browser()
	h.signIn(b, "wx", "o1")
	if who(b) != "ann" {
		t.Fatalf("signed in is %q", who(b))
	}
	if links := h.Events(model.ActionSourceLinked); len(links) != 1 || links[0].User.ID != ann.ID {
		t.Errorf("link events: %+v", links)
	}
	other := h.Browser()
	if got := refused(h.back(other, "wx", callback(h.depart(other, source.Departing{}), "o2"))); got != "source.already_linked_other_account" {
		t.Errorf("a second account of the same name is refused as %q", got)
	}
}

func TestStatementBudgets(t *testing.T) {
	h := open(t)
	count := func(what string, budget int, fn func(ctx context.Context) error) {
		t.Helper()
		ctx, n := store.CountStatements(t.Context())
		if err := fn(ctx); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		t.Logf("%s: %d statements, %d transactions", what, n.Statements(), n.Transactions())
		if n.Statements() > budget {
			t.Errorf("%s: %d statements, budget %d", what, n.Statements(), budget)
		}
	}
	back := func(what string, budget int, b *flowtest.Browser, code string) {
		t.Helper()
		q, v := callback(h.depart(b, source.Departing{}), code), b.Visitor()
		count(what, budget, func(ctx context.Context) error {
			reply, err := h.manager.Return(ctx, v, "wx", q)
			if err == nil && reply.Refusal != nil {
				err = reply.Refusal
			}
			return err
		})
	}
	count("depart", 1, func(ctx context.Context) error {
		_, err := h.manager.Depart(ctx, h.Browser().Visitor(), source.Departing{Slug: "wx"})
		return err
	})
	back("return, enroll", 12, h.Browser(), "o1.u1")
	back("return, known", 10, h.Browser(), "o1.u1")
	back("return, gains a unionid", 14, h.Browser(), "o1.u2")
	back("return, link", 12, h.Browser().SignIn(h.User("ann", "")), "o9.u9")
}

// Nobody who reads the database learns what a driver keeps for the return.
func TestWhatADriverKeepsIsSealed(t *testing.T) {
	h := open(t)
	state := h.depart(h.Browser(), source.Departing{})
	sum := sha256.Sum256([]byte(state))
	r, err := h.Store.SourceRequest(t.Context(), hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	if keep := string(r.Keep); keep == "" || strings.Contains(keep, "kept for") || strings.Contains(keep, state) {
		t.Errorf("kept as %s", keep)
	}
}

func TestMadeUpCallbacksAreBoundedPerAddressAndGoodOnesCountNothing(t *testing.T) {
	h := open(t)
	h.Failures = attempt.NewFailures(h.Store, 3, h.Now)
	h.build()
	reason := func() string {
		_, err := h.back(h.Browser(), "wx", url.Values{"code": {"made-up"}, "state": {strings.Repeat("0", 32)}})
		var e *model.Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		return e.Reason
	}
	for range 6 {
		h.signIn(h.Browser(), "wx", "o1.u1")
	}
	for i := range 4 {
		if got := reason(); got != "source.state_unknown" {
			t.Fatalf("failure %d: %s", i+1, got)
		}
	}
	if got := reason(); got != "login.too_many_attempts" {
		t.Errorf("after four: %s", got)
	}
	b := h.Browser()
	if _, err := h.manager.Depart(t.Context(), b.Visitor(), source.Departing{Slug: "wx"}); model.CodeOf(err) != model.CodeRateLimited {
		t.Errorf("departing: %v", err)
	}
	h.Wait(attempt.Window)
	h.signIn(b, "wx", "o1.u1")
}
