-- +goose Up

-- Orders in which users are listed, and exported row behind row.
CREATE INDEX users_name ON users (name, id);
CREATE INDEX users_email ON users (email, id);
CREATE INDEX users_date_joined ON users (date_joined, id);
