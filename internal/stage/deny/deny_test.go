package deny_test

import (
	"testing"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/stage/deny"
	"github.com/weimen-id/weimen/internal/stage/stagetest"
)

func maker(*flowtest.House) kind.Kind[stage.Driver] { return deny.Kind() }

func TestCommon(t *testing.T) { stagetest.Common(t, stagetest.Subject{Maker: maker}) }

func TestDenyRefusesWithTheMessageOfTheRunOrTheStage(t *testing.T) {
	for _, tt := range []struct{ name, config, slot, want string }{
		{"none", ``, "", "Access denied."},
		{"the stage's", `{"deny_message": "Closed."}`, "", "Closed."},
		{"the run's", `{"deny_message": "Closed."}`, "Not you.", "Not you."},
		{"an empty one of the run", `{"deny_message": "Closed."}`, " ", " "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := stagetest.Open(t, maker, tt.config)
			if tt.slot != "" {
				stage.SlotDenyMessage.Set(b.Visit.Context, tt.slot)
			}
			for _, o := range []stage.Outcome{b.Enter(), b.Submit("answer", "yes")} {
				r, ok := o.(stage.Refuse)
				if !ok || r.Err.Code != model.CodeDenied || r.Err.Reason != "flow.denied" || r.Err.Message != tt.want {
					t.Errorf("%+v", o)
				}
			}
		})
	}
}
