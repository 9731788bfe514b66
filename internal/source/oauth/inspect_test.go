package oauth_test

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/source/oauth/oauthtest"
)

func TestCheckThroughTheKind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(c *oauth.Config)
		want   []string
	}{
		{"all is well", func(*oauth.Config) {}, []string{"ok reached", "ok accepted"}},
		{"a wrong secret", func(c *oauth.Config) { c.ConsumerSecret = model.NewSecret("another") }, []string{"ok reached", "error client_refused"}},
		{"a wrong address", func(c *oauth.Config) { *c.AccessTokenURL += "/x" }, []string{"error http_status"}},
		{"nobody there", func(c *oauth.Config) { c.AccessTokenURL = oauth.At("http://127.0.0.1:1/token") }, []string{"error unreachable"}},
		{"no secret", func(c *oauth.Config) { c.ConsumerSecret = model.Secret{} }, []string{"error secret_missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(atGitHub(`[]`))
			t.Cleanup(server.Close)
			shelf := kind.NewShelf(oauth.Kind([]oauth.Type{github()}, server.Client()))
			k, _ := shelf.Get("oauth")
			c := k.New().(*oauth.Config)
			c.ProviderType, c.ConsumerKey, c.ConsumerSecret = "github", oauthtest.ClientID, model.NewSecret(oauthtest.Secret)
			toGitHub(c, server.URL)
			tt.change(c)
			stored, err := kind.Seal(c, unsealed{}, "p")
			if err != nil {
				t.Fatal(err)
			}
			driver, err := shelf.Open("oauth", stored, unsealed{}, "p")
			if err != nil {
				t.Fatal(err)
			}
			found := driver.(source.Examiner).Examine(&url.URL{Scheme: "https", Host: "id.example.org"})
			found = append(found, driver.(source.Checker).Check(t.Context(), "https://id.example.org/cb")...)
			var got []string
			for _, f := range found {
				got = append(got, string(f.Level)+" "+f.Code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// unsealed is a box that leaves secrets as they are.
type unsealed struct{}

func (unsealed) Seal(text, _ string) string          { return text }
func (unsealed) Open(text, _ string) (string, error) { return text, nil }
