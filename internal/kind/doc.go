// Package kind turns a Go struct into everything that is said about it elsewhere: how its JSON is decoded and checked, how it is shown
// without its secrets, how it lies in the database with its secrets sealed, and how the API, the console and the documentation describe it.
//
// A kind is a variety of stage, policy, property mapping, source or provider: an [Info] (its names on each surface), a config struct with
// its defaults, and a function that opens a driver from a config. The kinds of one sort stand on a [Shelf], which package app fills, one
// line a kind.
//
// The same machinery ([Fields], [Decode], [Encode]) serves the plain nouns of package model, so that a flow and a stage are decoded by the same rules.
//
// Tags of a field:
//
//	json      its name on the wire
//	title     its heading in forms; the name in words by default
//	required  "true": must be there on create and replace, and not be blank
//	enum      the allowed values, separated by blanks
//	ref       the noun that its value names: flow, stage, source, propertymapping, certificatekeypair, provider, application, group, user, policy
//	rule      comma separated: readonly, writeonly, readback, blank (required but may be ""), slug, unique, multiline, max=N
//	form      the section of the form, "" for what everybody looks at, then widget= how it is drawn where the type does not say: expression (an expression; expression:flag
//	          one only where the field "flag" is true), css, yaml, color, image, ordered (a list whose order says something), where:key=value (a reference; such objects are
//	          offered first)
//
// A model.Secret is sealed at rest and write-only; the rule readback lets the API show it to those who may read the object. A pointer is nullable. A model.Duration is checked for its notation.
//
// The comment on a field is written for the administrator and becomes its help text ([Field.Help]); make generate copies it into help_gen.go.
//
// Settings may implement [Filler], to choose what was left empty, and [Validator], to check what no tag can say.
package kind
