package keypair

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"
)

func TestHashingWaitsItsTurnAndHonoursTheContext(t *testing.T) {
	t.Parallel()
	p, err := NewPasswords(Cost{Memory: 64, Time: 1, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if _, err := p.Hash(ctx, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if ok, err := p.Verify(ctx, "!", "x"); ok || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %t, %v", ok, err)
	}
	<-p.slots
	if _, err := p.Hash(t.Context(), "x"); err != nil {
		t.Error(err)
	}
	if len(p.slots) != cap(p.slots)-1 {
		t.Error("the slot was not given back")
	}
}

// TestUnknownUsersTakeTheWorkOfKnownOnes compares the work rather than the clock, which other programs share. Whether a user exists
// must not be heard from the time an answer takes (OWASP Authentication Cheat Sheet, authentication and error messages).
func TestUnknownUsersTakeTheWorkOfKnownOnes(t *testing.T) {
	t.Parallel()
	p, err := NewPasswords(Cost{Memory: 64, Time: 1, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := p.Hash(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	known, err := parsePasswordHash(stored)
	if err != nil {
		t.Fatal(err)
	}
	if p.dummy.cost != known.cost || len(p.dummy.salt) != len(known.salt) || len(p.dummy.sum) != len(known.sum) {
		t.Errorf("unknown users take %+v, known ones %+v", p.dummy, known)
	}
	if bytes.Equal(known.salt, p.dummy.salt) {
		t.Error("real hashes need a salt of their own")
	}
}
