-- +goose Up

-- Orders in which users are listed, and exported row behind row. The id is in every index. A name may have any length, more than PostgreSQL takes
-- into an index; the rest of a very long one does not matter to its place.
CREATE INDEX users_name ON users (substr(name, 1, 500));
CREATE INDEX users_email ON users (email);
CREATE INDEX users_date_joined ON users (date_joined);
CREATE INDEX users_type ON users (type);
CREATE INDEX users_is_active ON users (is_active);
