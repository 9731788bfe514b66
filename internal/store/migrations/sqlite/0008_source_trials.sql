-- +goose Up

-- A source that an administrator tries out with a real account: what came of it, sealed, for ten minutes.
CREATE TABLE source_trials (
    id         TEXT PRIMARY KEY,
    source_id  TEXT NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    created    INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    result     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX source_trials_user ON source_trials (user_id);
CREATE INDEX source_trials_expires ON source_trials (expires);
