// Package store keeps everything in SQLite or in PostgreSQL. Its one type, [Store], has the methods of all nouns; the packages above name
// the few they need in interfaces of their own.
//
// # Two sorts of data
//
// Configuration is read from memory: [Store.Snapshot] is an immutable value without a lock, and [Store.Change] is the only way to
// replace it. A change takes the lock of the row "installation" (in SQLite, the writer's), works on a copy, writes the rows and a new
// version in one transaction, and publishes the copy after the commit. Other processes learn of it by NOTIFY (PostgreSQL) or by
// looking at the version (SQLite, and PostgreSQL where a notification was lost); [Store.Run] does that. Each noun has its table: the
// column "settings" holds the noun's own fields under their wire names, "kind" and "config" the kind and its settings, and the unique
// name is a column besides, for its constraint. Which row refers to which is checked on the snapshot, under the lock.
//
// People's data is in the database only. The statements of the hot path are written by hand, one or two for each method, every look-up by
// an index; SQLite keeps them prepared, and PostgreSQL's driver does so itself. Lists are composed.
//
// # Invariants
//
// What is used once (states, codes, refresh tokens, links, the steps of a flow run) is taken by one conditional write. What was
// answered as done is on disk, unless durability is "fast". Ids of users and providers are never given twice.
//
// # Transactions
//
// [Store.InTx] puts a transaction into the context; every method takes part in the one of its context. In SQLite one connection
// writes; jobs that queue for it share a commit, each returning after it. Absent is model.ErrNotFound, taken is model.ErrConflict with the field,
// and a database that is locked, full or away is model.ErrUnavailable, from both databases alike.
//
// # Files
//
// One noun a file. Below the nouns: exec.go (a statement), tx.go (a transaction), sqlite.go with writer.go, postgres.go. Configuration:
// snapshot.go, change.go, cascade.go, reference.go, nouns.go. Placeholders are $1, $2 in both databases; where their SQL differs there
// are two texts. The suite in storetest runs against both.
//
// Sealing secrets, hashing tokens and judging expiry are left to the callers.
package store
