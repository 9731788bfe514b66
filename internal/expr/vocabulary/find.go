package vocabulary

import (
	"context"
	"errors"

	"github.com/weimen-id/weimen/internal/model"
)

// lookups are the conditions of ak_user_by that an index serves: the field of the store, and whether case matters.
func lookups() []lookup {
	return []lookup{
		{"username", "username", false},
		{"username__exact", "username", false},
		{"username__iexact", "username", true},
		{"email", "email", false},
		{"email__exact", "email", false},
		{"email__iexact", "email", true},
		{"uuid", "uuid", false},
		{"attributes__upn", "upn", false},
		{"attributes__upn__iexact", "upn", true},
	}
}

type lookup struct {
	condition, field string
	anyCase          bool
}

// akUserBy finds the first user who meets all conditions, None if there is nobody. One of the conditions must be one that an index serves.
func akUserBy(ctx context.Context, args []any, named map[string]any) (any, error) {
	if len(args) > 0 {
		return nil, errors.New(`only named arguments, as in username="zhangsan"`)
	}
	ev := evaluationOf(ctx)
	u, err := ev.findUser(ctx, named)
	if errors.Is(err, model.ErrNotFound) {
		return nil, nil
	}
	if err != nil || u == nil {
		return nil, err
	}
	o := ev.UserObject(u)
	matches, err := o.Matches(ctx, named)
	if !matches || err != nil {
		return nil, err
	}
	return o, nil
}

// findUser reads the user by one of the conditions; the others are for the caller to check.
func (ev *evaluation) findUser(ctx context.Context, named map[string]any) (*model.User, error) {
	for _, name := range []string{"pk", "id"} {
		if id, ok := named[name].(int64); ok {
			return ev.found(ev.Store.User(ctx, model.UserID(id)))
		}
	}
	for _, l := range lookups() {
		value, given := named[l.condition]
		if !given {
			continue
		}
		text, ok := value.(string)
		if !ok || text == "" {
			return nil, model.ErrNotFound
		}
		return ev.found(ev.Store.FindUser(ctx, []string{l.field}, text, l.anyCase))
	}
	return nil, errors.New("people are found by username, email, pk, uuid or attributes__upn, as in username=\"zhangsan\"; other conditions can only be added to one of these")
}

// found keeps an error of the database for the caller of the evaluation.
func (ev *evaluation) found(u *model.User, err error) (*model.User, error) {
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return nil, ev.fault(err)
	}
	return u, err
}
