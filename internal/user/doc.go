// Package user knows people's credentials: whether a password is theirs, and how one is set.
//
// Password hashes are slow on purpose. They are computed outside of database transactions and a bounded number at once.
package user
