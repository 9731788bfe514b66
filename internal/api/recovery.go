package api

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// recovery gives a link through the brand's recovery flow, for an administrator to hand to a person who cannot get in.
func (c *call) recovery() error {
	var body struct {
		Duration model.Duration `json:"token_duration"`
	}
	if err := c.read(&body); err != nil {
		return err
	}
	lifetime := c.s.Settings.DefaultTokenDuration.Or(30 * time.Minute)
	if body.Duration != "" {
		if lifetime = body.Duration.Or(0); lifetime <= 0 {
			return model.Invalid("token_duration", "Ensure this is longer than nothing.")
		}
	}
	link, err := c.Resources.Recover(c.ctx(), c.by, model.UserID(c.number("id")), func(ctx context.Context, u *model.User) (model.Secret, error) {
		b := c.s.Brand(c.host())
		if b.FlowRecovery == nil || c.s.Flows[*b.FlowRecovery] == nil {
			return model.Secret{}, model.Invalid("non_field_errors", "No recovery flow set: choose one in the brand of this address.")
		}
		return c.Flows.LinkFor(ctx, c.visitor, c.s.Flows[*b.FlowRecovery], u, lifetime)
	})
	if err != nil {
		return err
	}
	return c.ok(row{"link": link.Reveal()})
}
