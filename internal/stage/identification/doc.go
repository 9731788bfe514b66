// Package identification is the stage that asks who someone is: by username or e-mail address, or by a source to sign in with.
//
// Unless configured otherwise it does not tell whether a user exists: an unknown name goes on to the password stage as a known one does, and takes as long.
package identification
