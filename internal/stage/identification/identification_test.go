package identification_test

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/device"
	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/authenticatorvalidate"
	captchastage "github.com/weimen-id/weimen/internal/stage/captcha"
	"github.com/weimen-id/weimen/internal/stage/identification"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
	"github.com/weimen-id/weimen/internal/web"
)

// passwords counts what is asked of the house's.
type passwords struct {
	identification.Passwords
	checked []*model.User
}

func (p *passwords) Check(ctx context.Context, u *model.User, password string, backends []string) (string, string, error) {
	p.checked = append(p.checked, u)
	return p.Passwords.Check(ctx, u, password, backends)
}

var counter *passwords

func maker(h *flowtest.House) kind.Kind[stage.Driver] {
	counter = &passwords{Passwords: h.Passwords}
	return identification.Kind(identification.Deps{Users: h.Store, Passwords: counter, Guard: h.Guard, Devices: device.New(h.Store, h.Box), Stage: opener(h), Buttons: func(_ *model.Snapshot, src *model.Source) (identification.Button, bool) {
		return identification.Button{URL: "/source/" + src.Slug + "/", IconURL: src.Icon}, src.Slug != "buttonless"
	}})
}

// opener opens the stages that the settings name, as the house does.
func opener(h *flowtest.House) func(*model.Snapshot, model.StageID) (stage.Driver, error) {
	return func(s *model.Snapshot, id model.StageID) (stage.Driver, error) {
		st := s.Stages[id]
		if st == nil {
			return nil, nil
		}
		return kind.NewShelf(
			captchastage.Kind(web.NewClient()), authenticatorvalidate.Kind(authenticatorvalidate.Deps{}),
		).Open(st.Kind, st.Config, h.Box, "stages/config/"+string(id))
	}
}

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, Config: `{"user_fields": ["username", "email"]}`, Prepare: func(b *stagetest.Bench) {
		b.User("ann", "correct horse")
	}})
}

const (
	missing = "ask ak-stage-identification !uid_field stage.identification.error.missing"
	failed  = "ask ak-stage-identification !uid_field stage.identification.error.failed"
	neither = "ask ak-stage-identification !non_field_errors stage.identification.error.failed"
)

func TestWhoIsFound(t *testing.T) {
	for _, tt := range []struct {
		name, config, typed string
		want, found         string
	}{
		{"by username", `{"user_fields": ["username"]}`, "ann", "done", "ann"},
		{"with blanks around", `{"user_fields": ["username"]}`, "  ann ", "done", "ann"},
		{"in capitals", `{"user_fields": ["username"]}`, "ANN", "done", "ann"},
		{"in capitals, where case matters", `{"user_fields": ["username"], "case_insensitive_matching": false, "pretend_user_exists": false}`, "ANN", failed, ""},
		{"by address", `{"user_fields": ["username", "email"]}`, "ann@example.org", "done", "ann"},
		{"by address, where only usernames count", `{"user_fields": ["username"], "pretend_user_exists": false}`, "ann@example.org", failed, ""},
		{"by upn", `{"user_fields": ["upn"]}`, "ann@corp", "done", "ann"},
		{"nobody, pretending", `{"user_fields": ["username"]}`, "nobody", "done", "nobody"},
		{"nobody, not pretending", `{"user_fields": ["username"], "pretend_user_exists": false}`, "nobody", failed, ""},
		{"nothing typed", `{"user_fields": ["username"]}`, " ", missing, ""},
		{"nothing to type", `{}`, "ann", missing, ""},
		{"a NUL character", `{"user_fields": ["username"]}`, "a\x00", failed, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := stagetest.Open(t, maker, tt.config)
			ann := b.User("ann", "")
			if _, err := b.Store.UpdateUser(t.Context(), ann.ID, func(u *model.User) error { u.Attributes = map[string]any{"upn": "ann@corp"}; return nil }); err != nil {
				t.Fatal(err)
			}
			o := b.Submit("uid_field", tt.typed)
			if got := stagetest.Says(o); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			u := stage.SlotPendingUser.Value(b.Visit.Context)
			if tt.found == "" {
				if u != nil {
					t.Errorf("found %+v", u)
				}
				return
			}
			if u == nil || u.Username != tt.found || (u.ID == ann.ID) != (tt.found == "ann") {
				t.Errorf("found %+v", u)
			}
			if _, ok := stage.SlotUserBackend.Get(b.Visit.Context); ok {
				t.Error("to be found is not to be authenticated")
			}
		})
	}
}

