package userwrite_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
	"github.com/weimen-id/weimen/internal/stage/userwrite"
)

func maker(h *flowtest.House) kind.Kind[stage.Driver] {
	return userwrite.Kind(h.Store, h.Passwords, h.Sessions)
}

type data = map[string]any

// wrote enters the stage with what was collected, commits, and gives the user.
func wrote(t *testing.T, b *stagetest.Bench, d data) *model.User {
	t.Helper()
	stage.SlotPromptData.Set(b.Visit.Context, d)
	if got := stagetest.Says(b.Enter()); got != "done" {
		t.Fatal(got)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	u, err := b.Store.User(t.Context(), stage.SlotPendingUser.Value(b.Visit.Context).ID)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, NeedsUser: true, Prepare: func(b *stagetest.Bench) {
		stage.SlotPromptData.Set(b.Visit.Context, data{"username": "new", "password": "correct horse"})
	}})
}

func TestWhoIsWritten(t *testing.T) {
	const refused = "refuse flow.denied"
	for _, tt := range []struct {
		name, mode, who string // nobody, a pending user, a pretended one, or one signed in
		want            string // the username that is written, or the refusal
	}{
		{"nobody is there: a new one is made", "create_when_required", "nobody", "new"},
		{"the pending one is changed", "create_when_required", "pending", "new of ann"},
		{"one who is pretended is made", "create_when_required", "pretended", "new"},
		{"the one who is signed in is changed", "create_when_required", "signed in", "new of ann"},
		{"nobody is made", "never_create", "nobody", refused},
		{"nor one who is pretended", "never_create", "pretended", refused},
		{"but the pending one is changed", "never_create", "pending", "new of ann"},
		{"and the one who is signed in", "never_create", "signed in", "new of ann"},
		{"always a new one", "always_create", "nobody", "new"},
		{"also besides the pending one", "always_create", "pending", "new"},
		{"also besides the one who is signed in", "always_create", "signed in", "new"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := stagetest.Open(t, maker, `{"user_creation_mode": "`+tt.mode+`"}`)
			ann := b.User("ann", "")
			switch tt.who {
			case "pending":
				b.Authenticated(ann)
			case "pretended":
				b.Pending(&model.User{Username: "typed", IsActive: true})
			case "signed in":
				b.Browser.SignIn(ann)
				b.Next()
			}
			stage.SlotPromptData.Set(b.Visit.Context, data{"username": "new"})
			if got := stagetest.Says(b.Enter()); got != "done" {
				if got != tt.want {
					t.Error(got)
				}
				return
			}
			if err := b.Commit(); err != nil {
				t.Fatal(err)
			}
			u := b.Users()["new"]
			got := "nobody"
			if u != nil {
				got = "new"
				if u.ID == ann.ID {
					got = "new of ann"
				}
			}
			if got != tt.want {
				t.Errorf("wrote %s", got)
			}
			if u != nil && stage.SlotPendingUser.Value(b.Visit.Context).ID != u.ID {
				t.Error("who was written is not the pending user")
			}
		})
	}
}

// CWE-639: a flow that asks for a name and for a new password, and for nothing that proves the name, must not hand over the account.
func TestSomebodyWhoWasOnlyNamedIsNotWritten(t *testing.T) {
	for _, signedIn := range []bool{false, true} {
		for _, mode := range []string{"create_when_required", "never_create"} {
			b := stagetest.Open(t, maker, `{"user_creation_mode": "`+mode+`"}`)
			ann := b.User("ann", "")
			if signedIn {
				b.Browser.SignIn(b.User("bob", ""))
				b.Next()
			}
			b.Pending(ann)
			stage.SlotPromptData.Set(b.Visit.Context, data{"password": "mine now, thanks"})
			if got := stagetest.Says(b.Enter()); got != "refuse flow.misconfigured" {
				t.Errorf("%s, signed in %t: %s", mode, signedIn, got)
			}
			if u := b.Users()["ann"]; u.PasswordHash != ann.PasswordHash {
				t.Error("the password was changed")
			}
		}
	}
}

