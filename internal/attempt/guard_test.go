package attempt_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/attempt"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
)

// desk is two replicas of a guard over one database, and a clock.
type desk struct {
	t      *testing.T
	guards [2]*attempt.Guard
	store  *store.Store
	now    time.Time
	turn   int
}

func open(t *testing.T, l attempt.Limits) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	d.store = storetest.Open(t)
	for i := range d.guards {
		d.guards[i] = attempt.New(d.store, l, func() time.Time { return d.now })
	}
	return d
}

// guard takes the replicas by turns.
func (d *desk) guard() *attempt.Guard {
	d.turn++
	return d.guards[d.turn%2]
}

func (d *desk) begin(t attempt.Try) error { return d.guard().Begin(context.Background(), t) }

func (d *desk) fail(t attempt.Try, times int) {
	d.t.Helper()
	for i := range times {
		if err := d.begin(t); err != nil {
			d.t.Fatalf("attempt %d: %v", i+1, err)
		}
	}
}

func (d *desk) succeed(t attempt.Try) {
	d.t.Helper()
	if err := d.begin(t); err != nil {
		d.t.Fatal(err)
	}
	if err := d.guard().Succeeded(context.Background(), t); err != nil {
		d.t.Fatal(err)
	}
}

func from(person, ip, browser string) attempt.Try {
	return attempt.Try{What: "password", Person: person, Visitor: &model.Visitor{ClientIP: ip, Browser: browser}}
}

func refused(t *testing.T, err error) *attempt.TooMany {
	t.Helper()
	var too *attempt.TooMany
	if !errors.As(err, &too) {
		t.Fatalf("got %v, want a refusal", err)
	}
	if !errors.Is(err, &model.Error{Code: model.CodeRateLimited}) {
		t.Errorf("%v is not of the code rate_limited", err)
	}
	return too
}

func TestOnePersonFromOneAddressIsLimitedAcrossReplicas(t *testing.T) {
	d := open(t, attempt.Limits{Here: 3, Person: 100, Address: 100})
	ann := from(attempt.User(1), "192.0.2.1", "b")
	d.fail(ann, 3)
	too := refused(t, d.begin(ann))
	if !too.First || too.Minutes() != "15" {
		t.Errorf("first %v, minutes %s", too.First, too.Minutes())
	}
	if refused(t, d.begin(ann)).First {
		t.Error("the second one above the limit is recorded as well")
	}
	d.fail(from(attempt.User(1), "192.0.2.2", "b"), 1) // from elsewhere
	d.fail(from(attempt.User(2), "192.0.2.1", "b"), 1) // someone else
	d.now = d.now.Add(attempt.Window + time.Second)
	d.fail(ann, 3) // and nobody is locked out for good
}

func TestManyAtOnceAreNotMoreThanOneAfterTheOther(t *testing.T) {
	d := open(t, attempt.Limits{Here: 5, Person: 100, Address: 100})
	var wg sync.WaitGroup
	var mu sync.Mutex
	passed := 0
	for range 40 {
		wg.Go(func() {
			if d.guards[0].Begin(context.Background(), from(attempt.User(1), "192.0.2.1", "b")) == nil {
				mu.Lock()
				passed++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if passed != 5 {
		t.Errorf("%d passed, want 5", passed)
	}
}

func TestAFloodFromEverywhereDoesNotLockAPersonOutOfTheirOwnBrowser(t *testing.T) {
	d := open(t, attempt.Limits{Here: 5, Person: 20, Address: 100})
	own, strange := from(attempt.User(1), "192.0.2.1", "own"), from(attempt.User(1), "192.0.2.1", "strange")
	d.succeed(own)
	for i := range 20 {
		_ = d.begin(from(attempt.User(1), fmt.Sprintf("198.51.100.%d", i), "bot"))
	}
	refused(t, d.begin(strange))
	if err := d.begin(own); err != nil {
		t.Errorf("the person's own browser: %v", err)
	}
}

// Who knows the password and not the second factor must not guess codes from as many addresses as they like (RFC 6238 section 5.1 asks for a limit).
func TestABrowserThatKnowsThePasswordIsNotKnownForCodes(t *testing.T) {
	d := open(t, attempt.Limits{Here: 10, Person: 20, Address: 100})
	d.succeed(from("user 1", "192.0.2.1", "thief"))
	code := func(n int) attempt.Try {
		c := from("user 1", fmt.Sprintf("203.0.113.%d", n), "thief")
		c.What = "code"
		return c
	}
	for n := range 20 {
		d.fail(code(n), 1)
	}
	refused(t, d.begin(code(20)))
	d.now = d.now.Add(attempt.Window)
	d.succeed(code(1))
	for n := range 30 {
		d.fail(code(100+n), 1)
	}
}

func TestSuccessForgetsWhatWasMistypedBefore(t *testing.T) {
	d := open(t, attempt.Limits{Here: 3, Person: 100, Address: 100})
	ann := from(attempt.User(1), "192.0.2.1", "b")
	for range 5 {
		d.fail(ann, 2)
		d.succeed(ann)
	}
}

func TestSuccessesOfASchoolDoNotLockItsAddress(t *testing.T) {
	d := open(t, attempt.Limits{Here: 3, Person: 100, Address: 10})
	for i := range 30 {
		d.succeed(from(attempt.User(model.UserID(i+1)), "192.0.2.1", "b"))
	}
	for i := range 10 {
		d.fail(from(attempt.Typed(fmt.Sprint("guess", i)), "192.0.2.1", "b"), 1)
	}
	refused(t, d.begin(from(attempt.Typed("one more"), "192.0.2.1", "b")))
	d.fail(from(attempt.User(1), "192.0.2.2", "b"), 1)
}

func TestOneSubscriberOfIPv6IsOneAddress(t *testing.T) {
	d := open(t, attempt.Limits{Here: 3, Person: 100, Address: 100})
	for i := range 3 {
		d.fail(from(attempt.User(1), fmt.Sprintf("2001:db8:1:2::%d", i+1), "b"), 1)
	}
	refused(t, d.begin(from(attempt.User(1), "2001:db8:1:2:ffff::1", "b")))
	d.fail(from(attempt.User(1), "2001:db8:1:3::1", "b"), 1)
}

func TestSomebodyWhoDoesNotExistIsCountedLikeSomebodyWhoDoes(t *testing.T) {
	d := open(t, attempt.Limits{Here: 3, Person: 100, Address: 100})
	d.fail(from(attempt.Typed("Nobody "), "192.0.2.1", "b"), 3)
	refused(t, d.begin(from(attempt.Typed("nobody"), "192.0.2.1", "b")))
}

func TestNeitherNamesNorAddressesAreStored(t *testing.T) {
	d := open(t, attempt.DefaultLimits())
	keys := recorder{Store: d.store}
	g := attempt.New(&keys, attempt.DefaultLimits(), time.Now)
	if err := g.Begin(context.Background(), from(attempt.Typed("ann@example.org"), "192.0.2.1", "b")); err != nil {
		t.Fatal(err)
	}
	for _, k := range keys.seen {
		if strings.Contains(k, "ann") || strings.Contains(k, "192") {
			t.Errorf("key %q", k)
		}
	}
}

type recorder struct {
	*store.Store
	seen []string
}

func (r *recorder) CountAttempts(ctx context.Context, keys []string, window time.Duration, now time.Time) ([]model.Attempts, error) {
	r.seen = append(r.seen, keys...)
	return r.Store.CountAttempts(ctx, keys, window, now)
}
