package flow_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
)

func ask(name string) flowtest.Step {
	return flowtest.Step{Name: name, Kind: "script", Config: `{"does": "ask", "name": "` + name + `"}`}
}

func does(name, what string) flowtest.Step {
	return flowtest.Step{Name: name, Kind: "script", Config: `{"does": "` + what + `", "name": "` + name + `"}`}
}

// want fails unless the reply shows this component or goes there.
func want(t *testing.T, reply *flow.Reply, component string) {
	t.Helper()
	if got := flowtest.Component(reply); got != component {
		t.Fatalf("shows %q (%s), want %q", got, flowtest.Reason(reply), component)
	}
}

func trail(t *testing.T, reply *flow.Reply) string {
	t.Helper()
	c, ok := reply.Challenge.(*flowtest.ScriptChallenge)
	if !ok {
		t.Fatalf("shows %s", flowtest.Component(reply))
	}
	return strings.Join(c.Trail, " ")
}

func TestAFlowGoesThroughItsStagesInOrderAndThenToNext(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthentication, nil, does("a", "pass"), ask("b"), does("c", "pass"), ask("d"))
	b := h.Browser()
	reply := b.Get("f?next=/x")
	want(t, reply, "test-b")
	if trail(t, reply) != "a" {
		t.Errorf("passed %q", trail(t, reply))
	}
	reply = b.Post("f?next=/x", "answer", "yes")
	want(t, reply, "test-d")
	if trail(t, reply) != "a b c" {
		t.Errorf("passed %q", trail(t, reply))
	}
	want(t, b.Get("f?next=/x"), "test-d")
	reply = b.Post("f?next=/x", "answer", "yes")
	want(t, reply, "→ /x")
	if !reply.Ended {
		t.Error("the run has not ended")
	}
	want(t, b.Get("f?next=/x"), "test-b")
}

func TestNextLeadsToOurOwnOriginOnly(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationAuthentication, nil, does("a", "pass"))
	for next, goes := range map[string]string{
		"": "→ /", "/if/user/": "→ /if/user/", flowtest.Origin + "/x": "→ /x",
		"https://evil.example/": "ak-stage-access-denied", "//evil.example": "ak-stage-access-denied", `/\evil.example`: "ak-stage-access-denied",
		"javascript:alert(1)": "ak-stage-access-denied",
	} {
		t.Run(next, func(t *testing.T) {
			want(t, h.Browser().Get("f?"+url.Values{"next": {next}}.Encode()), goes)
		})
	}
}

