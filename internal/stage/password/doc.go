// Package password is the stage that asks for the pending user's password.
package password
