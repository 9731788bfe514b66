package config

import (
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/weimen-id/weimen/internal/model"
)

// Settings is what holds after defaults and checks.
type Settings struct {
	Listen string // host:port
	// URL is the public address: scheme and host only. Use Origin for its text.
	URL  *url.URL
	Data string // absolute path of the data folder

	Database   Database
	Durability Durability

	// SecretKey holds the key's bytes, at least 32. Before Prepare it is empty where none was given.
	SecretKey model.Secret
	Bootstrap Bootstrap

	Email Email

	TrustedProxies []netip.Prefix
	// RateLimit is how many requests a second an address may make without being signed in; 0 is no limit.
	RateLimit float64
	LogLevel  slog.Level
	LogFormat LogFormat

	GeoIP GeoIP

	Demo Demo
}

// Origin is the public address without a trailing slash: "https://id.example.com".
func (s Settings) Origin() string { return s.URL.String() }

// Database says which database to open.
type Database struct {
	Dialect Dialect
	Path    string       // of the SQLite file, absolute
	DSN     model.Secret // the postgres:// address
}

// Dialect is the kind of database.
type Dialect string

// The dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Durability says what survives a loss of power.
type Durability string

// The degrees of durability.
const (
	// DurabilityFull waits for the disk before anything is answered as done.
	DurabilityFull Durability = "full"
	// DurabilityFast may lose the last moments at a loss of power, never consistency.
	DurabilityFast Durability = "fast"
)

// Bootstrap describes the first administrator.
type Bootstrap struct {
	Password model.Secret
	Token    model.Secret
	Email    string
}

// GeoIP names the files of package geoip; "" is none.
type GeoIP struct {
	Database    string
	ASNDatabase string
}

// Email says how letters go out. Without a host none do.
type Email struct {
	Host string
	// Port is zero for the usual one.
	Port           int
	Username       string
	Password       model.Secret
	UseTLS, UseSSL bool
	Timeout        time.Duration
	// From is an address, perhaps with a name.
	From string
}

// LogFormat is how a line of the log is written.
type LogFormat string

// The log formats.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Demo holds what weimen demo needs besides.
type Demo struct {
	AppListen    string
	WeChatListen string
}
