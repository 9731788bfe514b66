package openidconnect

import (
	"sync"
	"time"
)

const (
	// keepFor is how long what a provider publishes is taken as current.
	keepFor = time.Hour
	// grace is how long something old still serves while the provider gives nothing new. After that people are turned away.
	grace = 24 * time.Hour
	// pause lies between two tries to get something newer than what is there: neither a token with an unknown key nor a provider that is down may make us ask again
	// and again.
	pause = 10 * time.Second
)

// kept is something that a provider publishes. The zero value has to be fetched.
type kept[T any] struct {
	mu             sync.Mutex
	value          *T
	fetched, tried time.Time
}

// get gives the value if it is not older than age, else a new one, else the old one for as long as that serves. Requests that come together may fetch together; none waits
// for another.
func (k *kept[T]) get(now time.Time, age time.Duration, fetch func() (*T, error)) (*T, error) {
	k.mu.Lock()
	value, fetched := k.value, k.fetched
	serves := value != nil && now.Sub(fetched) < grace
	if serves && (now.Sub(fetched) < age || now.Sub(k.tried) < pause) {
		k.mu.Unlock()
		return value, nil
	}
	k.tried = now
	k.mu.Unlock()
	fresh, err := fetch()
	if err != nil {
		if serves {
			return value, nil
		}
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.value, k.fetched = fresh, now
	return fresh, nil
}
