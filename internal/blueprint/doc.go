// Package blueprint applies objects that are written as YAML in authentik's blueprint format: entries of a model, identifiers to find the object by, and attributes.
//
// Entries go through package resource like everything that the API writes, so they are checked by the same rules and recorded in the same audit trail. They are a list, or lists
// below the names of sections. An entry can be in the state "present" (made, or changed to what it says; also where no state is given), "created" (made if it is not there, and
// left alone if it is), "must_created" (made, and a mistake if it is there) or "absent" (deleted). An entry with conditions is passed over unless all of them hold. Besides
// configuration, entries may be users (found by the username, with a password if they say so), groups and invitations (found by their name).
//
// These tags are understood:
//
//	!KeyOf !Find !FindObject         other objects; secrets are not among what !FindObject gives
//	!Context !Format !ParseJSON      values of the file's context, texts, JSON
//	!If !Condition                   one value or another
//	!Enumerate !Index !Value !AtIndex   lists and mappings made of others
//
// !Env and !File are refused: whoever may write a blueprint may not therefore read the server's environment and files, where the secret key and the database's password are.
// An entry of the model metaapplyblueprint is content with the names of the blueprints that every installation begins with. Whatever else a file asks for is an error that names
// the line.
package blueprint
