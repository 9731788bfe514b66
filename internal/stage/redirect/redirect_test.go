package redirect_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/redirect"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func maker(*flowtest.House) kind.Kind[stage.Driver] { return redirect.Kind() }

func TestCommon(t *testing.T) {
	stagetest.Common(t, stagetest.Subject{Maker: maker, Config: `{"target_static": "https://example.org/"}`})
}

func TestWhereItLeads(t *testing.T) {
	b := stagetest.Open(t, maker, "")
	f := b.Flow("target", model.DesignationEnrollment, nil)
	id := string(f.ID)
	for _, tt := range []struct{ name, config, slot, want string }{
		{"an address", `{"target_static": "https://example.org/x"}`, "", "leave https://example.org/x"},
		{"no address", `{}`, "", "refuse flow.misconfigured"},
		{"a flow", `{"mode": "flow", "target_flow": "` + id + `"}`, "", "switch target"},
		{"no flow", `{"mode": "flow"}`, "", "refuse flow.misconfigured"},
		{"a flow that is gone", `{"mode": "flow", "target_flow": "gone"}`, "", "refuse flow.misconfigured"},
		{"a flow by its slug", `{"target_static": "ak-flow://target"}`, "", "switch target"},
		{"a slug that is nobody's", `{"target_static": "ak-flow://gone"}`, "", "refuse flow.misconfigured"},
		{"what the run says goes first", `{"mode": "flow", "target_flow": "` + id + `"}`, "https://example.org/y", "leave https://example.org/y"},
		{"no script that the run names", `{"target_static": "https://example.org/x"}`, "javascript:alert(1)", "refuse flow.misconfigured"},
		{"no host that the run hides", `{"target_static": "https://example.org/x"}`, "//evil.example", "refuse flow.misconfigured"},
		{"a flow that the run names", `{"target_static": "https://example.org/x"}`, "ak-flow://target/", "switch target"},
		{"a flow that the run names and nobody has", `{"target_static": "https://example.org/x"}`, "ak-flow://gone", "refuse flow.misconfigured"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.Reopen(maker, tt.config)
			b.Again()
			if tt.slot != "" {
				stage.SlotRedirectTarget.Set(b.Visit.Context, tt.slot)
			}
			o := b.Enter()
			if got := stagetest.Says(o); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if s, ok := o.(stage.Switch); ok && (!s.KeepContext || stage.SlotIsRedirected.Value(b.Visit.Context) != "f") {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestAddressesThatMayNotBeSet(t *testing.T) {
	for address, fine := range map[string]bool{
		"": true, "https://example.org": true, "http://localhost:8080/x": true, "/if/user/": true, "ak-flow://slug": true,
		"//evil.example": false, "javascript:alert(1)": false, "data:text/html,x": false, "x": false, `/\evil.example`: false, "https:///x": false, "https:x": false, "/\t/evil.example": false,
	} {
		c := redirect.Defaults()
		c.TargetStatic = address
		if err := c.Validate(); (err == nil) != fine {
			t.Errorf("%q: %v", address, err)
		}
	}
}
