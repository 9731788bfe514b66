package store

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
)

// Administrators tells how administrators who may sign in can do so: whether any has a password, and the sources that any has an account at. None at all: neither.
func (s *Store) Administrators(ctx context.Context) (password bool, sources []model.SourceID, err error) {
	const text = `WITH RECURSIVE admin (id) AS (
		SELECT id FROM groups WHERE is_superuser UNION SELECT p.group_id FROM group_parents p JOIN admin ON p.parent_id = admin.id)
		SELECT DISTINCT CASE WHEN u.password_hash <> '' THEN 1 ELSE 0 END, COALESCE(c.source_id, '') FROM admin
		JOIN user_groups m ON m.group_id = admin.id JOIN users u ON u.id = m.user_id LEFT JOIN connections c ON c.user_id = u.id
		WHERE u.is_active AND u.type IN ('internal', 'external') ORDER BY 2`
	err = s.read(ctx, statement{text: text, each: func(scan row) error {
		var has int
		var src model.SourceID
		if err := scan(&has, &src); err != nil {
			return err
		}
		password = password || has == 1
		if src != "" && (len(sources) == 0 || sources[len(sources)-1] != src) {
			sources = append(sources, src)
		}
		return nil
	}})
	return password, sources, wrap("read administrators", err)
}
