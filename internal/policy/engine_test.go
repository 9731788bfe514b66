package policy_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/kind/kindtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// groups are Ann's (1): staff, and all above it. The second read fails.
type groups struct{ reads int }

func (g *groups) GroupsOf(_ context.Context, id model.UserID) ([]model.UserGroup, error) {
	if g.reads++; g.reads > 1 {
		return nil, errors.New("read twice")
	}
	if id != 1 {
		return nil, nil
	}
	return []model.UserGroup{{Group: model.Group{ID: "staff"}, Direct: true}, {Group: model.Group{ID: "everyone"}}}, nil
}

// bound makes a snapshot whose target has these bindings, in their order. A config makes a policy of it.
type bound struct {
	config  string
	user    model.UserID
	group   model.GroupID
	negate  bool
	off     bool
	timeout int
	failing bool // failure_result
}

func snapshot(bindings []bound) *model.Snapshot {
	s := &model.Snapshot{Policies: map[model.PolicyID]*model.Policy{}, PolicyBindings: map[model.PolicyBindingID]*model.PolicyBinding{}}
	for i, b := range bindings {
		id := string(rune('a' + i))
		binding := &model.PolicyBinding{
			ID: model.PolicyBindingID(id), Target: "target", Order: i, Enabled: !b.off, Negate: b.negate, Timeout: b.timeout, FailureResult: b.failing,
		}
		switch {
		case b.config != "":
			p := &model.Policy{ID: model.PolicyID(id), Name: "policy " + id, Kind: "verdict", Config: model.Config(b.config)}
			s.Policies[p.ID], binding.Policy = p, &p.ID
		case b.group != "":
			binding.Group = &b.group
		default:
			binding.User = &b.user
		}
		s.PolicyBindings[binding.ID] = binding
	}
	s.Index()
	return s
}

const (
	yes   = `{"passing": true, "message": "yes"}`
	no    = `{"passing": false, "message": "no"}`
	fails = `{"fails": true}`
	hangs = `{"hangs": true}`
)

func TestHowBindingsCombine(t *testing.T) {
	ann, bob := &model.User{ID: 1, IsActive: true}, &model.User{ID: 2, IsActive: true}
	unborn := &model.User{}
	tests := []struct {
		name     string
		bindings []bound
		user     *model.User
		any, all bool
	}{
		{"nothing bound lets everyone pass", nil, nil, true, true},
		{"only disabled bindings too", []bound{{config: no, off: true}}, nil, true, true},
		{"one that passes", []bound{{config: yes}}, nil, true, true},
		{"one that refuses", []bound{{config: no}}, nil, false, false},
		{"one of two", []bound{{config: yes}, {config: no}}, nil, true, false},
		{"one of two, the other way round", []bound{{config: no}, {config: yes}}, nil, true, false},
		{"a disabled one does not count", []bound{{config: yes}, {config: no, off: true}}, nil, true, true},
		{"negated", []bound{{config: no, negate: true}}, nil, true, true},
		{"negated, and passing", []bound{{config: yes, negate: true}}, nil, false, false},
		{"a user", []bound{{user: 1}}, ann, true, true},
		{"another user", []bound{{user: 1}}, bob, false, false},
		{"nobody", []bound{{user: 1}}, nil, false, false},
		{"a user who is still to be made", []bound{{user: 0}}, unborn, false, false},
		{"everyone but a user", []bound{{user: 1, negate: true}}, bob, true, true},
		{"a group", []bound{{group: "staff"}}, ann, true, true},
		{"a group above", []bound{{group: "everyone"}}, ann, true, true},
		{"another group", []bound{{group: "staff"}}, bob, false, false},
		{"a group, and nobody is there", []bound{{group: "staff"}}, nil, false, false},
		{"users and groups are one result: one of them is enough in both modes", []bound{{user: 2}, {group: "staff"}, {user: 3}}, ann, true, true},
		{"that one result and a policy", []bound{{user: 2}, {group: "staff"}, {config: no}}, ann, true, false},
		{"no user matches, and a policy passes", []bound{{user: 2}, {config: yes}}, ann, true, false},
		{"a policy that fails refuses", []bound{{config: fails}}, nil, false, false},
		{"unless its failure result says otherwise", []bound{{config: fails, failing: true}}, nil, true, true},
		{"and negation comes after", []bound{{config: fails, failing: true, negate: true}}, nil, false, false},
		{"settings that cannot be read are a failure", []bound{{config: `{"nonsense": 1}`, failing: true}}, nil, true, true},
		{"a policy without an answer refuses", []bound{{config: hangs, timeout: 2}}, nil, false, false},
		{"or passes, as its failure result says", []bound{{config: hangs, timeout: 2, failing: true}}, nil, true, true},
		{"a timeout of nothing is still one", []bound{{config: hangs}, {config: yes}}, nil, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for mode, want := range map[model.EngineMode]bool{model.EngineAny: tt.any, model.EngineAll: tt.all} {
					e := policy.New(kind.NewShelf(flowtest.Verdict()), kindtest.Box{}, &groups{}, slog.New(slog.DiscardHandler))
					var u *model.User
					if tt.user != nil {
						c := *tt.user
						u = &c
					}
					got, err := e.Evaluate(t.Context(), snapshot(tt.bindings), "target", mode, &policy.Request{User: u, Context: model.NewPlanContext()})
					if err != nil {
						t.Fatal(err)
					}
					if got.Passing != want {
						t.Errorf("%s: %+v, want %v", mode, got, want)
					}
					if !got.Passing && got.Rule == "" {
						t.Errorf("%s: nobody is named as the one who refused", mode)
					}
				}
			})
		})
	}
}

