package userwrite

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// changes is what prompt_data says of a user: plain fields, and attributes by their path.
type changes struct {
	fields     map[string]any
	attributes map[string]any // merged at the top, as authentik does
	nested     map[string]any // "a.b" → value
	// password is the hash of a new password, "" for none; at is when it was chosen.
	password string
	at       time.Time
}

// plan sorts prompt_data. Keys that mean nothing to a user are passed over.
func plan(data map[string]any) changes {
	c := changes{fields: map[string]any{}, attributes: map[string]any{}, nested: map[string]any{}}
	for key, value := range data {
		switch {
		case key == "attributes":
			if m, ok := value.(map[string]any); ok {
				maps.Copy(c.attributes, m)
			}
		case strings.HasPrefix(key, "attributes."):
			c.nested[strings.TrimPrefix(key, "attributes.")] = value
		case strings.HasPrefix(key, "attributes_"):
			c.nested[strings.ReplaceAll(strings.TrimPrefix(key, "attributes_"), "_", ".")] = value
		default:
			c.fields[key] = value
		}
	}
	return c
}

// apply writes the changes into a user.
func (c changes) apply(u *model.User) {
	text(c.fields, "username", &u.Username)
	text(c.fields, "name", &u.Name)
	text(c.fields, "email", &u.Email)
	text(c.fields, "path", &u.Path)
	u.Path = strings.Trim(u.Path, "/")
	if active, ok := c.fields["is_active"].(bool); ok {
		u.IsActive = active
	}
	if c.password != "" {
		u.PasswordHash, u.PasswordChangeDate = c.password, c.at
	}
	if u.Attributes == nil {
		u.Attributes = map[string]any{}
	}
	maps.Copy(u.Attributes, c.attributes)
	for _, path := range slices.Sorted(maps.Keys(c.nested)) {
		set(u.Attributes, strings.Split(path, "."), c.nested[path])
	}
}

func text(fields map[string]any, name string, to *string) {
	if s, ok := fields[name].(string); ok {
		*to = s
	}
}

func set(m map[string]any, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		next, ok := m[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			m[name] = next
		}
		m = next
	}
	m[path[len(path)-1]] = value
}
