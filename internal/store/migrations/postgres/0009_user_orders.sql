-- +goose Up

-- Orders in which users are listed, and exported row behind row.
CREATE INDEX users_name ON users (name, id);
CREATE INDEX users_email ON users (email, id);
CREATE INDEX users_date_joined ON users (date_joined, id);
CREATE INDEX users_type ON users (type, id);
CREATE INDEX users_is_active ON users (is_active, id);
