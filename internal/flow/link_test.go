package flow_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
)

// link opens a flow that waits for a link and gives the link as browsers ask for it.
func link(t *testing.T, reply *flow.Reply) string {
	t.Helper()
	c, ok := reply.Challenge.(*flowtest.ScriptChallenge)
	if !ok || !strings.HasPrefix(c.Link, flowtest.Origin) {
		t.Fatalf("shows %s without a link", flowtest.Component(reply))
	}
	return strings.TrimPrefix(c.Link, flowtest.Origin)
}

// letters is a house with a flow that asks, waits for a link, and asks again.
func letters(t *testing.T) *flowtest.House {
	t.Helper()
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationRecovery, nil, ask("a"), does("mail", "link"), ask("b"))
	return h
}

func TestALinkTakesTheRunUpInTheBrowserThatItBeganIn(t *testing.T) {
	h := letters(t)
	b := h.Browser()
	address := link(t, b.Post("f?next=/x", "answer", "yes"))
	reply := b.Get(address)
	if !strings.HasPrefix(reply.To, "/if/flow/f/?next=%2Fx&run=") || strings.Contains(reply.To, "flow_token") {
		t.Fatalf("goes to %q (%s)", reply.To, flowtest.Reason(reply))
	}
	if len(reply.Messages) != 1 || reply.Messages[0].Key != "flow.link.verified" {
		t.Errorf("tells %+v", reply.Messages)
	}
	page := b.Get(reply.To)
	want(t, page, "test-b")
	if trail(t, page) != "a mail" {
		t.Errorf("passed %q", trail(t, page))
	}
	t.Run("opened again it leads to the same run", func(t *testing.T) {
		if again := b.Get(address); again.To != reply.To {
			t.Errorf("goes to %q (%s)", again.To, flowtest.Reason(again))
		}
	})
	t.Run("and the run in which it was made has ended", func(t *testing.T) {
		want(t, b.Get("f?next=/x"), "test-a")
	})
	want(t, b.Post(reply.To, "answer", "yes"), "→ /x")
	if got := flowtest.Reason(b.Get(address)); got != "flow.link_used" {
		t.Errorf("after the end it is refused as %q", got)
	}
}

// Programs open the links of letters to look for harm: being opened does nothing.
func TestALinkInAnotherBrowserAsksForAClickFirst(t *testing.T) {
	h := letters(t)
	b, phone := h.Browser(), h.Browser()
	address := link(t, b.Post("f?next=/x", "answer", "yes"))
	before := runs(t, h)
	for range 3 {
		want(t, h.Browser().Get(address), "ak-stage-email")
	}
	want(t, phone.Get(address), "ak-stage-email")
	if after := runs(t, h); len(after) != len(before) {
		t.Errorf("%d runs, then %d", len(before), len(after))
	}
	reply := phone.Post(address, "component", "ak-stage-email")
	if !strings.Contains(reply.To, "run=") {
		t.Fatalf("goes to %q (%s)", reply.To, flowtest.Reason(reply))
	}
	want(t, phone.Get(reply.To), "test-b")
	want(t, b.Get("f?next=/x"), "test-a")
	if got := flowtest.Reason(b.Get(reply.To)); got != "flow.expired" {
		t.Errorf("the first browser is refused in the run of the second as %q", got)
	}
	if got := flowtest.Reason(b.Get(address)); got != "flow.link_used" {
		t.Errorf("the first browser is refused as %q", got)
	}
	want(t, phone.Post(reply.To, "answer", "yes"), "→ /x")
}

func TestALinkIsTakenOnce(t *testing.T) {
	h := letters(t)
	address := link(t, h.Browser().Post("f", "answer", "yes"))
	var wait sync.WaitGroup
	replies := make([]*flow.Reply, 16)
	for i := range replies {
		b := h.Browser()
		wait.Go(func() {
			reply, err := b.TryPost(address)
			if err != nil {
				t.Error(err)
			}
			replies[i] = reply
		})
	}
	wait.Wait()
	taken := 0
	for _, reply := range replies {
		switch {
		case strings.Contains(reply.To, "run="):
			taken++
		case flowtest.Reason(reply) != "flow.link_used":
			t.Errorf("%s, %s", flowtest.Component(reply), flowtest.Reason(reply))
		}
	}
	if taken != 1 || len(runs(t, h)) != 1 {
		t.Errorf("taken %d times, %d runs", taken, len(runs(t, h)))
	}
}

func TestOfSeveralLinksTheNewestIsGood(t *testing.T) {
	h := letters(t)
	b := h.Browser()
	first := link(t, b.Post("f", "answer", "yes"))
	second := link(t, b.Post("f", "answer", "again"))
	if first == second {
		t.Fatal("one link")
	}
	if got := flowtest.Reason(b.Get(first)); got != "flow.link_used" {
		t.Errorf("the first is refused as %q", got)
	}
	want(t, b.Get(b.Get(second).To), "test-b")
}

