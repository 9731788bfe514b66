-- +goose Up

CREATE TABLE application_entitlements (
    id             TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id),
    name           TEXT NOT NULL,
    settings       TEXT NOT NULL,
    UNIQUE (application_id, name)
) STRICT, WITHOUT ROWID;
