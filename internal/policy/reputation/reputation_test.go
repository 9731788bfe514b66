package reputation_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy/policytest"
	"github.com/weimen-id/weimen/internal/policy/reputation"
)

// scores answers one score, and remembers what it was asked and told.
type scores struct {
	score int
	err   error
	said  []string
}

func (s *scores) Reputation(_ context.Context, identifier, ip string) (int, error) {
	s.said = append(s.said, identifier+"@"+ip)
	return s.score, s.err
}

func (s *scores) AdjustReputation(_ context.Context, identifier, ip string, delta, lower, upper int, now time.Time) error {
	if !now.Equal(policytest.Now) {
		return errors.New("another time")
	}
	s.said = append(s.said, fmt.Sprintf("%s@%s %+d within %d and %d", identifier, ip, delta, lower, upper))
	return s.err
}

func TestCommon(t *testing.T) { policytest.Common(t, reputation.Kind(&scores{}), ``) }

func TestALowScoreIsSuspicious(t *testing.T) {
	for _, tt := range []struct {
		name, config string
		user         *model.User
		ip           string
		score        int
		want         bool
		asked        []string
	}{
		{"above the threshold", ``, policytest.Ann(), "192.0.2.1", -4, false, []string{"ann@192.0.2.1"}},
		{"at the threshold", ``, policytest.Ann(), "192.0.2.1", -5, true, []string{"ann@192.0.2.1"}},
		{"below it", ``, policytest.Ann(), "192.0.2.1", -50, true, []string{"ann@192.0.2.1"}},
		{"a threshold above zero", `{"threshold": 10}`, policytest.Ann(), "192.0.2.1", 10, true, []string{"ann@192.0.2.1"}},
		{"only the name", `{"check_ip": false}`, policytest.Ann(), "192.0.2.1", 0, false, []string{"ann@"}},
		{"only the address", `{"check_username": false}`, policytest.Ann(), "192.0.2.1", 0, false, []string{"@192.0.2.1"}},
		{"nobody", ``, nil, "192.0.2.1", -5, true, []string{"@192.0.2.1"}},
		{"somebody who is pretended", ``, &model.User{Username: " ANN "}, "192.0.2.1", -5, true, []string{"ann@192.0.2.1"}},
		{"a network of IPv6", ``, nil, "2001:db8:1:2:3:4:5:6", 0, false, []string{"@2001:db8:1:2::"}},
		{"IPv4 in IPv6 clothes", ``, nil, "::ffff:192.0.2.1", 0, false, []string{"@192.0.2.1"}},
		{"nobody at no address has no score", `{"threshold": 0}`, nil, "", -5, true, nil},
		{"and passes for nothing else", ``, nil, "", -5, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, r := &scores{score: tt.score}, policytest.Request(tt.user)
			r.Visitor.ClientIP = tt.ip
			got := policytest.Evaluate(t, policytest.Open(t, reputation.Kind(s), tt.config), r)
			if diff := cmp.Diff(tt.asked, s.said); got.Passing != tt.want || diff != "" {
				t.Errorf("%+v\n%s", got, diff)
			}
		})
	}
}

func TestADatabaseThatIsAwayIsNoScore(t *testing.T) {
	_, err := policytest.Open(t, reputation.Kind(&scores{err: errors.New("away")}), ``).Evaluate(t.Context(), policytest.Request(policytest.Ann()))
	if err == nil {
		t.Error("decided without the score")
	}
}

func TestNothingToCheckIsRefused(t *testing.T) {
	policytest.Refused(t, reputation.Kind(nil), `{"check_ip": false, "check_username": false}`, "check_username")
}

// asking is configuration with a policy that asks for scores.
func asking(settings *model.Settings) *model.Snapshot {
	return &model.Snapshot{Policies: map[model.PolicyID]*model.Policy{"p": {Kind: "reputation"}}, Settings: settings}
}

func TestWhatCounts(t *testing.T) {
	ann := &model.EventUser{ID: 1, Username: "Ann"}
	for _, tt := range []struct {
		name  string
		event model.Event
		want  []string
	}{
		{"a wrong password", model.Event{Action: model.ActionLoginFailed, App: "authentik.stages.password", User: ann}, []string{"ann@192.0.2.1 -1 within -5 and 5"}},
		{
			"a name that nobody has",
			model.Event{Action: model.ActionLoginFailed, App: "authentik.stages.identification", Context: map[string]any{"username": "Nobody"}},
			[]string{"nobody@192.0.2.1 -1 within -5 and 5"},
		},
		{
			"one wrong password too many",
			model.Event{Action: model.ActionLoginFailed, App: "authentik.flows", User: ann, Context: map[string]any{"reason": "login.failed_attempts"}},
			[]string{"ann@192.0.2.1 -1 within -5 and 5"},
		},
		{"a sign-in", model.Event{Action: model.ActionLogin, App: "authentik.stages.user_login", User: ann}, []string{"ann@192.0.2.1 +1 within -5 and 5"}},
		{"a refusal by a policy does not", model.Event{Action: model.ActionLoginFailed, App: "authentik.flows", User: ann, Context: map[string]any{"reason": "flow.not_applicable"}}, nil},
		{"a sign-in that failed at a source does not", model.Event{Action: model.ActionLoginFailed, App: "authentik.sources.oauth", User: ann}, nil},
		{"a program's token does not", model.Event{Action: model.ActionLogin, App: "authentik.providers.oauth2", User: ann}, nil},
		{"anything else does not", model.Event{Action: model.ActionUserWrite, App: "authentik.stages.user_write", User: ann}, nil},
		{"nobody has no score", model.Event{Action: model.ActionLoginFailed, App: "authentik.stages.identification", Context: map[string]any{"username": " "}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, settings := range map[string]*model.Settings{"settings": model.NewSettings(), "none yet": nil} {
				s := &scores{}
				tt.event.ClientIP = "192.0.2.1"
				if err := reputation.NewRecorder(s, func() time.Time { return policytest.Now }).Observe(t.Context(), asking(settings), &tt.event); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.want, s.said); diff != "" {
					t.Errorf("%s:\n%s", name, diff)
				}
			}
		})
	}
}

func TestTheLimitsAreTheInstallations(t *testing.T) {
	s := &scores{}
	e := &model.Event{Action: model.ActionLogin, App: "authentik.stages.user_login", User: &model.EventUser{Username: "ann"}}
	snapshot := asking(&model.Settings{ReputationLowerLimit: -9, ReputationUpperLimit: 9})
	err := reputation.NewRecorder(s, func() time.Time { return policytest.Now }).Observe(t.Context(), snapshot, e)
	if diff := cmp.Diff([]string{"ann@ +1 within -9 and 9"}, s.said); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestWhereNobodyAsksNothingIsCounted(t *testing.T) {
	s := &scores{}
	e := &model.Event{Action: model.ActionLogin, App: "authentik.stages.user_login", User: &model.EventUser{Username: "ann"}}
	snapshot := &model.Snapshot{Policies: map[model.PolicyID]*model.Policy{"p": {Kind: "dummy"}}}
	if err := reputation.NewRecorder(s, time.Now).Observe(t.Context(), snapshot, e); err != nil || len(s.said) > 0 {
		t.Error(err, s.said)
	}
}
