// Package attempt counts what people try and fail, so that passwords and codes cannot be guessed: per person, per address and per source, in the database, so that
// all replicas count together.
//
// An attempt is counted before its outcome is known, so that a thousand at once are not more than a thousand one after the other. Counts are forgotten after a while
// by themselves: nobody is locked out for good. Somebody who floods a person's name with wrong passwords does not lock that person out where they have
// signed in before: their own browsers have a count of their own. Signing in with a source needs no password, and the rescue link of the command line is not counted.
//
// What is counted is stored under hashes; neither names nor addresses can be read from the table.
package attempt
