-- +goose Up

-- A source that an administrator tries out with a real account: what came of it, sealed, for ten minutes.
CREATE TABLE source_trials (
    id         text PRIMARY KEY,
    source_id  text NOT NULL,
    user_id    bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id text NOT NULL,
    created    timestamptz NOT NULL,
    expires    timestamptz NOT NULL,
    result     text NOT NULL
);
CREATE INDEX source_trials_user ON source_trials (user_id);
CREATE INDEX source_trials_expires ON source_trials (expires);
