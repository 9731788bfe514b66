package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// InsertFlowToken adds a token.
func (s *Store) InsertFlowToken(ctx context.Context, t *model.FlowToken) error {
	plan := t.Plan
	if plan == nil {
		plan = []byte{}
	}
	const insert = `INSERT INTO flow_tokens (token_hash, flow_id, browser, plan, expires, consumed_at) VALUES ($1, $2, $3, $4, $5, $6)`
	return wrap("insert flow token", s.exec(ctx, insert, t.TokenHash, t.Flow, t.Browser, plan, moment(t.Expires), momentOrNull(t.ConsumedAt)))
}

// FlowToken reads a token in whatever state it is, to explain why it cannot be consumed. It is kept for a day after it expired.
func (s *Store) FlowToken(ctx context.Context, hash string) (*model.FlowToken, error) {
	t := &model.FlowToken{}
	const read = `SELECT token_hash, flow_id, browser, plan, expires, consumed_at FROM flow_tokens WHERE token_hash = $1`
	err := s.readOne(ctx, read, []any{&t.TokenHash, &t.Flow, &t.Browser, &t.Plan, intoTime{&t.Expires}, intoTimePtr{&t.ConsumedAt}}, hash)
	if err != nil {
		return nil, wrap("read flow token", err)
	}
	return t, nil
}

// ConsumeFlowToken takes a token, once: of many callers one gets it, for the others and after its expiry it is model.ErrNotFound.
func (s *Store) ConsumeFlowToken(ctx context.Context, hash string, now time.Time) error {
	const consume = `UPDATE flow_tokens SET consumed_at = $2 WHERE token_hash = $1 AND consumed_at IS NULL AND expires > $2 RETURNING 1`
	return wrap("consume flow token", s.must(ctx, consume, hash, moment(now)))
}
