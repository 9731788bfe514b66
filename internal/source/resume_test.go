package source_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/stage"
	sourcestage "github.com/weimen-id/weimen/internal/stage/source"
)

func asks(name string) flowtest.Step {
	return flowtest.Step{Name: name, Kind: "script", Config: `{"does": "ask", "name": "` + name + `"}`}
}

// away is a step that sends people to a source.
func away(s *model.Source) flowtest.Step {
	return flowtest.Step{Name: "away " + s.Slug, Kind: "source", Config: `{"source": "` + string(s.ID) + `"}`}
}

// to is where a page sends people, taken apart.
func to(t *testing.T, reply *flow.Reply) source.Departing {
	t.Helper()
	c, ok := reply.Challenge.(*sourcestage.Challenge)
	if !ok {
		t.Fatalf("shows %s (%s)", flowtest.Component(reply), flowtest.Reason(reply))
	}
	u, err := url.Parse(c.To)
	if err != nil {
		t.Fatal(err)
	}
	query, err := url.ParseQuery(u.Query().Get("query"))
	if err != nil {
		t.Fatal(err)
	}
	return source.Departing{
		Slug: strings.Split(strings.Trim(u.Path, "/"), "/")[3], Flow: u.Query().Get("flow"), Step: u.Query().Get("step"), Query: query,
	}
}

// visit goes to the source that a page leads to, and comes back with an account.
func (h *house) visit(b *flowtest.Browser, page *flow.Reply, code string) (*flow.Reply, error) {
	h.T.Helper()
	d := to(h.T.(*testing.T), page)
	return h.back(b, d.Slug, callback(h.depart(b, d), code))
}

// visited is visit, which must not be refused.
func (h *house) visited(b *flowtest.Browser, page *flow.Reply, code string) *flow.Reply {
	h.T.Helper()
	reply, err := h.visit(b, page, code)
	if err != nil || reply.Refusal != nil {
		h.T.Fatalf("refused: %v %s", err, flowtest.Reason(reply))
	}
	return reply
}

func shows(t *testing.T, reply *flow.Reply, want string) {
	t.Helper()
	if got := flowtest.Component(reply); got != want {
		t.Fatalf("shows %q (%s), want %q", got, flowtest.Reason(reply), want)
	}
}

// owner is who has an account, "" for nobody.
func (h *house) owner(openID string) string {
	h.T.Helper()
	owners, err := h.Store.OwnersOf(h.T.Context(), []model.Identifier{{Kind: model.IdentifierOpenID, Namespace: "wx1", Value: openID}})
	if err != nil {
		h.T.Fatal(err)
	}
	for name, u := range h.Users() {
		if len(owners) > 0 && owners[0].User == u.ID {
			return name
		}
	}
	return ""
}

// begun starts a run in which somebody is named, or proven, and gives its page.
func (h *house) begun(b *flowtest.Browser, f *model.Flow, u *model.User, proven bool) *flow.Reply {
	h.T.Helper()
	c := model.NewPlanContext()
	if u != nil {
		stage.SlotPendingUser.Set(c, u)
	}
	if proven {
		stage.SlotUserBackend.Set(c, "authentik.core.auth.InbuiltBackend")
	}
	reply, err := h.Executor.Start(h.T.Context(), b.Visitor(), flow.Start{Flow: f, Context: c, Query: url.Values{"next": {"/app"}}})
	if err != nil {
		h.T.Fatal(err)
	}
	return reply
}

func TestSomebodyNewEnrollsByADetourAndGoesOnWhereTheyWere(t *testing.T) {
	for _, own := range []bool{true, false} {
		t.Run(map[bool]string{true: "through the source's enrollment flow", false: "in the running flow alone"}[own], func(t *testing.T) {
			h := open(t)
			steps := []flowtest.Step{asks("before"), away(h.source)}
			if !own {
				h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = nil })
				steps = append(steps, enrollSteps()...)
			}
			h.Flow("f", model.DesignationEnrollment, nil, append(steps, asks("after"))...)
			b := h.Browser()
			page := b.Post("f?next=/app&itoken=x", "answer", "yes")
			reply := h.visited(b, page, "o1.u1")
			if reply.To != "/if/flow/f/?itoken=x&next=%2Fapp" {
				t.Fatalf("goes to %q", reply.To)
			}
			shows(t, b.Get(reply.To), "test-after")
			if who(b) != "u1" {
				t.Errorf("signed in is %q", who(b))
			}
			shows(t, b.Post(reply.To, "answer", "yes"), "→ /app")
			if got := h.owner("o1"); got != "u1" {
				t.Errorf("the account is %q's", got)
			}
		})
	}
}

