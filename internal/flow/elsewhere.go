package flow

import (
	"context"
	"net/url"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// redirectStage is the inline stage that sends the browser where a policy says.
const redirectStage = "flow.redirect"

// elsewhere leaves the flow for its argument. The administrator's policy vouches for the address, so far as it is one that browsers go to.
type elsewhere struct{}

var _ stage.Driver = elsewhere{}

// Enter leaves.
func (elsewhere) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if !navigable(v.Argument) {
		return stage.Refuse{Err: model.Refuse(model.CodeInvalid, "flow.misconfigured", "A policy redirects to what is no address.").
			With("action", model.ActionConfigurationError)}, nil
	}
	return stage.Leave{URL: v.Argument}, nil
}

// Submit leaves.
func (d elsewhere) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}

// navigable takes http addresses and paths on our own origin. Browsers take a backslash for a slash.
func navigable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || strings.Contains(address, `\`) {
		return false
	}
	if u.Scheme == "" {
		return u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(u.Path, "//")
	}
	return (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
