package model

import "log/slog"

// redacted is what a secret prints as.
const redacted = "***"

// Secret is a value that must never be printed. Every way of formatting, logging or encoding it gives "***"; only Reveal gives the value.
type Secret struct{ value string }

// NewSecret wraps a clear value.
func NewSecret(value string) Secret { return Secret{value: value} }

// Reveal returns the clear value. Call it where the value is used and nowhere else.
func (s Secret) Reveal() string { return s.value }

// IsSet reports whether there is a value.
func (s Secret) IsSet() bool { return s.value != "" }

// String gives "***", or nothing for an empty secret.
func (s Secret) String() string {
	if s.value == "" {
		return ""
	}
	return redacted
}

// GoString keeps %#v from printing the value.
func (s Secret) GoString() string { return "model.Secret(" + s.String() + ")" }

// LogValue keeps log/slog from printing the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps encoders from printing the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Sealed is a secret as it lies in the database: encrypted, and bound to its table, column and row. It is made and opened by
// package keypair.
type Sealed string

// String gives "***", so that even ciphertext stays out of logs.
func (s Sealed) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// LogValue keeps log/slog from printing the ciphertext.
func (s Sealed) LogValue() slog.Value { return slog.StringValue(s.String()) }
