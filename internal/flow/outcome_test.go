package flow_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/identification"
	"github.com/weimen-id/weimen/internal/stage/password"
	"github.com/weimen-id/weimen/internal/stage/redirect"
	"github.com/weimen-id/weimen/internal/stage/userlogin"
	"github.com/weimen-id/weimen/internal/stage/userlogout"
	"github.com/weimen-id/weimen/internal/stage/userwrite"
)

// defaultKinds is the kinds of the default flows.
func defaultKinds(h *flowtest.House) []kind.Kind[stage.Driver] {
	return []kind.Kind[stage.Driver]{
		identification.Kind(identification.Deps{Users: h.Store, Passwords: h.Passwords, Guard: h.Guard, Buttons: func(*model.Snapshot, *model.Source) (identification.Button, bool) {
			return identification.Button{}, false
		}}),
		password.Kind(password.Deps{Passwords: h.Passwords, Guard: h.Guard}), redirect.Kind(), userlogin.Kind(h.Sessions), userlogout.Kind(h.Sessions), userwrite.Kind(h.Store, h.Passwords, h.Sessions),
	}
}

var (
	identify = flowtest.Step{Name: "identify", Kind: "identification", Config: `{"user_fields": ["username", "email"]}`}
	pass     = flowtest.Step{Name: "pass", Kind: "password", Config: `{"backends": ["authentik.core.auth.InbuiltBackend"]}`}
	login    = flowtest.Step{Name: "login", Kind: "user_login"}
	write    = flowtest.Step{Name: "write", Kind: "user_write"}
)

func restarting(s flowtest.Step, a model.InvalidResponseAction) flowtest.Step {
	s.Bind = func(b *model.FlowStageBinding) { b.InvalidResponseAction = a }
	return s
}

// enrolling is a context with what a new user is made of.
func enrolling(username string) *model.PlanContext {
	c := model.NewPlanContext()
	stage.SlotPromptData.Set(c, map[string]any{"username": username})
	return c
}

func sessions(t *testing.T, h *flowtest.House, u *model.User) int {
	t.Helper()
	all, err := h.Store.ListSessions(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestAPersonSignsInWithAPassword(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	ann := h.User("ann", "correct horse")
	h.Flow("login", model.DesignationAuthentication, nil, identify, pass, login)
	b := h.Browser()
	want(t, b.Get("login?next=/x"), "ak-stage-identification")
	want(t, b.Post("login?next=/x", "uid_field", "Ann"), "ak-stage-password")
	want(t, b.Post("login?next=/x", "password", "wrong"), "ak-stage-password")
	want(t, b.Post("login?next=/x", "password", "correct horse"), "→ /x")
	if v := b.Visitor(); !v.SignedIn() || v.User.ID != ann.ID {
		t.Errorf("signed in is %+v", v.User)
	}
	logins := h.Events(model.ActionLogin)
	if len(logins) != 1 || logins[0].User == nil || logins[0].User.ID != ann.ID {
		t.Errorf("login events: %+v", logins)
	}
	want(t, b.Get("login?next=/y"), "→ /y")
}

func TestAnAdministratorSeesTheFlowThatSignsPeopleIn(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	root, ann := h.User("root", ""), h.User("ann", "correct horse")
	admins := &model.Group{Name: "admins", IsSuperuser: true}
	if err := h.Store.InsertGroup(t.Context(), admins); err != nil {
		t.Fatal(err)
	}
	if err := h.Store.AddUserToGroup(t.Context(), admins.ID, root.ID); err != nil {
		t.Fatal(err)
	}
	h.Flow("login", model.DesignationAuthentication, nil, identify, pass, login)
	b := h.Browser().SignIn(root)
	want(t, b.Get("login"), "→ /")
	want(t, b.Get("login?inspector="), "ak-stage-identification")
	want(t, b.Post("login?inspector=", "uid_field", "ann"), "ak-stage-password")
	want(t, b.Post("login?inspector=", "password", "correct horse"), "→ /")
	if v := b.Visitor(); !v.SignedIn() || v.User.ID != ann.ID {
		t.Errorf("signed in is %+v", v.User)
	}
	want(t, b.Get("login?inspector="), "→ /") // she is no administrator
}

func TestOfManyRightPasswordsAtOnceOneSignsIn(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	ann := h.User("ann", "correct horse")
	h.Flow("login", model.DesignationAuthentication, nil, identify, pass, login)
	b := h.Browser()
	want(t, b.Post("login", "uid_field", "ann"), "ak-stage-password")
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			reply, err := b.TryPost("login", "component", "ak-stage-password", "password", "correct horse")
			if err != nil {
				t.Error(err)
				return
			}
			// The others see a flow that begins anew; none is told that it is signed in without getting the session.
			if reply.Session == nil && reply.Ended {
				t.Errorf("sent to %s without a session", reply.To)
			}
		})
	}
	wait.Wait()
	if n := sessions(t, h, ann); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// A refused write leaves nothing half-written.
