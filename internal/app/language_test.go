package app_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
)

// What people choose in their settings counts in every browser where they have not chosen something else.
func TestPeopleReadTheLanguageThatTheyHaveChosen(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	app := h.AddWeChat("wechat", apptest.WeChat{})
	person := h.Person("Li Lei").ID
	b := h.Browser("en")
	b.SignIn("wechat", person)
	speaks := func(when, path, want string) {
		t.Helper()
		if got := b.Get(path).Lang(); got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	speaks("before", "/if/user/", "en")
	_, err := h.App().Store.UpdateUser(t.Context(), h.Owner(person, app).ID, func(u *model.User) error {
		u.Attributes["settings"] = map[string]any{"locale": "zh"}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	speaks("after the choice", "/if/user/", "zh-Hans")
	speaks("chosen in this browser", "/if/user/?lang=en", "en")
	speaks("and from then on", "/if/user/", "en")

	settings := b.Get("/if/flow/default-user-settings-flow/")
	b.Submit(settings, map[string]string{"name": "李雷", "attributes.settings.locale": "zh"})
	speaks("the settings say what they said before", "/if/user/", "en")
	b.Submit(b.Get("/if/flow/default-user-settings-flow/"), map[string]string{"attributes.settings.locale": "en"})
	b.Submit(b.Get("/if/flow/default-user-settings-flow/"), map[string]string{"attributes.settings.locale": "zh"})
	speaks("changed in the settings", "/if/user/", "zh-Hans")
	if u := h.Owner(person, app); u.Name != "李雷" || u.Locale() != "zh" {
		t.Errorf("the user is %q and speaks %q", u.Name, u.Locale())
	}
}
