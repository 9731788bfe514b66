// Package label holds what fields, their values and kinds are called for people, where the code does not say it already.
//
// English titles and help texts come from the struct's tags and comments, so en.yaml holds only what reads badly otherwise: mostly values of enumerations. Chinese
// is written whole in zh.yaml. A test in package app holds it against every field that the API serves.
package label
