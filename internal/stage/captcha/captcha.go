package captcha

import (
	"context"
	_ "embed"
	"net/http"

	"github.com/weimen-id/weimen/internal/captcha"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

const component = "ak-stage-captcha"

//go:embed captcha.html
var screen string

// Kind describes the stage.
func Kind(client *http.Client) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "captcha", VerboseName: "Captcha Stage", VerboseNamePlural: "Captcha Stages",
		Component: "ak-stage-captcha-form", MetaModelName: "authentik_stages_captcha.captchastage",
		Description: "Tells people from programs, by a service or by a proof of work.",
	}, Defaults(), func(c Config) (stage.Driver, error) { return &driver{captcha.New(c.settings(), client)}, nil })
}

// Challenge is what the stage shows.
type Challenge struct {
	stage.Base
	stage.PendingUser
	captcha.Offer
}

type driver struct{ captcha *captcha.Captcha }

var (
	_ stage.Driver   = (*driver)(nil)
	_ stage.Screener = (*driver)(nil)
	_ stage.Foreign  = (*Challenge)(nil)
)

// Captcha is what an identification stage asks for in a step of its own.
func (d *driver) Captcha() *captcha.Captcha { return d.captcha }

// Screen is the page with the widget.
func (d *driver) Screen() stage.Screen {
	return stage.Screen{Name: component, HTML: screen + captcha.Widget, Script: captcha.Script}
}

// Enter shows the captcha.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	return stage.Ask{Challenge: d.challenge(v, true)}, nil
}

// challenge is the page. By itself it sends its first answer only: one that is always wrong must not be sent for ever.
func (d *driver) challenge(v *stage.Visit, first bool) *Challenge {
	c := &Challenge{Base: stage.Base{Component: component}, PendingUser: stage.PendingUserOf(v), Offer: d.captcha.Offer(v.Context)}
	c.Field, c.Auto = "token", first && !c.Interactive
	return c
}

// Submit judges the answer.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, a stage.Answer) (stage.Outcome, error) {
	verdict := d.captcha.Check(ctx, v.Context, a.String("token"), v.ClientIP)
	if verdict.Fault != "" {
		v.Record(event.New(model.ActionConfigurationError, "authentik.stages.captcha", v.Visitor, map[string]any{
			"message": "Failed to validate a captcha.", "reason": verdict.Fault, "stage": v.Stage.Name,
		}))
	}
	if verdict.Problem != "" {
		return stage.Ask{Challenge: d.challenge(v, false), Errors: stage.Invalid("token", verdict.Problem)}, nil
	}
	return stage.Done{}, nil
}
