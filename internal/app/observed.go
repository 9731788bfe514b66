package app

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy/reputation"
	"github.com/weimen-id/weimen/internal/user"
)

// observed is the database as flows write it: what they record of sign-ins counts for reputations as well, in the same transaction.
type observed struct {
	*user.Users
	scores *reputation.Recorder
}

// InsertEvents stores events and counts them.
func (o observed) InsertEvents(ctx context.Context, events ...*model.Event) error {
	if err := o.Users.InsertEvents(ctx, events...); err != nil {
		return err
	}
	return o.scores.Observe(ctx, o.Snapshot(), events...)
}
