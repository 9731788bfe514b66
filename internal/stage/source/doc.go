// Package source is the stage that sends a person to a source in the middle of a flow, and goes on where they were once they are back.
//
// The run is kept while the person is away. What they bring back passes the stage: the engine of sources (internal/source) finds the run that waits, decides by the account
// whose it is, and puts the stages of the source's own flow in this stage's place. An answer never passes it: to be submitted to is to be shown again.
package source
