// Package consent is the stage that asks a person to allow an application what it wants to know, and remembers the answer.
package consent