func TestSomebodyKnownSignsInByADetour(t *testing.T) {
	h := open(t)
	h.signIn(h.Browser(), "wx", "o1.u1")
	h.Flow("f", model.DesignationAuthentication, nil, asks("before"), away(h.source), asks("after"))
	b := h.Browser()
	reply := h.visited(b, b.Post("f?next=/app", "answer", "yes"), "o1.u1")
	shows(t, b.Get(reply.To), "test-after")
	if who(b) != "u1" {
		t.Errorf("signed in is %q", who(b))
	}
	shows(t, b.Post(reply.To, "answer", "yes"), "→ /app")
	t.Run("also where the source has no flow for it", func(t *testing.T) {
		h.change(h.source, func(s *model.Source) { s.AuthenticationFlow = nil })
		login := h.Flow("g", model.DesignationAuthentication, nil, away(h.source), flowtest.Step{Name: "login", Kind: "user_login"})
		b := h.Browser()
		reply := h.visited(b, b.Get(login.Slug+"?next=/app"), "o1.u1")
		shows(t, reply, "→ /app")
		if who(b) != "u1" {
			t.Errorf("signed in is %q", who(b))
		}
	})
}

func TestASourceFlowThatAsksQuestionsDoesSoAtTheSamePage(t *testing.T) {
	h := open(t)
	f := h.Flow("asking", model.DesignationEnrollment, nil, append([]flowtest.Step{asks("question")}, enrollSteps()...)...)
	h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = &f.ID })
	h.Flow("f", model.DesignationEnrollment, nil, away(h.source), asks("after"))
	b := h.Browser()
	reply := h.visited(b, b.Get("f?next=/app"), "o1.u1")
	shows(t, b.Get(reply.To), "test-question")
	shows(t, b.Post(reply.To, "answer", "yes"), "test-after")
	if h.owner("o1") != "u1" {
		t.Error("the account is not connected")
	}
	shows(t, b.Post(reply.To, "answer", "yes"), "→ /app")
}

// Whoever has only shown a password could otherwise make themselves a way in that asks for nothing else.
func TestANewAccountIsConnectedOnceTheFlowIsDoneWithItsUser(t *testing.T) {
	h := open(t)
	ann := h.User("ann", "")
	f := h.Flow("f", model.DesignationAuthentication, nil, away(h.source), asks("second factor"))
	b := h.Browser()
	reply := h.visited(b, h.begun(b, f, ann, true), "o1.u1")
	if got := h.owner("o1"); got != "" || who(b) != "" {
		t.Errorf("before the second factor the account is %q's, and %q is signed in", got, who(b))
	}
	shows(t, b.Post(reply.To, "answer", "yes"), "→ /app")
	if got := h.owner("o1"); got != "ann" {
		t.Errorf("the account is %q's", got)
	}
	if got := h.Users()["ann"]; got.Username != "ann" {
		t.Errorf("ann is called %s", got.Username)
	}
}

