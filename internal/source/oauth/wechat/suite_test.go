package wechat

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/weimen-id/weimen/internal/source/oauth"
	"github.com/weimen-id/weimen/internal/source/oauth/oauthtest"
)

func TestSuite(t *testing.T) {
	t.Parallel()
	oauthtest.Run(t, oauthtest.Subject{
		Type: Type,
		Configure: func(c *oauth.Config, base string) {
			c.AccessTokenURL, c.ProfileURL = oauth.At(base+"/sns/oauth2/access_token"), oauth.At(base+"/sns/userinfo")
		},
		Upstream: func(string) http.Handler {
			mux := http.NewServeMux()
			mux.HandleFunc("GET /sns/oauth2/access_token", func(w http.ResponseWriter, r *http.Request) {
				q := r.URL.Query()
				if q.Get("secret") != oauthtest.Secret || q.Get("code") != oauthtest.Code {
					fmt.Fprint(w, `{"errcode":40029,"errmsg":"invalid code"}`)
					return
				}
				fmt.Fprintf(w, `{"access_token":%q,"refresh_token":%q,"openid":"o1","unionid":"u1"}`, oauthtest.AccessToken, oauthtest.RefreshToken)
			})
			mux.HandleFunc("GET /sns/userinfo", func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, `{"openid":"o1","nickname":"N","unionid":"u1"}`)
			})
			return mux
		},
	})
}
