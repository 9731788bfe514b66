// Package oauthtest is the suite that every OAuth source type must pass.
//
// A [Subject] brings a type and a well-behaved upstream. [Run] signs someone in with it; then it lets the upstream answer wrongly in many ways, at each of the requests of a
// sign-in in turn, every answer full of the secrets of that sign-in, and looks for them in whatever comes back: errors, their details, what a log would
// hold.
package oauthtest