func TestNobodyBecomesAnotherByADetour(t *testing.T) {
	h := open(t)
	ann, bob := h.User("ann", ""), h.User("bob", "")
	h.signIn(h.Browser().SignIn(bob), "wx", "b1.b1")
	f := h.Flow("f", model.DesignationAuthentication, nil, away(h.source), asks("after"))
	enrolling := h.Flow("e", model.DesignationEnrollment, nil, away(h.source), asks("after"))
	nobody := &model.User{Username: "nobody", IsActive: true}
	for _, tt := range []struct {
		name   string
		flow   *model.Flow
		user   *model.User
		proven bool
		code   string
		reason string
		next   string
	}{
		{"somebody proven with another's account", f, ann, true, "b1.b1", "source.linked_to_other", "page"},
		{"a name that was typed with another's account", f, ann, false, "b1.b1", "source.not_this_user", "page"},
		{"a name that was typed with a new account", f, ann, false, "x1.x1", "source.not_this_user", "page"},
		{"a name that is nobody's with a new account", f, nobody, false, "x2.x2", "source.not_this_user", "page"},
		{"a name that is nobody's with a known account", f, nobody, false, "b1.b1", "source.not_this_user", "page"},
		{"somebody who enrolls with a known account", enrolling, nil, false, "b1.b1", "source.already_enrolled", "/app"},
		{"somebody who cancels at the source", f, ann, true, "", "oauth.cancelled", "page"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := h.Browser()
			page := h.begun(b, tt.flow, tt.user, tt.proven)
			reply, err := h.visit(b, page, tt.code)
			if got := refused(reply, err); got != tt.reason {
				t.Fatalf("refused as %q, want %q", got, tt.reason)
			}
			want := tt.next
			if want == "page" {
				want = page.To
			}
			if e, ok := err.(*model.Error); !ok || e.Next != want { //nolint:errorlint // refusals come bare
				t.Errorf("goes on at %+v, want %s", err, want)
			}
			if who(b) != "" || h.owner(strings.Split(tt.code+".", ".")[0]) == "ann" {
				t.Error("somebody is signed in, or an account was connected")
			}
			to(t, b.Get(page.To)) // the run still waits
		})
	}
	t.Run("a name that was typed is proved by an account of that person", func(t *testing.T) {
		b := h.Browser()
		reply := h.visited(b, h.begun(b, f, bob, false), "b1.b1")
		shows(t, b.Get(reply.To), "test-after")
		if who(b) != "bob" {
			t.Errorf("signed in is %q", who(b))
		}
	})
	t.Run("somebody deactivated does not go on", func(t *testing.T) {
		if _, err := h.Store.UpdateUser(t.Context(), bob.ID, func(u *model.User) error { u.IsActive = false; return nil }); err != nil {
			t.Fatal(err)
		}
		b := h.Browser()
		reply, err := h.visit(b, h.begun(b, f, nil, false), "b1.b1")
		if got := refused(reply, err); got != "source.user_inactive" {
			t.Errorf("refused as %q", got)
		}
	})
}

// CVE-2026-49448: an answer to a source stage is no return from the source.
func TestAnAnswerNeverPassesASourceStage(t *testing.T) {
	h := open(t)
	h.Flow("f", model.DesignationAuthentication, nil, away(h.source), asks("after"))
	b := h.Browser()
	first := to(t, b.Get("f"))
	for _, answer := range [][]string{nil, {"component", "xak-flow-redirect"}, {"to", "/"}, {"component", "xak-flow-redirect", "-step", "0"}, {"answer", "yes"}} {
		if diff := cmp.Diff(first, to(t, b.Post("f", answer...))); diff != "" {
			t.Errorf("answered with %v it leads elsewhere:\n%s", answer, diff)
		}
	}
}

func TestADetourComesBackToItsOwnRunOnly(t *testing.T) {
	h := open(t)
	other := h.add("other", "wx2")
	h.Flow("f", model.DesignationEnrollment, nil, away(h.source), asks("after"), away(other), asks("end"))
	gone := func(t *testing.T, what string, reply *flow.Reply, err error) {
		t.Helper()
		if got := refused(reply, err); got != "source.detour_gone" {
			t.Errorf("%s is refused as %q", what, got)
		}
	}
	t.Run("every tab has its own", func(t *testing.T) {
		b := h.Browser()
		one, two := b.Get("f?next=/1"), b.Get("f?next=/2")
		second, first := to(t, two), to(t, one)
		states := []string{h.depart(b, first), h.depart(b, second)}
		reply, err := h.back(b, "wx", callback(states[1], "t2.t2"))
		if err != nil || !strings.HasSuffix(reply.To, "next=%2F2") {
			t.Fatalf("goes to %q, %v", reply.To, err)
		}
		to(t, h.Browser().Get("f?next=/1"))
	})
	t.Run("not one of another browser", func(t *testing.T) {
		d := to(t, h.Browser().Get("f?next=/3"))
		_, err := h.manager.Depart(t.Context(), h.Browser().Visitor(), d)
		gone(t, "it", nil, err)
	})
	t.Run("not by an address that was guessed", func(t *testing.T) {
		b := h.Browser()
		d := to(t, b.Get("f"))
		for _, step := range []string{"", "0", "0.", d.Step + "x"} {
			d.Step = step
			_, err := h.manager.Depart(t.Context(), b.Visitor(), d)
			gone(t, "step "+step, nil, err)
		}
	})
	t.Run("not for another source", func(t *testing.T) {
		b := h.Browser()
		d := to(t, b.Get("f"))
		d.Slug = "other"
		_, err := h.manager.Depart(t.Context(), b.Visitor(), d)
		gone(t, "it", nil, err)
	})
	t.Run("not twice", func(t *testing.T) {
		b := h.Browser()
		d := to(t, b.Get("f?next=/4"))
		first, again := h.depart(b, d), h.depart(b, d)
		reply, err := h.back(b, "wx", callback(first, "t4.t4"))
		if err != nil {
			t.Fatal(err)
		}
		shows(t, b.Get(reply.To), "test-after")
		reply, err = h.back(b, "wx", callback(again, "t5.t5"))
		gone(t, "the second", reply, err)
		repeated, err := h.back(b, "wx", callback(first, "t4.t4"))
		if err != nil || repeated.To != "/if/flow/f/?next=%2F4" {
			t.Errorf("the first callback, repeated, leads to %q, %v", repeated.To, err)
		}
	})
	t.Run("not after its time", func(t *testing.T) {
		b := h.Browser()
		state := h.depart(b, to(t, b.Get("f?next=/5")))
		h.Wait(10*time.Minute + time.Second)
		reply, err := h.back(b, "wx", callback(state, "t6.t6"))
		if got := refused(reply, err); got != "source.state_expired" {
			t.Errorf("refused as %q", got)
		}
		to(t, b.Get("f?next=/5"))
	})
	t.Run("and two sources one after the other both come back", func(t *testing.T) {
		b := h.Browser()
		reply := h.visited(b, b.Get("f?next=/6"), "t7.t7")
		page := b.Post(reply.To, "answer", "yes")
		reply = h.visited(b, page, "w7.t7")
		shows(t, b.Get(reply.To), "test-end")
		shows(t, b.Post(reply.To, "answer", "yes"), "→ /6")
	})
}

