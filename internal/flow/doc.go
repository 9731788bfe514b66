// Package flow runs flows: sequences of stages, chosen by configuration, that a person passes to sign in, to enroll, to allow an application, to sign out.
//
// A [Plan] is one run as data: the steps that are left and a context. The planner makes it from the snapshot; the executor advances it:
//
//	        ┌──────────── POST (answer) ───────────┐
//	        ▼                                      │
//	plan ─ next step ─ Enter ─┬─ Done ─ next …     │
//	                          ├─ Ask ── stored ── challenge shown
//	                          ├─ Refuse ─ recorded with a support code, run ends
//	                          └─ Leave / no step left ── run ends, browser goes on
//
// Steps that need nothing of the person run within one request. What they want written is collected and done in one transaction at the end of the request, together
// with the stored run, which is advanced by a conditional write: an answer is taken once, also when it is posted twice at the same time. A run is stored only when
// something has happened in it, so that looking at a login page writes nothing.
//
// A run belongs to a browser, a flow and the query of its page; so every tab has its own. The stored plan is sealed, because people type passwords into flows. A run
// survives a restart of the server.
//
// A link ([stage.Visit.Link]) takes a run up in another browser: its plan is sealed under the link's token, which is taken once, in the transaction in which the run
// goes on; the run that it was sent from ends in the same. A detour ([stage.Detour]) sends the person to a source while the run waits; what they bring back replaces its
// step by the steps of the source's own flow, so there is never a second run. A stage that closes a run ([stage.Closer]) is passed also where the flow is left early.
//
// Every answer from a page names its step, so that a button that is pressed twice answers once. Every run has a support code, which all its events bear, and a [Trace] of
// what it did, which is recorded with the last of them. [Executor.Graph] draws a flow.
//
// Stages never name one another, and this package knows no kind of stage. Sources and providers add steps of their own by name ([Executor.Inline]).
package flow
