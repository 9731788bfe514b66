// Package blueprint applies objects that are written as YAML in authentik's blueprint format: entries of a model, identifiers to find the object by, and attributes.
//
// Entries go through package resource like everything that the API writes, so they are checked by the same rules and recorded in the same audit trail. An entry can be in the
// state "present" (made, or changed to what it says; also where no state is given), "created" (made if it is not there, and left alone if it is) or "absent" (deleted). An entry
// with conditions is passed over unless all of them hold. The tags !KeyOf and !Find are understood; !Find also finds a user by the username and a group by its name. Whatever
// else a file asks for is an error that names the line.
package blueprint
