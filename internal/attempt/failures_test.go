package attempt_test

import (
	"context"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store/storetest"
)

func TestFailuresOfOneAddressAreCountedAcrossReplicas(t *testing.T) {
	db := storetest.Open(t)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	one, two := attempt.NewFailures(db, 4, clock), attempt.NewFailures(db, 4, clock)
	fail := func(f *attempt.Failures, what, ip string, times int) {
		t.Helper()
		for range times {
			if err := f.Failed(context.Background(), what, &model.Visitor{ClientIP: ip}); err != nil {
				t.Fatal(err)
			}
		}
	}
	check := func(f *attempt.Failures, what, ip string) error { return f.Check(what, &model.Visitor{ClientIP: ip}) }

	fail(one, "source a", "192.0.2.1", 2)
	fail(two, "source a", "192.0.2.1", 2)
	if err := check(one, "source a", "192.0.2.1"); err != nil {
		t.Fatalf("at the limit: %v", err)
	}
	fail(one, "source a", "192.0.2.1", 1) // the fifth
	if too := refused(t, check(one, "source a", "192.0.2.1")); too.Minutes() != "15" || too.Refusal.Reason != "login.too_many_attempts" {
		t.Errorf("%v, %s minutes", too, too.Minutes())
	}
	if err := check(two, "source a", "192.0.2.1"); err != nil {
		t.Errorf("the other replica asks the database of nothing before something fails there: %v", err)
	}
	fail(two, "source a", "192.0.2.1", 1)
	refused(t, check(two, "source a", "192.0.2.1"))

	for _, other := range [][2]string{{"source b", "192.0.2.1"}, {"source a", "192.0.2.2"}} {
		if err := check(one, other[0], other[1]); err != nil {
			t.Errorf("%v: %v", other, err)
		}
	}
	now = now.Add(attempt.Window)
	if err := check(one, "source a", "192.0.2.1"); err != nil {
		t.Errorf("nobody is shut out for good: %v", err)
	}
}
