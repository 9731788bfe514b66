package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// Claimants tells in one statement which of the identifiers are known, and whose they are; and who has exactly this username, 0 for nobody.
func (s *Store) Claimants(ctx context.Context, ids []model.Identifier, username string) (owners []model.IdentifierOwner, namesake model.UserID, err error) {
	const named = `SELECT '', '', '', id FROM users WHERE username = $1`
	args, parts := []any{username}, []string{}
	for i, id := range ids {
		parts = append(parts, fmt.Sprintf("(kind = $%d AND namespace = $%d AND value = $%d)", 3*i+2, 3*i+3, 3*i+4))
		args = append(args, id.Kind, id.Namespace, id.Value)
	}
	text := named
	if len(parts) > 0 {
		text += ` UNION ALL SELECT kind, namespace, value, user_id FROM identities WHERE ` + strings.Join(parts, " OR ")
	}
	err = s.read(ctx, statement{text: text, args: args, adhoc: len(ids) > keptRows, each: func(scan row) error {
		var o model.IdentifierOwner
		if err := scan(&o.Kind, &o.Namespace, &o.Value, &o.User); err != nil {
			return err
		}
		if o.Kind == "" {
			namesake = o.User
		} else {
			owners = append(owners, o)
		}
		return nil
	}})
	return owners, namesake, wrap("read claimants", err)
}

// mostOfOneEmail bounds UsersByEmail: whoever asks wants to know whether there is more than one.
const mostOfOneEmail = 20

// UsersByEmail reads the users with exactly this e-mail address, by id, twenty at most. An empty address finds nobody.
func (s *Store) UsersByEmail(ctx context.Context, email string) ([]*model.User, error) {
	if email == "" {
		return nil, nil
	}
	text := fmt.Sprintf(`SELECT `+userColumns+` FROM users u WHERE u.email_fold = $1 AND u.email_fold <> '' AND u.email = $2 ORDER BY u.id LIMIT %d`, mostOfOneEmail)
	var users []*model.User
	err := s.read(ctx, statement{text: text, args: []any{fold(email), email}, each: func(scan row) error {
		u := &model.User{}
		users = append(users, u)
		return scan(userInto(u)...)
	}})
	return users, wrap("read users by e-mail", err)
}
