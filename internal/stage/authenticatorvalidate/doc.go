// Package authenticatorvalidate is the stage that asks for a second factor, or for a passkey in place of name and password.
//
//	who                               what is asked
//	a person with devices             one of them, of the person's choice; wrong answers are bounded
//	one without                       nothing, a refusal, or that a device be set up first, as configured
//	nobody yet, in a flow that signs  a passkey, which tells who it is
//	people in
//
// A right answer adds the device to auth_method_args; one that tells who the person is also authenticates them. A code or a counter is taken in the request's transaction, once.
package authenticatorvalidate