// CWE-287: a flow that passes over its letter for whoever came by a link must not do so for the next person who is named in the same run.
func TestWhoIsNamedHasOpenedNoLinkYet(t *testing.T) {
	b := stagetest.Open(t, maker, `{"user_fields": ["username"]}`)
	b.Authenticated(b.User("bob", ""))
	b.User("ann", "")
	stage.SlotIsRestored.Set(b.Visit.Context, true)
	if got := stagetest.Says(b.Submit("uid_field", "ann")); got != "done" {
		t.Fatal(got)
	}
	if _, authenticated := stage.SlotUserBackend.Get(b.Visit.Context); authenticated || stage.SlotIsRestored.Value(b.Visit.Context) {
		t.Error("what bob has shown counts for ann")
	}
}

func TestWhatWasTypedIsShownInPlaceOfWhoWasFound(t *testing.T) {
	b := stagetest.Open(t, maker, `{"user_fields": ["email"], "show_matched_user": false}`)
	b.User("ann", "")
	b.Submit("uid_field", "Ann@Example.org")
	if got := stage.PendingUserOf(b.Visit).PendingUser; got != "Ann@Example.org" {
		t.Error(got)
	}
	b.Reopen(maker, `{"user_fields": ["email"]}`)
	b.Submit("uid_field", "Ann@Example.org")
	if got := stage.PendingUserOf(b.Visit).PendingUser; got != "ann" {
		t.Errorf("identified again, it shows %s", got)
	}
}

func TestThePasswordInTheSameStep(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	b.User("ann", "correct horse")
	gone := b.User("gone", "correct horse")
	if _, err := b.Store.UpdateUser(t.Context(), gone.ID, func(u *model.User) error { u.IsActive = false; return nil }); err != nil {
		t.Fatal(err)
	}
	st := &model.Stage{Name: "password", Kind: "password", Config: model.Config(`{"backends": ["authentik.core.auth.InbuiltBackend"], "allow_show_password": true}`)}
	b.Put(st)
	b.Reopen(maker, `{"user_fields": ["username"], "password_stage": "`+string(st.ID)+`"}`)
	b.Again()
	if c := challenge(t, b); !c.PasswordFields || !c.AllowShowPassword {
		t.Errorf("%+v", c)
	}
	for _, tt := range []struct{ name, user, password, want string }{
		{"both right", "ann", "correct horse", "done"},
		{"a wrong password", "ann", "wrong", neither},
		{"no password", "ann", "", neither},
		{"no such user is told in the same words", "nobody", "correct horse", neither},
		{"a deactivated user", "gone", "correct horse", "refuse login.user_inactive"},
		{"a deactivated user and a wrong password", "gone", "wrong", neither},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.Again()
			before := len(counter.checked)
			if got := stagetest.Says(b.Submit("uid_field", tt.user, "password", tt.password)); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if _, ok := stage.SlotUserBackend.Get(b.Visit.Context); ok != (tt.want == "done") {
				t.Errorf("authenticated: %v", ok)
			}
			// Nobody learns from the time whether there is such a user: the password is checked in any case.
			if len(counter.checked) != before+1 {
				t.Errorf("%d checks", len(counter.checked)-before)
			}
		})
	}
	t.Run("a password stage that is gone lets nobody in", func(t *testing.T) {
		b.Reopen(maker, `{"user_fields": ["username"], "password_stage": "gone"}`)
		b.Again()
		if got := stagetest.Says(b.Submit("uid_field", "ann", "password", "correct horse")); got != neither {
			t.Error(got)
		}
	})
}

func TestAFailureIsRecordedWithoutThePassword(t *testing.T) {
	b := stagetest.Open(t, maker, `{"user_fields": ["username"]}`)
	b.Submit("uid_field", "nobody", "password", "secret")
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	failed := b.Events(model.ActionLoginFailed)
	if len(failed) != 1 || failed[0].Context["username"] != "nobody" || failed[0].User != nil {
		t.Fatalf("%+v", failed)
	}
	if raw, _ := json.Marshal(failed[0].Context); string(raw) == "" || cmp.Equal(failed[0].Context["password"], "secret") {
		t.Errorf("%s", raw)
	}
}

func challenge(t *testing.T, b *stagetest.Bench) *identification.Challenge {
	t.Helper()
	ask, ok := b.Enter().(stage.Ask)
	if !ok {
		t.Fatal("does not ask")
	}
	return ask.Challenge.(*identification.Challenge)
}

