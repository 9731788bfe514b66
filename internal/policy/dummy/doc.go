// Package dummy is the policy that answers as its settings say, after a while: to try bindings, timeouts and failure results out.
package dummy
