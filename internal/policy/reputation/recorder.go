package reputation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Adjuster changes scores. Package store has it.
type Adjuster interface {
	AdjustReputation(ctx context.Context, identifier, ip string, delta, lower, upper int, now time.Time) error
}

// Recorder changes scores by what happens.
type Recorder struct {
	scores Adjuster
	now    func() time.Time
}

// NewRecorder makes a recorder.
func NewRecorder(s Adjuster, now func() time.Time) *Recorder { return &Recorder{scores: s, now: now} }

// Observe counts events that are being recorded, in the transaction of ctx.
func (r *Recorder) Observe(ctx context.Context, s *model.Snapshot, events ...*model.Event) error {
	if !wanted(s) {
		return nil
	}
	limits := s.Settings
	if limits == nil {
		limits = model.NewSettings()
	}
	for _, e := range events {
		who, where, by := identifier(whose(e)), address(e.ClientIP), delta(e)
		if by == 0 || who == "" {
			continue
		}
		if err := r.scores.AdjustReputation(ctx, who, where, by, limits.ReputationLowerLimit, limits.ReputationUpperLimit, r.now()); err != nil {
			return fmt.Errorf("count reputation: %w", err)
		}
	}
	return nil
}

// wanted reports whether any policy asks for scores.
func wanted(s *model.Snapshot) bool {
	type key struct{}
	return model.Derive(s, key{}, func() bool {
		for _, p := range s.Policies {
			if p.Kind == name {
				return true
			}
		}
		return false
	})
}

// delta is what an event does to a score: only a stage knows that a password or code was wrong, and a flow that one was wrong too often. A sign-in that was refused
// otherwise, by a policy or by a source, says nothing about who tried.
func delta(e *model.Event) int {
	switch e.Action { //nolint:exhaustive // the others count for nothing
	case model.ActionLogin:
		if e.App == "authentik.stages.user_login" {
			return 1
		}
	case model.ActionLoginFailed:
		if strings.HasPrefix(e.App, "authentik.stages.") || e.Context["reason"] == "login.failed_attempts" {
			return -1
		}
	}
	return 0
}

// whose is the name that an event counts for: the user's, else what was typed.
func whose(e *model.Event) string {
	if e.User != nil {
		return e.User.Username
	}
	typed, _ := e.Context["username"].(string)
	return typed
}
