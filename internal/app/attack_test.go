package app_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// An attacker who has signed a victim's browser in to an upstream with the attacker's own account, and who then sends that browser to our source, must not get that account
// connected to the victim's (RFC 9700 section 4.7 guards the way back; this is the way there): the attacker would be the victim here from then on.
func TestOnlyMyAccountLeadsToConnecting(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	one := h.AddWeChat("one", apptest.WeChat{})
	two := h.AddWeChat("two", apptest.WeChat{})
	victim := h.Browser("en")
	victim.SignIn("one", "alice")
	own := victim.Get("/if/user/").Link("/source/oauth/login/two/")
	for name, address := range map[string]string{
		"a plain link":                "/source/oauth/login/two/",
		"a link with a place to go":   "/source/oauth/login/two/?next=/if/user/",
		"a made-up proof":             "/source/oauth/login/two/?connect=00112233445566778899aabbccddeeff",
		"an empty proof":              "/source/oauth/login/two/?connect=",
		"the proof of another source": "/source/oauth/login/one/?" + own[len("/source/oauth/login/two/?"):],
	} {
		if p := victim.Step(http.MethodGet, address, nil); p.To != h.URL+"/if/user/" {
			t.Errorf("%s leads to %q", name, p.To)
		}
	}
	thief := h.Browser("en")
	thief.SignIn("one", "xiaoming")
	if p := thief.Step(http.MethodGet, own, nil); p.To != h.URL+"/if/user/" {
		t.Errorf("the proof of another session leads to %q", p.To)
	}
	victim.SignInAt(own, "alice")
	if a, b := h.Owner("alice", one), h.Owner("alice", two); a == nil || b == nil || a.ID != b.ID {
		t.Errorf("the link of my account connects nothing: %v, %v", a, b)
	}
}

// Somebody who left to sign in, and meanwhile signed in another way, is not connected unasked.
func TestWhoLeftToSignInIsNotConnectedInstead(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("one", apptest.WeChat{})
	two := h.AddWeChat("two", apptest.WeChat{})
	b := h.Browser("en")
	to := b.Confirm(b.Depart("/source/oauth/login/two/"), "xiaoming")
	b.SignIn("one", "alice")
	h.Refused(b.Get(to), "source.signed_in_meanwhile")
	if u := h.Owner("xiaoming", two); u != nil {
		t.Errorf("connected to %s", u.Username)
	}
}

// Whoever guesses passwords is slowed down whichever face of a flow they use.
func TestGuessingIsLimitedOnBothFacesOfAFlow(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/if/flow/default-authentication-flow/", "/api/v3/flows/executor/default-authentication-flow/"} {
		t.Run(path, func(t *testing.T) {
			h := apptest.New(t, apptest.Options{})
			for range 200 {
				res := ask(t, h.URL+path, "", `{"uid_field": "akadmin"}`)
				if res.StatusCode == http.StatusTooManyRequests && res.Header.Get("Retry-After") != "" {
					return
				}
			}
			t.Error("200 guesses in a row were taken")
		})
	}
}

// signedInTwice is a person with two browsers, and an application that has tokens of the second one's session.
func signedInTwice(t *testing.T) (h *apptest.House, alice func() *model.User, first, second *apptest.Browser, alive func() bool) {
	t.Helper()
	h = apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + adminKey}})
	wechat := h.AddWeChat("wechat", apptest.WeChat{})
	client := h.AddClient("shop", nil)
	first, second = h.Browser("en"), h.Browser("en")
	first.SignIn("wechat", "alice")
	second.SignIn("wechat", "alice")
	tokens := client.SignIn(second)
	alive = func() bool {
		_, status := client.UserInfo(tokens.AccessToken)
		return status == http.StatusOK
	}
	if !alive() {
		t.Fatal("the tokens are worth nothing from the start")
	}
	return h, func() *model.User { return h.Owner("alice", wechat) }, first, second, alive
}

const adminKey = "the key of an administrator, long enough to be one"

// Whoever revokes a session does not trust who sits there: what applications were given in it ends too.
func TestARevokedSessionTakesItsTokensAlong(t *testing.T) {
	t.Parallel()
	t.Run("the others", func(t *testing.T) {
		t.Parallel()
		_, _, first, second, alive := signedInTwice(t)
		first.Post("/if/user/", url.Values{"action": {"revoke_others"}})
		if alive() || second.SignedIn() || !first.SignedIn() {
			t.Errorf("tokens %t, revoked session %t, own session %t", alive(), second.SignedIn(), first.SignedIn())
		}
	})
	t.Run("one", func(t *testing.T) {
		t.Parallel()
		h, alice, first, second, alive := signedInTwice(t)
		sessions, err := h.App().Store.ListSessions(t.Context(), alice().ID)
		if err != nil || len(sessions) != 2 {
			t.Fatal(sessions, err)
		}
		// A session that is not revoked keeps its tokens: the second one's was used last.
		first.Post("/if/user/", url.Values{"action": {"revoke"}, "session": {"of nobody"}})
		if !alive() {
			t.Error("the tokens ended with a session that there is not")
		}
		for _, x := range sessions {
			second.Post("/if/user/", url.Values{"action": {"revoke"}, "session": {string(x.ID)}})
		}
		if alive() || second.SignedIn() {
			t.Error("the tokens outlive their session")
		}
	})
}

// A new password ends what was begun with the old one.
func TestANewPasswordSignsOutEverywhere(t *testing.T) {
	t.Parallel()
	h, alice, first, second, alive := signedInTwice(t)
	address := h.URL + "/api/v3/core/users/" + strconv.FormatInt(int64(alice().ID), 10) + "/set_password/"
	res := ask(t, address, adminKey, `{"password": "correct horse battery"}`)
	if res.StatusCode != http.StatusNoContent || alive() || first.SignedIn() || second.SignedIn() {
		t.Errorf("status %d, tokens %t, sessions %t %t", res.StatusCode, alive(), first.SignedIn(), second.SignedIn())
	}
}

// Every start prints a set-up link until there is a password. Those that were not used lie in logs for a day, and must not give the first administrator away.
func TestAnotherSetUpLinkIsWorthNothingOnceThereIsAPassword(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		var links [2]string
		for i := range links {
			var err error
			if links[i], err = h.App().SetUpLink(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		owner, thief := h.Browser("en"), h.Browser("en")
		owner.Post(links[0], url.Values{"password": {"correct horse"}, "password_repeat": {"correct horse"}})
		if !owner.SignedIn() {
			t.Fatal("the set-up signs nobody in")
		}
		h.Refused(thief.Post(links[1], url.Values{"password": {"wrong donkey"}, "password_repeat": {"wrong donkey"}}), "link.used")
		if thief.SignedIn() || !owner.SignedIn() {
			t.Error("the other link takes the administrator over")
		}
	})
}

// ask posts JSON as a program does, with a key if there is one. The answer's body is closed.
func ask(t *testing.T, address, key, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := web.NewClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res
}