func TestMessagesAreTheBindingsInOrderWithoutRepeats(t *testing.T) {
	e := policy.New(kind.NewShelf(flowtest.Verdict()), kindtest.Box{}, &groups{}, slog.New(slog.DiscardHandler))
	s := snapshot([]bound{{config: no}, {config: yes}, {config: no}, {config: `{"message": "why"}`}})
	got, err := e.Evaluate(t.Context(), s, "target", model.EngineAll, &policy.Request{Context: model.NewPlanContext()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"no", "yes", "why"}, got.Messages); diff != "" || got.Rule != "policy policy a on target target" {
		t.Errorf("rule %q, messages (-want +got):\n%s", got.Rule, diff)
	}
}

func TestADatabaseThatIsAwayIsAnErrorAndNoDecision(t *testing.T) {
	away := &groups{reads: 1}
	e := policy.New(kind.NewShelf(flowtest.Verdict()), kindtest.Box{}, away, slog.New(slog.DiscardHandler))
	_, err := e.Evaluate(t.Context(), snapshot([]bound{{group: "staff", negate: true}}), "target", model.EngineAny, &policy.Request{User: &model.User{ID: 1}})
	if err == nil {
		t.Error("a decision without the groups")
	}
}

// TestWhatNobodyIsBoundToIsNobodys tells an entitlement from a door: a door without bindings is open.
func TestWhatNobodyIsBoundToIsNobodys(t *testing.T) {
	ann := model.User{ID: 1, IsActive: true}
	for _, tt := range []struct {
		name     string
		bindings []bound
		want     bool
	}{
		{"nothing is bound", nil, false},
		{"what is bound is disabled", []bound{{user: 1, off: true}}, false},
		{"the person is bound", []bound{{user: 1}}, true},
		{"another person is bound", []bound{{user: 2}}, false},
		{"the person's group is bound", []bound{{group: "staff"}}, true},
		{"a group above it is bound", []bound{{group: "everyone"}}, true},
		{"everybody but the person", []bound{{user: 1, negate: true}}, false},
		{"everybody but somebody else", []bound{{user: 2, negate: true}}, true},
		{"one of several holds", []bound{{user: 2}, {config: no}, {group: "staff"}}, true},
		{"a policy lets pass", []bound{{user: 2}, {config: yes}}, true},
		{"a policy fails", []bound{{config: fails}}, false},
		{"a policy fails and counts as passed", []bound{{config: fails, failing: true}}, true},
	} {
		e := policy.New(kind.NewShelf(flowtest.Verdict()), kindtest.Box{}, &groups{}, slog.New(slog.DiscardHandler))
		u := ann
		got, err := e.Grants(t.Context(), snapshot(tt.bindings), "target", &policy.Request{User: &u, Context: model.NewPlanContext()})
		if err != nil || got != tt.want {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
}

func TestAnEntitlementIsNotRefusedBecauseTheDatabaseIsAway(t *testing.T) {
	e := policy.New(kind.NewShelf(flowtest.Verdict()), kindtest.Box{}, &groups{reads: 1}, slog.New(slog.DiscardHandler))
	if _, err := e.Grants(t.Context(), snapshot([]bound{{group: "staff"}}), "target", &policy.Request{User: &model.User{ID: 1}}); err == nil {
		t.Error("no error")
	}
}
