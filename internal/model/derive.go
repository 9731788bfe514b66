package model

import "sync"

// Derive gives what build makes of a snapshot: made once for each snapshot and key, at the first request for it, and gone with the snapshot. It is how drivers are
// opened, keys parsed and documents rendered once and not at every request.
func Derive[T any](s *Snapshot, key any, build func() T) T {
	once, _ := s.derived.LoadOrStore(key, sync.OnceValue(func() any { return build() }))
	return once.(func() any)().(T)
}
