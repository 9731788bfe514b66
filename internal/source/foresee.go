package source

import (
	"context"
	"strconv"

	"github.com/weimen-id/weimen/internal/flow"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// prospect is what a returning account leads to: all that is known before anything is written.
type prospect struct {
	Situation
	Decision
	// user is who signs in, or whom the account is connected to; nil for a newcomer.
	user *model.User
	// flow is what runs, with the context; nil where the account is connected without one.
	flow    *model.Flow
	context *model.PlanContext
	// message tells a signed-in person what became of the account.
	message string
}

// foresee decides what the account leads to, and asks whatever may stand in the way. It reads and does not write, so that a trial comes to what a sign-in does. With a
// refusal the prospect says how far it came.
func (r *returning) foresee(ctx context.Context) (*prospect, error) {
	r.wish()
	situation, err := r.gather(ctx, r.signedIn())
	p := &prospect{Situation: situation}
	if err != nil {
		return p, err
	}
	p.Decision = Decide(situation)
	switch p.Action {
	case Authenticate, Already:
		if p.Action == Already && r.keep[keptMode] != "reauthenticate" {
			return p, r.mayConnect(ctx, p, "source.already")
		}
		return p, r.mayAuthenticate(ctx, p)
	case Link:
		if !r.visitor.SignedIn() {
			return p, r.mayAuthenticate(ctx, p)
		}
		if r.keep[keptMode] == "reauthenticate" {
			return p, model.Refuse(model.CodeDenied, "source.linked_to_other", "Someone else was to sign in again.")
		}
		if r.keep[keptUser] != strconv.FormatInt(int64(p.Decision.User), 10) {
			return p, model.Refuse(model.CodeDenied, "source.signed_in_meanwhile", "The person left to sign in, and was signed in meanwhile.")
		}
		return p, r.mayConnect(ctx, p, "source.connected")
	case Enroll:
		return p, r.mayEnroll(ctx, p)
	case Deny:
	}
	refusal := model.Refuse(model.CodeDenied, p.Reason, "Request to authenticate with "+r.source.Name+" has been denied.").With("cause", p.Cause)
	if p.Reason == "source.conflict" {
		refusal = refusal.With("action", model.ActionConfigurationWarning)
	}
	return p, refusal
}

// mayAuthenticate prepares the source's authentication flow for a user.
func (r *returning) mayAuthenticate(ctx context.Context, p *prospect) error {
	u, err := r.manager.Store.User(ctx, p.Decision.User)
	if err != nil {
		return err
	}
	p.user = u
	if !u.IsActive {
		return model.Refuse(model.CodeDenied, "source.user_inactive", "The user is deactivated.").With("username", u.Username)
	}
	c := r.context()
	stage.SlotPendingUser.Set(c, u)
	if err := r.manager.allowed(ctx, r.door(r.request.Next), u, c); err != nil {
		return err
	}
	f := r.flow(r.source.AuthenticationFlow)
	if f == nil {
		return model.Refuse(model.CodeDenied, "source.no_authentication", "The source has no authentication flow.").
			With("username", u.Username).With("action", model.ActionConfigurationError)
	}
	if r.keep[keptMode] == "reauthenticate" {
		flow.SlotReauthenticate.Set(c, true)
	}
	p.flow, p.context = f, c
	return nil
}

// mayEnroll prepares the source's enrollment flow.
func (r *returning) mayEnroll(ctx context.Context, p *prospect) error {
	if err := r.freeUsername(ctx); err != nil {
		return err
	}
	c := r.context()
	r.connecting.Enrolls = true
	stage.SlotUserPath.Set(c, r.source.UserPath())
	if err := r.manager.allowed(ctx, r.door(r.request.Next), nil, c); err != nil {
		return err
	}
	f := r.flow(r.source.EnrollmentFlow)
	if f == nil {
		return model.Refuse(model.CodeDenied, "source.no_enrollment", "Source is not configured for enrollment.")
	}
	p.flow, p.context = f, c
	return nil
}

// mayConnect asks whether the signed-in person may have the account connected.
func (r *returning) mayConnect(ctx context.Context, p *prospect, message string) error {
	p.user, p.message = r.visitor.User, message
	return r.manager.allowed(ctx, r.door(r.request.Next), r.visitor.User, r.context())
}
