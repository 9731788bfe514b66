package source

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/mapping"
	"github.com/weimen-id/weimen/internal/model"
)

// The rules by which a known person's field follows the source, see model.Source.AttributeRefresh.
const (
	refreshAlways       = "always"
	refreshOnce         = "once"
	refreshUnlessEdited = "unless_edited"
)

// attributePrefix stands before the name of an attribute where fields are listed flat.
const attributePrefix = "attributes."

// told lists what the source says of the person, flat: "name", "attributes.city". An e-mail address that nobody vouches for is not among it: it replaces none.
func (r *returning) told() map[string]any {
	out := map[string]any{}
	for _, name := range []string{"username", "name", "email", "path"} {
		if text, ok := r.properties[name].(string); ok && r.trusted(name) {
			out[name] = text
		}
	}
	attributes, _ := r.properties["attributes"].(map[string]any)
	for name, value := range attributes {
		out[attributePrefix+name] = value
	}
	return out
}

// ruleOf finds the rule for a field. A username or path changes only where the administrator names it: "*" is for what a person is called, not for what they are known by.
func ruleOf(rules map[string]any, field string) string {
	names := []string{field, "*"}
	switch {
	case field == "username" || field == "path":
		names = names[:1]
	case strings.HasPrefix(field, attributePrefix):
		names = []string{field, "attributes", "*"}
	}
	for _, name := range names {
		if rule, ok := rules[name].(string); ok {
			return rule
		}
	}
	return refreshOnce
}

// outdated lists the fields of a user that the rules let the source replace, and which differ. A field is a person's own where it is no longer what the source wrote last; one
// that the source never wrote is their own unless it is empty.
func outdated(u *model.User, told, written, rules map[string]any) []string {
	var out []string
	for _, field := range slices.Sorted(maps.Keys(told)) {
		present := fieldOf(u, field)
		if mapping.SameValue(present, told[field]) {
			continue
		}
		switch ruleOf(rules, field) {
		case refreshAlways:
			out = append(out, field)
		case refreshUnlessEdited:
			before, known := written[field]
			if known && mapping.SameValue(present, before) || !known && (present == nil || present == "") {
				out = append(out, field)
			}
		}
	}
	return out
}

// agreed gives what the source has written by now: what it told that the user has, and what it wrote before.
func agreed(u *model.User, told, before map[string]any) map[string]any {
	out := maps.Clone(before)
	if out == nil {
		out = map[string]any{}
	}
	for field, value := range told {
		if mapping.SameValue(fieldOf(u, field), value) {
			out[field] = value
		}
	}
	return out
}

func fieldOf(u *model.User, field string) any {
	switch field {
	case "username":
		return u.Username
	case "name":
		return u.Name
	case "email":
		return u.Email
	case "path":
		return u.Path
	}
	return u.Attributes[strings.TrimPrefix(field, attributePrefix)]
}

func setField(u *model.User, field string, value any) {
	text, _ := value.(string)
	switch field {
	case "username":
		u.Username = text
	case "name":
		u.Name = text
	case "email":
		u.Email = text
	case "path":
		u.Path = strings.Trim(text, "/")
	default:
		if u.Attributes == nil {
			u.Attributes = map[string]any{}
		}
		u.Attributes[strings.TrimPrefix(field, attributePrefix)] = value
	}
}

// refresh lets a user follow the source by its rules. It writes only where something is outdated, and gives the events to record.
func (m *Manager) refresh(
	ctx context.Context, c *Connecting, written map[string]any, v *model.Visitor, u *model.User, src *model.Source,
) (events []*model.Event, err error) {
	if len(src.AttributeRefresh) == 0 {
		return nil, nil
	}
	fields := outdated(u, c.Told, written, src.AttributeRefresh)
	if slices.Contains(fields, "username") {
		free, err := m.isFree(ctx, c.Told["username"])
		if err != nil {
			return nil, err
		}
		if !free {
			fields = slices.DeleteFunc(fields, func(f string) bool { return f == "username" })
			events = append(events, event.New(model.ActionConfigurationWarning, app, v, map[string]any{
				"message": "The username that the source gives is somebody else's, so the user keeps theirs", "source": src.Slug,
				"username": u.Username, "wanted": c.Told["username"],
			}))
		}
	}
	if len(fields) == 0 {
		return events, nil
	}
	fresh, err := m.Store.UpdateUser(ctx, u.ID, func(stored *model.User) error {
		for _, field := range fields {
			setField(stored, field, c.Told[field])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	fresh.Groups = u.Groups
	*u = *fresh
	return append(events, event.New(model.ActionUserWrite, app, v, map[string]any{
		"created": false, "username": u.Username, "path": u.Path, "source": src.Slug, "fields": fields,
	})), nil
}

// isFree reports whether nobody has a username. An empty one is nobody's to have.
func (m *Manager) isFree(ctx context.Context, name any) (bool, error) {
	text, _ := name.(string)
	if strings.TrimSpace(text) == "" {
		return false, nil
	}
	_, err := m.Store.UserByUsername(ctx, text)
	if errors.Is(err, model.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// checkRefresh says what is wrong with the rules, by field.
func checkRefresh(rules map[string]any) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		switch attribute, is := strings.CutPrefix(name, attributePrefix); {
		case is && attribute != "":
		case slices.Contains([]string{"*", "username", "name", "email", "path", "attributes"}, name):
		default:
			out = append(out, fmt.Sprintf("%q is no field that can follow the source: *, name, email, username, path, attributes and attributes.<name> can.", name))
		}
		if rule, ok := rules[name].(string); !ok || !slices.Contains([]string{refreshAlways, refreshOnce, refreshUnlessEdited}, rule) {
			out = append(out, fmt.Sprintf("%q must be one of always, once, unless_edited.", name))
		}
	}
	return out
}
