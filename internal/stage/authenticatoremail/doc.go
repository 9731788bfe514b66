// Package authenticatoremail is the stage that sets up a mailbox as an authenticator: a code that reaches it shows that the person reads it.
package authenticatoremail
