// Package store keeps everything in SQLite or PostgreSQL.
package store
