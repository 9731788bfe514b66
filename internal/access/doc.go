// Package access says who asks and what they may do.
//
// A [Principal] is a person or program that has proved who it is: by an API token (Authorization: Bearer KEY, RFC 6750 section 2.1) or by the session of a browser,
// which the caller has found. [May] is the one place that decides. For now there are two sorts of people: superusers, who may everything, and all others, who may see
// and remove what is theirs. Roles will be asked in [May] too, and nowhere else.
//
// A key is looked up by its SHA-256, so a copy of the database opens nothing.
package access
