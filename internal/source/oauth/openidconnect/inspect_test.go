package openidconnect

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(c *oauth.Config, o *op)
		want   []string
	}{
		{"all is well", nil, []string{"ok discovery_read", "ok keys_read", "ok reached", "ok accepted"}},
		{"no discovery document", func(_ *oauth.Config, o *op) { o.down[wellKnown] = true }, []string{"error http_status"}},
		{"a discovery document of somebody else", func(_ *oauth.Config, o *op) { o.discovery = map[string]any{"issuer": "https://else.example"} }, []string{"error discovery_refused"}},
		{"a wrong secret", func(c *oauth.Config, _ *op) { c.ConsumerSecret = model.NewSecret("another") }, []string{"ok discovery_read", "ok keys_read", "ok reached", "error client_refused"}},
		{"no keys", func(_ *oauth.Config, o *op) { o.down["/keys"] = true }, []string{"ok discovery_read", "error http_status"}},
		{"no token endpoint", func(_ *oauth.Config, o *op) { o.down["/token"] = true }, []string{"ok discovery_read", "ok keys_read", "error http_status"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t, tt.change)
			var got []string
			for _, f := range h.driver.Check(t.Context(), "https://id.example.org/cb") {
				got = append(got, string(f.Level)+" "+f.Code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
