package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Attempts reads the counts of the keys that are not forgotten, by key.
func (s *Store) Attempts(ctx context.Context, keys []string, now time.Time) ([]model.Attempts, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	args := []any{moment(now)}
	for _, k := range keys {
		args = append(args, k)
	}
	text := `SELECT key, count, expires FROM attempts WHERE key IN (` + places(2, len(keys)) + `) AND expires > $1 ORDER BY key`
	var all []model.Attempts
	err := s.read(ctx, statement{text: text, args: args, adhoc: len(keys) > keptRows, each: intoAttempts(&all)})
	return all, wrap("read attempts", err)
}

// CountAttempts adds one to the count of each key and gives the new counts, by key. A count is forgotten when the window is over that
// began with its first attempt; the next one begins anew.
func (s *Store) CountAttempts(ctx context.Context, keys []string, window time.Duration, now time.Time) ([]model.Attempts, error) {
	keys = slices.Compact(slices.Sorted(slices.Values(keys))) // in one order, so that two callers do not wait for each other
	if len(keys) == 0 {
		return nil, nil
	}
	args := []any{moment(now), moment(now.Add(window))}
	rows := make([]string, len(keys))
	for i, k := range keys {
		rows[i] = fmt.Sprintf("($%d, 1, $2)", i+3)
		args = append(args, k)
	}
	text := `INSERT INTO attempts (key, count, expires) VALUES ` + strings.Join(rows, ", ") + ` ON CONFLICT (key) DO UPDATE
		SET count = CASE WHEN attempts.expires > $1 THEN attempts.count + 1 ELSE 1 END,
		expires = CASE WHEN attempts.expires > $1 THEN attempts.expires ELSE excluded.expires END RETURNING key, count, expires`
	var all []model.Attempts
	err := s.write(ctx, statement{text: text, args: args, adhoc: len(keys) > keptRows, each: intoAttempts(&all)})
	slices.SortFunc(all, func(a, b model.Attempts) int { return strings.Compare(a.Key, b.Key) })
	return all, wrap("count attempts", err)
}

// ReleaseAttempts takes one from the count of each key, and sets those of them that are to be forgotten to nothing.
func (s *Store) ReleaseAttempts(ctx context.Context, keys, forget []string) error {
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	if len(keys) == 0 {
		return nil
	}
	var args []any
	for _, k := range slices.Concat(keys, forget) {
		args = append(args, k)
	}
	less := "count - 1"
	if len(forget) > 0 {
		less = `CASE WHEN key IN (` + places(len(keys)+1, len(forget)) + `) THEN 0 ELSE count - 1 END`
	}
	text := `UPDATE attempts SET count = ` + less + ` WHERE count > 0 AND key IN (` + places(1, len(keys)) + `)`
	return wrap("release attempts", s.write(ctx, statement{text: text, args: args, adhoc: len(keys) > keptRows}))
}

// ForgetAttempts sets the counts of the keys to nothing.
func (s *Store) ForgetAttempts(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	keys = slices.Sorted(slices.Values(keys))
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	text := `DELETE FROM attempts WHERE key IN (` + places(1, len(keys)) + `)`
	return wrap("forget attempts", s.write(ctx, statement{text: text, args: args, adhoc: len(keys) > keptRows}))
}

func intoAttempts(all *[]model.Attempts) func(row) error {
	return func(scan row) error {
		var a model.Attempts
		err := scan(&a.Key, &a.Count, intoTime{&a.Until})
		*all = append(*all, a)
		return err
	}
}
