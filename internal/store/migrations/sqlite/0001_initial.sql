-- +goose Up

-- Times are microseconds since 1970 in UTC; JSON is text; ids that outside systems remember are never given twice (AUTOINCREMENT).

-- The one row of an installation: its id, the version of its configuration, and the last provider id that was given.
CREATE TABLE installation (
    id                INTEGER PRIMARY KEY CHECK (id = 1),
    uuid              TEXT NOT NULL,
    version           INTEGER NOT NULL,
    provider_sequence INTEGER NOT NULL
) STRICT;

-- People.

CREATE TABLE users (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid                 TEXT NOT NULL UNIQUE,
    username             TEXT NOT NULL UNIQUE,
    username_fold        TEXT NOT NULL,
    name                 TEXT NOT NULL,
    email                TEXT NOT NULL,
    email_fold           TEXT NOT NULL,
    upn                  TEXT NOT NULL,
    upn_fold             TEXT NOT NULL,
    is_active            INTEGER NOT NULL,
    path                 TEXT NOT NULL,
    type                 TEXT NOT NULL,
    attributes           TEXT NOT NULL,
    password_hash        TEXT NOT NULL,
    last_login           INTEGER,
    date_joined          INTEGER NOT NULL,
    last_updated         INTEGER NOT NULL,
    password_change_date INTEGER NOT NULL
) STRICT;
CREATE INDEX users_username_fold ON users (username_fold);
CREATE INDEX users_email_fold ON users (email_fold) WHERE email_fold <> '';
CREATE INDEX users_upn_fold ON users (upn_fold) WHERE upn_fold <> '';
CREATE INDEX users_path ON users (path);

