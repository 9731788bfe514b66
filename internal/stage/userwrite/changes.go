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
	// created says that the user is new: only then do some fields count.
	created bool
	// source is the name of the source that the run comes from.
	source string
	// verified is the address that the person has shown to read, in lower case.
	verified string
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
	email := u.Email
	text(c.fields, "username", &u.Username)
	text(c.fields, "name", &u.Name)
	text(c.fields, "email", &u.Email)
	text(c.fields, "path", &u.Path)
	u.Path = folder(u.Path)
	if active, ok := c.fields["is_active"].(bool); ok && c.created {
		u.IsActive = active
	}
	c.applyType(u)
	if c.password != "" {
		u.PasswordHash, u.PasswordChangeDate = c.password, c.at
	}
	if u.Attributes == nil {
		u.Attributes = map[string]any{}
	}
	if !strings.EqualFold(email, u.Email) {
		delete(u.Attributes, model.AttributeEmailVerified)
		delete(u.Attributes, model.AttributeEmailUnproven)
		if u.Email != "" {
			u.Attributes[model.AttributeEmailUnproven] = strings.ToLower(u.Email)
		}
	}
	if u.Email != "" && strings.ToLower(u.Email) == c.verified {
		u.Attributes[model.AttributeEmailVerified] = c.verified
		delete(u.Attributes, model.AttributeEmailUnproven)
	}
	maps.Copy(u.Attributes, c.attributes)
	for _, path := range slices.Sorted(maps.Keys(c.nested)) {
		set(u.Attributes, strings.Split(path, "."), c.nested[path])
	}
	if c.source != "" {
		noteSource(u, c.source)
	}
}

// applyType changes what the user is. Somebody who exists may become one of us or somebody from outside, and nobody becomes a program of the house.
func (c changes) applyType(u *model.User) {
	name, _ := c.fields["type"].(string)
	switch t := model.UserType(name); t {
	case model.UserInternal, model.UserExternal:
		if c.created || u.Type == model.UserInternal || u.Type == model.UserExternal {
			u.Type = t
		}
	case model.UserServiceAccount:
		if c.created {
			u.Type = t
		}
	case model.UserInternalServiceAccount:
	}
}

func text(fields map[string]any, name string, to *string) {
	if s, ok := fields[name].(string); ok {
		*to = s
	}
}

// folder gives a path without slashes around it and without empty parts; "users" where nothing is left.
func folder(path string) string {
	parts := slices.DeleteFunc(strings.Split(path, "/"), func(part string) bool { return strings.TrimSpace(part) == "" })
	if len(parts) == 0 {
		return "users"
	}
	return strings.Join(parts, "/")
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

// noteSource lists the source among those that wrote the user.
func noteSource(u *model.User, name string) {
	var names []any
	switch list := u.Attributes[model.AttributeSources].(type) {
	case []any:
		names = list
	case []string:
		for _, s := range list {
			names = append(names, s)
		}
	}
	if !slices.Contains(names, any(name)) {
		u.Attributes[model.AttributeSources] = append(names, name)
	}
}

// copied gives a user that can be changed without the other noticing, at any depth of its attributes.
func copied(u *model.User) *model.User {
	c := *u
	c.Attributes, _ = deep(u.Attributes).(map[string]any)
	return &c
}

func deep(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			out[name] = deep(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = deep(item)
		}
		return out
	}
	return v
}
