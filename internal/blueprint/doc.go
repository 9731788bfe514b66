// Package blueprint applies objects that are written as YAML in authentik's blueprint format: entries of a model, identifiers to find the object by, and attributes.
//
// Entries go through package resource like everything that the API writes, so they are checked by the same rules and recorded in the same audit trail. So far an entry can be in the
// state "created" (made if it is not there, and left alone if it is), and the tags !KeyOf and !Find are understood; whatever else a file asks for is an error that names the line.
package blueprint
