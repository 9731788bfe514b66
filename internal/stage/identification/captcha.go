package identification

import (
	"context"

	"github.com/weimen-id/weimen/internal/captcha"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// tokenField is the name that the captcha's token comes back by.
const tokenField = "captcha_token"

// captchaStage is a stage whose captcha can be asked for in this step.
type captchaStage interface{ Captcha() *captcha.Captcha }

// Captcha is the captcha in this step, as authentik's clients know it.
type Captcha struct {
	stage.Base
	stage.PendingUser
	captcha.Offer
}

// embedded opens the captcha that the settings name; nil for none. One that is gone or is no captcha is refused rather than left out.
func (d *driver) embedded(v *stage.Visit) (*captcha.Captcha, *stage.Refuse, error) {
	if d.CaptchaStage == nil {
		return nil, nil, nil
	}
	opened, err := d.Stage(v.Snapshot, *d.CaptchaStage)
	if err != nil {
		return nil, nil, err
	}
	s, ok := opened.(captchaStage)
	if !ok {
		return nil, &stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "The captcha stage of the identification stage is gone, or is none.").
			With("action", model.ActionConfigurationError)}, nil
	}
	return s.Captcha(), nil, nil
}

// showCaptcha is the challenge's part; nil for none.
func (d *driver) showCaptcha(v *stage.Visit) (*Captcha, *stage.Refuse, error) {
	if len(d.UserFields) == 0 {
		return nil, nil, nil // nothing is sent that it could guard
	}
	c, refusal, err := d.embedded(v)
	if c == nil {
		return nil, refusal, err
	}
	shown := &Captcha{Base: stage.Base{Component: "ak-stage-captcha"}, Offer: c.Offer(v.Context)}
	shown.Field = tokenField
	return shown, nil, nil
}

// checkCaptcha judges the captcha's token. The outcome is set where the answer goes no further.
func (d *driver) checkCaptcha(ctx context.Context, v *stage.Visit, typed, token string) (stage.Outcome, error) {
	c, refusal, err := d.embedded(v)
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		return *refusal, nil
	}
	if c == nil {
		return nil, nil
	}
	verdict := c.Check(ctx, v.Context, token, v.ClientIP)
	if verdict.Fault != "" {
		v.Record(event.New(model.ActionConfigurationError, "authentik.stages.identification", v.Visitor, map[string]any{
			"message": "Failed to validate a captcha.", "reason": verdict.Fault, "stage": v.Stage.Name,
		}))
	}
	if verdict.Problem != "" {
		return d.wrong(v, typed, tokenField, verdict.Problem)
	}
	return nil, nil
}
