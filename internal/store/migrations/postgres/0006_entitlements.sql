-- +goose Up

CREATE TABLE application_entitlements (
    id             text PRIMARY KEY,
    application_id text NOT NULL REFERENCES applications (id),
    name           text COLLATE "C" NOT NULL,
    settings       jsonb NOT NULL,
    UNIQUE (application_id, name)
);
