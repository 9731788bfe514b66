// Package email is the stage that has somebody show that they read an address: it sends a letter with a link, and whoever opens the link goes on with the run.
//
// The run waits at this stage. A link takes it up at this very stage, which then sees that the letter it sent has come back, notes the address as verified, activates
// the user if it is told to, and is passed. An answer never passes it; it asks for the letter once more.
//
// To whom it writes: the address that the run was given for this ("email" in the context), else that of the run's user, else the one that somebody who is enrolling
// or is signed in has typed ("email" in prompt_data). What a stranger types never replaces the address of an account.
//
// Nobody learns who has an account: for somebody who is not there, or who has no address, the page and the work are the same, and no letter goes out. How many letters go to
// an address within a time is bounded over all runs.
package email
