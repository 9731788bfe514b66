package wechat

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

func TestExamineTellsWhatWeChatWillNotTake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, public string
		change       func(c *oauth.Config)
		want         []string
	}{
		{"a domain with https", "https://id.example.org", nil, []string{"ok wechat.public_address"}},
		{"its default port", "https://id.example.org:443", nil, []string{"ok wechat.public_address"}},
		{"another port", "https://id.example.org:8443", nil, []string{"error wechat.public_port"}},
		{"http", "http://id.example.org", nil, []string{"warning wechat.public_http"}},
		{"an IPv4 address", "https://203.0.113.7", nil, []string{"error wechat.public_ip"}},
		{"an IPv6 address", "https://[2001:db8::1]", nil, []string{"error wechat.public_ip"}},
		{"localhost", "http://localhost:9000", nil, []string{"error wechat.public_localhost", "error wechat.public_port", "warning wechat.public_http"}},
		{"a name without a domain", "https://intranet", nil, []string{"error wechat.public_name"}},
		{
			"the simulator's address", "http://127.0.0.1:9000", func(c *oauth.Config) { c.AuthorizationURL = oauth.At("http://127.0.0.1:9100/connect/qrconnect") },
			[]string{"info wechat.own_addresses"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := examined(t, tt.public, tt.change)
			want := append([]string{"ok wechat.app_id_shape", "ok wechat.app_secret_shape"}, tt.want...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExamineTellsOddShapes(t *testing.T) {
	t.Parallel()
	got := examined(t, "https://id.example.org", func(c *oauth.Config) {
		c.ConsumerKey, c.ConsumerSecret = "wx123", model.NewSecret("0123456789ABCDEF")
	})
	want := []string{"warning wechat.app_id_odd", "warning wechat.app_secret_odd", "ok wechat.public_address"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// examined opens WeChat with settings and gives its findings in short.
func examined(t *testing.T, public string, change func(c *oauth.Config)) []string {
	t.Helper()
	c := oauth.Defaults()
	c.ConsumerKey, c.ConsumerSecret = appID, model.NewSecret(secret)
	if change != nil {
		change(&c)
	}
	d, err := Type().Open(oauth.Settings{Config: c})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	return short(d.(source.Examiner).Examine(u))
}

// short tells findings by level and code.
func short(findings []source.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, string(f.Level)+" "+f.Code)
	}
	return out
}
