package store

import "context"

// Defaults tells which set of default objects the installation has been given, see [Store.SetDefaults].
func (s *Store) Defaults(ctx context.Context) (int, error) {
	var n int
	err := s.readOne(ctx, `SELECT defaults FROM installation WHERE id = 1`, []any{&n})
	return n, wrap("read defaults", err)
}

// SetDefaults notes that the installation has been given the default objects up to this set, so that what an administrator deletes stays deleted.
func (s *Store) SetDefaults(ctx context.Context, n int) error {
	return wrap("note defaults", s.must(ctx, `UPDATE installation SET defaults = $1 WHERE id = 1 RETURNING 1`, n))
}
