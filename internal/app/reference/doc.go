// Package main makes the generated files: the help texts in internal/kind/help_gen.go, docs/kinds/, docs/openapi.yaml, docs/settings.md and
// console/test/forms.gen.json.
// Run it by make generate.
//
// The help texts are the comments on the fields of kinds and nouns, read from the source. The documents hold the help texts of the running
// program, so they are made by a second run.
package main

//go:generate go run . help
//go:generate go run . documents
