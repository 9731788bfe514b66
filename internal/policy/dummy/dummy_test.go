package dummy_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weimen-id/weimen/internal/policy/dummy"
	"github.com/weimen-id/weimen/internal/policy/policytest"
)

func TestCommon(t *testing.T) {
	policytest.Common(t, dummy.Kind(), `{"wait_min": 0, "wait_max": 0}`)
}

func TestItAnswersAfterAWhile(t *testing.T) {
	for _, tt := range []struct {
		name, config string
		passing      bool
		min, max     time.Duration
	}{
		{"by default it refuses within half a minute", ``, false, 5 * time.Second, 30 * time.Second},
		{"it may let pass", `{"result": true}`, true, 5 * time.Second, 30 * time.Second},
		{"at once", `{"result": true, "wait_min": 0, "wait_max": 0}`, true, 0, 0},
		{"after a fixed time", `{"wait_min": 7, "wait_max": 7}`, false, 7 * time.Second, 7 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, start := policytest.Open(t, dummy.Kind(), tt.config), time.Now()
				got := policytest.Evaluate(t, d, policytest.Request(nil))
				if took := time.Since(start); got.Passing != tt.passing || len(got.Messages) != 1 || took < tt.min || took > tt.max {
					t.Errorf("%+v after %s", got, took)
				}
			})
		})
	}
}

func TestItEndsWithTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := policytest.Open(t, dummy.Kind(), ``).Evaluate(ctx, policytest.Request(nil)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestTimesThatCannotBe(t *testing.T) {
	policytest.Refused(t, dummy.Kind(), `{"wait_min": -1}`, "wait_min")
	policytest.Refused(t, dummy.Kind(), `{"wait_min": 9, "wait_max": 8}`, "wait_max")
	policytest.Refused(t, dummy.Kind(), `{"wait_max": 301}`, "wait_max")
}
