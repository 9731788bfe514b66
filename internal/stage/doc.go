// Package stage is one step of a flow: what it shows, and what it makes of the answer.
//
// A stage never names another stage and writes nothing by itself. On Enter and Submit it gets a [Visit] and returns an [Outcome]: ask the person something,
// go on, refuse, or leave the flow for a URL. What must be written is handed to [Visit.Write]; the executor (package flow) does all writes of one request in one
// transaction, in order, so that nothing is half-written. Slow work (password hashes, calls to others) is done before, outside of that transaction.
//
// A [Challenge] is one Go value with two faces: JSON for the executor API, with authentik's component and field names, and a page that the portal draws. A stage
// with a screen of its own implements [Screener]; the others are drawn by the portal's common template from [Challenge] fields ([Asker]).
//
// The kinds of stage are the packages below this one.
package stage
