package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	sqlitedriver "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"

	"github.com/weimen-id/weimen/internal/model"
)

const (
	// busyTimeout is how long a lock of another process is waited for.
	busyTimeout = 5 * time.Second
	// readers is the size of the pool that reads. The driver gains little from more.
	readers = 4
	// pollSQLite is how often another process's change of configuration is looked for. One page is read.
	pollSQLite = time.Second
)

// sqlite is a database file: one connection that writes, a few that read.
type sqlite struct {
	path   string
	file   os.FileInfo
	reader *sql.DB
	kept   statements
	writer *writer
}

func openSQLite(ctx context.Context, path string, fast bool) (*sqlite, error) {
	path = strings.TrimPrefix(path, "//")
	if path == "" || strings.Contains(path, ":memory:") || strings.Contains(path, "?") {
		return nil, errors.New("sqlite: must be followed by the path of a file")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// SQLite gives its side files the mode of this one: nobody else may read people's data.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, model.ErrUnavailable.Because(err)
	}
	e := &sqlite{path: path}
	if e.file, err = f.Stat(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return nil, err
	}

	synchronous := "FULL"
	if fast {
		synchronous = "NORMAL"
	}
	// What SQLite keeps to undo a single job of a batch stays in memory: it is small, and worthless after a crash.
	write, err := sql.Open("sqlite", sqliteDSN(path,
		"journal_mode(WAL)", "synchronous("+synchronous+")", "foreign_keys(1)", "journal_size_limit(67108864)", "wal_autocheckpoint(4000)", "temp_store(MEMORY)"))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	e.writer = newWriter(write, e.present)
	e.reader, err = sql.Open("sqlite", sqliteDSN(path, "query_only(1)"))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	e.reader.SetMaxOpenConns(readers)
	e.reader.SetMaxIdleConns(readers)
	e.kept.prepare = e.reader.PrepareContext
	if err := write.PingContext(ctx); err != nil {
		return nil, errors.Join(e.fault(err), e.close())
	}
	return e, nil
}

// sqliteDSN writes the address of a file with settings for each connection. busy_timeout comes first: the others may have to wait.
func sqliteDSN(path string, pragmas ...string) string {
	q := url.Values{"_time_integer_format": {"unix_micro"}, "_txlock": {"immediate"}}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()))
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}).String()
}

// present reports whether the file that was opened is still the one at the path. SQLite itself would go on writing into a deleted file.
func (e *sqlite) present() error {
	now, err := os.Stat(e.path)
	if err != nil {
		return model.ErrUnavailable.Because(err)
	}
	if !os.SameFile(e.file, now) {
		return model.ErrUnavailable.Because(errors.New("the database file was replaced"))
	}
	return nil
}

func (e *sqlite) reads() runner { return e }

// query reads. Kept statements are short, so they are not interrupted: watching a context costs more than they do.
func (e *sqlite) query(ctx context.Context, text string, args []any, keep bool) (*sql.Rows, error) {
	if !keep {
		return e.reader.QueryContext(ctx, text, args...)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	st, err := e.kept.get(text) //nolint:sqlclosecheck // kept, and closed with the others
	if err != nil {
		return nil, err
	}
	return st.QueryContext(context.WithoutCancel(ctx), args...)
}

func (e *sqlite) write(ctx context.Context, job func(runner) error) error {
	return e.writer.do(ctx, false, job)
}

func (e *sqlite) transact(ctx context.Context, job func(runner) error) error {
	return e.writer.do(ctx, true, job)
}

func (e *sqlite) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-time.After(pollSQLite):
	}
	return ctx.Err()
}

func (e *sqlite) ping(ctx context.Context) error {
	if err := e.present(); err != nil {
		return err
	}
	var one int
	return e.reader.QueryRowContext(ctx, "SELECT 1 FROM sqlite_schema UNION SELECT 1").Scan(&one)
}

func (e *sqlite) close() error {
	e.kept.close()
	return errors.Join(e.reader.Close(), e.writer.close())
}

func (e *sqlite) fault(err error) error {
	var se *sqlitedriver.Error
	if !errors.As(err, &se) || isKnown(err) {
		return common(err)
	}
	switch se.Code() {
	case sqlitecode.SQLITE_CONSTRAINT_UNIQUE, sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY:
		return sqliteTaken(se.Error())
	case sqlitecode.SQLITE_CONSTRAINT_FOREIGNKEY:
		return dangling()
	}
	if broken(err) || se.Code()&0xff == sqlitecode.SQLITE_CANTOPEN {
		return model.ErrUnavailable.Because(err)
	}
	return err
}

// broken reports whether SQLite may have rolled back on its own, or cannot go on just now: locked, full, gone, interrupted.
func broken(err error) bool {
	var se *sqlitedriver.Error
	if !errors.As(err, &se) {
		return false
	}
	switch se.Code() & 0xff {
	case sqlitecode.SQLITE_BUSY, sqlitecode.SQLITE_LOCKED, sqlitecode.SQLITE_FULL, sqlitecode.SQLITE_IOERR, sqlitecode.SQLITE_NOMEM,
		sqlitecode.SQLITE_INTERRUPT, sqlitecode.SQLITE_READONLY, sqlitecode.SQLITE_PROTOCOL:
		return true
	}
	return false
}

// sqliteTaken reads the columns from "... UNIQUE constraint failed: users.username, users.path (2067)".
func sqliteTaken(message string) error {
	_, list, _ := strings.Cut(message, "constraint failed: UNIQUE constraint failed: ")
	list, _, _ = strings.Cut(list, " (")
	var table string
	var columns []string
	for name := range strings.SplitSeq(list, ", ") {
		t, c, _ := strings.Cut(name, ".")
		table, columns = t, append(columns, c)
	}
	if table == "" {
		return model.ErrConflict
	}
	return taken(table, columns...)
}

// isKnown reports whether an error was translated already.
func isKnown(err error) bool {
	var known *model.Error
	return errors.As(err, &known)
}

// statements holds prepared statements by their text.
type statements struct {
	prepare func(context.Context, string) (*sql.Stmt, error)
	mu      sync.RWMutex
	byText  map[string]*sql.Stmt
}

func (k *statements) get(text string) (*sql.Stmt, error) {
	k.mu.RLock()
	st := k.byText[text]
	k.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if st := k.byText[text]; st != nil {
		return st, nil
	}
	st, err := k.prepare(context.Background(), text) //nolint:sqlclosecheck // kept, and closed with the others
	if err != nil {
		return nil, err
	}
	if k.byText == nil {
		k.byText = map[string]*sql.Stmt{}
	}
	k.byText[text] = st
	return st, nil
}

// close forgets all statements. What closing one says is of no use: the connection goes next.
func (k *statements) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, st := range k.byText {
		_ = st.Close()
	}
	k.byText = nil
}
