package app_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// TestAnotherOpenIDProviderIsASource signs in at one house with an account of another, which is an ordinary OpenID Connect provider to it and has the account from WeChat.
func TestAnotherOpenIDProviderIsASource(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		upstream := apptest.New(t, apptest.Options{})
		upstream.AddWeChat("wechat", apptest.WeChat{})
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		const login, callback = "/source/oauth/login/upstream/", "/source/oauth/callback/upstream/"
		client := upstream.AddClient("downstream", map[string]any{
			"redirect_uris": []map[string]string{{"matching_mode": "strict", "url": h.URL + callback}},
		})
		flows := h.App().Store.Snapshot()
		h.Put(apptest.Source, "upstream", map[string]any{
			"name": "Upstream", "slug": "upstream", "provider_type": "openidconnect",
			"consumer_key": client.Config.ClientID, "consumer_secret": client.Config.ClientSecret,
			"oidc_well_known_url": upstream.URL + "/application/o/downstream/.well-known/openid-configuration",
			"authentication_flow": flows.FlowBySlug("default-source-authentication").ID,
			"enrollment_flow":     flows.FlowBySlug("default-source-enrollment").ID,
		})

		there := upstream.Browser("en")
		there.SignIn("wechat", "xiaoming")
		for range 2 { // enrolled, then recognised
			here := h.Browser("en")
			back := there.Get(here.Depart(login))
			if here.Get(back.To); !here.SignedIn() {
				t.Fatalf("the account of the other house does not sign in: %s", back)
			}
		}
		users := h.Database.Rows()["users"]
		here := h.Browser("en")
		other := upstream.Browser("en")
		other.SignIn("wechat", "alice")
		here.Get(other.Get(here.Depart(login)).To)
		if got := h.Database.Rows()["users"]; !here.SignedIn() || got != users+1 {
			t.Errorf("another person: signed in %t, %d users, were %d", here.SignedIn(), got, users)
		}
	})
}
