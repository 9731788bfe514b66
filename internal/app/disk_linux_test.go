package app_test

import (
	"net/http"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// TestADiskThatTakesNoMoreIsSaidAndRecoversByItself forbids the server's process to write to files for a while, which SQLite meets as it does a full disk.
func TestADiskThatTakesNoMoreIsSaidAndRecoversByItself(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
	h.AddWeChat("wechat", apptest.WeChat{})
	server := spawn(t, move(t, h))
	b := h.Browser("zh-CN")
	to := b.Confirm(b.Depart(login), "alice")
	rows := h.Database.Rows()

	limit := func(bytes uint64) {
		var was unix.Rlimit
		pid := server.command.Process.Pid
		if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, nil, &was); err != nil {
			t.Fatal(err)
		}
		if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: min(bytes, was.Max), Max: was.Max}, nil); err != nil {
			t.Fatal(err)
		}
	}
	limit(0)
	for range 3 {
		h.Unavailable(b.Get(to))
		h.Unavailable(b.Get(login))
	}
	if p := b.Get("/"); p.Status != http.StatusOK {
		t.Errorf("the login page needs no disk: %s", p)
	}
	limit(unix.RLIM_INFINITY)

	for table, n := range h.Database.Rows() {
		if n != rows[table] {
			t.Errorf("%s: %d rows, were %d", table, n, rows[table])
		}
	}
	b.Get(to)
	if !b.SignedIn() {
		t.Error("the sign-in that was under way is lost")
	}
}
