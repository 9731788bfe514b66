package oauth

import (
	"context"
	"errors"
	"net/http"

	"github.com/weimen-id/weimen/internal/model"
)

// Presets are the upstreams that need no more than a literal. Another one is another entry, and a value in the enum of Config.ProviderType.
func Presets() []Type {
	return []Type{
		Preset{
			Info: Info{
				Name:             "github",
				VerboseName:      "GitHub",
				URLsCustomizable: true, // GitHub Enterprise Server
				AuthorizationURL: At("https://github.com/login/oauth/authorize"),
				AccessTokenURL:   At("https://github.com/login/oauth/access_token"),
				ProfileURL:       At("https://api.github.com/user"),
			},
			Scopes:     []string{"read:org", "user:email"},
			ClientAuth: PostBody, // the only way that GitHub documents
			More:       githubEmail,
			Gives:      []string{"username", "email", "name"},
			// githubEmail gives no other.
			EmailVerified: true,
			Account: func(p Profile) (string, map[string]any) {
				return p.Text("id"), map[string]any{
					"username": OrNil(p.Text("login")),
					"email":    OrNil(p.Text("email")),
					"name":     OrNil(DisplayName(p.Text("name"))),
				}
			},
		}.Type(),
	}
}

// githubEmail replaces the profile's e-mail, which is the one that the person chose to show and may be anything, by the primary one if GitHub has verified it. Where an
// administrator took the scope user:email away, there is none.
func githubEmail(ctx context.Context, get Get, profileURL string, p Profile) error {
	p["email"] = nil
	document, err := get(ctx, profileURL+"/emails")
	if err != nil {
		if status := statusOf(err); status == http.StatusNotFound || status == http.StatusForbidden {
			return nil
		}
		return err
	}
	addresses, _ := document.([]any)
	for _, a := range addresses {
		address, _ := a.(map[string]any)
		if address["primary"] == true && address["verified"] == true {
			p["email"] = address["email"]
		}
	}
	return nil
}

// statusOf gives the HTTP status of an error of Fetch, 0 if it has none.
func statusOf(err error) int {
	var e *model.Error
	if !errors.As(err, &e) {
		return 0
	}
	status, _ := e.Detail["status"].(int)
	return status
}
