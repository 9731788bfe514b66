package attempt

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

const (
	// Window is how long a count lasts, from its first attempt.
	Window = 15 * time.Minute
	// remembered is how long a browser stays known that a person has signed in with.
	remembered = 90 * 24 * time.Hour
)

// Limits are how many attempts pass in a window.
type Limits struct {
	// Here is for one person from one address.
	Here int
	// Person is for one person from everywhere, except from browsers that they have signed in with.
	Person int
	// Address is for one address and all persons. Schools and companies share one, so it is large.
	Address int
}

// SendLimits bound the letters and messages that people have us send: each costs money, or patience.
func SendLimits() Limits { return Limits{Here: 10, Person: 20, Address: 200} }

// MostFailures is how much may go wrong from one address, see [Failures]. Whole companies share one.
const MostFailures = 50

// DefaultLimits make guessing hopeless and leave room for a bad day.
func DefaultLimits() Limits { return Limits{Here: 10, Person: 50, Address: 200} }

// Store counts. Package store has it.
type Store interface {
	Attempts(ctx context.Context, keys []string, now time.Time) ([]model.Attempts, error)
	CountAttempts(ctx context.Context, keys []string, window time.Duration, now time.Time) ([]model.Attempts, error)
	ReleaseAttempts(ctx context.Context, keys, forget []string) error
}

// Guard limits attempts.
type Guard struct {
	store  Store
	limits Limits
	now    func() time.Time
}

// New makes a guard.
func New(s Store, l Limits, now func() time.Time) *Guard {
	return &Guard{store: s, limits: l, now: now}
}

// Try is one attempt.
type Try struct {
	// What is tried: "password", "code" ... Each is counted by itself.
	What string
	// Person is whom it is tried for, see [User] and [Typed].
	Person  string
	Visitor *model.Visitor
}

// User names a person who exists.
func User(id model.UserID) string { return "user " + id.String() }

// Typed names whoever was typed. Somebody who does not exist is counted like somebody who does, so that the count tells nothing.
func Typed(name string) string { return "name " + strings.ToLower(strings.TrimSpace(name)) }

// Of names the user, or whom was typed where there is none.
func Of(u *model.User, typed string) string {
	if u != nil && u.ID != 0 {
		return User(u.ID)
	}
	return Typed(typed)
}

// TooMany is why an attempt is not let through.
type TooMany struct {
	// Refusal is of model.CodeRateLimited with the reason "login.too_many_attempts".
	Refusal *model.Error
	// Wait is how long until the count is forgotten, more than zero.
	Wait time.Duration
	// First says that this attempt is the first above the limit: it is worth a record, the others are not.
	First bool
}

// Error says what the refusal says.
func (e *TooMany) Error() string { return e.Refusal.Error() }

// Unwrap gives the refusal.
func (e *TooMany) Unwrap() error { return e.Refusal }

// Minutes is the wait for people to read: at least 1.
func (e *TooMany) Minutes() string { return strconv.Itoa(max(1, int(math.Ceil(e.Wait.Minutes())))) }

// Begin counts an attempt, or says that there were too many: then the error is a *[TooMany], and nothing must be tried.
func (g *Guard) Begin(ctx context.Context, t Try) error {
	now := g.now()
	k := keysOf(t)
	counts, err := g.store.CountAttempts(ctx, k.all(), Window, now)
	if err != nil {
		return fmt.Errorf("count attempt: %w", err)
	}
	for _, c := range counts {
		switch {
		case c.Key == k.here && c.Count > g.limits.Here:
			return g.tooMany(c, g.limits.Here, now)
		case c.Key == k.address && c.Count > g.limits.Address:
			return g.tooMany(c, g.limits.Address, now)
		}
	}
	for _, c := range counts {
		if c.Key != k.person || c.Count <= g.limits.Person {
			continue
		}
		known, err := g.store.Attempts(ctx, []string{k.browser}, now)
		if err != nil {
			return fmt.Errorf("read known browser: %w", err)
		}
		if len(known) == 0 {
			return g.tooMany(c, g.limits.Person, now)
		}
	}
	return nil
}

func (g *Guard) tooMany(c model.Attempts, limit int, now time.Time) error {
	e := tooMany(c.Until.Sub(now))
	e.First = c.Count == limit+1
	return e
}

func tooMany(wait time.Duration) *TooMany {
	e := &TooMany{Wait: max(wait, time.Second)}
	e.Refusal = model.Refuse(model.CodeRateLimited, "login.too_many_attempts", "Too many attempts.").With("wait_seconds", int(e.Wait.Seconds()))
	e.Refusal.Args = map[string]string{"minutes": e.Minutes()}
	return e
}

// Succeeded takes the attempt back, forgets what the person failed from this address before, and remembers the browser as theirs.
func (g *Guard) Succeeded(ctx context.Context, t Try) error {
	k := keysOf(t)
	if err := g.store.ReleaseAttempts(ctx, k.all(), []string{k.here}); err != nil {
		return fmt.Errorf("take attempt back: %w", err)
	}
	if t.Visitor.NewBrowser || !strings.HasPrefix(t.Person, "user ") {
		return nil
	}
	if _, err := g.store.CountAttempts(ctx, []string{k.browser}, remembered, g.now()); err != nil {
		return fmt.Errorf("remember browser: %w", err)
	}
	return nil
}

// keys are what one attempt is counted under.
type keys struct{ here, person, address, browser string }

func keysOf(t Try) keys {
	from := network(t.Visitor.ClientIP)
	return keys{
		here: hash(t.What, "here", t.Person, from), person: hash(t.What, "person", t.Person), address: hash(t.What, "address", from),
		// By what it has shown: whoever knows the password alone has shown nothing yet of the code that is asked next.
		browser: hash("browser", t.What, t.Person, t.Visitor.Browser),
	}
}

func (k keys) all() []string { return []string{k.here, k.person, k.address} }

// network is the address, or the /64 that one subscriber has of IPv6.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	addr = addr.Unmap()
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.Masked().String()
		}
	}
	return addr.String()
}

func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}
