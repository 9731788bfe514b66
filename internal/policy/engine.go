package policy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
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
	audit  audit
}

// New makes an engine that knows the kinds of policy on the shelf.
func New(shelf *kind.Shelf[Driver], box kind.Box, groups Groups, log *slog.Logger) *Engine {
	return &Engine{shelf: shelf, box: box, groups: groups, log: log}
}

// WithEvents has the engine record policies that fail, and the decisions of those that are to be logged. Call it before the engine is used.
func (e *Engine) WithEvents(record func(ctx context.Context, ev *model.Event) error) *Engine {
	e.audit.record = record
	return e
}

// Evaluate decides whether the request may pass the target. The error is not nil only where the database could not be read; a policy that fails counts as
// its binding's failure_result.
func (e *Engine) Evaluate(ctx context.Context, s *model.Snapshot, target model.TargetID, mode model.EngineMode, r *Request) (Result, error) {
	results, err := e.results(ctx, s, target, r)
	if err != nil {
		return Result{}, err
	}
	out, refused := combine(mode, results)
	if !out.Passing && refused != nil {
		out.Rule = e.ruleName(ctx, s, refused)
	}
	return out, nil
}

// Grants reports whether one of the bindings of a target holds. It is how people have entitlements: unlike a door, what nobody is bound to is nobody's.
func (e *Engine) Grants(ctx context.Context, s *model.Snapshot, target model.TargetID, r *Request) (bool, error) {
	results, err := e.results(ctx, s, target, r)
	return slices.ContainsFunc(results, func(b bound) bool { return b.Passing }), err
}

// results evaluates the enabled bindings of a target: first the one result of all that name users and groups, if there are any, then that of each policy.
func (e *Engine) results(ctx context.Context, s *model.Snapshot, target model.TargetID, r *Request) ([]bound, error) {
	var results []bound
	var static *bound
	for _, b := range s.PoliciesOf(target) {
		if !b.Enabled {
			continue
		}
		if b.Policy != nil {
			result, err := e.evaluatePolicy(ctx, s, b, r)
			if err != nil {
				return nil, err
			}
			results = append(results, bound{result, b})
			continue
		}
		passing, err := e.matches(ctx, b, r.User)
		if err != nil {
			return nil, err
		}
		if static == nil {
			static = &bound{binding: b}
		}
		static.Passing = static.Passing || passing != b.Negate
	}
	if static != nil {
		results = append([]bound{*static}, results...)
	}
	return results, nil
}

// bound is the result of a binding; that of users and groups is one, and bears the first of their bindings.
type bound struct {
	Result
	binding *model.PolicyBinding
}

// Test evaluates one policy by itself. A policy that fails is an error here.
func (e *Engine) Test(ctx context.Context, s *model.Snapshot, p *model.Policy, r *Request) (Result, error) {
	limited, cancel := context.WithTimeout(ctx, time.Duration(model.NewPolicyBinding().Timeout)*time.Second)
	defer cancel()
	return e.ask(limited, s, p, r)
}

// combine joins results: any or all of them must pass. None is a pass. The binding is the first that does not let pass.
func combine(mode model.EngineMode, results []bound) (Result, *model.PolicyBinding) {
	var refused *model.PolicyBinding
	out := Result{Passing: mode == model.EngineAll || len(results) == 0}
	seen := map[string]bool{}
	for _, r := range results {
		for _, m := range r.Messages {
			if !seen[m] {
				seen[m] = true
				out.Messages = append(out.Messages, m)
			}
		}
		for _, t := range r.Texts {
			if !slices.ContainsFunc(out.Texts, func(u Text) bool { return u.Key == t.Key && maps.Equal(u.Args, t.Args) }) {
				out.Texts = append(out.Texts, t)
			}
		}
		out.Logs = append(out.Logs, r.Logs...)
		if !r.Passing && refused == nil {
			refused = r.binding
		}
		if mode == model.EngineAll {
			out.Passing = out.Passing && r.Passing
		} else {
			out.Passing = out.Passing || r.Passing
		}
	}
	return out, refused
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

// evaluatePolicy asks the policy of a binding. The error is that of the database.
func (e *Engine) evaluatePolicy(ctx context.Context, s *model.Snapshot, b *model.PolicyBinding, r *Request) (Result, error) {
	result := Result{Passing: b.FailureResult}
	p := s.Policies[*b.Policy]
	if p == nil {
		return result, nil
	}
	limited, cancel := context.WithTimeout(ctx, time.Duration(max(b.Timeout, 1))*time.Second)
	defer cancel()
	got, err := e.ask(limited, s, p, r)
	switch {
	case err == nil:
		result.Passing = got.Passing
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case errors.Is(err, model.ErrUnavailable) && limited.Err() == nil:
		return Result{}, err
	default:
		e.log.WarnContext(ctx, "policy failed", "policy", p.Name, "target", targetName(s, b), "err", err)
		e.audit.failed(ctx, s, p, b, r, err)
	}
	result.Messages, result.Texts, result.Logs = got.Messages, got.Texts, got.Logs
	result.Passing = result.Passing != b.Negate
	if p.ExecutionLogging {
		e.audit.decided(ctx, s, p, b, r, result)
	}
	return result, nil
}

// ask opens a policy and evaluates it. One that panics has failed.
func (e *Engine) ask(ctx context.Context, s *model.Snapshot, p *model.Policy, r *Request) (result Result, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			e.log.ErrorContext(ctx, "policy panics", "policy", p.Name, "kind", p.Kind, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			result, err = Result{}, errPanic
		}
	}()
	driver, err := e.open(s, p)
	if err != nil {
		return Result{}, err
	}
	return driver.Evaluate(ctx, r)
}

// errPanic is what is said of a policy that panics. The details are in the log.
var errPanic = errors.New("the policy failed by a fault of the server")

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
