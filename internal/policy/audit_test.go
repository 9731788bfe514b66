package policy_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/expr"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/kind/kindtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// actor is a policy that does what its test says.
type actor func(ctx context.Context) (policy.Result, error)

func (a actor) Evaluate(ctx context.Context, _ *policy.Request) (policy.Result, error) {
	return a(ctx)
}

// stand is an engine with one policy of the actor's, bound to an application, and what it recorded.
type stand struct {
	*policy.Engine
	snapshot *model.Snapshot
	events   []*model.Event
}

// people know their names.
type people struct{ groups }

func (*people) User(context.Context, model.UserID) (*model.User, error) {
	return &model.User{Username: "bob"}, nil
}

func (*people) Group(_ context.Context, id model.GroupID) (*model.Group, error) {
	if id == "gone" {
		return nil, model.ErrNotFound
	}
	return &model.Group{Name: "Staff"}, nil
}

func newStand(act actor, change func(s *model.Snapshot, p *model.Policy, b *model.PolicyBinding)) *stand {
	p := &model.Policy{ID: "p", Name: "mine", Kind: "actor", Config: model.Config("{}")}
	b := &model.PolicyBinding{ID: "b", Target: "a", Policy: &p.ID, Enabled: true, Order: 3, Timeout: 5}
	s := &model.Snapshot{
		Policies: map[model.PolicyID]*model.Policy{p.ID: p}, PolicyBindings: map[model.PolicyBindingID]*model.PolicyBinding{b.ID: b},
		Applications: map[model.ApplicationID]*model.Application{"a": {ID: "a", Name: "Wiki"}},
	}
	if change != nil {
		change(s, p, b)
	}
	s.Index()
	x := &stand{snapshot: s}
	shelf := kind.NewShelf(kind.Of(kind.Info{Name: "actor"}, struct{}{}, func(struct{}) (policy.Driver, error) { return act, nil }))
	x.Engine = policy.New(shelf, kindtest.Box{}, &people{}, slog.New(slog.DiscardHandler)).WithEvents(func(_ context.Context, ev *model.Event) error {
		x.events = append(x.events, ev)
		return errors.New("the audit trail is full") // which changes no decision
	})
	return x
}

func (x *stand) evaluate(t *testing.T, r *policy.Request) (policy.Result, error) {
	t.Helper()
	r.Context = model.NewPlanContext()
	return x.Evaluate(t.Context(), x.snapshot, "a", model.EngineAny, r)
}

func TestAPolicyThatFailsLeavesAnEventThatNamesItAndItsLine(t *testing.T) {
	x := newStand(func(context.Context) (policy.Result, error) {
		return policy.Result{Messages: []string{"line 4: no"}}, &expr.RuntimeError{Line: 4, Column: 2, Message: "no"}
	}, nil)
	got, err := x.evaluate(t, &policy.Request{User: &model.User{ID: 7, Username: "ann"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(policy.Result{Messages: []string{"line 4: no"}, Rule: "policy mine on application Wiki"}, got); diff != "" {
		t.Error(diff)
	}
	if len(x.events) != 1 || x.events[0].Action != model.ActionPolicyException || x.events[0].User.Username != "ann" {
		t.Fatalf("events: %+v", x.events)
	}
	want := map[string]any{
		"message": "Policy mine failed: line 4, column 2: no", "line": 4, "column": 2, "target": "application Wiki",
		"policy": map[string]any{"pk": "p", "name": "mine", "kind": "actor"}, "binding": map[string]any{"pk": "b", "target": "a", "order": 3},
	}
	if diff := cmp.Diff(want, x.events[0].Context); diff != "" {
		t.Error(diff)
	}
}

func TestAPolicyThatPanicsHasFailed(t *testing.T) {
	for _, passing := range []bool{false, true} {
		x := newStand(func(context.Context) (policy.Result, error) {
			return *(*policy.Result)(nil), nil // a fault of the driver
		}, func(_ *model.Snapshot, _ *model.Policy, b *model.PolicyBinding) {
			b.FailureResult = passing
		})
		got, err := x.evaluate(t, &policy.Request{})
		if err != nil || got.Passing != passing {
			t.Errorf("%+v, %v", got, err)
		}
		if len(x.events) != 1 || x.events[0].Context["message"] != "Policy mine failed: the policy failed by a fault of the server" {
			t.Errorf("events: %+v", x.events)
		}
	}
}

func TestAFailureIsRecordedOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newStand(func(context.Context) (policy.Result, error) {
			return policy.Result{}, errors.New("inside of the house")
		}, nil)
		for range 10 {
			_, _ = x.evaluate(t, &policy.Request{})
		}
		if len(x.events) != 1 || x.events[0].Context["message"] != "Policy mine failed: see the server's log" {
			t.Errorf("events: %+v", x.events)
		}
		time.Sleep(61 * time.Second)
		if _, _ = x.evaluate(t, &policy.Request{}); len(x.events) != 2 {
			t.Errorf("%d events", len(x.events))
		}
		_, _ = x.evaluate(t, &policy.Request{Debug: true})
		time.Sleep(61 * time.Second)
		if _, _ = x.evaluate(t, &policy.Request{Debug: true}); len(x.events) != 2 {
			t.Error("a try-out left an event")
		}
	})
}

