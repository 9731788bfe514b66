package app_test

import (
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app"
	"github.com/weimen-id/weimen/internal/app/apptest"
)

// The rescue link is for whoever has forgotten the password: it would be of little use if choosing another asked for the old one. Nobody else is spared the question, and they are
// not for long, for an open browser must not be enough to take an account.
func TestWhoComesByTheRescueLinkChoosesAnotherPassword(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
	rescued := func() *apptest.Browser {
		link, err := app.Rescue(t.Context(), h.Settings, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		b := h.Browser("en")
		b.Post(strings.TrimPrefix(link, h.URL), url.Values{})
		return b
	}
	change := func(b *apptest.Browser) *apptest.Page { return b.Get(b.Get("/if/user/").Link("/flows/-/configure/")) }
	asksForTheOld := func(p *apptest.Page) bool { return !strings.Contains(p.Body, `name="password_repeat"`) }

	b := rescued()
	h.Database.Exec("UPDATE sessions SET auth_time = 1 WHERE auth_method = 'rescue'")
	if p := change(b); !asksForTheOld(p) {
		t.Errorf("long after the rescue: %s", p)
	}
	b = h.Browser("en")
	passwordSignIn(b, "akadmin", bootstrapPassword)
	if p := change(b); !asksForTheOld(p) {
		t.Errorf("somebody who signed in with the password: %s", p)
	}

	b = rescued()
	p := change(b)
	if asksForTheOld(p) {
		t.Fatalf("it asks for what was forgotten: %s", p)
	}
	const chosen = "another long password, 7 words"
	h.Secrets.Add("the new password", chosen)
	if b.Submit(p, map[string]string{"password": chosen, "password_repeat": chosen}); !b.SignedIn() {
		t.Error("the rescued session ended")
	}
	b = h.Browser("en")
	if p := passwordSignIn(b, "akadmin", chosen); !b.SignedIn() {
		t.Errorf("the new password does not sign in: %s", p)
	}
}
