// Package event records who did what: the audit trail.
//
// An event is written in the transaction of what it tells about, so that neither is there without the other; refusals, which write nothing else, are recorded
// by themselves. Context values whose key looks like a secret are replaced before anything is stored. A refusal has a support code, which its page shows and the
// administrator searches for.
package event
