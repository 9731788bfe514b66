package userwrite_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func TestWhatAPromptCannotChange(t *testing.T) {
	for _, tt := range []struct {
		name    string
		created bool
		before  model.UserType
		data    data
		want    model.UserType
		active  bool
	}{
		{"a new user may be one of us", true, "", data{"type": "internal"}, model.UserInternal, true},
		{"a new user may be a program", true, "", data{"type": "service_account"}, model.UserServiceAccount, true},
		{"but no program of the house", true, "", data{"type": "internal_service_account"}, model.UserExternal, true},
		{"nor what does not exist", true, "", data{"type": "king"}, model.UserExternal, true},
		{"a new user may be made inactive", true, "", data{"is_active": false}, model.UserExternal, false},
		{"somebody from outside may become one of us", false, model.UserExternal, data{"type": "internal"}, model.UserInternal, true},
		{"but no program", false, model.UserInternal, data{"type": "service_account"}, model.UserInternal, true},
		{"a program stays one", false, model.UserServiceAccount, data{"type": "internal"}, model.UserServiceAccount, true},
		{"nobody deactivates somebody", false, model.UserInternal, data{"is_active": false}, model.UserInternal, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := stagetest.Open(t, maker, "")
			tt.data["username"] = "new"
			if !tt.created {
				u := b.User("old", "")
				u, err := b.Store.UpdateUser(t.Context(), u.ID, func(u *model.User) error { u.Type = tt.before; return nil })
				if err != nil {
					t.Fatal(err)
				}
				b.Authenticated(u)
			}
			if u := wrote(t, b, tt.data); u.Type != tt.want || u.IsActive != tt.active {
				t.Errorf("%s, active %t", u.Type, u.IsActive)
			}
		})
	}
	t.Run("nobody activates themselves", func(t *testing.T) {
		b := stagetest.Open(t, maker, "")
		u, err := b.Store.UpdateUser(t.Context(), b.User("ann", "").ID, func(u *model.User) error { u.IsActive = false; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if u = wrote(t, b.Authenticated(u), data{"is_active": true, "name": "Ann"}); u.IsActive || u.Name != "Ann" {
			t.Errorf("%+v", u)
		}
	})
}

func TestWhoMustBeActivatedIsKnownToTheRestOfTheFlow(t *testing.T) {
	for config, d := range map[string]data{`{"create_users_as_inactive": true}`: {"username": "a"}, ``: {"username": "a", "is_active": false}} {
		b := stagetest.Open(t, maker, config)
		if u := wrote(t, b, d); u.IsActive || !stage.SlotAwaitsActivation.Value(b.Visit.Context) {
			t.Errorf("%s: %+v", config, u)
		}
	}
	b := stagetest.Open(t, maker, "")
	wrote(t, b, data{"username": "a"})
	if stage.SlotAwaitsActivation.Value(b.Visit.Context) {
		t.Error("an active user awaits nothing")
	}
}

func TestGroupsOfTheRun(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	staff, guests := &model.Group{Name: "staff", Attributes: data{}}, &model.Group{Name: "guests", Attributes: data{}}
	for _, g := range []*model.Group{staff, guests} {
		if err := b.Store.InsertGroup(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	b.Reopen(maker, `{"create_users_group": "`+string(guests.ID)+`"}`)
	in := func(u *model.User) (names []string) {
		groups, err := b.Store.GroupsOf(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			names = append(names, g.Name)
		}
		return names
	}
	stage.SlotGroups.Set(b.Visit.Context, []string{"staff", string(guests.ID), "no such group"})
	if diff := cmp.Diff([]string{"guests", "staff"}, in(wrote(t, b, data{"username": "new", "groups": []any{"admins"}}))); diff != "" {
		t.Errorf("a new user (-want +got):\n%s", diff)
	}
	if events := b.Events(model.ActionConfigurationWarning); len(events) != 1 || events[0].Context["group"] != "no such group" {
		t.Errorf("%+v", events)
	}
	b.Again().Authenticated(b.User("old", ""))
	stage.SlotGroups.Set(b.Visit.Context, []string{string(staff.ID)})
	if diff := cmp.Diff([]string{"staff"}, in(wrote(t, b, data{"name": "Old"}))); diff != "" {
		t.Errorf("somebody who exists: only the run's groups (-want +got):\n%s", diff)
	}
}

// OWASP ASVS 7.4.3: a new password ends all other sessions.
func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	ann, bob := b.User("ann", "old"), b.User("bob", "")
	elsewhere, others := b.House.Browser().SignIn(ann), b.House.Browser().SignIn(bob)
	b.Browser.SignIn(ann)
	b.Next()
	wrote(t, b, data{"name": "Ann"})
	if !elsewhere.Visitor().SignedIn() {
		t.Fatal("a new name ends a session")
	}
	b.Next()
	wrote(t, b, data{"password": "newer"})
	if !b.Browser.Visitor().SignedIn() || elsewhere.Visitor().SignedIn() || !others.Visitor().SignedIn() {
		t.Errorf("this browser %t, another %t, another person %t", b.Browser.Visitor().SignedIn(), elsewhere.Visitor().SignedIn(), others.Visitor().SignedIn())
	}
	if events := b.Events(model.ActionPasswordSet); len(events) != 1 || events[0].User == nil || events[0].User.ID != ann.ID {
		t.Errorf("%+v", events)
	}
	t.Run("after a recovery by a link all of them", func(t *testing.T) {
		b.Again().Authenticated(ann)
		wrote(t, b, data{"password": "newest"})
		if n, err := b.Store.ListSessions(t.Context(), ann.ID); err != nil || len(n) != 0 {
			t.Errorf("%d, %v", len(n), err)
		}
	})
}

func TestANewAddressIsNotAVerifiedOne(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	verified := func(u *model.User) any { return u.Attributes[model.AttributeEmailVerified] }
	stage.SlotEmailVerified.Set(b.Visit.Context, "ann@example.org")
	u := wrote(t, b, data{"username": "ann", "email": "Ann@Example.org"})
	if verified(u) != "ann@example.org" {
		t.Errorf("an address that was shown to be read: %v", verified(u))
	}
	b.Again().Authenticated(u)
	if u = wrote(t, b, data{"name": "Ann"}); verified(u) != "ann@example.org" {
		t.Error("a new name takes the mark away")
	}
	b.Again().Authenticated(u)
	stage.SlotEmailVerified.Set(b.Visit.Context, "other@example.org")
	if u = wrote(t, b, data{"email": "new@example.org"}); verified(u) != nil {
		t.Errorf("a new address has the mark: %v", verified(u))
	}
}

func TestAnInvitationIsUsedByTheUserThatIsMade(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	invite := func(single bool, expires *time.Time) stage.InvitationRef {
		i := &model.Invitation{Name: "i" + b.Now().Format("150405.000000000"), SingleUse: single, Expires: expires}
		if err := b.Store.InsertInvitation(t.Context(), i); err != nil {
			t.Fatal(err)
		}
		return stage.InvitationRef{ID: i.ID, Name: i.Name, SingleUse: single}
	}
	enroll := func(ref stage.InvitationRef, name string) error {
		b.Again()
		stage.SlotInvitation.Set(b.Visit.Context, ref)
		stage.SlotPromptData.Set(b.Visit.Context, data{"username": name})
		if got := stagetest.Says(b.Enter()); got != "done" {
			t.Fatal(got)
		}
		return b.Commit()
	}
	once := invite(true, nil)
	if err := enroll(once, "first"); err != nil {
		t.Fatal(err)
	}
	if events := b.Events(model.ActionInvitationUsed); len(events) != 1 {
		t.Errorf("%+v", events)
	}
	if e, ok := enroll(once, "second").(*model.Error); !ok || e.Reason != "invitation.used" || b.Users()["second"] != nil { //nolint:errorlint // comes bare
		t.Errorf("the second guest: %v", e)
	}
	often := invite(false, nil)
	for _, name := range []string{"third", "fourth"} {
		if err := enroll(often, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	past := b.Now().Add(-time.Minute)
	if err := enroll(invite(false, &past), "late"); err == nil {
		t.Error("an invitation that has expired meanwhile is taken")
	}
	t.Run("and not by one who exists", func(t *testing.T) {
		once := invite(true, nil)
		b.Again().Authenticated(b.Users()["first"])
		stage.SlotInvitation.Set(b.Visit.Context, once)
		wrote(t, b, data{"name": "First"})
		if _, err := b.Store.Invitation(t.Context(), once.ID); err != nil {
			t.Error(err)
		}
	})
}

func TestPathsAndNamesThatCannotBe(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	if u := wrote(t, b, data{"username": "a", "path": "//one// two //"}); u.Path != "one/ two " {
		t.Errorf("%q", u.Path)
	}
	b.Again()
	if u := wrote(t, b, data{"username": "b", "path": "//"}); u.Path != "users" {
		t.Errorf("%q", u.Path)
	}
	for name, d := range map[string]data{
		"a username of 151 characters": {"username": strings.Repeat("名", 151)}, "an address of 300": {"username": "c", "email": strings.Repeat("a", 300)},
		"a zero byte": {"username": "a\x00b"},
	} {
		b.Again()
		stage.SlotPromptData.Set(b.Visit.Context, d)
		if got := stagetest.Says(b.Enter()); got != "refuse flow.invalid" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestARefusedWriteLeavesTheUserAsItIs(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	ann := b.User("ann", "")
	ann.Attributes = data{"team": data{"name": "a"}}
	b.Authenticated(ann)
	stage.SlotPromptData.Set(b.Visit.Context, data{"username": "", "attributes.team.name": "b"})
	if got := stagetest.Says(b.Enter()); got != "refuse flow.username_missing" {
		t.Fatal(got)
	}
	if raw, _ := json.Marshal(ann.Attributes); string(raw) != `{"team":{"name":"a"}}` || ann.Username != "ann" {
		t.Errorf("%s, %q", raw, ann.Username)
	}
}