CREATE TABLE groups (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    is_superuser INTEGER NOT NULL,
    attributes   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX groups_superuser ON groups (id) WHERE is_superuser;

CREATE TABLE group_parents (
    group_id  TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    parent_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, parent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_parents_parent ON group_parents (parent_id);

CREATE TABLE user_groups (
    user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_groups_group ON user_groups (group_id);

CREATE TABLE tokens (
    id          TEXT PRIMARY KEY,
    identifier  TEXT NOT NULL UNIQUE,
    intent      TEXT NOT NULL,
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    description TEXT NOT NULL,
    expires     INTEGER,
    expiring    INTEGER NOT NULL,
    managed     TEXT UNIQUE,
    key_hash    TEXT NOT NULL UNIQUE,
    key_sealed  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_user ON tokens (user_id);

-- Configuration: one table per noun. "settings" holds the noun's own fields, "config" those of its kind; the unique names and what
-- refers to people's data are columns besides.

CREATE TABLE flows (
    id       TEXT PRIMARY KEY,
    slug     TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stages (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    settings TEXT NOT NULL,
    config   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE flow_stage_bindings (
    id       TEXT PRIMARY KEY,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE policies (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    settings TEXT NOT NULL,
    config   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_bindings (
    id       TEXT PRIMARY KEY,
    user_id  INTEGER REFERENCES users (id),
    group_id TEXT REFERENCES groups (id),
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_bindings_user ON policy_bindings (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX policy_bindings_group ON policy_bindings (group_id) WHERE group_id IS NOT NULL;

CREATE TABLE property_mappings (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    settings TEXT NOT NULL,
    config   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    id       TEXT PRIMARY KEY,
    slug     TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    settings TEXT NOT NULL,
    config   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE providers (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    settings TEXT NOT NULL,
    config   TEXT NOT NULL
) STRICT;

CREATE TABLE applications (
    id       TEXT PRIMARY KEY,
    slug     TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE brands (
    id       TEXT PRIMARY KEY,
    domain   TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE key_pairs (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Accounts at sources. An identity belongs to one user; connections of that user share it.

CREATE TABLE connections (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source_id    TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    identifier   TEXT NOT NULL,
    profile      TEXT NOT NULL,
    created      INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    UNIQUE (user_id, source_id)
) STRICT;
CREATE INDEX connections_source ON connections (source_id, identifier);

CREATE TABLE identities (
    kind      TEXT NOT NULL,
    namespace TEXT NOT NULL,
    value     TEXT NOT NULL,
    user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, namespace, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_user ON identities (user_id);

CREATE TABLE connection_identifiers (
    connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,
    namespace     TEXT NOT NULL,
    value         TEXT NOT NULL,
    PRIMARY KEY (connection_id, kind, namespace)
) STRICT, WITHOUT ROWID;
CREATE INDEX connection_identifiers_identity ON connection_identifiers (kind, namespace, value);

-- Browsers: signed in, in a flow, on their way to a source.

CREATE TABLE sessions (
    id          TEXT PRIMARY KEY,
    token_hash  TEXT NOT NULL UNIQUE,
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created     INTEGER NOT NULL,
    last_used   INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    persistent  INTEGER NOT NULL,
    auth_time   INTEGER NOT NULL,
    auth_method TEXT NOT NULL,
    source      TEXT NOT NULL,
    client_ip   TEXT NOT NULL,
    user_agent  TEXT NOT NULL,
    browser     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE flow_runs (
    id       TEXT PRIMARY KEY,
    browser  TEXT NOT NULL,
    flow_id  TEXT NOT NULL,
    plan     BLOB NOT NULL,
    revision INTEGER NOT NULL,
    expires  INTEGER NOT NULL
) STRICT;
CREATE INDEX flow_runs_expires ON flow_runs (expires);

CREATE TABLE source_requests (
    state_hash  TEXT PRIMARY KEY,
    browser     TEXT NOT NULL,
    source_id   TEXT NOT NULL,
    next        TEXT NOT NULL,
    locale      TEXT NOT NULL,
    keep        TEXT NOT NULL,
    created     INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    consumed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX source_requests_expires ON source_requests (expires);

CREATE TABLE one_time_links (
    token_hash TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_links_user ON one_time_links (user_id);
CREATE INDEX one_time_links_expires ON one_time_links (expires);

-- OAuth 2.0. Scopes are separated by a blank, as on the wire.

CREATE TABLE authorization_codes (
    code_hash    TEXT PRIMARY KEY,
    grant_id     TEXT NOT NULL,
    provider_id  INTEGER NOT NULL,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id   TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    nonce        TEXT NOT NULL,
    challenge    TEXT NOT NULL,
    method       TEXT NOT NULL,
    auth_time    INTEGER NOT NULL,
    auth_method  TEXT NOT NULL,
    created      INTEGER NOT NULL,
    expires      INTEGER NOT NULL,
    consumed_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_codes_user ON authorization_codes (user_id);
CREATE INDEX authorization_codes_expires ON authorization_codes (expires);

-- Access and refresh tokens alike, so that one statement issues both and one revokes both.
CREATE TABLE oauth_tokens (
    token_hash  TEXT PRIMARY KEY,
    kind        TEXT NOT NULL, -- access or refresh
    grant_id    TEXT NOT NULL,
    provider_id INTEGER NOT NULL,
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id  TEXT NOT NULL,
    scopes      TEXT NOT NULL,
    nonce       TEXT NOT NULL,
    auth_time   INTEGER NOT NULL,
    auth_method TEXT NOT NULL,
    created     INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    consumed_at INTEGER,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_tokens_grant ON oauth_tokens (grant_id);
CREATE INDEX oauth_tokens_user ON oauth_tokens (user_id);
CREATE INDEX oauth_tokens_session ON oauth_tokens (session_id) WHERE session_id <> '';
CREATE INDEX oauth_tokens_expires ON oauth_tokens (expires);

CREATE TABLE consents (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id        INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    permissions    TEXT NOT NULL,
    expires        INTEGER,
    expiring       INTEGER NOT NULL,
    UNIQUE (user_id, application_id)
) STRICT;
CREATE INDEX consents_application ON consents (application_id);
CREATE INDEX consents_expires ON consents (expires) WHERE expires IS NOT NULL;

-- Who did what. The user is kept as it was, for it may be gone when the record is read.

CREATE TABLE events (
    id           TEXT PRIMARY KEY,
    action       TEXT NOT NULL,
    app          TEXT NOT NULL,
    user_id      INTEGER,
    username     TEXT NOT NULL,
    email        TEXT NOT NULL,
    context      TEXT NOT NULL,
    client_ip    TEXT NOT NULL,
    support_code TEXT NOT NULL,
    created      INTEGER NOT NULL,
    expires      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX events_created ON events (created);
CREATE INDEX events_expires ON events (expires);
CREATE INDEX events_username ON events (username, created) WHERE username <> '';
CREATE INDEX events_support_code ON events (support_code) WHERE support_code <> '';
