package apptest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Database is the house's database, as somebody sees it who does not go through the product.
type Database struct {
	t testing.TB
	// Path is the SQLite file.
	Path string
	// direct and address lead to the PostgreSQL database: past the gate, and through it.
	direct, address string
	gate            *gate
	kept            *sql.DB
}

// behindGate puts a gate before a PostgreSQL server, so that it can be away for a while.
func (d *Database) behindGate(dsn string) {
	address, err := url.Parse(dsn)
	must(d.t, err)
	d.direct = dsn
	d.gate = newGate(d.t, address.Host)
	address.Host = d.gate.listener.Addr().String()
	d.address = address.String()
}

// Count counts the rows of a table.
func (d *Database) Count(table string) int {
	d.t.Helper()
	var n int
	d.query(func(db *sql.DB) {
		must(d.t, db.QueryRowContext(context.Background(), "SELECT count(*) FROM "+table).Scan(&n))
	})
	return n
}

// Rows counts the rows of every table, but for those that note what is under way or has happened: events, runs of flows, departures to a source, counted
// failures.
func (d *Database) Rows() map[string]int {
	d.t.Helper()
	out, parts := map[string]int{}, []string{}
	for _, table := range d.tables() {
		if table != "events" && table != "flow_runs" && table != "source_requests" && table != "attempts" {
			parts = append(parts, "SELECT '"+table+"', count(*) FROM "+table)
		}
	}
	d.query(func(db *sql.DB) {
		rows, err := db.QueryContext(context.Background(), strings.Join(parts, " UNION ALL "))
		must(d.t, err)
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var table string
			var n int
			must(d.t, rows.Scan(&table, &n))
			out[table] = n
		}
		must(d.t, rows.Err())
	})
	return out
}

// tables names all tables.
func (d *Database) tables() (names []string) {
	query := `SELECT name FROM sqlite_schema WHERE type = 'table'`
	if d.direct != "" {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	d.query(func(db *sql.DB) { names = d.texts(db, query) })
	return names
}

// Exec runs a statement past the product.
func (d *Database) Exec(statement string) {
	d.t.Helper()
	d.query(func(db *sql.DB) {
		_, err := db.ExecContext(context.Background(), statement)
		must(d.t, err)
	})
}

// query opens the database: SQLite's file for a moment, so that nobody else's lock is in the way of the product; PostgreSQL's for as long as the test runs.
func (d *Database) query(do func(*sql.DB)) {
	d.t.Helper()
	if d.direct == "" {
		db := d.open()
		defer func() { _ = db.Close() }()
		do(db)
		return
	}
	if d.kept == nil {
		d.kept = d.open()
	}
	do(d.kept)
}

func (d *Database) open() *sql.DB {
	d.t.Helper()
	driver, dsn := "sqlite", "file:"+d.Path+"?_pragma=busy_timeout(5000)"
	if d.direct != "" {
		driver, dsn = "pgx", d.direct
	}
	db, err := sql.Open(driver, dsn) // package store brings the drivers
	must(d.t, err)
	db.SetMaxOpenConns(1)
	return db
}

// each gives every row of every table, as text.
func (d *Database) each(do func(table, row string)) {
	tables := d.tables()
	d.query(func(db *sql.DB) {
		for _, table := range tables {
			d.rows(db, table, do)
		}
	})
}

func (d *Database) rows(db *sql.DB, table string, do func(table, row string)) {
	rows, err := db.QueryContext(context.Background(), "SELECT * FROM "+table)
	must(d.t, err)
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	must(d.t, err)
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		must(d.t, rows.Scan(values...))
		text := ""
		for _, v := range values {
			text += printed(*v.(*any)) + "\n"
		}
		do(table, text)
	}
	must(d.t, rows.Err())
}

func printed(v any) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}

func (d *Database) texts(db *sql.DB, query string) []string {
	rows, err := db.QueryContext(context.Background(), query)
	must(d.t, err)
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var text string
		must(d.t, rows.Scan(&text))
		out = append(out, text)
	}
	must(d.t, rows.Err())
	return out
}

// Away makes the database unusable until the function that it returns is called: SQLite's file is locked by somebody else, PostgreSQL's server cuts all connections
// and takes none.
func (d *Database) Away() (back func()) {
	d.t.Helper()
	if d.gate != nil {
		d.gate.shut()
		return d.gate.open
	}
	db := d.open()
	_, err := db.ExecContext(context.Background(), "BEGIN EXCLUSIVE")
	must(d.t, err)
	return func() {
		_, err := db.ExecContext(context.Background(), "ROLLBACK")
		if err != nil {
			d.t.Errorf("unlock the database: %v", err)
		}
		_ = db.Close()
	}
}

// Eventually waits for something to become true.
func Eventually(t testing.TB, within time.Duration, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}
