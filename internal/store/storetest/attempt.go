package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func attempts(t *testing.T, s *store.Store) {
	ctx := t.Context()
	now := at(0)
	got, err := s.CountAttempts(ctx, []string{"b", "a", "b"}, time.Minute, now)
	must(t, err)
	same(t, got, []model.Attempts{{Key: "a", Count: 1, Until: now.Add(time.Minute)}, {Key: "b", Count: 1, Until: now.Add(time.Minute)}})

	// The window is that of the first attempt.
	got, err = s.CountAttempts(ctx, []string{"a"}, time.Hour, now.Add(time.Second))
	must(t, err)
	same(t, got, []model.Attempts{{Key: "a", Count: 2, Until: now.Add(time.Minute)}})
	got, err = s.Attempts(ctx, []string{"b", "a", "none"}, now)
	must(t, err)
	same(t, len(got), 2)
	got, err = s.Attempts(ctx, []string{"a"}, now.Add(time.Minute))
	must(t, err)
	same(t, len(got), 0)
	got, err = s.CountAttempts(ctx, []string{"a"}, time.Minute, now.Add(time.Minute))
	must(t, err)
	same(t, got, []model.Attempts{{Key: "a", Count: 1, Until: now.Add(2 * time.Minute)}})

	must(t, s.ForgetAttempts(ctx, []string{"b", "none"}))
	got, err = s.Attempts(ctx, []string{"b"}, now)
	must(t, err)
	same(t, len(got), 0)
	for _, none := range [][]string{nil, {}} {
		must(t, s.ForgetAttempts(ctx, none))
		got, err = s.CountAttempts(ctx, none, time.Minute, now)
		if err != nil || len(got) != 0 {
			t.Errorf("no keys: %v, %v", got, err)
		}
	}
	many := make([]string, 50)
	for i := range many {
		many[i] = fmt.Sprintf("k%02d", i)
	}
	got, err = s.CountAttempts(ctx, many, time.Minute, now)
	must(t, err)
	same(t, len(got), 50)
}

// releasedAttempts: an attempt is taken back, or all under a key; no count falls below nothing.
func releasedAttempts(t *testing.T, s *store.Store) {
	ctx := t.Context()
	now := at(0)
	for range 3 {
		_, err := s.CountAttempts(ctx, []string{"a", "b", "c"}, time.Minute, now)
		must(t, err)
	}
	must(t, s.ReleaseAttempts(ctx, []string{"b", "a", "none"}, []string{"a"}))
	must(t, s.ReleaseAttempts(ctx, []string{"a", "b"}, nil))
	must(t, s.ReleaseAttempts(ctx, nil, nil))
	got, err := s.Attempts(ctx, []string{"a", "b", "c"}, now)
	must(t, err)
	until := now.Add(time.Minute)
	same(t, got, []model.Attempts{{Key: "a", Until: until}, {Key: "b", Count: 1, Until: until}, {Key: "c", Count: 3, Until: until}})
}

// attemptsAtOnce: none of many failures that come at once is lost, whatever the order of their keys.
func attemptsAtOnce(t *testing.T, s *store.Store) {
	now := at(0)
	n := race(t, "", func(ctx context.Context) error {
		_, err := s.CountAttempts(ctx, []string{"x", "y", "z"}, time.Hour, now)
		if err != nil {
			return err
		}
		_, err = s.CountAttempts(ctx, []string{"z", "x"}, time.Hour, now)
		return err
	})
	got, err := s.Attempts(t.Context(), []string{"x", "y", "z"}, now)
	must(t, err)
	if n != crowd || len(got) != 3 || got[0].Count != 2*crowd || got[1].Count != crowd || got[2].Count != 2*crowd {
		t.Errorf("%d callers counted %+v", n, got)
	}
}

func reputations(t *testing.T, s *store.Store) {
	ctx := t.Context()
	adjust := func(identifier, ip string, delta int, now time.Time) {
		t.Helper()
		must(t, s.AdjustReputation(ctx, identifier, ip, delta, -5, 5, now))
	}
	sum := func(identifier, ip string, want int) {
		t.Helper()
		got, err := s.Reputation(ctx, identifier, ip)
		must(t, err)
		if got != want {
			t.Errorf("%q at %q: %d, want %d", identifier, ip, got, want)
		}
	}
	adjust("anna", "192.0.2.1", -1, at(0))
	adjust("anna", "192.0.2.1", -2, at(0))
	adjust("anna", "192.0.2.2", 1, at(0))
	adjust("bert", "192.0.2.1", -100, at(0))
	sum("anna", "192.0.2.1", -7)
	sum("bert", "", -5)
	sum("", "192.0.2.2", 1)
	sum("nobody", "192.0.2.9", 0)
	adjust("bert", "192.0.2.1", 100, at(0))
	sum("bert", "", 5)

	// What is a day old counts no more, and begins anew.
	adjust("old", "192.0.2.3", -3, at(-25*time.Hour))
	sum("old", "192.0.2.3", 0)
	adjust("old", "192.0.2.3", -1, at(0))
	sum("old", "192.0.2.3", -1)

	page, total, err := s.ListReputations(ctx, store.List{Search: "ANNA", Order: []string{"score"}})
	must(t, err)
	if total != 2 || page[0].Score != -3 || page[0].IP != "192.0.2.1" {
		t.Errorf("list: %d %+v", total, page)
	}
	one, err := s.ReputationScore(ctx, page[0].ID)
	must(t, err)
	same(t, one, page[0])
	must(t, s.DeleteReputation(ctx, page[0].ID))
	want(t, s.DeleteReputation(ctx, page[0].ID), model.ErrNotFound)
	_, err = s.ReputationScore(ctx, page[0].ID)
	want(t, err, model.ErrNotFound)
	sum("anna", "", 1)
}

// reputationsAtOnce: of many adjustments that come at once none is lost.
func reputationsAtOnce(t *testing.T, s *store.Store) {
	n := race(t, "", func(ctx context.Context) error { return s.AdjustReputation(ctx, "u", "192.0.2.1", -1, -1000, 5, at(0)) })
	score, err := s.Reputation(t.Context(), "u", "")
	must(t, err)
	if n != crowd || score != -crowd {
		t.Errorf("%d adjustments, score %d", n, score)
	}
}
