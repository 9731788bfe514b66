package resource

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// naming says in a conflict over a unique field which object holds the value.
func (m *Manager) naming(s *model.Snapshot, o *Object, err error) error {
	field, e := contested(err)
	if e == nil {
		return err
	}
	for _, v := range o.Noun.sort.all(s) {
		if o.Noun.sort.id(v) == o.ID() {
			continue
		}
		for _, f := range kind.Fields(v) {
			if f.Name == field && reflect.DeepEqual(f.Of(v), f.Of(o.Value)) {
				return holding(e, field, fmt.Sprintf("the %s %q", m.Registry.nounOf(o.Noun.sort, v).VerboseName, titleOf(o.Noun.sort, v)))
			}
		}
	}
	return err
}

// namingUser says in a conflict over a username whose it is. The transaction has ended by then.
func (m *Manager) namingUser(ctx context.Context, username string, err error) error {
	field, e := contested(err)
	if e == nil || field != "username" {
		return err
	}
	u, missing := m.Store.UserByUsername(ctx, username)
	if missing != nil {
		return err
	}
	return holding(e, field, fmt.Sprintf("that of %q (%d)", u.DisplayName(), u.ID))
}

// contested gives the one field that a conflict is about, nil for any other error.
func contested(err error) (field string, e *model.Error) {
	if !errors.As(err, &e) || e.Code != model.CodeConflict || len(e.Fields) != 1 {
		return "", nil
	}
	for field = range e.Fields {
		if field == whole {
			return "", nil
		}
	}
	return field, e
}

func holding(e *model.Error, field, holder string) error {
	c := *e
	c.Fields = map[string][]string{field: {e.Fields[field][0] + " It is " + holder + "."}}
	return &c
}

// titleOf is what people call an object whose key is another thing than its name.
func titleOf(s *sort, v any) string {
	for _, f := range kind.Fields(v) {
		if name, ok := f.Of(v).(string); ok && f.Name == "name" && name != "" {
			return name
		}
	}
	return s.name(v)
}
