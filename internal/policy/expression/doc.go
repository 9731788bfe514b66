// Package expression is the policy that an administrator writes: the body of a function in the expression language, which returns whether the request may pass.
//
// Anything false, and nothing at all, refuses. What ak_message says is shown to the person. A text that fails is a failure of the policy: the binding's failure_result counts, and
// the message says where it failed. A text that cannot be compiled is refused when it is saved.
package expression
