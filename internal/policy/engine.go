package policy

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// Groups reads a user's groups. A store has it.
type Groups interface {
	GroupsOf(ctx context.Context, id model.UserID) ([]model.UserGroup, error)
}

// Engine evaluates the bindings of a target.
type Engine struct {
	shelf  *kind.Shelf[Driver]
	box    kind.Box
	groups Groups
	log    *slog.Logger
}

// New makes an engine that knows the kinds of policy on the shelf.
func New(shelf *kind.Shelf[Driver], box kind.Box, groups Groups, log *slog.Logger) *Engine {
	return &Engine{shelf: shelf, box: box, groups: groups, log: log}
}

// Evaluate decides whether the request may pass the target. The error is not nil only where the database could not be read; a policy that fails counts as
// its binding's failure_result.
func (e *Engine) Evaluate(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, r *Request) (Result, error) {
	var results []Result
	var static *Result
	for _, b := range s.PoliciesOf(target) {
		if !b.Enabled {
			continue
		}
		if b.Policy != nil {
			results = append(results, e.evaluatePolicy(ctx, s, b, r))
			continue
		}
		passing, err := e.matches(ctx, b, r.User)
		if err != nil {
			return Result{}, err
		}
		if static == nil {
			static = &Result{Rule: ruleName(b)}
		}
		static.Passing = static.Passing || passing != b.Negate
	}
	if static != nil {
		results = append([]Result{*static}, results...)
	}
	return combine(mode, results), nil
}

// combine joins results: any or all of them must pass. None is a pass.
func combine(mode model.EngineMode, results []Result) Result {
	out := Result{Passing: mode == model.EngineAll || len(results) == 0}
	seen := map[string]bool{}
	for _, r := range results {
		for _, m := range r.Messages {
			if !seen[m] {
				seen[m] = true
				out.Messages = append(out.Messages, m)
			}
		}
		if !r.Passing && out.Rule == "" {
			out.Rule = r.Rule
		}
		if mode == model.EngineAll {
			out.Passing = out.Passing && r.Passing
		} else {
			out.Passing = out.Passing || r.Passing
		}
	}
	return out
}

// matches tests a user or group binding. Groups are read at the first group binding and kept with the user.
func (e *Engine) matches(ctx context.Context, b *model.PolicyBinding, u *model.User) (bool, error) {
	if u == nil {
		return false, nil
	}
	if b.User != nil {
		return *b.User == u.ID && u.ID != 0, nil
	}
	if b.Group == nil || u.ID == 0 {
		return false, nil
	}
	if u.Groups == nil {
		groups, err := e.groups.GroupsOf(ctx, u.ID)
		if err != nil {
			return false, fmt.Errorf("read groups: %w", err)
		}
		u.Groups = append([]model.UserGroup{}, groups...)
	}
	return u.InGroup(*b.Group), nil
}

func (e *Engine) evaluatePolicy(ctx context.Context, s *model.Snapshot, b *model.PolicyBinding, r *Request) Result {
	result := Result{Passing: b.FailureResult, Rule: ruleName(b)}
	p := s.Policies[*b.Policy]
	if p == nil {
		return result
	}
	result.Rule = p.Name
	driver, err := e.open(s, p)
	if err == nil {
		limited, cancel := context.WithTimeout(ctx, time.Duration(max(b.Timeout, 1))*time.Second)
		defer cancel()
		var got Result
		if got, err = driver.Evaluate(limited, r); err == nil {
			result.Passing, result.Messages = got.Passing, got.Messages
		}
	}
	if err != nil {
		e.log.WarnContext(ctx, "policy failed", "policy", p.Name, "err", err)
	}
	result.Passing = result.Passing != b.Negate
	return result
}

type opened struct {
	driver Driver
	err    error
}

func (e *Engine) open(s *model.Snapshot, p *model.Policy) (Driver, error) {
	type key struct{ id model.PolicyID }
	o := model.Derive(s, key{p.ID}, func() opened {
		d, err := e.shelf.Open(p.Kind, p.Config, e.box, "policies/config/"+string(p.ID))
		return opened{d, err}
	})
	return o.driver, o.err
}

func ruleName(b *model.PolicyBinding) string {
	switch {
	case b.User != nil:
		return fmt.Sprintf("user %d", *b.User)
	case b.Group != nil:
		return "group " + string(*b.Group)
	case b.Policy != nil:
		return "policy " + string(*b.Policy)
	}
	return "binding " + string(b.ID)
}
