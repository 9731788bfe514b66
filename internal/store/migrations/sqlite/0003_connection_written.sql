-- +goose Up

-- What a source has last written into the user, by field.
ALTER TABLE connections ADD COLUMN written TEXT NOT NULL DEFAULT '{}';