func TestARefusedWriteTakesUserSessionAndEventsBack(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	f := h.Flow("enroll", model.DesignationEnrollment, nil, write, login, does("w", "failing_write"))
	b := h.Browser()
	reply, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: enrolling("ann")})
	if err != nil {
		t.Fatal(err)
	}
	if got := flowtest.Reason(reply); got != "test.write" || reply.Session != nil || reply.SessionToken.IsSet() {
		t.Fatalf("%q, session %v", got, reply.Session)
	}
	if all := h.Users(); len(all) != 0 {
		t.Errorf("users: %v", all)
	}
	if len(runs(t, h)) != 0 {
		t.Error("the run is still stored")
	}
	events := h.Events("")
	if len(events) != 1 || events[0].Context["reason"] != "test.write" {
		t.Fatalf("events: %+v", events)
	}
	next := h.User("bob", "")
	if u := events[0].User; u != nil {
		t.Errorf("the refusal is recorded for user %d, who was never made; %s is %d", u.ID, next.Username, next.ID)
	}
}

func TestAUsernameThatIsTakenIsRefusedWithNothingWritten(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	ann := h.User("ann", "")
	f := h.Flow("enroll", model.DesignationEnrollment, nil, write, login)
	reply, err := h.Executor.Start(t.Context(), h.Browser().Visitor(), flow.Start{Flow: f, Context: enrolling("ann")})
	if err != nil {
		t.Fatal(err)
	}
	if flowtest.Reason(reply) != "flow.username_taken" || reply.Refusal.Code != model.CodeConflict {
		t.Errorf("refused as %v", reply.Refusal)
	}
	if len(h.Users()) != 1 || sessions(t, h, ann) != 0 {
		t.Error("something was written")
	}
}

func TestARedirectLeadsIntoAnotherFlow(t *testing.T) {
	for _, tt := range []struct {
		name, keep, trail string
	}{
		{"with the context", "true", "one"},
		{"without the context", "false", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := flowtest.Open(t, defaultKinds)
			target := h.Flow("target", model.DesignationAuthentication, func(f *model.Flow) { f.Authentication = model.RequireRedirect }, ask("there"))
			h.Flow("f", model.DesignationAuthentication, nil, does("one", "pass"),
				flowtest.Step{Name: "go", Kind: "redirect", Config: `{"mode": "flow", "target_flow": "` + string(target.ID) + `", "keep_context": ` + tt.keep + `}`},
				ask("never"))
			b := h.Browser()
			reply := b.Get("f?next=/x")
			want(t, reply, "test-there")
			if got := trail(t, reply); got != tt.trail {
				t.Errorf("the context holds %q", got)
			}
			want(t, b.Get("f?next=/x"), "test-there")
			want(t, b.Post("f?next=/x", "answer", "yes"), "→ /x")
			if got := flowtest.Reason(b.Get("target")); got != "flow.not_applicable" {
				t.Errorf("the target's own page is refused as %q", got)
			}
		})
	}
}

func TestAFlowThatRedirectsIntoItselfEnds(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	h.Flow("f", model.DesignationAuthentication, nil, flowtest.Step{Name: "go", Kind: "redirect", Config: `{"mode": "static", "target_static": "ak-flow://f"}`})
	want(t, h.Browser().Get("f"), "ak-stage-flow-error")
}

func TestARedirectToAnAddressEndsTheRun(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	h.Flow("f", model.DesignationAuthentication, nil, ask("a"), flowtest.Step{Name: "go", Kind: "redirect", Config: `{"target_static": "https://example.org/"}`}, ask("b"))
	b := h.Browser()
	reply := b.Post("f", "answer", "yes")
	want(t, reply, "→ https://example.org/")
	if !reply.Ended {
		t.Error("the run goes on")
	}
}

