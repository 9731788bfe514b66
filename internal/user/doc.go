// Package user knows people's credentials: whether a password is theirs, how one is set, and, where a policy asks, which ones they had before.
//
// Password hashes are slow on purpose. They are computed outside of database transactions and a bounded number at once.
package user
