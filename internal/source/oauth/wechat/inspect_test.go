package wechat

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

func TestCheckTellsWhatWeChatTakes(t *testing.T) {
	t.Parallel()
	const reached = "ok wechat.reached"
	errcode := func(n int) func(*world) error {
		return func(w *world) error {
			return w.sim.SetFault(wechatsim.EndpointAccessToken, wechatsim.Fault{Kind: wechatsim.FaultErrcode, Errcode: n}, wechatsim.Always)
		}
	}
	fault := func(e wechatsim.Endpoint, kind wechatsim.FaultKind) func(*world) error {
		return func(w *world) error {
			return w.sim.SetFault(e, wechatsim.Fault{Kind: kind, Delay: wechatsim.Duration(3 * time.Second)}, wechatsim.Always)
		}
	}
	tests := []struct {
		name    string
		arrange func(w *world) error
		want    []string
	}{
		{"all is well", nil, []string{reached, "ok wechat.accepted", "ok wechat.page_ready"}},
		{"a wrong AppSecret", func(w *world) error {
			w.driver.ConsumerSecret = model.NewSecret(strings.Repeat("0", 32))
			return nil
		}, []string{reached, "error wechat.secret_refused", "ok wechat.page_ready"}},
		{"a wrong AppID", func(w *world) error {
			w.driver.ConsumerKey = "wx0000000000000000"
			return nil
		}, []string{reached, "error wechat.app_id_refused", "error wechat.page_app_id"}},
		{"another callback domain", func(w *world) error {
			_, err := w.sim.UpdateApp(w.driver.ConsumerKey, func(a *wechatsim.App) { a.Domain = "www.example.org" })
			return err
		}, []string{reached, "ok wechat.accepted", "error wechat.page_domain"}},
		{"an app that may not sign people in", func(w *world) error {
			_, err := w.sim.UpdateApp(w.driver.ConsumerKey, func(a *wechatsim.App) { a.NoLogin = true })
			return err
		}, []string{reached, "ok wechat.accepted", "error wechat.page_scope"}},
		{"an IP address that is not allowed", errcode(40164), []string{reached, "error wechat.ip_refused", "ok wechat.page_ready"}},
		{"a busy WeChat", errcode(-1), []string{reached, "warning wechat.busy", "ok wechat.page_ready"}},
		{"a frozen secret", errcode(40243), []string{reached, "error wechat.secret_frozen", "ok wechat.page_ready"}},
		{"an error of no list", errcode(47001), []string{reached, "error wechat.refused", "ok wechat.page_ready"}},
		{"no answer", fault(wechatsim.EndpointAccessToken, wechatsim.FaultHang), []string{"error timeout", "ok wechat.page_ready"}},
		{"a proxy's error page", fault(wechatsim.EndpointAccessToken, wechatsim.FaultBadGateway), []string{"error http_status", "ok wechat.page_ready"}},
		{"no connection", fault(wechatsim.EndpointAccessToken, wechatsim.FaultReset), []string{"error unreachable", "ok wechat.page_ready"}},
		{"another page than WeChat's", fault(wechatsim.EndpointQRConnect, wechatsim.FaultBadGateway), []string{reached, "ok wechat.accepted", "info wechat.page_unknown"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := simulated(t, nil)
			if tt.arrange != nil {
				if err := tt.arrange(w); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Contains(tt.want[0], "timeout") {
				w.client.Timeout = 500 * time.Millisecond
			}
			got := w.driver.Check(t.Context(), callback)
			if diff := cmp.Diff(tt.want, short(got)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range got {
				for _, text := range f.Args {
					if strings.Contains(text, w.driver.ConsumerSecret.Reveal()) {
						t.Errorf("%s tells the secret", f.Code)
					}
				}
			}
		})
	}
}
