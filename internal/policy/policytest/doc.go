// Package policytest is the suite that every kind of policy must pass, and what tests of a kind begin with.
package policytest
