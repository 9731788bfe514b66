package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

const sourceRequestColumns = `state_hash, browser, source_id, next, locale, keep, created, expires, outcome, consumed_at`

func sourceRequestInto(r *model.SourceRequest) []any {
	return []any{
		&r.StateHash, &r.Browser, &r.Source, &r.Next, &r.Locale, &r.Keep,
		intoTime{&r.Created},
		intoTime{&r.Expires},
		&r.Outcome,
		intoTimePtr{&r.ConsumedAt},
	}
}

// InsertSourceRequest adds a request.
func (s *Store) InsertSourceRequest(ctx context.Context, r *model.SourceRequest) error {
	const insert = `INSERT INTO source_requests (` + sourceRequestColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	return wrap("insert source request", s.exec(ctx, insert, r.StateHash, r.Browser, r.Source, r.Next, r.Locale, string(r.Keep),
		moment(r.Created), moment(r.Expires), r.Outcome, momentOrNull(r.ConsumedAt)))
}

// ConsumeSourceRequest takes a request, once: of many callers one gets it. It must be this browser's, of this source and not expired;
// otherwise, and for all other callers, it is model.ErrNotFound.
func (s *Store) ConsumeSourceRequest(ctx context.Context, stateHash, browser string, source model.SourceID, now time.Time) (*model.SourceRequest, error) {
	r := &model.SourceRequest{}
	const consume = `UPDATE source_requests SET consumed_at = $4
		WHERE state_hash = $1 AND browser = $2 AND source_id = $3 AND consumed_at IS NULL AND expires > $4 RETURNING ` + sourceRequestColumns
	if err := s.writeOne(ctx, consume, sourceRequestInto(r), stateHash, browser, source, moment(now)); err != nil {
		return nil, wrap("consume source request", err)
	}
	return r, nil
}

// SourceRequest reads a request in whatever state it is, to explain why it cannot be consumed. It is kept for a day after it expired.
func (s *Store) SourceRequest(ctx context.Context, stateHash string) (*model.SourceRequest, error) {
	r := &model.SourceRequest{}
	err := s.readOne(ctx, `SELECT `+sourceRequestColumns+` FROM source_requests WHERE state_hash = $1`, sourceRequestInto(r), stateHash)
	if err != nil {
		return nil, wrap("read source request", err)
	}
	return r, nil
}

// SetSourceRequestOutcome notes where the callback sent the browser.
func (s *Store) SetSourceRequestOutcome(ctx context.Context, stateHash, path string) error {
	return wrap("set outcome of source request", s.must(ctx,
		`UPDATE source_requests SET outcome = $2 WHERE state_hash = $1 RETURNING 1`, stateHash, path))
}
