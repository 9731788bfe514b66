// Package provider lets people sign in to applications.
//
// A provider is the protocol that an application speaks. Its driver is opened from its settings; the endpoints of a protocol belong to the package of its kind, which
// mounts them itself, because no two protocols have a request in common.
//
// The kinds of provider are the packages below this one.
package provider
