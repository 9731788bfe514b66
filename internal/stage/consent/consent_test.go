package consent_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/consent"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func maker(h *flowtest.House) kind.Kind[stage.Driver] { return consent.Kind(h.Store, h.Now) }

func permissions(ids ...string) []stage.Permission {
	var out []stage.Permission
	for _, id := range ids {
		out = append(out, stage.Permission{ID: id, Name: "Name of " + id})
	}
	return out
}

// bench is a stage that is asked by an application.
type bench struct {
	*stagetest.Bench
	user *model.User
	app  *model.Application
}

func open(t *testing.T, config string) *bench {
	t.Helper()
	b := &bench{Bench: stagetest.Open(t, maker, config)}
	b.user = b.User("ann", "")
	app := model.NewApplication()
	app.Name, app.Slug = "App", "app"
	b.Put(&app)
	b.app = &app
	return b
}

// wants begins a run in which the application wants these permissions.
func (b *bench) wants(ids ...string) stage.Outcome {
	b.Again()
	b.Pending(b.user)
	stage.SlotApplication.Set(b.Visit.Context, stage.ApplicationRef{ID: b.app.ID, Slug: b.app.Slug, Name: b.app.Name})
	stage.SlotConsentPermissions.Set(b.Visit.Context, permissions(ids...))
	return b.Enter()
}

// allow answers the question that is shown.
func (b *bench) allow(t *testing.T, o stage.Outcome) {
	t.Helper()
	if got := stagetest.Says(b.Submit("token", shown(t, o).Token)); got != "done" {
		t.Fatal(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
}

func shown(t *testing.T, o stage.Outcome) *consent.Challenge {
	t.Helper()
	ask, ok := o.(stage.Ask)
	if !ok {
		t.Fatalf("%s", stagetest.Says(o))
	}
	return ask.Challenge.(*consent.Challenge)
}

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, Prepare: func(b *stagetest.Bench) { b.Pending(b.User("ann", "")) }})
}

func TestModes(t *testing.T) {
	for _, tt := range []struct {
		name, config string
		again, later string
	}{
		{"each time", `{"mode": "always_require"}`, "ask ak-stage-consent", "ask ak-stage-consent"},
		{"once for all", `{"mode": "permanent"}`, "done", "done"},
		{"again after some time", `{"mode": "expiring", "consent_expire_in": "days=1"}`, "done", "ask ak-stage-consent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, tt.config)
			b.allow(t, b.wants("openid", "email"))
			if got := stagetest.Says(b.wants("openid", "email")); got != tt.again {
				t.Errorf("the second time: %s", got)
			}
			b.Wait(25 * time.Hour)
			if got := stagetest.Says(b.wants("openid", "email")); got != tt.later {
				t.Errorf("a day later: %s", got)
			}
			b.user = b.User("bob", "")
			if got := stagetest.Says(b.wants("openid", "email")); got != "ask ak-stage-consent" {
				t.Errorf("someone else: %s", got)
			}
		})
	}
}

func TestWhatIsAskedBesidesWhatWasAllowed(t *testing.T) {
	b := open(t, `{"mode": "permanent"}`)
	first := shown(t, b.wants("openid", "email"))
	if diff := cmp.Diff(permissions("openid", "email"), first.Permissions); diff != "" || len(first.AdditionalPermissions) != 0 {
		t.Errorf("%v, (-want +got):\n%s", first.AdditionalPermissions, diff)
	}
	b.allow(t, b.wants("openid", "email"))
	if got := stagetest.Says(b.wants("openid")); got != "done" {
		t.Errorf("less than was allowed: %s", got)
	}
	more := b.wants("openid", "phone")
	c := shown(t, more)
	if diff := cmp.Diff(permissions("openid"), c.Permissions); diff != "" {
		t.Errorf("allowed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(permissions("phone"), c.AdditionalPermissions); diff != "" {
		t.Errorf("additional (-want +got):\n%s", diff)
	}
	b.allow(t, more)
	if got := stagetest.Says(b.wants("openid", "phone")); got != "done" {
		t.Errorf("after it was allowed: %s", got)
	}
}

// OpenID Connect Core 3.1.2.1: prompt=consent asks although consent is stored.
func TestPromptConsentAsksAgain(t *testing.T) {
	b := open(t, `{"mode": "permanent"}`)
	b.allow(t, b.wants("openid"))
	b.wants("openid")
	stage.SlotConsentAgain.Set(b.Visit.Context, true)
	o := b.Enter()
	if got := stagetest.Says(o); got != "ask ak-stage-consent" {
		t.Fatal(got)
	}
	b.allow(t, o)
}

func TestWithoutAnApplicationItAlwaysAsksAndStoresNothing(t *testing.T) {
	b := open(t, `{"mode": "permanent"}`)
	for range 2 {
		b.Again().Pending(b.user)
		b.allow(t, b.Enter())
	}
	if all, err := b.Store.ListConsents(t.Context(), b.user.ID); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}

// An answer counts for the question that was shown, and for no other: nobody is led to allow something by a form from elsewhere.
func TestAnAnswerWithoutTheTokenOfTheQuestionIsNone(t *testing.T) {
	b := open(t, `{"mode": "permanent"}`)
	other := shown(t, b.wants("openid")).Token
	mine := shown(t, b.wants("openid")).Token
	if len(mine) < 22 || mine == other {
		t.Errorf("tokens %q and %q", mine, other)
	}
	for name, answer := range map[string][]any{
		"none": nil, "an empty one": {"token", ""}, "that of another run": {"token", other}, "a number": {"token", 1}, "to deny without one": {"deny", true},
	} {
		if got := stagetest.Says(b.Submit(answer...)); got != "ask ak-stage-consent !token stage.consent.error.token" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if shown(t, b.Enter()).Token != mine {
		t.Error("a wrong answer has changed the question")
	}
	b.allow(t, b.Enter())
	if got := stagetest.Says(b.Submit("token", mine)); got == "done" && len(b.Effects.Writes) > 1 {
		t.Error("one token counts twice")
	}
	t.Run("nor before the question was shown", func(t *testing.T) {
		b.Again().Pending(b.user)
		if got := stagetest.Says(b.Submit("token", "")); got == "done" {
			t.Error(got)
		}
	})
}

func TestDenying(t *testing.T) {
	b := open(t, `{"mode": "permanent"}`)
	token := shown(t, b.wants("openid")).Token
	if got := stagetest.Says(b.Submit("token", token, "deny", true)); got != "refuse flow.consent_denied" {
		t.Error(got)
	}
	stage.SlotConsentDenied.Set(b.Visit.Context, "https://client.example/cb?error=access_denied")
	if got := stagetest.Says(b.Submit("token", token, "deny", "true")); got != "leave https://client.example/cb?error=access_denied" {
		t.Error(got)
	}
	if len(b.Effects.Writes) > 0 {
		t.Error("a refusal is stored as consent")
	}
}
