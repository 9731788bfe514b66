package store

import (
	"context"
	"slices"

	"github.com/weimen-id/weimen/internal/model"
)

// Administrators lists the active superusers with what they can sign in with.
func (s *Store) Administrators(ctx context.Context) ([]*model.Administrator, error) {
	const text = `WITH RECURSIVE admin (id) AS (
		SELECT id FROM groups WHERE is_superuser UNION SELECT p.group_id FROM group_parents p JOIN admin ON p.parent_id = admin.id)
		SELECT DISTINCT u.id, CASE WHEN u.password_hash <> '' THEN 1 ELSE 0 END, COALESCE(c.source_id, ''), COALESCE(d.class, '') FROM admin
		JOIN user_groups m ON m.group_id = admin.id JOIN users u ON u.id = m.user_id
		LEFT JOIN connections c ON c.user_id = u.id LEFT JOIN devices d ON d.user_id = u.id AND d.confirmed
		WHERE u.is_active AND u.type IN ('internal', 'external') ORDER BY 1`
	var all []*model.Administrator
	err := s.read(ctx, statement{text: text, each: func(scan row) error {
		var id model.UserID
		var password int
		var src model.SourceID
		var class model.DeviceClass
		if err := scan(&id, &password, &src, &class); err != nil {
			return err
		}
		if n := len(all); n == 0 || all[n-1].ID != id {
			all = append(all, &model.Administrator{ID: id, Password: password == 1})
		}
		a := all[len(all)-1]
		if src != "" && !slices.Contains(a.Sources, src) {
			a.Sources = append(a.Sources, src)
		}
		if class != "" && !slices.Contains(a.Devices, class) {
			a.Devices = append(a.Devices, class)
		}
		return nil
	}})
	return all, wrap("read administrators", err)
}
