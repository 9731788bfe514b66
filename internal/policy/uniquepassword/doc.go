// Package uniquepassword is the policy that refuses a new password which the person has had before: the present one, or one of those before it.
//
// Package user keeps the hashes of replaced passwords, as many as [Longest] says, so that nothing is kept where no policy asks. Each comparison takes as long as a
// sign-in with a password, which is why the number is bounded; they are made outside of any transaction and end with the policy's timeout.
//
// Somebody who is not known yet has had no password, and passes.
package uniquepassword
