package policytest

import (
	"context"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/kind/kindtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// Now is when requests are made.
var Now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// Open opens a policy from settings as they are stored: a JSON object, or "" for the defaults.
func Open(t testing.TB, k kind.Kind[policy.Driver], config string) policy.Driver {
	t.Helper()
	d, err := kind.NewShelf(k).Open(k.Name, model.Config(config), kindtest.Box{}, "p")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Ann is a person.
func Ann() *model.User {
	return &model.User{ID: 1, Username: "ann", Name: "Ann Example", Email: "ann@example.org", IsActive: true, PasswordHash: "$hash", PasswordChangeDate: Now.AddDate(0, 0, -10)}
}

// Request is a request of a person, who may be nil, from an address of the documentation's network, in a run that knows nothing yet.
func Request(u *model.User) *policy.Request {
	v := &model.Visitor{Locale: "en", ClientIP: "192.0.2.1", RequestID: "r", Now: Now}
	return &policy.Request{Visitor: v, User: u, Context: model.NewPlanContext()}
}

// Evaluate asks the policy and fails the test on an error.
func Evaluate(t testing.TB, d policy.Driver, r *policy.Request) policy.Result {
	t.Helper()
	got, err := d.Evaluate(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Refused checks that settings are refused, and that the field is named.
func Refused(t testing.TB, k kind.Kind[policy.Driver], config, field string) {
	t.Helper()
	c := k.New()
	err := kind.Load(c, model.Config(config), kindtest.Box{}, "p")
	if err != nil {
		t.Fatalf("%s: %v", config, err)
	}
	v, ok := c.(kind.Validator)
	if !ok {
		t.Fatalf("%s has nothing to check with", k.Name)
	}
	if e, ok := v.Validate().(*model.Error); !ok || len(e.Fields[field]) == 0 { //nolint:errorlint // Validate returns it bare
		t.Errorf("%s: %v", config, v.Validate())
	}
}

// Common runs the suite with settings that a policy may have. An answer or an error are both right; a panic and a wait are not.
func Common(t *testing.T, k kind.Kind[policy.Driver], config string) {
	t.Helper()
	d := Open(t, k, config)
	requests := map[string]func() *policy.Request{
		"nobody":                        func() *policy.Request { return Request(nil) },
		"a person":                      func() *policy.Request { return Request(Ann()) },
		"a person who is still to be":   func() *policy.Request { return Request(&model.User{}) },
		"no visitor":                    func() *policy.Request { return &policy.Request{User: Ann(), Context: model.NewPlanContext()} },
		"a try-out":                     func() *policy.Request { r := Request(Ann()); r.Debug = true; return r },
		"an address that is none":       func() *policy.Request { r := Request(Ann()); r.Visitor.ClientIP = "nonsense"; return r },
		"prompt data that is no object": func() *policy.Request { r := Request(Ann()); r.Context.Put("prompt_data", "nonsense"); return r },
		"prompt data of another shape": func() *policy.Request {
			r := Request(Ann())
			r.Context.Put("prompt_data", map[string]any{"password": 1, "email": nil})
			return r
		},
		"an event about nothing": func() *policy.Request { r := Request(nil); r.Event = &model.Event{}; return r },
		"an event of an unexpected kind": func() *policy.Request {
			r := Request(nil)
			r.Event = &model.Event{Context: map[string]any{"model": 1}}
			return r
		},
	}
	for name, request := range requests {
		t.Run(name, func(t *testing.T) {
			r := request()
			_, _ = d.Evaluate(t.Context(), r)
			_, _ = d.Evaluate(t.Context(), r)
		})
	}
	t.Run("whoever does not want to wait any more gets an end", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		start := time.Now()
		_, _ = d.Evaluate(ctx, Request(Ann()))
		if took := time.Since(start); took > time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
