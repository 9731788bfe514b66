package deny

import (
	"context"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Config is the settings of a deny stage.
type Config struct {
	// What to tell the person.
	DenyMessage string `json:"deny_message"`
}

// Kind describes the stage.
func Kind() kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "deny", VerboseName: "Deny Stage", VerboseNamePlural: "Deny Stages",
		Component: "ak-stage-deny-form", MetaModelName: "authentik_stages_deny.denystage",
		Description: "Refuses everyone who comes to it.",
	}, Config{}, func(c Config) (stage.Driver, error) { return &driver{c}, nil })
}

type driver struct{ Config }

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Entrance = (*driver)(nil)
)

// Opens tells that the stage lets nobody in.
func (d *driver) Opens(*model.Snapshot) stage.Ways { return stage.Ways{Shut: true} }

// Enter refuses.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	message := d.DenyMessage
	if m, ok := stage.SlotDenyMessage.Get(v.Context); ok && m != "" {
		message = m
	}
	err := model.Refuse(model.CodeDenied, "flow.denied", message)
	if message != "" {
		err.Args = map[string]string{"message": message}
	} else {
		err.Message = "Access denied."
	}
	return stage.Refuse{Err: err}, nil
}

// Submit refuses.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}