// A stranger who enrolls with somebody's address must not be taken for them later, when they come from a source that vouches for it.
func TestAnAddressThatWasMerelyTypedIsNoted(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	u := wrote(t, b, data{"username": "ann", "email": "Ann@example.org"})
	if !u.EmailUnproven() {
		t.Error("what was typed counts as proven")
	}
	b.Again().Authenticated(u)
	stage.SlotEmailVerified.Set(b.Visit.Context, "ann@example.org")
	if u = wrote(t, b, data{"name": "Ann"}); u.EmailUnproven() || u.Attributes[model.AttributeEmailVerified] != "ann@example.org" {
		t.Errorf("after it was shown: %v", u.Attributes)
	}
	b.Again().Authenticated(u)
	if u = wrote(t, b, data{"email": "eve@example.org"}); !u.EmailUnproven() || u.Attributes[model.AttributeEmailVerified] != nil {
		t.Errorf("another one: %v", u.Attributes)
	}
	b.Again().Authenticated(u)
	if u = wrote(t, b, data{"email": ""}); u.EmailUnproven() {
		t.Errorf("none: %v", u.Attributes)
	}
}

func TestWhatIsCollectedBecomesTheUser(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	u := wrote(t, b, data{
		"username": "ann", "name": "Ann", "email": "a@b", "path": "/people/", "attributes": data{"n": json.Number("1"), "keep": data{"a": 1}},
		"attributes.settings.locale": "zh", "attributes_deep_er": "x", "attributes.keep.b": 2,
		"password": "correct horse", "password_repeat": "correct horse", "groups": []any{"admins"}, "id": 7, "is_superuser": true, "nonsense": "x",
	})
	if u.Username != "ann" || u.Name != "Ann" || u.Email != "a@b" || u.Path != "people" || u.Type != model.UserExternal || !u.IsActive {
		t.Errorf("%+v", u)
	}
	raw, _ := json.Marshal(u.Attributes)
	if want := `{"deep":{"er":"x"},"goauthentik.io/user/email-unproven":"a@b","keep":{"a":1,"b":2},"n":1,"settings":{"locale":"zh"}}`; string(raw) != want {
		t.Errorf("attributes %s, want %s", raw, want)
	}
	if ok, err := b.Hasher.Verify(t.Context(), u.PasswordHash, "correct horse"); !ok || err != nil {
		t.Errorf("the password: %v, %v", ok, err)
	}
	if _, ok := stage.SlotUserBackend.Get(b.Visit.Context); !ok {
		t.Error("who has just enrolled is not authenticated")
	}
	plan, err := json.Marshal(b.Visit.Context)
	if err != nil || strings.Contains(string(plan), "correct horse") {
		t.Errorf("the clear password stays in the plan: %s, %v", plan, err)
	}
	events := b.Events(model.ActionUserWrite)
	if len(events) != 1 || events[0].Context["created"] != true {
		t.Errorf("%+v", events)
	}
}

func TestAttributesAreMergedAtTheTop(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.Authenticated(wrote(t, b, data{"username": "ann", "attributes": data{"a": data{"x": 1}, "b": 1}}))
	b.Next()
	u := wrote(t, b, data{"attributes": data{"a": data{"y": 2}, "c": nil}, "name": "Ann"})
	raw, _ := json.Marshal(u.Attributes)
	if string(raw) != `{"a":{"y":2},"b":1,"c":null}` || u.Name != "Ann" || u.Username != "ann" {
		t.Errorf("%s, %+v", raw, u)
	}
}

func TestTheOrderOfPathsIsNotLeftToChance(t *testing.T) {
	for range 20 {
		b := stagetest.Open(t, maker, "")
		u := wrote(t, b, data{"username": "ann", "attributes.a": "text", "attributes.a.b": "deeper"})
		if raw, _ := json.Marshal(u.Attributes); string(raw) != `{"a":{"b":"deeper"}}` {
			t.Fatalf("%s", raw)
		}
	}
}

