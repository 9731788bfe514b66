package uniquepassword_test

import (
	"context"
	"errors"
	"testing"

	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/policy/policytest"
	"github.com/weimen-id/weimen/internal/policy/uniquepassword"
)

// past holds the hashes of passwords, the newest first.
type past []string

func (p past) PasswordHistory(_ context.Context, user model.UserID, n int) ([]string, error) {
	if user == 0 {
		return nil, errors.New("nobody's passwords were asked for")
	}
	return append([]string{}, p[:min(n, len(p))]...), nil
}

// plain takes "hash of x" for the hash of x, and counts.
type plain struct{ compared int }

func (p *plain) Verify(ctx context.Context, stored, password string) (bool, error) {
	p.compared++
	if stored == "broken" {
		return false, keypair.ErrPasswordHash
	}
	return stored == "hash of "+password, ctx.Err()
}

func typed(password string, u *model.User) *policy.Request {
	r := policytest.Request(u)
	r.Context.Put("prompt_data", map[string]any{"password": password, "other": "x"})
	return r
}

func maker(p past, v *plain) kind.Kind[policy.Driver] { return uniquepassword.Kind(p, v) }

func TestCommon(t *testing.T) { policytest.Common(t, maker(past{"hash of x"}, &plain{}), ``) }

func TestAPasswordMustBeNew(t *testing.T) {
	ann := func(hash string) *model.User { return &model.User{ID: 1, PasswordHash: hash} }
	before := past{"hash of b", "hash of c", "hash of d"}
	for _, tt := range []struct {
		name, config, password string
		user                   *model.User
		past                   past
		want                   string
		compared               int
	}{
		{"the present one, by default", ``, "a", ann("hash of a"), before, "policy.unique_password.used", 1},
		{"the one before, by default", ``, "b", ann("hash of a"), before, "", 1},
		{"the one before", `{"num_historical_passwords": 2}`, "b", ann("hash of a"), before, "policy.unique_password.used", 2},
		{"the third", `{"num_historical_passwords": 3}`, "c", ann("hash of a"), before, "policy.unique_password.used", 3},
		{"one that is long ago", `{"num_historical_passwords": 3}`, "d", ann("hash of a"), before, "", 3},
		{"a new one", `{"num_historical_passwords": 24}`, "new", ann("hash of a"), before, "", 4},
		{"nobody asks", `{"num_historical_passwords": 0}`, "a", ann("hash of a"), before, "", 0},
		{"the last one of somebody whose password was made unusable", ``, "b", ann(""), before, "policy.unique_password.used", 1},
		{"the present one is not counted twice", `{"num_historical_passwords": 2}`, "c", ann("hash of b"), before, "policy.unique_password.used", 2},
		{"a hash that cannot be read", `{"num_historical_passwords": 2}`, "c", ann("broken"), past{"hash of c"}, "policy.unique_password.used", 2},
		{"somebody who is still to be", ``, "a", &model.User{}, before, "", 0},
		{"nobody", ``, "a", nil, before, "", 0},
		{"no password", ``, "", ann("hash of a"), before, "policy.password.missing", 0},
		{"another field", `{"password_field": "other"}`, "a", ann("hash of x"), before, "policy.unique_password.used", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &plain{}
			got := policytest.Evaluate(t, policytest.Open(t, maker(tt.past, v), tt.config), typed(tt.password, tt.user))
			said := ""
			if len(got.Texts) > 0 {
				said = got.Texts[0].Key
			}
			if said != tt.want || got.Passing != (tt.want == "") || v.compared != tt.compared {
				t.Errorf("%+v after %d comparisons", got, v.compared)
			}
		})
	}
}

func TestWhoWaitsNoLongerGetsNoDecision(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := policytest.Open(t, maker(nil, &plain{}), ``).Evaluate(ctx, typed("new", policytest.Ann())); err == nil {
		t.Error("decided without comparing")
	}
}

func TestAsManyPasswordsAreKeptAsTheLongestPolicyAsksFor(t *testing.T) {
	for _, tt := range []struct {
		name     string
		policies []model.Policy
		want     int
	}{
		{"no policy", nil, 0},
		{"another kind", []model.Policy{{Kind: "password", Config: model.Config(`{"num_historical_passwords": 9}`)}}, 0},
		{"the default", []model.Policy{{Kind: "unique_password"}}, 1},
		{"the longest", []model.Policy{{Kind: "unique_password", Config: model.Config(`{"num_historical_passwords": 9}`)}, {Kind: "unique_password"}}, 9},
		{"never too many", []model.Policy{{Kind: "unique_password", Config: model.Config(`{"num_historical_passwords": 9000}`)}}, 24},
		{"settings that cannot be read", []model.Policy{{Kind: "unique_password", Config: model.Config(`{`)}}, 0},
	} {
		s := &model.Snapshot{Policies: map[model.PolicyID]*model.Policy{}}
		for i := range tt.policies {
			s.Policies[model.PolicyID(rune('a'+i))] = &tt.policies[i]
		}
		if got := uniquepassword.Longest(s); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestNumbersThatCannotBe(t *testing.T) {
	policytest.Refused(t, maker(nil, nil), `{"num_historical_passwords": -1}`, "num_historical_passwords")
	policytest.Refused(t, maker(nil, nil), `{"num_historical_passwords": 25}`, "num_historical_passwords")
	policytest.Refused(t, maker(nil, nil), `{"password_field": ""}`, "password_field")
}
