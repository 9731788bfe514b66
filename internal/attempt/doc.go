// Package attempt counts what people try and fail, so that passwords and codes cannot be guessed: per person, per address and per source, in the database, so that
// all replicas count together.
//
// An attempt is counted before its outcome is known, so that a thousand at once are not more than a thousand one after the other. Counts are forgotten after a while
// by themselves: nobody is locked out for good. Somebody who floods a person's name with wrong passwords does not lock that person out where they have
// signed in before: their own browsers have a count of their own. Signing in with a source needs no password, and the rescue link of the command line is not counted.
//
//	what        counted                              by
//	password    before it is checked                 [Guard], stages identification and password
//	code        before it is checked                 [Guard], stage authenticator_validate
//	send        before it is sent                    [Guard] with [SendLimits], stages that send letters and messages
//	source …    where the return from it fails       [Failures], package source
//	link        where it is none of ours             [Failures], packages flow and portal
//
// The counts of package policy/reputation are another thing: a score that policies may ask for, made of what the audit trail records, and never of what is refused here (but for
// one record of the first refusal, which counts for nothing there).
//
// What is counted is stored under hashes; neither names nor addresses can be read from the table.
package attempt
