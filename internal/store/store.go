package store

import (
	"log/slog"
)

// Options say which database is opened and how.
type Options struct {
	// DSN is "sqlite:<path>" or "postgres://...".
	DSN string
	// Durability is "full" (the default): what was answered as done survives a power loss. Or "fast": the last moments may be lost, never consistency.
	Durability string
	// Log may be nil.
	Log *slog.Logger
}

// Store is the database. Its methods may be called by many goroutines.
type Store struct{}
