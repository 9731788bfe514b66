package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
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
				res, err := http.Post(h.URL+path, "application/json", strings.NewReader(`{"uid_field": "akadmin"}`)) //nolint:noctx // ends with the test
				if err != nil {
					t.Fatal(err)
				}
				_ = res.Body.Close()
				if res.StatusCode == http.StatusTooManyRequests && res.Header.Get("Retry-After") != "" {
					return
				}
			}
			t.Error("200 guesses in a row were taken")
		})
	}
}