func TestRequirementsOfAFlow(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann, root := h.User("ann", ""), h.User("root", "")
	admins := &model.Group{Name: "admins", IsSuperuser: true}
	if err := h.Store.InsertGroup(t.Context(), admins); err != nil {
		t.Fatal(err)
	}
	if err := h.Store.AddUserToGroup(t.Context(), admins.ID, root.ID); err != nil {
		t.Fatal(err)
	}
	nobody, somebody, superuser := h.Browser(), h.Browser().SignIn(ann), h.Browser().SignIn(root)
	tests := []struct {
		requires model.Requirement
		// refusals of nobody, somebody, a superuser
		nobody, somebody, superuser string
	}{
		{model.RequireNone, "", "", ""},
		{model.RequireAuthenticated, "flow.requires_signed_in", "", ""},
		{model.RequireUnauthenticated, "", "flow.requires_signed_out", "flow.requires_signed_out"},
		{model.RequireSuperuser, "flow.requires_superuser", "flow.requires_superuser", ""},
		{model.RequireRedirect, "flow.not_applicable", "flow.not_applicable", "flow.not_applicable"},
		{model.RequireOutpost, "flow.not_applicable", "flow.not_applicable", "flow.not_applicable"},
	}
	for _, tt := range tests {
		t.Run(string(tt.requires), func(t *testing.T) {
			h.Flow(string(tt.requires), model.DesignationAuthorization, func(f *model.Flow) { f.Authentication = tt.requires }, ask("a"))
			got := []string{}
			for _, b := range []*flowtest.Browser{nobody, somebody, superuser} {
				got = append(got, flowtest.Reason(b.Get(string(tt.requires))))
			}
			if diff := cmp.Diff([]string{tt.nobody, tt.somebody, tt.superuser}, got); diff != "" {
				t.Errorf("refusals of nobody, somebody, a superuser (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPoliciesOfAFlowRefuseWithTheirMessage(t *testing.T) {
	for _, tt := range []struct {
		action      model.DeniedAction
		query       string
		designation model.Designation
		goes        string
	}{
		{model.DeniedMessage, "", model.DesignationEnrollment, "ak-stage-access-denied"},
		{model.DeniedMessage, "?next=/x", model.DesignationEnrollment, "ak-stage-access-denied"},
		{model.DeniedMessageContinue, "", model.DesignationEnrollment, "ak-stage-access-denied"},
		{model.DeniedMessageContinue, "?next=/x", model.DesignationEnrollment, "→ /x"},
		{model.DeniedMessageContinue, "?next=//evil", model.DesignationEnrollment, "ak-stage-access-denied"},
		{model.DeniedMessageContinue, "?next=/x", model.DesignationAuthorization, "ak-stage-access-denied"},
		{model.DeniedContinue, "", model.DesignationEnrollment, "→ /"},
		{model.DeniedContinue, "?next=/x", model.DesignationEnrollment, "→ /x"},
		{model.DeniedContinue, "?next=https://evil.example", model.DesignationEnrollment, "→ /"},
	} {
		t.Run(string(tt.action)+" "+string(tt.designation)+" "+tt.query, func(t *testing.T) {
			h := flowtest.Open(t, nil)
			f := h.Flow("f", tt.designation, func(f *model.Flow) { f.DeniedAction = tt.action }, ask("a"))
			h.Bind(model.TargetID(f.ID), `{"passing": false, "message": "Only on Mondays."}`)
			reply := h.Browser().Get("f" + tt.query)
			want(t, reply, tt.goes)
			if denied, ok := reply.Challenge.(*stage.AccessDenied); ok && denied.ErrorMessage != "Only on Mondays." {
				t.Errorf("says %q", denied.ErrorMessage)
			}
		})
	}
}

func TestWhenPoliciesOfABindingAreEvaluated(t *testing.T) {
	onPlan := func(b *model.FlowStageBinding) { b.EvaluateOnPlan, b.ReEvaluatePolicies = true, false }
	onTurn := func(b *model.FlowStageBinding) { b.EvaluateOnPlan, b.ReEvaluatePolicies = false, true }
	never := func(b *model.FlowStageBinding) { b.EvaluateOnPlan, b.ReEvaluatePolicies = false, false }
	for _, tt := range []struct {
		name string
		bind func(*model.FlowStageBinding)
		want string
	}{
		{"on plan: what an earlier stage sets comes too late", onPlan, "setter"},
		{"on its turn: what an earlier stage set counts", onTurn, "setter conditional"},
		{"not at all", never, "setter conditional"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := flowtest.Open(t, nil)
			h.Flow("f", model.DesignationEnrollment, nil,
				flowtest.Step{Name: "setter", Kind: "script", Config: `{"does": "pass", "name": "setter", "sets": "x"}`},
				flowtest.Step{Name: "conditional", Kind: "script", Config: `{"does": "pass", "name": "conditional"}`, Bind: tt.bind, Needs: "x"},
				ask("end"))
			if got := trail(t, h.Browser().Get("f")); got != tt.want {
				t.Errorf("passed %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAStageThatIsAskingIsNotTakenAwayByItsPolicy(t *testing.T) {
	h := flowtest.Open(t, nil)
	f := h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	b := h.Browser()
	b.Get("f")
	want(t, b.Post("f", "answer", "yes"), "test-b")
	h.Bind(model.TargetID(h.Store.Snapshot().BindingsOf(f.ID)[1].ID), `{"passing": false}`)
	want(t, b.Get("f"), "test-b")
	want(t, b.Post("f", "answer", "yes"), "→ /")
}

func TestEveryTabAndEveryBrowserHasItsOwnRun(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	one, other := h.Browser(), h.Browser()
	want(t, one.Post("f?next=/1", "answer", "yes"), "test-b")
	want(t, one.Get("f?next=/2"), "test-a")
	want(t, other.Get("f?next=/1"), "test-a")
	want(t, one.Get("f?next=/1&lang=zh"), "test-b")
	want(t, one.Post("f?next=/1", "answer", "yes"), "→ /1")
}

func TestAnAnswerToAnOldPageChangesNothing(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	b := h.Browser()
	want(t, b.Post("f", "component", "test-a", "answer", "yes"), "test-b")
	before := runs(t, h)
	for range 3 {
		reply := b.Post("f", "component", "test-a", "answer", "yes")
		want(t, reply, "test-b")
		if trail(t, reply) != "a" {
			t.Errorf("passed %q", trail(t, reply))
		}
	}
	if diff := cmp.Diff(before, runs(t, h)); diff != "" {
		t.Errorf("the stored run changed:\n%s", diff)
	}
	want(t, h.Browser().Post("f", "component", "test-b", "answer", "yes"), "test-a")
}

// database opens the house's database behind its back.
func database(t *testing.T, h *flowtest.House) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", h.DSN()
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		driver, dsn = "sqlite", path
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// runs reads the stored runs by the database's own means.
func runs(t *testing.T, h *flowtest.House) map[string]string {
	t.Helper()
	db := database(t, h)
	rows, err := db.QueryContext(t.Context(), "SELECT id, revision, plan FROM flow_runs")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, revision string
		var plan []byte
		if err := rows.Scan(&id, &revision, &plan); err != nil {
			t.Fatal(err)
		}
		out[id] = revision + " " + string(plan)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLookingAtAPageWritesNothing(t *testing.T) {
	h := flowtest.Open(t, nil)
	f := h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	b := h.Browser()
	ctx, n := store.CountStatements(t.Context())
	if _, err := h.Executor.Show(ctx, b.Visitor(), "f", url.Values{}); err != nil {
		t.Fatal(err)
	}
	if n.Statements() > 1 || len(runs(t, h)) != 0 {
		t.Errorf("%d statements, %d runs stored", n.Statements(), len(runs(t, h)))
	}
	t.Run("nor does a page in the middle of a run", func(t *testing.T) {
		want(t, b.Post("f", "answer", "yes"), "test-b")
		before := runs(t, h)
		want(t, b.Get("f"), "test-b")
		if diff := cmp.Diff(before, runs(t, h)); diff != "" {
			t.Errorf("stored runs (-before +after):\n%s", diff)
		}
	})
	t.Run("nor the page of a run that a source started", func(t *testing.T) {
		b := h.Browser()
		reply, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: model.NewPlanContext()})
		if err != nil {
			t.Fatal(err)
		}
		before := runs(t, h)
		page := b.Get(reply.To)
		want(t, page, "test-a")
		if page.To != "" {
			t.Errorf("the page sends the browser to %s", page.To)
		}
		if diff := cmp.Diff(before, runs(t, h)); diff != "" {
			t.Errorf("stored runs (-before +after):\n%s", diff)
		}
	})
}

func TestAnAnswerIsTakenOnceWhenItIsPostedManyTimesAtOnce(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"), does("e", "event"), ask("c"))
	b := h.Browser()
	want(t, b.Post("f", "answer", "yes"), "test-b")
	var wait sync.WaitGroup
	for range 32 {
		wait.Go(func() {
			reply, err := b.TryPost("f", "component", "test-b", "answer", "yes")
			if err != nil {
				t.Errorf("post: %v", err)
				return
			}
			if got := flowtest.Component(reply); got != "test-c" {
				t.Errorf("shows %s", got)
			}
		})
	}
	wait.Wait()
	if n := len(h.Events(model.ActionSuspiciousRequest)); n != 1 {
		t.Errorf("the answer was taken %d times", n)
	}
}

// What people type lies in the database sealed.
func TestTheStoredPlanIsSealed(t *testing.T) {
	h := flowtest.Open(t, nil)
	f := h.Flow("f", model.DesignationEnrollment, nil, ask("a"))
	c := model.NewPlanContext()
	stage.SlotPromptData.Set(c, map[string]any{"password": "correct horse"})
	b := h.Browser()
	reply, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: c})
	if err != nil {
		t.Fatal(err)
	}
	stored := runs(t, h)
	if len(stored) != 1 {
		t.Fatalf("%d runs", len(stored))
	}
	for _, text := range stored {
		if strings.Contains(text, "correct horse") || strings.Contains(text, "prompt_data") {
			t.Errorf("stored: %s", text)
		}
	}
	t.Run("and one that was moved to another run does not open", func(t *testing.T) {
		thief := h.Browser()
		mine, err := h.Executor.Start(t.Context(), thief.Visitor(), flow.Start{Flow: f, Context: model.NewPlanContext()})
		if err != nil {
			t.Fatal(err)
		}
		db := database(t, h)
		if _, err := db.ExecContext(t.Context(), "UPDATE flow_runs SET plan = (SELECT plan FROM flow_runs WHERE browser = $1)", b.ID); err != nil {
			t.Fatal(err)
		}
		if got := flowtest.Reason(thief.Get(mine.To)); got != "flow.expired" {
			t.Errorf("refused as %q", got)
		}
	})
	want(t, b.Get(reply.To), "test-a")
}

func TestARunSurvivesARestartOfTheServer(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	b := h.Browser()
	want(t, b.Post("f", "answer", "yes"), "test-b")
	h.Stop()
	h.Start()
	reply := b.Get("f")
	want(t, reply, "test-b")
	if trail(t, reply) != "a" {
		t.Errorf("passed %q", trail(t, reply))
	}
	want(t, b.Post("f", "answer", "yes"), "→ /")
}

func TestARunExpires(t *testing.T) {
	h := flowtest.Open(t, nil)
	f := h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	b := h.Browser()
	want(t, b.Post("f", "answer", "yes"), "test-b")
	started, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: model.NewPlanContext()})
	if err != nil {
		t.Fatal(err)
	}
	h.Wait(flow.RunLifetime + time.Second)
	want(t, b.Get("f"), "test-a")
	if got := flowtest.Reason(b.Get(started.To)); got != "flow.expired" {
		t.Errorf("a started run is refused as %q", got)
	}
}

// RFC 9700 section 4.7: what is under way belongs to the browser that began it.
func TestAStartedRunIsResumedByItsOwnBrowserOnly(t *testing.T) {
	h := flowtest.Open(t, nil)
	f := h.Flow("f", model.DesignationEnrollment, nil, ask("a"))
	b := h.Browser()
	reply, err := h.Executor.Start(t.Context(), b.Visitor(), flow.Start{Flow: f, Context: model.NewPlanContext(), Query: url.Values{"next": {"/x"}}})
	if err != nil {
		t.Fatal(err)
	}
	thief := h.Browser()
	if got := flowtest.Reason(thief.Get(reply.To)); got != "flow.expired" {
		t.Errorf("another browser is refused as %q", got)
	}
	if got := flowtest.Reason(thief.Post(reply.To, "answer", "yes")); got != "flow.expired" {
		t.Errorf("another browser's answer is refused as %q", got)
	}
	want(t, b.Post(reply.To, "answer", "yes"), "→ /x")
	if got := flowtest.Reason(b.Post(reply.To, "answer", "yes")); got != "flow.expired" {
		t.Errorf("after its end it is refused as %q", got)
	}
}

func TestARunEndsWhenTheUserChangesFromOutside(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann := h.User("ann", "")
	h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	b := h.Browser()
	want(t, b.Post("f", "answer", "yes"), "test-b")
	b.SignIn(ann)
	want(t, b.Get("f"), "test-a")
	want(t, b.Post("f", "answer", "yes"), "test-b")
	b.Token = ""
	want(t, b.Get("f"), "test-a")
}

func TestAFlowThatIsGoneOrWasNeverThere(t *testing.T) {
	h := flowtest.Open(t, nil)
	f := h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	_, err := h.Executor.Show(t.Context(), h.Browser().Visitor(), "none", nil)
	if model.CodeOf(err) != model.CodeNotFound {
		t.Errorf("an unknown flow: %v", err)
	}
	b := h.Browser()
	want(t, b.Post("f", "answer", "yes"), "test-b")
	err = h.Store.Change(context.Background(), func(ctx context.Context, tx *store.Change) error {
		return tx.Delete(ctx, h.Store.Snapshot().BindingsOf(f.ID)[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := flowtest.Reason(b.Get("f")); got != "flow.expired" {
		t.Errorf("a run whose stage is gone is refused as %q", got)
	}
	want(t, b.Get("f"), "test-a")
}

func TestCancelEndsARun(t *testing.T) {
	h := flowtest.Open(t, nil)
	h.Flow("f", model.DesignationEnrollment, nil, ask("a"), ask("b"))
	b := h.Browser()
	want(t, b.Post("f?next=/x", "answer", "yes"), "test-b")
	if err := h.Executor.Cancel(t.Context(), b.Visitor(), "f", url.Values{"next": {"/x"}}); err != nil {
		t.Fatal(err)
	}
	want(t, b.Get("f?next=/x"), "test-a")
}
