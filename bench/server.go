package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/weimen-id/weimen/internal/wechatsim"
)

const (
	adminToken = "bench-administrator-token-0123456789"
	// clockTick is the unit of CPU times in /proc (sysconf(_SC_CLK_TCK), 100 on every Linux that Go runs on).
	clockTick = 10 * time.Millisecond
)

// server is a running weimen with its simulated WeChat.
type server struct {
	options           options
	origin, simOrigin string
	folder, dsn       string
	environment       []string
	process           *exec.Cmd
	log               bytes.Buffer
	sim               *wechatsim.Simulator
	http              http.Client // for the probe and the API
	simServer         *http.Server
	dropDatabase      func()
	firstReady, ready time.Duration
	client            clientSettings
}

// start starts a server twice, the second time for the time to ready, and makes the objects that the measurements need.
func start(ctx context.Context, o options, database string) (*server, error) {
	folder, err := os.MkdirTemp("", "weimen-bench-")
	if err != nil {
		return nil, err
	}
	s := &server{options: o, folder: folder, dropDatabase: func() {}}
	if err := s.prepare(ctx, database); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *server) prepare(ctx context.Context, database string) error {
	address, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	s.origin, s.dsn = "http://"+address, "sqlite:"+filepath.Join(s.folder, "data", "weimen.db")
	s.environment = append(os.Environ(),
		"WEIMEN_LISTEN="+address, "WEIMEN_DATA="+filepath.Join(s.folder, "data"), "WEIMEN_LOG_LEVEL=error", "WEIMEN_RATE_LIMIT=0", "WEIMEN_BOOTSTRAP_TOKEN="+adminToken,
		"WEIMEN_BOOTSTRAP_PASSWORD=bench-password-0123456789")
	if database == "postgres" {
		dsn, err := s.createDatabase(ctx)
		if err != nil {
			return err
		}
		s.dsn = dsn
		s.environment = append(s.environment, "WEIMEN_DATABASE="+dsn)
	}
	if err := s.startSimulator(ctx); err != nil {
		return err
	}
	if s.firstReady, err = s.launch(ctx); err != nil {
		return err
	}
	if err := s.setUp(ctx); err != nil {
		return fmt.Errorf("%w\n%s", err, s.log.String())
	}
	s.end()
	if err := s.populate(ctx); err != nil {
		return err
	}
	s.ready, err = s.launch(ctx)
	return err
}

func (s *server) startSimulator(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.simOrigin = "http://" + listener.Addr().String()
	s.sim = wechatsim.New(wechatsim.Options{BaseURL: s.simOrigin, KeepCalls: -1})
	s.simServer = &http.Server{Handler: s.sim, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.simServer.Serve(listener) }()
	return nil
}

// launch starts the process and waits until it is ready.
func (s *server) launch(ctx context.Context) (time.Duration, error) {
	s.process = exec.CommandContext(ctx, s.options.binary, "serve")
	s.process.Env, s.process.Stderr = s.environment, &s.log
	began := time.Now()
	if err := s.process.Start(); err != nil {
		return 0, err
	}
	for time.Since(began) < 30*time.Second {
		if s.isReady(ctx) {
			return time.Since(began), nil
		}
		time.Sleep(time.Millisecond)
	}
	return 0, errors.New("the server is not ready after 30 s:\n" + s.log.String())
}

// isReady asks the readiness probe.
func (s *server) isReady(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.origin+"/-/health/ready/", nil)
	if err != nil {
		return false
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusNoContent
}

func (s *server) end() {
	if s.process == nil || s.process.Process == nil {
		return
	}
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
	s.process = nil
}

func (s *server) stop() {
	s.end()
	if s.simServer != nil {
		s.sim.Close()
		_ = s.simServer.Close()
	}
	s.dropDatabase()
	_ = os.RemoveAll(s.folder)
}

// cpu is the CPU time that the server has used so far.
func (s *server) cpu() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * clockTick
}

// memory is the server's resident memory.
func (s *server) memory() string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(raw)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.Atoi(strings.Fields(kb)[0])
			return fmt.Sprintf("%.1f MB", float64(n)/1024)
		}
	}
	return "unknown"
}

// createDatabase makes an empty database on the server that WEIMEN_TEST_POSTGRES names, which is dropped in the end.
func (s *server) createDatabase(ctx context.Context) (string, error) {
	admin := os.Getenv("WEIMEN_TEST_POSTGRES")
	address, err := url.Parse(admin)
	if err != nil {
		return "", errors.New("WEIMEN_TEST_POSTGRES is not an address")
	}
	name := "bench_" + randomText(6)
	psql := func(ctx context.Context, statement string) error {
		out, err := exec.CommandContext(ctx, "psql", "-qX", "-d", admin, "-c", statement).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w: %s", statement, err, out)
		}
		return nil
	}
	if err := psql(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	s.dropDatabase = func() { _ = psql(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)") }
	address.Path = "/" + name
	return address.String(), nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return hex.EncodeToString(b)
}
