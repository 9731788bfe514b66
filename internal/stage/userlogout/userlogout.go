package userlogout

import (
	"context"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/stage"
)

// Config is the settings of a user logout stage: there are none.
type Config struct{}

// Sessions ends sessions. Package session has it.
type Sessions interface {
	End(ctx context.Context, id model.SessionID) error
}

// Kind describes the stage.
func Kind(s Sessions) kind.Kind[stage.Driver] {
	return kind.Of(kind.Info{
		Name: "user_logout", VerboseName: "User Logout Stage", VerboseNamePlural: "User Logout Stages",
		Component: "ak-stage-user-logout-form", MetaModelName: "authentik_stages_user_logout.userlogoutstage",
		Description: "Signs the person out.",
	}, Config{}, func(Config) (stage.Driver, error) { return &driver{s}, nil })
}

type driver struct{ sessions Sessions }

var _ stage.Driver = (*driver)(nil)

// Enter signs out. Nobody being signed in is as good.
func (d *driver) Enter(_ context.Context, v *stage.Visit) (stage.Outcome, error) {
	if v.Session != nil {
		id := v.Session.ID
		v.Write(func(ctx context.Context) error { return d.sessions.End(ctx, id) })
		v.Record(event.New(model.ActionLogout, "authentik.stages.user_logout", v.Visitor, nil))
	}
	v.SignOut()
	return stage.Done{}, nil
}

// Submit asks for nothing, so nothing is submitted to it.
func (d *driver) Submit(ctx context.Context, v *stage.Visit, _ stage.Answer) (stage.Outcome, error) {
	return d.Enter(ctx, v)
}
