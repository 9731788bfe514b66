package store

import (
	"context"
	"time"
)

// expireBatch bounds how many rows one statement deletes, so that nobody waits long for it.
const expireBatch = 500

// expiring lists what is deleted once it has expired, and how long after: what was used or refused can be explained for a while.
var expiring = []struct {
	table, key string
	grace      time.Duration
}{
	{"sessions", "id", 0},
	{"flow_runs", "id", time.Hour},
	{"source_requests", "state_hash", 24 * time.Hour},
	{"source_trials", "id", 0},
	{"one_time_links", "token_hash", 0},
	{"authorization_codes", "code_hash", time.Hour},
	{"oauth_tokens", "token_hash", 0},
	{"consents", "id", 0},
	{"events", "id", 0},
	{"flow_tokens", "token_hash", 24 * time.Hour},
	{"invitations", "id", 30 * 24 * time.Hour},
	{"reputations", "id", 0},
	{"attempts", "key", 0},
}

// Expire deletes what has expired, in small batches, and tells how much that was. Run does it now and then.
func (s *Store) Expire(ctx context.Context) (int, error) {
	total := 0
	for _, x := range expiring {
		text := `DELETE FROM ` + x.table + ` WHERE ` + x.key + ` IN (SELECT ` + x.key + ` FROM ` + x.table + ` WHERE expires < $1 LIMIT $2) RETURNING 1`
		for {
			n, err := s.hit(ctx, text, moment(s.now().Add(-x.grace)), expireBatch)
			total += n
			if err != nil {
				return total, wrap("delete expired "+x.table, err)
			}
			if n < expireBatch {
				break
			}
		}
	}
	return total, nil
}
