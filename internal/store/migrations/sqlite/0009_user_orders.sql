-- +goose Up

-- Orders in which users are listed, and exported row behind row. The id is in every index.
CREATE INDEX users_name ON users (name);
CREATE INDEX users_email ON users (email);
CREATE INDEX users_date_joined ON users (date_joined);
CREATE INDEX users_type ON users (type);
CREATE INDEX users_is_active ON users (is_active);
