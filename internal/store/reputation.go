package store

import (
	"context"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// reputationLife is how long a score is remembered after its last change.
const reputationLife = 24 * time.Hour

const reputationColumns = `id, identifier, ip, score, updated`

func reputationInto(r *model.Reputation) []any {
	return []any{&r.ID, &r.Identifier, &r.IP, &r.Score, intoTime{&r.Updated}}
}

// AdjustReputation adds delta to the score of a name at an address, and keeps it from lower to upper. A score that nothing has changed for
// a day begins anew.
func (s *Store) AdjustReputation(ctx context.Context, identifier, ip string, delta, lower, upper int, now time.Time) error {
	const (
		insert = `INSERT INTO reputations (id, identifier, ip, score, updated, expires) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (identifier, ip) DO UPDATE SET updated = excluded.updated, expires = excluded.expires,
			score = CASE WHEN reputations.expires <= excluded.updated THEN excluded.score ELSE `
		sqlite   = insert + `max($8, min($9, reputations.score + $7)) END`
		postgres = insert + `greatest($8::bigint, least($9::bigint, reputations.score + $7::bigint)) END`
	)
	first := max(lower, min(upper, delta))
	return wrap("adjust reputation", s.exec(ctx, s.pick(sqlite, postgres),
		newID(), identifier, ip, first, moment(now), moment(now.Add(reputationLife)), delta, lower, upper))
}

// Reputation gives the sum of the scores of a name, at all addresses, and of those at an address, for all names; one that is both counts once. An empty name or
// address is not looked for.
func (s *Store) Reputation(ctx context.Context, identifier, ip string) (int, error) {
	const sum = `SELECT CAST(coalesce(sum(score), 0) AS bigint) FROM reputations
		WHERE (identifier = $1 AND identifier <> '' OR ip = $2 AND ip <> '') AND expires > $3`
	score := 0
	err := s.readOne(ctx, sum, []any{&score}, identifier, ip, moment(s.now()))
	return score, wrap("read reputation", err)
}

// ReputationScore reads one score by its id.
func (s *Store) ReputationScore(ctx context.Context, id string) (*model.Reputation, error) {
	r := &model.Reputation{}
	if err := s.readOne(ctx, `SELECT `+reputationColumns+` FROM reputations WHERE id = $1`, reputationInto(r), id); err != nil {
		return nil, wrap("read reputation", err)
	}
	return r, nil
}

// DeleteReputation forgets one score.
func (s *Store) DeleteReputation(ctx context.Context, id string) error {
	return wrap("delete reputation", s.must(ctx, `DELETE FROM reputations WHERE id = $1 RETURNING 1`, id))
}

// ListReputations lists scores, and how many there are in all.
func (s *Store) ListReputations(ctx context.Context, l List) ([]*model.Reputation, int, error) {
	return list(ctx, s, listing[model.Reputation]{
		noun: "reputations", columns: reputationColumns, from: "reputations", id: "id", order: "updated DESC", into: reputationInto,
		fields: map[string]column{
			"pk": {sql: "id"}, "identifier": {sql: "identifier"}, "ip": {sql: "ip"}, "score": {sql: "score", is: integers},
			"updated": {sql: "updated", is: moments},
		},
		search: []string{"identifier", "ip"},
	}, l)
}
