package mail

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxKept is how many letters a mailbox keeps.
const maxKept = 100

// Mailbox is a transport that keeps the last letters instead of sending them: for the demo and for tests.
type Mailbox struct {
	mu   sync.Mutex
	kept []Kept
}

// Kept is a letter in a mailbox.
type Kept struct {
	Message
	At time.Time
}

// Deliver keeps the letter.
func (b *Mailbox) Deliver(_ context.Context, _ *Server, m *Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = append(b.kept, Kept{Message: *m, At: time.Now()})
	if len(b.kept) > maxKept {
		b.kept = slices.Delete(b.kept, 0, len(b.kept)-maxKept)
	}
	return nil
}

// Letters gives what is kept, the newest first.
func (b *Mailbox) Letters() []Kept {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Clone(b.kept)
	slices.Reverse(out)
	return out
}
