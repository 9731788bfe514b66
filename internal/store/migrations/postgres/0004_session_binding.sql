-- +goose Up

-- Where a session may be used from; empty for anywhere.
ALTER TABLE sessions ADD COLUMN binding TEXT NOT NULL DEFAULT '';