func TestTheSourcesThatWroteAUserAreListed(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	for _, name := range []string{"WeChat", "GitHub", "WeChat"} {
		stage.SlotSource.Set(b.Visit.Context, stage.SourceRef{Name: name})
		u := wrote(t, b, data{"username": "ann"})
		b.Next()
		b.Authenticated(u)
	}
	if diff := cmp.Diff([]any{"WeChat", "GitHub"}, b.Users()["ann"].Attributes[model.AttributeSources]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNewUsers(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	group := &model.Group{Name: "new people"}
	if err := b.Store.InsertGroup(t.Context(), group); err != nil {
		t.Fatal(err)
	}
	b.Reopen(maker, `{"create_users_as_inactive": true, "user_type": "internal", "user_path_template": "from/stage", "create_users_group": "`+string(group.ID)+`"}`)
	u := wrote(t, b, data{"username": "one"})
	groups, err := b.Store.GroupsOf(t.Context(), u.ID)
	if err != nil || len(groups) != 1 || groups[0].ID != group.ID || u.IsActive || u.Type != model.UserInternal || u.Path != "from/stage" {
		t.Errorf("%+v, %v, %v", u, groups, err)
	}
	b.Again()
	stage.SlotUserPath.Set(b.Visit.Context, "from/source")
	stage.SlotUserType.Set(b.Visit.Context, model.UserServiceAccount)
	if u := wrote(t, b, data{"username": "two"}); u.Path != "from/source" || u.Type != model.UserServiceAccount {
		t.Errorf("%+v", u)
	}
	b.Again()
	stage.SlotUserPath.Set(b.Visit.Context, "from/source")
	if u := wrote(t, b, data{"username": "three", "path": "from/mapping"}); u.Path != "from/mapping" {
		t.Errorf("%+v", u)
	}
}

func TestChangingAUserKeepsThePassword(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	ann := b.User("ann", "old")
	b.Authenticated(ann)
	stage.SlotPromptData.Set(b.Visit.Context, data{"name": "Ann"})
	b.Enter()
	// The password is changed elsewhere while the flow runs.
	if err := b.Passwords.Set(t.Context(), ann.ID, "new"); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	u := b.Users()["ann"]
	if ok, _ := b.Hasher.Verify(t.Context(), u.PasswordHash, "new"); !ok || u.Name != "Ann" {
		t.Error("writing a name took a new password back")
	}
	b.Wait(time.Hour)
	b.Again().Authenticated(u)
	before := u.PasswordChangeDate
	u = wrote(t, b, data{"password": "newest"})
	if ok, _ := b.Hasher.Verify(t.Context(), u.PasswordHash, "newest"); !ok || !u.PasswordChangeDate.After(before) {
		t.Errorf("changed %s, before %s", u.PasswordChangeDate, before)
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.User("ann", "")
	for _, tt := range []struct {
		name string
		data data
		want string
	}{
		{"nothing", nil, "refuse flow.misconfigured"},
		{"an empty object", data{}, "refuse flow.misconfigured"},
		{"no username", data{"name": "N"}, "refuse flow.username_missing"},
		{"an empty username", data{"username": ""}, "refuse flow.username_missing"},
		{"a blank username", data{"username": "  "}, "refuse flow.username_missing"},
		{"a username that is a number", data{"username": 7}, "refuse flow.username_missing"},
		{"a password that nobody types", data{"username": "x", "password": strings.Repeat("a", 2000)}, "refuse flow.invalid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.Again()
			if tt.data != nil {
				stage.SlotPromptData.Set(b.Visit.Context, tt.data)
			}
			if got := stagetest.Says(b.Enter()); got != tt.want || len(b.Effects.Writes) > 0 {
				t.Errorf("%s, %d writes", got, len(b.Effects.Writes))
			}
		})
	}
	t.Run("a username that is taken, with nothing written", func(t *testing.T) {
		b.Again()
		before := b.Rows()
		stage.SlotPromptData.Set(b.Visit.Context, data{"username": "ann"})
		b.Enter()
		err := b.Commit()
		if e, ok := err.(*model.Error); !ok || e.Reason != "flow.username_taken" || e.Code != model.CodeConflict { //nolint:errorlint // comes bare
			t.Errorf("%v", err)
		}
		if diff := cmp.Diff(before, b.Rows()); diff != "" {
			t.Errorf("written (-before +after):\n%s", diff)
		}
	})
	t.Run("also where a user is given another's name", func(t *testing.T) {
		b.Again().Authenticated(b.User("bob", ""))
		stage.SlotPromptData.Set(b.Visit.Context, data{"username": "ann", "email": "changed"})
		b.Enter()
		if err := b.Commit(); model.CodeOf(err) != model.CodeConflict {
			t.Errorf("%v", err)
		}
		if b.Users()["bob"].Email == "changed" {
			t.Error("half of it is written")
		}
	})
}
