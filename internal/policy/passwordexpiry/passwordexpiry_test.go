package passwordexpiry_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/policy/passwordexpiry"
	"github.com/weimen-id/weimen/internal/policy/policytest"
)

// users holds one user, as stored.
type users struct{ stored *model.User }

func (u users) UpdateUser(_ context.Context, _ model.UserID, fn func(*model.User) error) (*model.User, error) {
	return u.stored, fn(u.stored)
}

func expiry(u *model.User) kind.Kind[policy.Driver] {
	return passwordexpiry.Kind(users{u}, func() time.Time { return policytest.Now })
}

func TestCommon(t *testing.T) { policytest.Common(t, expiry(policytest.Ann()), `{"days": 1}`) }

func TestAPasswordMayGrowOnlySoOld(t *testing.T) {
	for _, tt := range []struct {
		name, config string
		user         *model.User
		want         policy.Result
	}{
		{"young enough", `{"days": 11}`, policytest.Ann(), policy.Result{Passing: true}},
		{"too old, to the second", `{"days": 10, "deny_only": true}`, policytest.Ann(), policy.Result{Texts: []policy.Text{{Key: "policy.password_expiry.expired"}}}},
		{"too old since today", `{"days": 10}`, policytest.Ann(), policy.Result{Texts: []policy.Text{{Key: "policy.password_expiry.today"}}}},
		{"too old by a week", `{"days": 3}`, policytest.Ann(), policy.Result{Texts: []policy.Text{{Key: "policy.password_expiry.renew", Args: map[string]string{"count": "7"}}}}},
		{"nobody has no password", `{"days": 0}`, nil, policy.Result{Passing: true}},
		{"neither has somebody who is still to be", `{"days": 0}`, &model.User{PasswordHash: "$hash"}, policy.Result{Passing: true}},
		{"nor who comes by WeChat only", `{"days": 0}`, &model.User{ID: 2}, policy.Result{Passing: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := policytest.Evaluate(t, policytest.Open(t, expiry(nil), tt.config), policytest.Request(tt.user))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whoever types a name, looks at a list or tries a policy out takes no password away.
func TestAnOldPasswordIsMadeUnusableOnlyWithTheRunOfItsOwner(t *testing.T) {
	for _, tt := range []struct {
		name, config string
		prepare      func(*policy.Request)
		want         bool
	}{
		{"by a password in this run", `{"days": 1}`, func(r *policy.Request) { r.Context.Put("user_backend", "x") }, true},
		{"by a session", `{"days": 1}`, func(r *policy.Request) { r.Visitor.User, r.Visitor.Session = r.User, &model.Session{} }, true},
		{"not by a name alone", `{"days": 1}`, nil, false},
		{"not by another's session", `{"days": 1}`, func(r *policy.Request) { r.Visitor.User, r.Visitor.Session = &model.User{ID: 9}, &model.Session{} }, false},
		{"not where it only denies", `{"days": 1, "deny_only": true}`, func(r *policy.Request) { r.Context.Put("user_backend", "x") }, false},
		{"not in a try-out", `{"days": 1}`, func(r *policy.Request) { r.Debug = true; r.Context.Put("user_backend", "x") }, false},
		{"not while it is young enough", `{"days": 100}`, func(r *policy.Request) { r.Context.Put("user_backend", "x") }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stored, r := policytest.Ann(), policytest.Request(policytest.Ann())
			var writes []func(context.Context) error
			r.Write = func(f func(context.Context) error) { writes = append(writes, f) }
			if tt.prepare != nil {
				tt.prepare(r)
			}
			policytest.Evaluate(t, policytest.Open(t, expiry(stored), tt.config), r)
			if stored.PasswordHash == "" {
				t.Fatal("it was written before the run agreed")
			}
			for _, f := range writes {
				if err := f(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := stored.PasswordHash == ""; got != tt.want {
				t.Errorf("unusable: %v", got)
			}
		})
	}
}

func TestAPasswordThatWasSetMeanwhileStays(t *testing.T) {
	stored, r := policytest.Ann(), policytest.Request(policytest.Ann())
	r.Context.Put("user_backend", "x")
	var work func(context.Context) error
	r.Write = func(f func(context.Context) error) { work = f }
	policytest.Evaluate(t, policytest.Open(t, expiry(stored), `{"days": 1}`), r)
	stored.PasswordHash, stored.PasswordChangeDate = "$new", policytest.Now
	if err := work(t.Context()); err != nil || stored.PasswordHash != "$new" {
		t.Errorf("%q, %v", stored.PasswordHash, err)
	}
}

func TestDaysThatCannotBe(t *testing.T) {
	policytest.Refused(t, expiry(nil), `{"days": -1}`, "days")
	policytest.Refused(t, expiry(nil), `{"days": 36501}`, "days")
}
