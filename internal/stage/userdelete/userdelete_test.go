package userdelete_test

import (
	"context"
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
	"github.com/weimen-id/weimen/internal/stage/userdelete"
)

func maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return userdelete.Kind(h.Store, func(ctx context.Context, change func(context.Context) error) error { return change(ctx) })
}

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, NeedsUser: true, Prepare: func(b *stagetest.Bench) { b.Authenticated(b.User("ann", "")) }})
}

// CWE-639: whoever merely types a name must not delete the account of that name.
func TestWhoIsDeleted(t *testing.T) {
	for _, tt := range []struct {
		name               string
		pending, signed    string
		authenticated      bool
		want               string
		gone               string
		signsOut, staysOut bool
	}{
		{"who is signed in", "", "ann", false, "done", "ann", true, false},
		{"who is signed in and pending", "ann", "ann", false, "done", "ann", true, false},
		{"who was authenticated in this run", "ann", "", true, "done", "ann", false, false},
		{"not who was only named", "ann", "", false, "refuse flow.misconfigured", "", false, false},
		{"not who was only named by somebody else", "ann", "bob", false, "refuse flow.misconfigured", "", false, false},
		{"who was authenticated, and not who is signed in", "ann", "bob", true, "done", "ann", false, false},
		{"nobody", "", "", true, "refuse flow.misconfigured", "", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := stagetest.Open(t, maker, "")
			people := map[string]*model.User{"ann": b.User("ann", ""), "bob": b.User("bob", "")}
			if tt.signed != "" {
				b.Browser.SignIn(people[tt.signed])
				b.Next()
			}
			if tt.pending != "" {
				b.Pending(people[tt.pending])
			}
			if tt.authenticated {
				stage.SlotUserBackend.Set(b.Visit.Context, "x")
			}
			if got := stagetest.Says(b.Submit("confirm", true)); got != tt.want {
				t.Fatal(got)
			}
			if err := b.Commit(); err != nil {
				t.Fatal(err)
			}
			for name := range people {
				if there := b.Users()[name] != nil; there == (name == tt.gone) {
					t.Errorf("%s is there: %t", name, there)
				}
			}
			if b.Effects.SignOut != tt.signsOut {
				t.Errorf("signs out: %t", b.Effects.SignOut)
			}
			if events := b.Events(model.ActionModelDeleted); tt.gone != "" && (len(events) != 1 || events[0].User == nil || events[0].User.Username != tt.gone) {
				t.Errorf("%+v", events)
			}
		})
	}
}

func TestNothingIsDeletedUnlessItIsConfirmed(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Browser.SignIn(b.User("ann", ""))
	b.Next()
	for name, answer := range map[string][]any{"nothing": nil, "no": {"confirm", false}, "a number": {"confirm", 1}, "an object": {"confirm", map[string]any{}}} {
		if got := stagetest.Says(b.Submit(answer...)); got != "ask ak-stage-user-delete !confirm stage.user_delete.error.confirm" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if len(b.Effects.Writes) > 0 {
		t.Error("it wants something deleted")
	}
}

// What leaves no administrator a way in is weighed where every other such change is.
func TestADeletionThatShutsAdministratorsOutIsTakenBack(t *testing.T) {
	b := stagetest.Open(t, func(h *flowtest.House) kind.Kind[stage.Driver] {
		return userdelete.Kind(h.Store, func(ctx context.Context, change func(context.Context) error) error {
			if err := change(ctx); err != nil {
				return err
			}
			return model.Refuse(model.CodeConflict, "administrator.last_way", "")
		})
	}, "")
	b.Browser.SignIn(b.User("ann", ""))
	b.Next()
	b.Submit("confirm", true)
	if e, ok := b.Commit().(*model.Error); !ok || e.Reason != "administrator.last_way" || b.Users()["ann"] == nil { //nolint:errorlint // comes bare
		t.Errorf("%v", e)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	admins := &model.Group{Name: "admins", IsSuperuser: true, Attributes: map[string]any{}}
	if err := b.Store.InsertGroup(t.Context(), admins); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ann", "bob"} {
		if err := b.Store.AddUserToGroup(t.Context(), admins.ID, b.User(name, "").ID); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(name string) error {
		b.Again()
		b.Browser.SignIn(b.Users()[name])
		b.Next()
		b.Submit("confirm", true)
		return b.Commit()
	}
	if err := remove("ann"); err != nil {
		t.Fatal(err)
	}
	if e, ok := remove("bob").(*model.Error); !ok || e.Reason != "user.last_administrator" || b.Users()["bob"] == nil { //nolint:errorlint // comes bare
		t.Errorf("%v", e)
	}
}
