package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// behave changes how WeChat behaves.
func behave(t testing.TB, h *apptest.House, change func(*wechatsim.Behaviour)) {
	t.Helper()
	if err := h.WeChat.SetBehaviour(change); err != nil {
		t.Fatal(err)
	}
}

// bind binds an app to an Open Platform account at WeChat.
func bind(t testing.TB, h *apptest.House, a wechatsim.App, account string) {
	t.Helper()
	if _, err := h.WeChat.UpdateApp(a.AppID, func(a *wechatsim.App) { a.Account = account }); err != nil {
		t.Fatal(err)
	}
}

// signIn signs a person in with a new browser and gives whom they came to be.
func signIn(t testing.TB, h *apptest.House, slug, person string, a wechatsim.App) *model.User {
	t.Helper()
	b := h.Browser("en")
	if p := b.SignIn(slug, person); !b.SignedIn() {
		t.Fatalf("%s is not signed in: %s", person, p)
	}
	u := h.Owner(person, a)
	if u == nil {
		t.Fatalf("nobody owns the openid of %s", person)
	}
	return u
}

func TestAPersonWhoComesAgainIsTheSamePerson(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		wechat := h.AddWeChat("wechat", apptest.WeChat{Account: "acme"})
		client := h.AddClient("shop", nil)
		first := signIn(t, h, "wechat", "alice", wechat)
		rows := h.Database.Rows()
		if _, err := h.WeChat.UpdateUser("alice", func(u *wechatsim.User) { u.Nickname = "Somebody else now" }); err != nil {
			t.Fatal(err)
		}
		b := h.Browser("zh-CN")
		attempt, address := client.Begin()
		tokens := attempt.Finish(b.SignInAt(b.Get(address).Link(login), "alice"))
		again := h.Owner("alice", wechat)
		if again.ID != first.ID || again.Username != first.Username || again.Name != first.Name {
			t.Errorf("came as %+v, then as %+v", first, again)
		}
		if tokens.Claims["preferred_username"] != first.Username {
			t.Errorf("the application is told %v", tokens.Claims["preferred_username"])
		}
		after := h.Database.Rows()
		for _, table := range []string{"users", "connections", "identities", "connection_identifiers"} {
			if after[table] != rows[table] {
				t.Errorf("%s: %d rows, then %d", table, rows[table], after[table])
			}
		}
		if after["sessions"] != rows["sessions"]+1 {
			t.Errorf("sessions: %d, then %d", rows["sessions"], after["sessions"])
		}
		actions := actionsSince(h.Events(), model.ActionUserWrite)
		want := []model.Action{model.ActionLogin, model.ActionFlowExecution, model.ActionAuthorizeApplication, model.ActionFlowExecution}
		if len(actions) != 8 || !slices.Equal(actions[4:], want) {
			t.Errorf("events are %v, want at last %v", actions, want)
		}
	})
}

// TestTwoAppsOfOneOpenPlatformAccountLeadToOnePerson is rule 1 of wechat.md section 9.
func TestTwoAppsOfOneOpenPlatformAccountLeadToOnePerson(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		web := h.AddWeChat("web", apptest.WeChat{Account: "acme", Label: "acme"})
		shop := h.AddWeChat("shop", apptest.WeChat{Account: "acme", Label: "acme"})
		stranger := h.AddWeChat("stranger", apptest.WeChat{Account: "other"})
		one, two := signIn(t, h, "web", "alice", web), signIn(t, h, "shop", "alice", shop)
		if one.ID != two.ID || len(h.Connections(one)) != 2 {
			t.Errorf("users %d and %d, with %d connections", one.ID, two.ID, len(h.Connections(one)))
		}
		if three := signIn(t, h, "stranger", "alice", stranger); three.ID == one.ID {
			t.Error("an app of another account led to the same person")
		}
	})
}

// TestAnAppThatIsBoundLaterMakesNoSecondPerson is rule 2: first the openid alone, then the unionid comes with it.
func TestAnAppThatIsBoundLaterMakesNoSecondPerson(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		web, shop := h.AddWeChat("web", apptest.WeChat{Label: "acme"}), h.AddWeChat("shop", apptest.WeChat{Label: "acme", Account: "acme"})
		unbound := signIn(t, h, "web", "alice", web)
		if unbound.Username != wechatsim.OpenID("alice", web.AppID) {
			t.Errorf("without a unionid the username is %q", unbound.Username)
		}
		bind(t, h, web, "acme")
		if bound := signIn(t, h, "web", "alice", web); bound.ID != unbound.ID || bound.Username != unbound.Username {
			t.Errorf("a second person was made: %+v and %+v", unbound, bound)
		}
		if other := signIn(t, h, "shop", "alice", shop); other.ID != unbound.ID {
			t.Error("another app of the account does not know the person")
		}
		for _, where := range []wechatsim.Unionid{wechatsim.UnionidUserinfo, wechatsim.UnionidAbsent, wechatsim.UnionidEmpty, wechatsim.UnionidBoth} {
			behave(t, h, func(b *wechatsim.Behaviour) { b.Unionid = where })
			if again := signIn(t, h, "web", "alice", web); again.ID != unbound.ID {
				t.Errorf("with the unionid %s a second person was made", where)
			}
		}
		if n := len(h.Connections(unbound)[0].Identifiers); n != 2 {
			t.Errorf("a sign-in without unionid forgot it: %d identifiers", n)
		}
	})
}

