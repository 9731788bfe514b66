-- +goose Up

-- Which set of default objects the installation has been given. Those that began before there was a second one have the first.
ALTER TABLE installation ADD COLUMN defaults integer NOT NULL DEFAULT 1;
