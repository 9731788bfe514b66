// Package mapping evaluates property mappings: expressions that make claims of a user, or a user's properties of a profile.
//
// A mapping is a noun (its name, its expression) with a kind (what its expression may read, and what else it needs to know). [Engine.Open] gives a mapping of a
// snapshot, compiled once for each snapshot. [Engine.Claims] runs the scope mappings of a provider and merges what they give.
//
// A mapping that fails is left out and handed to the caller, who records it: one wrong expression must not lock everybody out of an application.
//
// The kinds of property mapping are the packages below this one.
package mapping