// TestTwoPeopleWhoTurnOutToBeOneAreNotMergedSilently is rule 4.
func TestTwoPeopleWhoTurnOutToBeOneAreNotMergedSilently(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		web, shop := h.AddWeChat("web", apptest.WeChat{Label: "acme"}), h.AddWeChat("shop", apptest.WeChat{Label: "acme", Account: "acme"})
		one, two := signIn(t, h, "web", "alice", web), signIn(t, h, "shop", "alice", shop)
		if one.ID == two.ID {
			t.Fatal("before binding, WeChat tells two apps two people")
		}
		bind(t, h, web, "acme")
		rows := h.Database.Rows()
		for _, lang := range []string{"en", "zh-CN"} {
			ev := h.Refused(h.Browser(lang).SignIn("web", "alice"), "source.conflict")
			if ev.Action != model.ActionConfigurationWarning {
				t.Errorf("the administrator is told by a %s", ev.Action)
			}
		}
		if after := h.Database.Rows(); after["identities"] != rows["identities"] || after["sessions"] != rows["sessions"] {
			t.Errorf("rows were %v, are %v", rows, after)
		}
	})
}

// TestAnAppThatMovesToAnotherAccountKeepsItsPeople is rule 5: unionids change, openids stay.
func TestAnAppThatMovesToAnotherAccountKeepsItsPeople(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		web := h.AddWeChat("web", apptest.WeChat{Label: "acme", Account: "acme"})
		before := signIn(t, h, "web", "alice", web)
		behave(t, h, func(b *wechatsim.Behaviour) {
			b.Unionid, b.UnionidFrom = wechatsim.UnionidChanges, time.Now().Add(-time.Hour)
		})
		after := signIn(t, h, "web", "alice", web)
		if after.ID != before.ID {
			t.Fatal("a second person was made")
		}
		moved := wechatsim.UnionID("alice", "acme (moved)")
		ids := h.Connections(after)[0].Identifiers
		found := false
		for _, id := range ids {
			found = found || id.Kind == model.IdentifierUnionID && id.Value == moved
		}
		if len(ids) != 2 || !found {
			t.Errorf("the identifiers are %v, without the new unionid %s", ids, moved)
		}
		if len(h.EventsWhere("action", string(model.ActionConfigurationWarning))) != 1 {
			t.Error("nobody is told that the unionid changed")
		}
	})
}

func TestANicknameIsShownTamedAndNamesNobody(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		wechat := h.AddWeChat("wechat", apptest.WeChat{Account: "acme"})
		client := h.AddClient("shop", nil)
		users := map[model.UserID]string{}
		for person, want := range map[string]string{
			"xiaoming": "李小明", "emoji": "🐼 熊猫 🎋👩‍👩‍👧‍👦", "empty": "", "control": "", "rtl": "", "long": "", "admin": "admin",
			"markup": `<b onclick="x()">O'Neil & "Söhne"</b>`, "faceless": "微信用户",
		} {
			b := h.Browser("zh-CN")
			attempt, address := client.Begin()
			tokens := attempt.Finish(b.SignInAt(b.Get(address).Link(login), person))
			u := h.Owner(person, wechat)
			if other, twice := users[u.ID]; twice {
				t.Errorf("%s and %s are one person", person, other)
			}
			users[u.ID] = person
			if want != "" && u.Name != want {
				t.Errorf("%s is called %q, want %q", person, u.Name, want)
			}
			if u.Username != wechatsim.UnionID(person, "acme") {
				t.Errorf("%s has the username %q", person, u.Username)
			}
			if strings.ContainsFunc(u.Name, func(r rune) bool { return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E }) || utf8.RuneCountInString(u.Name) > 150 {
				t.Errorf("%s is called %q", person, u.Name)
			}
			page := b.Get("/if/user/")
			if page.Status != 200 || strings.Contains(page.Body, "onclick") && strings.Contains(page.Body, "<b onclick") || strings.ContainsRune(page.Body, '\u202e') {
				t.Errorf("the page of %s: %s", person, page)
			}
			if name, _ := tokens.UserInfo["name"].(string); u.Name != "" && name != u.Name {
				t.Errorf("the application is told %q for %q", name, u.Name)
			}
		}
		if admin, err := h.App().Store.UserByUsername(t.Context(), "akadmin"); err != nil || users[admin.ID] != "" {
			t.Error("somebody from WeChat became the administrator")
		}
	})
}

// TestRawControlBytesInANicknameDoNotBreakTheSignIn is WeChat's invalid JSON (wechat.md section 2.0).
func TestRawControlBytesInANicknameDoNotBreakTheSignIn(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		wechat := h.AddWeChat("wechat", apptest.WeChat{})
		for _, nickname := range []wechatsim.Nickname{wechatsim.NicknameControl, wechatsim.NicknameRTL, wechatsim.NicknameLong, wechatsim.NicknameEmpty, wechatsim.NicknameAdmin} {
			behave(t, h, func(b *wechatsim.Behaviour) { b.Nickname = nickname })
			u := signIn(t, h, "wechat", h.Person("").ID, wechat)
			if strings.ContainsFunc(u.Name, unicode.IsControl) {
				t.Errorf("%s: called %q", nickname, u.Name)
			}
		}
	})
}