func TestLinksThatAreGoodNoMore(t *testing.T) {
	h := letters(t)
	h.Flow("other", model.DesignationRecovery, nil, ask("a"))
	address := link(t, h.Browser().Post("f", "answer", "yes"))
	refuses := func(what, address, reason string) {
		t.Helper()
		if got := flowtest.Reason(h.Browser().Get(address)); got != reason {
			t.Errorf("%s is refused as %q, want %q", what, got, reason)
		}
		if got := flowtest.Reason(h.Browser().Post(address)); got != reason {
			t.Errorf("%s, answered, is refused as %q, want %q", what, got, reason)
		}
	}
	refuses("one that was never sent", "f?flow_token=nonsense", "flow.link_unknown")
	refuses("one of another flow", strings.Replace(address, "/f/", "/other/", 1), "flow.link_unknown")
	h.Wait(flowtest.LinkLifetime + time.Minute)
	refuses("one that has expired", address, "flow.link_expired")
}

func TestAWaitingRunIsKeptAsLongAsItsStageWants(t *testing.T) {
	h := letters(t)
	b := h.Browser()
	b.Post("f", "answer", "yes")
	h.Wait(flowtest.LinkLifetime - time.Minute)
	want(t, b.Get("f"), "test-mail")
	h.Wait(2 * time.Minute)
	want(t, b.Get("f"), "test-a")
}

func TestALinkOfSomebodyWhoWasSignedInIsForThem(t *testing.T) {
	h := letters(t)
	ann, bob := h.User("ann", ""), h.User("bob", "")
	address := link(t, h.Browser().SignIn(ann).Post("f", "answer", "yes"))
	for _, b := range []*flowtest.Browser{h.Browser(), h.Browser().SignIn(bob)} {
		if got := flowtest.Reason(b.Post(address)); got != "flow.link_other_user" {
			t.Errorf("refused as %q", got)
		}
	}
	b := h.Browser().SignIn(ann)
	want(t, b.Get(b.Post(address).To), "test-b")
}

func TestALinkIntoAFlowForPeopleWhoAreSignedOut(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationRecovery, func(f *model.Flow) { f.Authentication = model.RequireUnauthenticated }, does("mail", "link"), ask("b"))
	address := link(t, h.Browser().Get("f"))
	if got := flowtest.Reason(h.Browser().SignIn(h.User("ann", "")).Post(address)); got != "flow.requires_signed_out" {
		t.Errorf("refused as %q", got)
	}
	b := h.Browser()
	want(t, b.Get(b.Post(address).To), "test-b")
}

func TestTheStoredLinkIsHashedAndItsPlanSealed(t *testing.T) {
	h := letters(t)
	address := link(t, h.Browser().Post("f", "answer", "yes"))
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var hash string
	var plan []byte
	if err := database(t, h).QueryRowContext(t.Context(), "SELECT token_hash, plan FROM flow_tokens").Scan(&hash, &plan); err != nil {
		t.Fatal(err)
	}
	token := u.Query().Get("flow_token")
	if len(token) < 26 || hash == token || strings.Contains(string(plan), token) || strings.Contains(string(plan), "steps") {
		t.Errorf("stored %s, %s", hash, plan)
	}
}

func TestWrongLinksAreBoundedPerAddress(t *testing.T) {
	h := letters(t)
	address := link(t, h.Browser().Post("f?next=/x", "answer", "yes"))
	for range attempt.MostFailures + 1 {
		if got := flowtest.Reason(h.Browser().Get("f?flow_token=made-up")); got != "flow.link_unknown" {
			t.Fatal(got)
		}
	}
	if got := flowtest.Reason(h.Browser().Get("f?flow_token=made-up")); got != "login.too_many_attempts" {
		t.Errorf("one more: %q", got)
	}
	h.Wait(attempt.Window)
	want(t, h.Browser().Get(strings.TrimPrefix(address, "/if/flow/")), "ak-stage-email")
}

// CWE-352: a stranger enrolls with somebody's address. Who reads the letter while signed in here must not have the stranger's answers written into their own account.
func TestALinkOfSomebodyWhoWasSignedOutIsNotTakenForWhoIsSignedIn(t *testing.T) {
	h := letters(t)
	address := link(t, h.Browser().Post("f", "answer", "yes"))
	if got := flowtest.Reason(h.Browser().SignIn(h.User("ann", "")).Post(address)); got != "flow.requires_signed_out" {
		t.Errorf("refused as %q", got)
	}
	b := h.Browser()
	want(t, b.Get(b.Post(address).To), "test-b")
}

func TestALinkEndsWithWhatItsUserWas(t *testing.T) {
	for name, change := range map[string]func(u *model.User){
		"a new password": func(u *model.User) { u.PasswordChangeDate = u.PasswordChangeDate.Add(time.Hour) },
		"deactivated":    func(u *model.User) { u.IsActive = false },
	} {
		t.Run(name, func(t *testing.T) {
			h := letters(t)
			ann := h.User("ann", "")
			v := h.Browser().Visitor()
			made, err := h.Executor.LinkFor(t.Context(), v, h.Store.Snapshot().FlowBySlug("f"), ann, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.Store.UpdateUser(t.Context(), ann.ID, func(u *model.User) error { change(u); return nil }); err != nil {
				t.Fatal(err)
			}
			address := strings.TrimPrefix(made.Reveal(), v.Origin)
			if got := flowtest.Reason(h.Browser().Post(address)); got != "flow.link_expired" {
				t.Errorf("refused as %q", got)
			}
		})
	}
}
