package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// InsertSourceTrial adds a trial.
func (s *Store) InsertSourceTrial(ctx context.Context, t *model.SourceTrial) error {
	const insert = `INSERT INTO source_trials (id, source_id, user_id, session_id, created, expires, result) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	return wrap("insert source trial", s.exec(ctx, insert, t.ID, t.Source, t.User, t.Session, moment(t.Created), moment(t.Expires), string(t.Result)))
}

// SourceTrial reads a trial; none, or one that is long over, is model.ErrNotFound.
func (s *Store) SourceTrial(ctx context.Context, id string) (*model.SourceTrial, error) {
	t := &model.SourceTrial{}
	err := s.readOne(ctx, `SELECT id, source_id, user_id, session_id, created, expires, result FROM source_trials WHERE id = $1`,
		[]any{&t.ID, &t.Source, &t.User, &t.Session, intoTime{&t.Created}, intoTime{&t.Expires}, &t.Result}, id)
	if err != nil {
		return nil, wrap("read source trial", err)
	}
	return t, nil
}

// FinishSourceTrial notes what a trial came to, once: one that has ended already, or too long ago, is model.ErrNotFound.
func (s *Store) FinishSourceTrial(ctx context.Context, id string, result model.Sealed, now time.Time) error {
	return wrap("finish source trial", s.must(ctx,
		`UPDATE source_trials SET result = $2 WHERE id = $1 AND result = '' AND expires > $3 RETURNING 1`, id, string(result), moment(now)))
}