func TestWhatAPersonHasAnsweredGoesBeforeWhatTheSourceTells(t *testing.T) {
	h := open(t)
	h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = nil })
	f := h.Flow("f", model.DesignationEnrollment, nil, append([]flowtest.Step{away(h.source)}, enrollSteps()...)...)
	c := model.NewPlanContext()
	stage.SlotPromptData.Set(c, map[string]any{"username": "chosen", "attributes": map[string]any{"n": 2, "m": 3}})
	b := h.Browser()
	page, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: c, Query: url.Values{"next": {"/app"}}})
	if err != nil {
		t.Fatal(err)
	}
	shows(t, h.visited(b, page, "o1.u1"), "→ /app")
	u := h.Users()["chosen"]
	if u == nil || u.Name != "N" {
		t.Fatalf("%+v", h.Users())
	}
	if n, m := fmt.Sprint(u.Attributes["n"]), fmt.Sprint(u.Attributes["m"]); n != "2" || m != "3" {
		t.Errorf("attributes %v", u.Attributes)
	}
	if h.owner("o1") != "chosen" {
		t.Error("not connected")
	}
}

// A flow that leaves for an address early has still to connect the account.
func TestARedirectInASourceFlowSkipsNoConnection(t *testing.T) {
	for name, config := range map[string]string{"to an address": `{"target_static": "https://example.org/welcome"}`} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			f := h.Flow("leaving", model.DesignationEnrollment, nil, append(enrollSteps(), flowtest.Step{Name: "go", Kind: "redirect", Config: config})...)
			h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = &f.ID })
			shows(t, h.signIn(h.Browser(), "wx", "o1.u1"), "→ https://example.org/welcome")
			if h.owner("o1") != "u1" {
				t.Error("not connected")
			}
		})
	}
	t.Run("nor does another flow that begins without the context", func(t *testing.T) {
		h := open(t)
		then := h.Flow("then", model.DesignationAuthentication, nil, asks("question"))
		f := h.Flow("switching", model.DesignationEnrollment, nil, append(enrollSteps(),
			flowtest.Step{Name: "go", Kind: "redirect", Config: `{"mode": "flow", "keep_context": false, "target_flow": "` + string(then.ID) + `"}`})...)
		h.change(h.source, func(s *model.Source) { s.EnrollmentFlow = &f.ID })
		b := h.Browser()
		reply := h.signIn(b, "wx", "o1.u1")
		shows(t, b.Post(reply.To, "answer", "yes"), "→ /if/user/")
		if h.owner("o1") != "u1" {
			t.Error("not connected")
		}
	})
}
