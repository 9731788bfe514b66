package oauth

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// memory is a network of one server in this process. Its connections are real ones to net/http, so that a server may hang, cut off or reset them; none leaves the process.
type memory struct {
	server *http.Server
	dialed chan net.Conn
	done   chan struct{}
	once   sync.Once
}

// newMemory serves a handler until it is closed.
func newMemory(h http.Handler) *memory {
	m := &memory{dialed: make(chan net.Conn), done: make(chan struct{})}
	m.server = &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	go func() { _ = m.server.Serve(m) }() // it ends with close
	return m
}

// transport asks the server whatever the address says. Connections that would be encrypted are not: they are within the process.
func (m *memory) transport() *http.Transport {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		here, there := net.Pipe()
		select {
		case m.dialed <- there:
			return here, nil
		case <-m.done:
		case <-ctx.Done():
		}
		_, _ = here.Close(), there.Close()
		return nil, net.ErrClosed
	}
	return &http.Transport{DialContext: dial, DialTLSContext: dial, DisableKeepAlives: true}
}

// close ends the server and its connections.
func (m *memory) close() {
	m.once.Do(func() { close(m.done) })
	_ = m.server.Close()
}

// Accept implements net.Listener.
func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.dialed:
		return c, nil
	case <-m.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (m *memory) Close() error {
	m.once.Do(func() { close(m.done) })
	return nil
}

// Addr implements net.Listener.
func (m *memory) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "memory"} }
