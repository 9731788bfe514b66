package store

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

const consentColumns = `id, user_id, application_id, permissions, expires, expiring`

func consentInto(c *model.Consent) []any {
	return []any{&c.ID, &c.User, &c.Application, intoJSON{&c.Permissions}, intoTimePtr{&c.Expires}, &c.Expiring}
}

// Consent reads what a user allowed an application. Whether it has expired is for the caller to say.
func (s *Store) Consent(ctx context.Context, user model.UserID, app model.ApplicationID) (*model.Consent, error) {
	c := &model.Consent{}
	err := s.readOne(ctx, `SELECT `+consentColumns+` FROM consents WHERE user_id = $1 AND application_id = $2`, consentInto(c), user, app)
	if err != nil {
		return nil, wrap("read consent", err)
	}
	return c, nil
}

// SaveConsent inserts the user's consent for the application or replaces the one that exists, and sets its ID.
func (s *Store) SaveConsent(ctx context.Context, c *model.Consent) error {
	permissions := c.Permissions
	if permissions == nil {
		permissions = []string{}
	}
	text, err := jsonText(permissions)
	if err != nil {
		return wrap("save consent", err)
	}
	return wrap("save consent", s.writeOne(ctx, `INSERT INTO consents (user_id, application_id, permissions, expires, expiring)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id, application_id) DO UPDATE
		SET permissions = excluded.permissions, expires = excluded.expires, expiring = excluded.expiring RETURNING id`,
		[]any{&c.ID}, c.User, c.Application, text, momentOrNull(c.Expires), c.Expiring))
}

// ListConsents lists the consents of a user.
func (s *Store) ListConsents(ctx context.Context, user model.UserID) ([]*model.Consent, error) {
	var all []*model.Consent
	text := `SELECT ` + consentColumns + ` FROM consents WHERE user_id = $1 ORDER BY id`
	err := s.read(ctx, statement{text: text, args: []any{user}, each: func(scan row) error {
		c := &model.Consent{}
		all = append(all, c)
		return scan(consentInto(c)...)
	}})
	return all, wrap("list consents", err)
}

// DeleteConsent withdraws a consent.
func (s *Store) DeleteConsent(ctx context.Context, id model.ConsentID) error {
	return wrap("delete consent", s.must(ctx, `DELETE FROM consents WHERE id = $1 RETURNING 1`, id))
}
