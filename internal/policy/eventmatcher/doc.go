// Package eventmatcher is the policy that recognises events, for notification rules: what happened, from where, recorded by which module and about which model. Whatever
// is set must match; a policy without any setting matches every event, and where there is no event nothing matches.
package eventmatcher
