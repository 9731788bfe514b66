package source

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

// Rehearsing is a driver that can play a sign-in against a make-believe upstream in this process: its own code asks, and nothing leaves the house.
type Rehearsing interface {
	// Samples gives the people and the faults there; both are empty where the upstream cannot be simulated.
	Samples(ctx context.Context, callbackURL string) Samples
	// Rehearse gives the account of one of those people, or the error that a sign-in would end with.
	Rehearse(ctx context.Context, r Rehearsal) (*Account, error)
}

// Samples are what a sign-in can be rehearsed with.
type Samples struct {
	People []Sample
	Faults []string
}

// Sample is a person of a make-believe upstream.
type Sample struct {
	// ID names the person; their own name is what the upstream calls them, which may be anything.
	ID, Name string
	// Profile is what the upstream tells of them; nil where the source's settings let nobody through.
	Profile map[string]any
}

// Rehearsal is one sign-in to be played.
type Rehearsal struct {
	SourceID    model.SourceID
	CallbackURL string
	Locale      string
	// Person is who signs in, "" for anybody; Profile, if set, replaces what the upstream tells of them, name by name.
	Person  string
	Profile map[string]any
	// Fault is what goes wrong at the upstream; "" for nothing.
	Fault string
}
