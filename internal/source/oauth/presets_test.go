package oauth_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/source/oauth/oauthtest"
)

func github() oauth.Type { return oauth.Presets()[0] }

// atGitHub answers as GitHub does, with these e-mail addresses.
func atGitHub(emails string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login/oauth/access_token", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.FormValue("client_secret") != oauthtest.Secret || r.FormValue("client_id") != oauthtest.ClientID {
			fmt.Fprint(w, `{"error":"incorrect_client_credentials"}`)
			return
		}
		if r.FormValue("code") != oauthtest.Code {
			fmt.Fprint(w, `{"error":"bad_verification_code"}`)
			return
		}
		fmt.Fprintf(w, `{"access_token":%q,"scope":"user:email","token_type":"bearer"}`, oauthtest.AccessToken)
	})
	mux.HandleFunc("GET /user", asBearer(`{"id":583231,"login":"octocat","name":"\u202eOcto\u200b cat ","email":"shown@example.org","node_id":"x\u0000y"}`))
	mux.HandleFunc("GET /user/emails", asBearer(emails))
	return mux
}

func asBearer(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+oauthtest.AccessToken || r.URL.RawQuery != "" {
			http.Error(w, "{}", http.StatusUnauthorized)
			return
		}
		if answer == "" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, answer)
	}
}

func toGitHub(c *oauth.Config, base string) {
	c.AuthorizationURL = oauth.At(base + "/login/oauth/authorize")
	c.AccessTokenURL = oauth.At(base + "/login/oauth/access_token")
	c.ProfileURL = oauth.At(base + "/user")
}

func TestGitHubPassesTheSuite(t *testing.T) {
	t.Parallel()
	oauthtest.Run(t, oauthtest.Subject{
		Type: github, Configure: toGitHub,
		Upstream: func(string) http.Handler { return atGitHub(`[]`) },
	})
}

func TestGitHubAccounts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		emails string
		email  any
	}{
		{"the primary address counts if it is verified", `[{"email":"a@example.org","verified":true},{"email":"b@example.org","primary":true,"verified":true}]`, "b@example.org"},
		{"an address that is not verified is none, nor the one of the profile", `[{"email":"b@example.org","primary":true,"verified":false}]`, nil},
		{"without the scope there is no address", ``, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			account, err := signIn(t, atGitHub(tt.emails), oauthtest.Code)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]any{"username": "octocat", "name": "Octo cat", "email": tt.email}
			if diff := cmp.Diff(want, account.Properties); diff != "" {
				t.Errorf("properties (-want +got):\n%s", diff)
			}
			if got := account.Identifiers[0].Value; got != "583231" {
				t.Errorf("identifier %q", got)
			}
			if got := account.Info["node_id"]; got != "xy" {
				t.Errorf("NUL stays in %q", got)
			}
		})
	}
}

func TestGitHubRefusesAnUnknownCode(t *testing.T) {
	t.Parallel()
	_, err := signIn(t, atGitHub(`[]`), "another")
	wantReason(t, err, "oauth.code_rejected")
}

func TestUpstreamErrorsInTheCallback(t *testing.T) {
	t.Parallel()
	d := openGitHub(t, atGitHub(`[]`), nil)
	for problem, reason := range map[string]string{"access_denied": "oauth.denied", "server_error": "oauth.refused"} {
		_, err := d.Finish(t.Context(), source.Return{SourceID: "s", Query: url.Values{"error": {problem}, "error_description": {"x\ny"}}})
		e := wantReason(t, err, reason)
		if e.Detail["error"] != problem || e.Detail["error_description"] != "x y" {
			t.Errorf("detail %v", e.Detail)
		}
	}
}

func TestDepartureFollowsTheSettings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*oauth.Config)
		want   url.Values
	}{
		{
			"scopes are sorted", func(*oauth.Config) {},
			url.Values{"scope": {"read:org user:email"}, "code_challenge": nil},
		},
		{
			"additional scopes are added once", func(c *oauth.Config) { c.AdditionalScopes = "gist user:email" },
			url.Values{"scope": {"gist read:org user:email"}},
		},
		{
			"a star replaces the scopes", func(c *oauth.Config) { c.AdditionalScopes = "*gist" },
			url.Values{"scope": {"gist"}},
		},
		{
			"the query of the address wins", func(c *oauth.Config) {
				c.AuthorizationURL = oauth.At("https://git.example.org/authorize?allow_signup=false&scope=x")
			},
			url.Values{"scope": {"x"}, "allow_signup": {"false"}},
		},
		{
			"but never over state and callback", func(c *oauth.Config) {
				c.AuthorizationURL = oauth.At("https://git.example.org/authorize?state=1&redirect_uri=https://evil.example.org")
			},
			url.Values{"state": {"abc"}, "redirect_uri": {"https://id.example.org/cb"}},
		},
		{
			"PKCE with S256", func(c *oauth.Config) { c.PKCE = oauth.PKCES256 },
			url.Values{"code_challenge_method": {"S256"}},
		},
		{
			"PKCE with plain", func(c *oauth.Config) { c.PKCE = oauth.PKCEPlain },
			url.Values{"code_challenge_method": {"plain"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openGitHub(t, nil, tt.change)
			got, err := d.Begin(t.Context(), source.Begin{CallbackURL: "https://id.example.org/cb", State: "abc"})
			if err != nil {
				t.Fatal(err)
			}
			u, _ := url.Parse(got.URL)
			for name, want := range tt.want {
				if !slices.Equal(want, u.Query()[name]) {
					t.Errorf("%s = %q, want %q", name, u.Query()[name], want)
				}
			}
			if (u.Query().Get("code_challenge") != "") != (got.Keep["code_verifier"] != "") {
				t.Error("challenge and verifier do not go together")
			}
		})
	}
}
