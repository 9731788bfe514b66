// Package session keeps browsers signed in.
//
// The cookie holds a random token; the database holds its SHA-256, so that a copy of the database signs nobody in. A session ends when it expires, when the person
// or an administrator revokes it, or when its user is deactivated.
package session
