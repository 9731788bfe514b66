package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Code classes an error by what its receiver can do. Each surface translates it once: the API to an HTTP status, the token endpoint to an
// OAuth error, the pages to a refusal.
type Code string

// The codes.
const (
	CodeInvalid         Code = "invalid"         // the request is wrong; Fields may say where
	CodeNotFound        Code = "not_found"       // there is no such thing
	CodeConflict        Code = "conflict"        // something else holds this name or place
	CodeUnauthenticated Code = "unauthenticated" // sign in first
	CodeDenied          Code = "denied"          // known, and not allowed
	CodeExpired         Code = "expired"         // it was valid once: start again
	CodeRateLimited     Code = "rate_limited"    // too often: wait
	CodeUpstream        Code = "upstream"        // a server that we asked failed
	CodeUnavailable     Code = "unavailable"     // our database is not there just now: retry
	CodeInternal        Code = "internal"        // a fault of ours; the text never leaves the house
)

// Sentinels for errors.Is. An *Error matches the sentinel of its code.
var (
	ErrNotFound    = &Error{Code: CodeNotFound, Message: "not found"}
	ErrConflict    = &Error{Code: CodeConflict, Message: "already taken"}
	ErrUnavailable = &Error{Code: CodeUnavailable, Message: "the database is not available just now"}
)

// Error is an error that may be shown. Message is English and written for whoever meets it first (an administrator or a client's developer).
// Reason, if set, is the key of a refusal in the message catalogue: people see that text, in their language.
type Error struct {
	Code    Code
	Message string
	// Reason is a stable key such as "source.state_expired" or "wechat.40125".
	Reason string
	// Args fill the catalogue's text. They are shown to people: no secrets.
	Args map[string]string
	// Fields holds messages by field name on the wire; "non_field_errors" is for the whole.
	Fields map[string][]string
	// Detail is for the audit trail only: what the upstream said, which rule refused. No secrets.
	Detail map[string]any
	// Next is the path on our own origin that the person was on their way to, where a new attempt should lead; "" if that is not known.
	Next  string
	cause error
}

// Error is the message, the fields, and the cause's text.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&b, "; %s: %s", name, strings.Join(e.Fields[name], " "))
	}
	if e.cause != nil {
		b.WriteString(": ")
		b.WriteString(e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is matches an error of the same code, and of the same reason if the target has one.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && (t.Reason == "" || t.Reason == e.Reason)
}

// Because returns a copy with a cause, which errors.Is and errors.As see and people do not.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// With returns a copy with one more detail for the audit trail.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Detail = maps.Clone(e.Detail)
	if c.Detail == nil {
		c.Detail = map[string]any{}
	}
	c.Detail[key] = value
	return &c
}

// Refuse makes an error that people meet: the reason is a key of the message catalogue.
func Refuse(code Code, reason, message string) *Error {
	return &Error{Code: code, Reason: reason, Message: message}
}

// Invalid makes an error about one field.
func Invalid(field, message string) *Error {
	return &Error{Code: CodeInvalid, Message: "invalid input", Fields: map[string][]string{field: {message}}}
}

// CodeOf gives the code of the first *Error in the chain, CodeInternal if there is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
