package store_test

import (
	"database/sql"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
	"github.com/weimen-id/weimen/internal/testenv"
)

func unavailable(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, model.ErrUnavailable) {
		t.Errorf("%s: got %v, want unavailable", what, err)
	}
}

func TestALockedSQLiteFileIsUnavailable(t *testing.T) {
	t.Parallel()
	dsn := sqliteDSN(t)
	s := storetest.OpenDSN(t, dsn)
	db, err := sql.Open("sqlite", strings.TrimPrefix(dsn, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	// Those that queue behind the first do not wait for ever either.
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() { unavailable(t, "write", s.InsertUser(t.Context(), &model.User{Username: "u"})) })
	}
	if _, err := s.UserByUsername(t.Context(), "u"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("reading: %v", err)
	}
	wg.Wait()
	if _, err := db.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := s.InsertUser(t.Context(), &model.User{Username: "u"}); err != nil {
		t.Errorf("after the lock is gone: %v", err)
	}
}

func TestASQLiteFileThatIsGoneIsUnavailable(t *testing.T) {
	t.Parallel()
	dsn := sqliteDSN(t)
	path := strings.TrimPrefix(dsn, "sqlite:")
	s := storetest.OpenDSN(t, dsn)
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	unavailable(t, "write", s.InsertUser(t.Context(), &model.User{Username: "u"}))
	unavailable(t, "ping", s.Ping(t.Context()))
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if err := s.InsertUser(t.Context(), &model.User{Username: "u"}); err != nil {
		t.Errorf("after it is back: %v", err)
	}
	_, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + path + "/no/such/folder.db"})
	unavailable(t, "open", err)
}

// TestAFullDiskIsUnavailable bounds the file's pages, which SQLite reports as it does a full disk.
func TestAFullDiskIsUnavailable(t *testing.T) {
	t.Parallel()
	dsn := sqliteDSN(t)
	s := storetest.OpenDSN(t, dsn)
	store.LimitPages(t, s, 1)
	var err error
	for i := 0; err == nil && i < 100; i++ {
		err = s.InsertUser(t.Context(), &model.User{Username: string(rune('a' + i)), Name: strings.Repeat("x", 5000)})
	}
	unavailable(t, "write", err)
	// The writer has taken a new connection, as it would try again on a disk with room.
	if err := s.InsertUser(t.Context(), &model.User{Username: "afterwards"}); err != nil {
		t.Errorf("after there is room: %v", err)
	}
}

func TestSQLiteIsDurableByDefault(t *testing.T) {
	t.Parallel()
	for durability, want := range map[string]string{"": "2", "full": "2", "fast": "1"} {
		s, err := store.Open(t.Context(), store.Options{DSN: sqliteDSN(t), Durability: durability})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		for pragma, want := range map[string]string{"synchronous": want, "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000"} {
			if got := store.Setting(t, s, "PRAGMA "+pragma); got != want {
				t.Errorf("durability %q: %s is %s, want %s", durability, pragma, got, want)
			}
		}
	}
	if _, err := store.Open(t.Context(), store.Options{DSN: sqliteDSN(t), Durability: "none"}); err == nil {
		t.Error("an unknown durability was taken")
	}
}

func TestPostgresIsDurableByDefault(t *testing.T) {
	t.Parallel()
	dsn := testenv.Postgres(t)
	weak := dsn + "&synchronous_commit=off" // as an administrator may have set it for the server
	for _, tt := range []struct{ dsn, durability, want string }{{dsn, "", "on"}, {weak, "full", "on"}, {dsn, "fast", "off"}} {
		s, err := store.Open(t.Context(), store.Options{DSN: tt.dsn, Durability: tt.durability})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		if got := store.Setting(t, s, "SHOW synchronous_commit"); got != tt.want {
			t.Errorf("durability %q: synchronous_commit is %s, want %s", tt.durability, got, tt.want)
		}
	}
}

// TestAPostgresThatComesBackIsUsedAgain puts a gate before the server, which shuts and opens.
func TestAPostgresThatComesBackIsUsedAgain(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(testenv.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(t, address.Host)
	address.Host = g.listener.Addr().String()
	s := storetest.OpenDSN(t, address.String())
	run(t, s)
	putStage(t, s, "before")

	g.shut()
	unavailable(t, "ping", s.Ping(t.Context()))
	unavailable(t, "write", s.InsertUser(t.Context(), &model.User{Username: "u"}))
	_, err = s.UserByUsername(t.Context(), "u")
	unavailable(t, "read", err)
	unavailable(t, "transaction", s.InsertGroup(t.Context(), &model.Group{Name: "g"}))
	if s.Snapshot().Stages == nil {
		t.Error("the configuration went with the database")
	}

	g.open()
	eventually(t, 10*time.Second, "the database is used again", func() bool { return s.Ping(t.Context()) == nil })
	if err := s.InsertUser(t.Context(), &model.User{Username: "u"}); err != nil {
		t.Error(err)
	}
	direct := *address
	direct.Host = g.target
	putStage(t, storetest.OpenDSN(t, direct.String()), "after")
	eventually(t, 10*time.Second, "changes are noticed again", func() bool { return len(s.Snapshot().Stages) == 2 })
}

// gate forwards connections to a server, or cuts them.
type gate struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	closed   bool
	conns    []net.Conn
}

func newGate(t *testing.T, target string) *gate {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: l, target: target}
	t.Cleanup(func() {
		_ = l.Close()
		g.shut()
	})
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			g.pass(in)
		}
	}()
	return g
}

func (g *gate) pass(in net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	out, err := net.Dial("tcp", g.target)
	if g.closed || err != nil {
		_ = in.Close()
		return
	}
	g.conns = append(g.conns, in, out)
	for _, pair := range [][2]net.Conn{{in, out}, {out, in}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			_ = pair[0].Close()
		}()
	}
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for _, c := range g.conns {
		_ = c.Close()
	}
	g.conns = nil
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = false
}
