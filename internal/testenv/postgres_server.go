package testenv

import (
	"bufio"
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Server is a PostgreSQL server of a test's own, which it may stop.
type Server struct {
	t testing.TB
	// Address (postgres://...) leads to an empty database.
	Address string
	control string
	data    string
}

// PostgresServer starts a server that ends with the test. Where none is installed the test is skipped.
func PostgresServer(t testing.TB) *Server {
	t.Helper()
	Postgres(t) // skips, or fails, alike
	control := findControl()
	if control == "" {
		missing(t, postgres, "pg_ctl is not installed here")
	}
	ctx := context.Background() // not that of the test, which ends before its server does
	_, file, _, _ := runtime.Caller(0)
	script := filepath.Join(filepath.Dir(file), "..", "..", "scripts", "postgres")
	command := exec.CommandContext(ctx, script, "--", "sh", "-c", `echo "$WEIMEN_TEST_POSTGRES"; exec cat`)
	command.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "WEIMEN_TEST_POSTGRES=") })
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // ends cat, and with it the script, which cleans up
		_ = command.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("scripts/postgres started no server: %v", err)
	}
	s := &Server{t: t, Address: strings.TrimSpace(line), control: control}
	db, err := sql.Open("pgx", s.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(ctx, "SHOW data_directory").Scan(&s.data); err != nil {
		t.Fatal(err)
	}
	return s
}

func findControl() string {
	if found, err := exec.LookPath("pg_ctl"); err == nil {
		return found
	}
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl") // the pattern is well formed
	slices.Sort(installed)
	if len(installed) == 0 {
		return ""
	}
	return installed[len(installed)-1]
}

// Stop stops the server, as an administrator does: connections are ended.
func (s *Server) Stop() { s.run("stop", "-m", "fast") }

// Start starts it again at the same address.
func (s *Server) Start() {
	address, _, _ := strings.Cut(strings.TrimPrefix(s.Address, "postgres://weimen@127.0.0.1:"), "/")
	if _, err := strconv.Atoi(address); err != nil {
		s.t.Fatalf("no port in %s", s.Address)
	}
	s.run("start", "-t", "60", "-l", filepath.Join(s.data, "server.log"), "-o",
		"-c listen_addresses=127.0.0.1 -c port="+address+" -c unix_socket_directories=''")
}

func (s *Server) run(what string, arguments ...string) {
	s.t.Helper()
	whole := append([]string{s.control, what, "-D", s.data, "-s", "-w"}, arguments...)
	if os.Getuid() == 0 { // the server refuses to run as root
		whole = append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", "-u", "HOME"}, whole...)
	}
	command := exec.CommandContext(context.Background(), whole[0], whole[1:]...)
	command.Dir = "/"
	if err := command.Run(); err != nil { // without pipes, which the server would keep open
		s.t.Errorf("pg_ctl %s: %v", what, err)
	}
}
