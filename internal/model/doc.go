// Package model holds the words of Weimen: the nouns that every other package speaks of, as plain data.
//
// There are two sorts of nouns. Configuration (Flow, Stage, FlowStageBinding, Policy, PolicyBinding, PropertyMapping, Source, Provider,
// Application, Brand, KeyPair) is little, read at every request and changed seldom; all of it together is a [Snapshot]. People's data
// (User, Group, Connection, Session, Token, AuthorizationCode, ..., Event) is much, and lives in the database only.
//
// The json tags are the names on the wire of the REST API, in the database's config columns and in blueprints. The other tags
// (required, enum, ref, rule) are read by package kind, which decodes, checks and describes these structs.
//
// The package imports the standard library only and does no I/O.
package model
