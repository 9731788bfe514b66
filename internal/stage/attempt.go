package stage

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
)

// Guard limits what people try. Package attempt has it.
type Guard interface {
	Begin(ctx context.Context, t attempt.Try) error
	Succeeded(ctx context.Context, t attempt.Try) error
}

// TooMany reports whether an error of a [Guard] says that there were too many attempts. The challenge is then shown again with the reason at the field. The first refusal is
// recorded; those that follow would fill the audit trail.
func TooMany(v *Visit, err error, c Challenge, field, username string) (Ask, bool) {
	var too *attempt.TooMany
	if !errors.As(err, &too) {
		return Ask{}, false
	}
	if too.First {
		ev := event.New(model.ActionLoginFailed, "authentik.stages", v.Visitor, map[string]any{
			"username": username, "cause": "too many attempts", "reason": too.Refusal.Reason, "wait_seconds": int(too.Wait.Seconds()),
		})
		ev.Reason = too.Refusal.Reason
		v.Record(ev)
	}
	return Ask{Challenge: c, Errors: Errors{field: {{
		String: "stage.error.too_many_attempts", Code: "rate_limited", Args: map[string]string{"minutes": too.Minutes()},
	}}}}, true
}
