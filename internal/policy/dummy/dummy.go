package dummy

import (
	"context"
	"crypto/rand"
	"math/big"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
)

// longest is the longest wait in seconds: nobody stays at a page for more.
const longest = 300

// Config is the settings of a dummy policy.
type Config struct {
	// Whether the policy lets pass.
	Result bool `json:"result"`
	// How many seconds the answer takes at least.
	WaitMin int `json:"wait_min"`
	// How many seconds the answer takes at most. A binding whose timeout is shorter gets no answer.
	WaitMax int `json:"wait_max"`
}

// Validate checks the times.
func (c *Config) Validate() error {
	switch {
	case c.WaitMin < 0:
		return model.Invalid("wait_min", "Ensure this value is greater than or equal to 0.")
	case c.WaitMax < c.WaitMin:
		return model.Invalid("wait_max", "The longest wait is shorter than the shortest.")
	case c.WaitMax > longest:
		return model.Invalid("wait_max", "Ensure this value is less than or equal to 300.")
	}
	return nil
}

// Kind describes the policy.
func Kind() kind.Kind[policy.Driver] {
	return kind.Of(kind.Info{
		Name: "dummy", VerboseName: "Dummy Policy", VerboseNamePlural: "Dummy Policies",
		Component: "ak-policy-dummy-form", MetaModelName: "authentik_policies_dummy.dummypolicy",
		Description: "Answers as its settings say, after a while: to try bindings out.",
	}, Config{WaitMin: 5, WaitMax: 30}, func(c Config) (policy.Driver, error) { return &driver{c}, nil })
}

type driver struct{ Config }

var _ policy.Driver = (*driver)(nil)

// Evaluate waits and answers.
func (d *driver) Evaluate(ctx context.Context, _ *policy.Request) (policy.Result, error) {
	timer := time.NewTimer(d.wait())
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return policy.Result{}, ctx.Err()
	case <-timer.C:
		return policy.Result{Passing: d.Result, Messages: []string{"dummy"}}, nil
	}
}

// wait draws how long the answer takes.
func (d *driver) wait() time.Duration {
	shortest, span := time.Duration(d.WaitMin)*time.Second, time.Duration(d.WaitMax-d.WaitMin)*time.Second
	more, err := rand.Int(rand.Reader, big.NewInt(int64(span)+1))
	if err != nil { // never, see crypto/rand
		return shortest
	}
	return shortest + time.Duration(more.Int64())
}