func TestDecisionsAreRecordedWhereThePolicySaysSo(t *testing.T) {
	x := newStand(func(context.Context) (policy.Result, error) {
		return policy.Result{Passing: true, Messages: []string{"why"}}, nil
	}, func(_ *model.Snapshot, p *model.Policy, b *model.PolicyBinding) {
		p.ExecutionLogging, b.Negate = true, true
	})
	got, err := x.evaluate(t, &policy.Request{})
	if err != nil || got.Passing {
		t.Fatalf("%+v, %v", got, err)
	}
	if len(x.events) != 1 || x.events[0].Action != model.ActionPolicyExecution {
		t.Fatalf("events: %+v", x.events)
	}
	if diff := cmp.Diff(map[string]any{"passing": false, "messages": []string{"why"}}, x.events[0].Context["result"]); diff != "" {
		t.Error(diff)
	}
}

func TestTheDatabaseIsNoDecisionOfAPolicy(t *testing.T) {
	x := newStand(func(context.Context) (policy.Result, error) { return policy.Result{}, model.ErrUnavailable }, func(_ *model.Snapshot, _ *model.Policy, b *model.PolicyBinding) {
		b.FailureResult = true
	})
	if _, err := x.evaluate(t, &policy.Request{}); !errors.Is(err, model.ErrUnavailable) || len(x.events) != 0 {
		t.Errorf("%v, %d events", err, len(x.events))
	}
}

func TestARefusalNamesWhoRefusesAndBeforeWhat(t *testing.T) {
	refuse := func(context.Context) (policy.Result, error) { return policy.Result{}, nil }
	user, group, gone := model.UserID(2), model.GroupID("g"), model.GroupID("gone")
	for _, tt := range []struct {
		want   string
		change func(s *model.Snapshot, b *model.PolicyBinding)
	}{
		{"policy mine on application Wiki", func(*model.Snapshot, *model.PolicyBinding) {}},
		{"user bob on application Wiki", func(_ *model.Snapshot, b *model.PolicyBinding) { b.Policy, b.User = nil, &user }},
		{"group Staff on application Wiki", func(_ *model.Snapshot, b *model.PolicyBinding) { b.Policy, b.Group = nil, &group }},
		{"group gone on application Wiki", func(_ *model.Snapshot, b *model.PolicyBinding) { b.Policy, b.Group = nil, &gone }},
		{"policy mine on source WeChat", func(s *model.Snapshot, _ *model.PolicyBinding) {
			s.Applications, s.Sources = nil, map[model.SourceID]*model.Source{"a": {ID: "a", Name: "WeChat"}}
		}},
		{"policy mine on flow enroll", func(s *model.Snapshot, _ *model.PolicyBinding) {
			s.Applications, s.Flows = nil, map[model.FlowID]*model.Flow{"a": {ID: "a", Slug: "enroll"}}
		}},
		{"policy mine on stage ask in flow enroll", func(s *model.Snapshot, _ *model.PolicyBinding) {
			s.Applications, s.Flows = nil, map[model.FlowID]*model.Flow{"f": {ID: "f", Slug: "enroll"}}
			s.Stages = map[model.StageID]*model.Stage{"s": {ID: "s", Name: "ask"}}
			s.Bindings = map[model.BindingID]*model.FlowStageBinding{"a": {ID: "a", Flow: "f", Stage: "s"}}
		}},
	} {
		x := newStand(refuse, func(s *model.Snapshot, _ *model.Policy, b *model.PolicyBinding) { tt.change(s, b) })
		got, err := x.evaluate(t, &policy.Request{User: &model.User{ID: 9, Groups: []model.UserGroup{}}})
		if err != nil || got.Passing || got.Rule != tt.want {
			t.Errorf("%+v, %v, want %q", got, err, tt.want)
		}
	}
}

func TestOnePolicyIsAskedByItself(t *testing.T) {
	fail := errors.New("no")
	x := newStand(func(context.Context) (policy.Result, error) { return policy.Result{Passing: true}, fail }, nil)
	if _, err := x.Test(t.Context(), x.snapshot, x.snapshot.Policies["p"], &policy.Request{}); !errors.Is(err, fail) || len(x.events) != 0 {
		t.Errorf("%v, %d events", err, len(x.events))
	}
}
