// Package app puts the house together, by hand and in one order: settings, database, configuration, the rooms above it, routes. It is the only package that knows the kinds, see
// kinds.go, and the one place to read for how a request finds its way.
//
// It also holds what happens at the first start (the default objects, the first administrator) and what `weimen demo` runs beside the server.
package app
