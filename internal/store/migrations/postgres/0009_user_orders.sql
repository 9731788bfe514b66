-- +goose Up

-- Orders in which users are listed, and exported row behind row. A name may have any length, more than an index takes; the rest of a very
-- long one does not matter to its place.
CREATE INDEX users_name ON users (substr(name, 1, 500), id);
CREATE INDEX users_email ON users (email, id);
CREATE INDEX users_date_joined ON users (date_joined, id);
CREATE INDEX users_type ON users (type, id);
CREATE INDEX users_is_active ON users (is_active, id);
