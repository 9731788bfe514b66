package demoapp

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// claims are statements about a person or a sign-in, by name.
type claims map[string]any

func (c claims) text(name string) string {
	s, _ := c[name].(string)
	return s
}

// row is one line of a table of claims.
type row struct {
	Name  string // the claim's: preferred_username
	Label string // in the reader's language; the name itself if we do not know the claim
	Value string
}

// known are the claims we have a label for, in the order of the table (OpenID Connect Core 1.0 sections 2 and 5.1).
func known() []string {
	return []string{
		"name", "preferred_username", "nickname", "given_name", "family_name", "email", "email_verified", "phone_number", "picture", "locale", "groups",
		"iss", "sub", "aud", "azp", "iat", "exp", "auth_time", "acr", "amr", "sid", "nonce", "at_hash", "jti",
	}
}

// aboutSignIn reports whether a claim tells of the sign-in rather than of the person.
func aboutSignIn(name string) bool {
	switch name {
	case "iss", "sub", "aud", "azp", "iat", "nbf", "exp", "auth_time", "acr", "amr", "sid", "nonce", "at_hash", "c_hash", "jti":
		return true
	}
	return false
}

// rows makes a table of claims: those we know first, the others by name.
func (c claims) rows(t *text) []row {
	order := known()
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	names := slices.SortedFunc(maps.Keys(c), func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	list := make([]row, 0, len(names))
	for _, name := range names {
		label := t.Claims[name]
		if label == "" {
			label = name
		}
		list = append(list, row{Name: name, Label: label, Value: show(name, c[name], t)})
	}
	return list
}

// show writes a value for people.
func show(name string, value any, t *text) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		if v {
			return t.Yes
		}
		return t.No
	case json.Number:
		if seconds, err := v.Int64(); err == nil && slices.Contains([]string{"iat", "nbf", "exp", "auth_time", "updated_at"}, name) {
			return time.Unix(seconds, 0).UTC().Format("2006-01-02 15:04:05 UTC")
		}
		return v.String()
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = show(name, part, t)
		}
		return strings.Join(parts, ", ")
	}
	return indented(value)
}

// indented writes a value as JSON, with the letters of all languages as they are.
func indented(value any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		return "?" // claims came from JSON
	}
	return strings.TrimSuffix(b.String(), "\n")
}
