package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/web"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestServeLetsRequestsUnderWayFinish(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	began := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		time.Sleep(50 * time.Millisecond)
		_, _ = io.WriteString(w, "whole")
	})
	l := listen(t)
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(ctx, l, handler, slog.New(slog.DiscardHandler)) }()
	go func() { <-began; stop() }()

	res, err := web.NewClient().Get("http://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); string(b) != "whole" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the end was not orderly: %v", err)
	}
}

func TestAQueryOf100kBIsTheClientsFault(t *testing.T) {
	t.Parallel()
	l := listen(t)
	h := build(t, "http://127.0.0.1:9000")
	go func() { _ = web.Serve(t.Context(), l, h, slog.New(slog.DiscardHandler)) }()
	for _, size := range []int{33 << 10, 60 << 10, 100_000, 1 << 20} {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			_, _ = io.WriteString(conn, "GET /things/1/?state="+strings.Repeat("a", size)+" HTTP/1.1\r\nHost: x\r\n\r\n")
		}()
		line := make([]byte, 12)
		if _, err := io.ReadFull(conn, line); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
		if got := string(line); got != "HTTP/1.1 414" && got != "HTTP/1.1 431" {
			t.Errorf("%d bytes: %s", size, got)
		}
		_ = conn.Close()
	}
}
