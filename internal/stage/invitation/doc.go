// Package invitation is the stage that lets in whoever brings an invitation.
//
// The link of an invitation holds its id as "itoken". The stage reads it and passes on what the invitation says about the guest; it uses nothing up. That is done by the
// stage that makes the user, in the same transaction, or else at the end of the run: whoever opens the link and goes away can come back, and of two guests with an invitation
// for one the second is told so.
package invitation
