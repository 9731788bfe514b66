package attempt

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Links is what wrong one-time links and links of letters count as.
const Links = "link"

// Source is what failed callbacks of a source count as.
func Source(id model.SourceID) string { return "source " + string(id) }

// mostShut bounds how many addresses are remembered.
const mostShut = 10_000

// Failures counts what goes wrong from an address and is not counted before it is tried: what goes well costs nothing. What a count says is remembered by this process until it is
// forgotten in the database too, and nothing else is asked by [Failures.Check]; another replica learns it by the next failure there.
type Failures struct {
	store Store
	limit int
	now   func() time.Time

	mu   sync.Mutex
	shut map[string]time.Time // until when, by key
}

// NewFailures makes it. The limit is how many pass in a window from one address.
func NewFailures(s Store, limit int, now func() time.Time) *Failures {
	return &Failures{store: s, limit: limit, now: now, shut: map[string]time.Time{}}
}

// Check gives a *[TooMany] where so much went wrong that nothing must be tried. It asks nothing of the database.
func (f *Failures) Check(what string, v *model.Visitor) error {
	now := f.now()
	f.mu.Lock()
	until, ok := f.shut[failureKey(what, v)]
	f.mu.Unlock()
	if !ok || !now.Before(until) {
		return nil
	}
	return tooMany(until.Sub(now))
}

// Failed counts a failure.
func (f *Failures) Failed(ctx context.Context, what string, v *model.Visitor) error {
	key, now := failureKey(what, v), f.now()
	counts, err := f.store.CountAttempts(ctx, []string{key}, Window, now)
	if err != nil {
		return fmt.Errorf("count failure: %w", err)
	}
	if len(counts) == 0 || counts[0].Count <= f.limit {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.shut) >= mostShut {
		maps.DeleteFunc(f.shut, func(_ string, until time.Time) bool { return !now.Before(until) })
	}
	if len(f.shut) < mostShut {
		f.shut[key] = counts[0].Until
	}
	return nil
}

func failureKey(what string, v *model.Visitor) string {
	return hash("failure", what, network(v.ClientIP))
}
