package model

import "time"

// Reputation is what sign-ins with a name from an address were like: below zero after failures.
type Reputation struct {
	ID         string
	Identifier string
	IP         string
	Score      int
	Updated    time.Time
}

// Attempts is a count of failures under a key, since the first of them in its window.
type Attempts struct {
	// Key says what is counted, and holds no name or address in clear: see package attempt.
	Key   string
	Count int
	// Until is when the count is forgotten.
	Until time.Time
}

// FlowToken is a run of a flow that a link takes up: in an e-mail, for example. Only the hash of what stands in the link is stored.
type FlowToken struct {
	TokenHash string
	Flow      FlowID
	// Browser is the hash of the browser cookie that the run began in.
	Browser string
	// Plan is the sealed rest of the plan.
	Plan    []byte
	Expires time.Time
	// ConsumedAt is set by the one request that took the run up.
	ConsumedAt *time.Time
}

// GroupConnection is a group's name at a source.
type GroupConnection struct {
	ID          GroupConnectionID
	Group       GroupID
	Source      SourceID
	Identifier  string
	Created     time.Time
	LastUpdated time.Time
}
