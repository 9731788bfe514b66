-- +goose Up

-- Authenticators of people. An identifier by which one is found without its user is unique within its class, null where there is none.

CREATE TABLE devices (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    class        TEXT NOT NULL,
    name         TEXT NOT NULL,
    confirmed    INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    last_used    INTEGER,
    lookup       TEXT,
    counter      INTEGER NOT NULL,
    secret       TEXT NOT NULL,
    data         TEXT NOT NULL,
    UNIQUE (class, lookup)
) STRICT;
CREATE INDEX devices_user ON devices (user_id);

-- Printed codes that are not used yet.
CREATE TABLE device_codes (
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (device_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Earlier passwords, by their hashes.
CREATE TABLE password_history (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    created       INTEGER NOT NULL
) STRICT;
CREATE INDEX password_history_user ON password_history (user_id, id);

-- What lets somebody enroll. One that is for a flow goes with that flow, for without it any flow would do.
CREATE TABLE invitations (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    expires    INTEGER,
    fixed_data TEXT NOT NULL,
    single_use INTEGER NOT NULL,
    flow_id    TEXT REFERENCES flows (id) ON DELETE CASCADE,
    created_by INTEGER REFERENCES users (id) ON DELETE CASCADE,
    created    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_created_by ON invitations (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX invitations_flow ON invitations (flow_id) WHERE flow_id IS NOT NULL;
CREATE INDEX invitations_expires ON invitations (expires) WHERE expires IS NOT NULL;

-- Groups at sources.
CREATE TABLE group_connections (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id     TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    source_id    TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    identifier   TEXT NOT NULL,
    created      INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    UNIQUE (source_id, identifier)
) STRICT;
CREATE INDEX group_connections_group ON group_connections (group_id);

-- Runs of flows that a link takes up again.
CREATE TABLE flow_tokens (
    token_hash  TEXT PRIMARY KEY,
    flow_id     TEXT NOT NULL,
    browser     TEXT NOT NULL,
    plan        BLOB NOT NULL,
    expires     INTEGER NOT NULL,
    consumed_at INTEGER
) STRICT;
CREATE INDEX flow_tokens_expires ON flow_tokens (expires);

-- Failures and successes of sign-ins: by name and address, and as counts under a key.

CREATE TABLE reputations (
    id         TEXT PRIMARY KEY,
    identifier TEXT NOT NULL,
    ip         TEXT NOT NULL,
    score      INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    UNIQUE (identifier, ip)
) STRICT, WITHOUT ROWID;
CREATE INDEX reputations_ip ON reputations (ip);
CREATE INDEX reputations_expires ON reputations (expires);

CREATE TABLE attempts (
    key     TEXT PRIMARY KEY,
    count   INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_expires ON attempts (expires);

-- Configuration.

CREATE TABLE prompts (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row once something was changed; until then the defaults hold.
CREATE TABLE settings (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    settings TEXT NOT NULL
) STRICT;
