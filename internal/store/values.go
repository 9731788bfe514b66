package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// moment gives a time as it is stored: UTC, to the microsecond.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// momentOrNull gives a time that may be absent.
func momentOrNull(t *time.Time) any {
	if t == nil {
		return nil
	}
	return moment(*t)
}

// intoTime scans a stored time.
type intoTime struct{ t *time.Time }

// Scan takes SQLite's integer and PostgreSQL's timestamptz.
func (i intoTime) Scan(src any) error {
	switch v := src.(type) {
	case int64:
		*i.t = time.UnixMicro(v).UTC()
	case time.Time:
		*i.t = v.UTC()
	default:
		return fmt.Errorf("%T is not a time", src)
	}
	return nil
}

// intoTimePtr scans a stored time that may be null.
type intoTimePtr struct{ t **time.Time }

// Scan takes null and what intoTime takes.
func (i intoTimePtr) Scan(src any) error {
	if src == nil {
		*i.t = nil
		return nil
	}
	var t time.Time
	if err := (intoTime{&t}).Scan(src); err != nil {
		return err
	}
	*i.t = &t
	return nil
}

// jsonText gives a value as JSON text, which both databases take for a JSON column.
func jsonText(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// intoJSON scans a JSON column into what v points to; null leaves it alone. Numbers in maps stay as they were written (json.Number).
type intoJSON struct{ v any }

// Scan takes text and bytes.
func (i intoJSON) Scan(src any) error {
	var raw []byte
	switch v := src.(type) {
	case string:
		raw = []byte(v)
	case []byte:
		raw = v
	case nil:
		return nil
	default:
		return fmt.Errorf("%T is not JSON", src)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(i.v)
}

// words joins a list as OAuth 2.0 does (RFC 6749 section 3.3).
func words(list []string) string { return strings.Join(list, " ") }

// intoWords scans a list that words joined.
type intoWords struct{ list *[]string }

// Scan takes text.
func (i intoWords) Scan(src any) error {
	switch v := src.(type) {
	case string:
		*i.list = strings.Fields(v)
	case []byte:
		*i.list = strings.Fields(string(v))
	default:
		return fmt.Errorf("%T is not a list of words", src)
	}
	return nil
}

// fold makes text comparable without regard to case.
func fold(s string) string { return strings.ToLower(s) }

// newID makes a UUID that sorts by time (RFC 9562 section 5.7).
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// newSecretID makes a UUID that nobody can guess (RFC 9562 section 5.4), for where knowing it is enough.
func newSecretID() string { return uuid.Must(uuid.NewRandom()).String() }

// object gives an empty map for nil, for JSON columns hold objects, not null.
func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