// A person who proves to be one user and then names another is not signed in as the other.
func TestNamingAnotherUserForgetsThatTheFirstWasAuthenticated(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	h.User("mallory", "secret of mallory")
	ann := h.User("ann", "correct horse")
	t.Run("where the flow starts again with its context", func(t *testing.T) {
		h.Flow("login", model.DesignationAuthentication, nil, identify, pass, restarting(ask("check"), model.InvalidRestartWithContext), login)
		b := h.Browser()
		b.Post("login", "uid_field", "mallory")
		want(t, b.Post("login", "password", "secret of mallory"), "test-check")
		want(t, b.Post("login", "answer", "no"), "ak-stage-identification")
		want(t, b.Post("login", "uid_field", "ann"), "ak-stage-password")
	})
	t.Run("where a source's flow leads into the login flow with its context", func(t *testing.T) {
		plain := h.Flow("plain", model.DesignationAuthentication, nil, identify, pass, login)
		f := h.Flow("enroll", model.DesignationEnrollment, nil,
			flowtest.Step{Name: "go", Kind: "redirect", Config: `{"mode": "flow", "target_flow": "` + string(plain.ID) + `", "keep_context": true}`})
		c := enrolling("from-a-source")
		stage.SlotUserBackend.Set(c, "authentik.core.auth.InbuiltBackend")
		b := h.Browser()
		reply, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: c})
		if err != nil {
			t.Fatal(err)
		}
		want(t, b.Post(reply.To, "uid_field", "ann"), "ak-stage-password")
	})
	if sessions(t, h, ann) != 0 {
		t.Error("someone is signed in as ann")
	}
}

// inline is an inline stage that does what a test says.
type inline struct {
	enter func(v *stage.Visit) stage.Outcome
}

func (d inline) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	return d.enter(v), nil
}

func (d inline) Submit(context.Context, *stage.Visit, stage.Answer) (stage.Outcome, error) {
	return nil, errors.New("was submitted to")
}

func TestInlineStagesRunAfterTheFlowsOwn(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	h.Executor.Inline("last", inline{func(v *stage.Visit) stage.Outcome {
		return stage.Leave{URL: "/did/" + strings.Join(flowtest.SlotTrail.Value(v.Context), "-")}
	}})
	target := h.Flow("target", model.DesignationAuthentication, nil, does("c", "pass"))
	f := h.Flow("f", model.DesignationAuthentication, nil, does("a", "pass"), ask("b"),
		flowtest.Step{Name: "go", Kind: "redirect", Config: `{"mode": "flow", "target_flow": "` + string(target.ID) + `"}`})
	b := h.Browser()
	reply, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: model.NewPlanContext(), Append: []string{"last"}, Query: url.Values{"next": {"/x"}}})
	if err != nil {
		t.Fatal(err)
	}
	h.Stop()
	h.Start()
	h.Executor.Inline("last", inline{func(v *stage.Visit) stage.Outcome {
		return stage.Leave{URL: "/did/" + strings.Join(flowtest.SlotTrail.Value(v.Context), "-")}
	}})
	want(t, b.Post(reply.To, "answer", "yes"), "→ /did/a-b-c")
}

func TestSigningOutInTheMiddleOfAFlowKeepsItsRun(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	ann := h.User("ann", "")
	h.Flow("out", model.DesignationInvalidation, nil, ask("sure"), flowtest.Step{Name: "logout", Kind: "user_logout"}, ask("bye"))
	b := h.Browser().SignIn(ann)
	want(t, b.Post("out", "answer", "yes"), "test-bye")
	if b.Visitor().SignedIn() || sessions(t, h, ann) != 0 {
		t.Error("still signed in")
	}
	want(t, b.Post("out", "answer", "yes"), "→ /")
	if out := h.Events(model.ActionLogout); len(out) != 1 || out[0].User == nil || out[0].User.ID != ann.ID {
		t.Errorf("logout events: %+v", out)
	}
}

func TestARunGoesOnAfterItSignedIn(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	f := h.Flow("enroll", model.DesignationEnrollment, nil, write, login, ask("more"))
	b := h.Browser()
	reply, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: enrolling("ann")})
	if err != nil {
		t.Fatal(err)
	}
	b.Take(reply)
	if v := b.Visitor(); !v.SignedIn() || v.User.Username != "ann" {
		t.Fatalf("signed in is %+v", v.User)
	}
	want(t, b.Get(reply.To), "test-more")
	want(t, b.Post(reply.To, "answer", "yes"), "→ /")
}

func TestADeactivatedUserDoesNotFinishSigningIn(t *testing.T) {
	h := flowtest.Open(t, defaultKinds)
	ann := h.User("ann", "correct horse")
	h.Flow("login", model.DesignationAuthentication, nil, identify, pass, ask("more"), login)
	b := h.Browser()
	b.Post("login", "uid_field", "ann")
	want(t, b.Post("login", "password", "correct horse"), "test-more")
	if _, err := h.Store.UpdateUser(t.Context(), ann.ID, func(u *model.User) error { u.IsActive = false; return nil }); err != nil {
		t.Fatal(err)
	}
	if got := flowtest.Reason(b.Post("login", "answer", "yes")); got != "login.user_inactive" {
		t.Errorf("refused as %q", got)
	}
	if sessions(t, h, ann) != 0 {
		t.Error("signed in")
	}
}