func TestSourcesAreListedByNameAndDisabledOnesHidden(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	var ids []string
	for _, s := range []struct {
		slug    string
		enabled bool
	}{{"zeta", true}, {"off", false}, {"alpha", true}, {"buttonless", true}, {"gone", true}} {
		src := model.NewSource()
		src.Name, src.Slug, src.Enabled, src.Kind = "Source "+s.slug, s.slug, s.enabled, "oauth"
		b.Put(&src)
		ids = append(ids, string(src.ID))
	}
	ids[4] = "deleted"
	raw, _ := json.Marshal(ids)
	b.Reopen(maker, `{"sources": `+string(raw)+`}`)
	b.Again()
	list := func() (names, urls []string) {
		for _, s := range challenge(t, b).Sources {
			names, urls = append(names, s.Name), append(urls, s.Challenge.(*stage.Redirect).To)
		}
		return names, urls
	}
	b.Visit.Query = url.Values{"next": {"/x?a=b&c"}, "other": {"y"}}
	names, urls := list()
	if diff := cmp.Diff([]string{"Source alpha", "Source zeta"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/source/alpha/?next=%2Fx%3Fa%3Db%26c&other=y", "/source/zeta/?next=%2Fx%3Fa%3Db%26c&other=y"}, urls); diff != "" {
		t.Errorf("next is kept (-want +got):\n%s", diff)
	}
	b.Browser.SignIn(b.User("ann", ""))
	b.Next()
	if _, urls := list(); len(urls) != 2 || urls[0] != "/source/alpha/?reauthenticate=true" {
		t.Errorf("one who is signed in goes to %v", urls)
	}
}

func TestLinksKeepWhereThePersonWantedToGo(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	f := b.Flow("enroll me", model.DesignationEnrollment, func(f *model.Flow) { f.Slug = "enroll" })
	b.Reopen(maker, `{"enrollment_flow": "`+string(f.ID)+`", "recovery_flow": "gone"}`)
	b.Again()
	b.Visit.Query = url.Values{"next": {"/x"}, "run": {"handle"}}
	c := challenge(t, b)
	if c.EnrollURL != "/if/flow/enroll/?next=%2Fx" || c.RecoveryURL != "" || c.PasswordlessURL != "" {
		t.Errorf("%q, %q, %q", c.EnrollURL, c.RecoveryURL, c.PasswordlessURL)
	}
	if c.PrimaryAction != "Log in" {
		t.Error(c.PrimaryAction)
	}
	b.Visit.Flow = &model.Flow{Designation: model.DesignationRecovery}
	if c := challenge(t, b); c.PrimaryAction != "Continue" {
		t.Error(c.PrimaryAction)
	}
}

func TestAPageWithOneWayOn(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	src := model.NewSource()
	src.Name, src.Slug, src.Enabled, src.Kind = "One", "one", true, "oauth"
	b.Put(&src)
	other := b.Flow("passwordless", model.DesignationAuthentication, nil)
	only := `"sources": ["` + string(src.ID) + `"]`
	for settings, want := range map[string]string{
		`{` + only + `}`: "/source/one/?next=%2Fx", `{` + only + `, "user_fields": ["username"]}`: "", `{}`: "",
		`{` + only + `, "passwordless_flow": "` + string(other.ID) + `"}`: "",
	} {
		b.Reopen(maker, settings)
		b.Again()
		b.Visit.Query = url.Values{"next": {"/x"}}
		if got := challenge(t, b).OnlyWay(); got != want {
			t.Errorf("%s: %q", settings, got)
		}
	}
}

func TestAScriptIsNeededOnlyForWhatNeedsOne(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	shows := &model.Stage{Name: "password", Kind: "password", Config: model.Config(`{"allow_show_password": true}`)}
	b.Put(shows)
	for settings, want := range map[string]bool{
		`{"user_fields": ["username"]}`: false, `{"enable_remember_me": true}`: false, `{"user_fields": ["username"], "enable_remember_me": true}`: true,
		`{"user_fields": ["username"], "password_stage": "` + string(shows.ID) + `"}`: true,
	} {
		b.Reopen(maker, settings)
		b.Again()
		if got := challenge(t, b).NeedsScript(); got != want {
			t.Errorf("%s: %v", settings, got)
		}
	}
}
