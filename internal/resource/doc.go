// Package resource creates, changes and deletes the objects of the model, the same way for everyone who does it: the API today, blueprints tomorrow.
//
// A [Noun] is a sort of object under authentik's model name, such as "authentik_flows.flow" or, for a kind on a shelf, "authentik_stages_deny.denystage". The
// [Registry] has them all; a new kind needs nothing here. An [Object] is a noun's struct together with its kind's settings in clear.
//
// Every change of configuration goes the same way, inside one transaction that no other change shares:
//
//	authorise ─ decode the flat body into noun and settings ─ check references, unique values, what fields say together
//	          ─ seal secrets ─ write ─ record the event
//
// People's nouns (users, groups, tokens, connections, devices, invitations, reputations) have methods of their own, decoded and checked by the same rules, for their tables are not in the snapshot.
//
// What an object looks like to a reader is for the surfaces to say; the transaction and the cascade of a deletion are the store's.
package resource
