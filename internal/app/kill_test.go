package app_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app"
	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/config"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// serveVariable makes this program the server instead of its tests.
const serveVariable = "WEIMEN_TEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serveVariable) == "" {
		os.Exit(m.Run())
	}
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve is weimen serve, by the settings in the environment.
func serve() error {
	s, err := config.Load(config.Config{}, os.Environ())
	if err != nil {
		return err
	}
	if err := s.Prepare(); err != nil {
		return err
	}
	a, err := app.New(context.Background(), app.Options{Settings: s, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	return a.Serve(context.Background(), os.Stdout)
}

// process is a server in a process of its own.
type process struct {
	t       *testing.T
	command *exec.Cmd
}

func spawn(t *testing.T, environ []string) *process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, command: exec.Command(program)}
	p.command.Env = append(os.Environ(), append(environ, serveVariable+"=1")...)
	log, err := p.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "msg=ready") {
			go func() {
				for lines.Scan() { // so that it never waits for somebody to read
				}
			}()
			return p
		}
	}
	t.Fatal("the server ended before it was ready")
	return nil
}

// kill is kill -9.
func (p *process) kill() {
	if p.command.ProcessState == nil {
		_ = p.command.Process.Kill()
		_ = p.command.Wait() // killed
	}
}

// move lets a process of its own be the house's server, once it is spawned with the environment that is given.
func move(t *testing.T, h *apptest.House) (environ []string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	h.Stop()
	h.Forward("http://" + address)
	return append(h.Environ(), "WEIMEN_LISTEN="+address)
}

// TestAServerThatIsKilledLosesNothingThatItAnswered kills it after every step of a sign-in.
func TestAServerThatIsKilledLosesNothingThatItAnswered(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{"WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
		h.AddWeChat("wechat", apptest.WeChat{})
		client := h.AddClient("shop", nil)
		environ := move(t, h)
		server := spawn(t, environ)
		again := func() {
			server.kill()
			server = spawn(t, environ)
		}
		b := h.Browser("en")
		attempt, begin := client.Begin()
		to := b.Confirm(b.Depart(b.Get(begin).Link(login)), "alice")
		again()
		back := b.Step(http.MethodGet, to, nil)
		again()
		if !b.SignedIn() {
			t.Fatal("the session is lost")
		}
		code := attempt.Code(b.Get(back.To))
		again()
		token, err := attempt.Exchange(code)
		if err != nil {
			t.Fatal(err)
		}
		again()
		if _, status := client.UserInfo(token.AccessToken); status != http.StatusOK {
			t.Errorf("the access token is answered %d", status)
		}
		if _, err := attempt.Exchange(code); err == nil {
			t.Error("the code is worth something again")
		}
	})
}

// TestAServerThatIsKilledDuringTheExchangeLeavesNothingHalfDone kills it while it waits for WeChat.
func TestAServerThatIsKilledDuringTheExchangeLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{"WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
		h.AddWeChat("wechat", apptest.WeChat{})
		environ := move(t, h)
		server := spawn(t, environ)
		b := h.Browser("en")
		to := b.Confirm(b.Depart(login), "alice")
		rows := h.Database.Rows()
		if err := h.WeChat.SetFault(wechatsim.EndpointUserinfo, wechatsim.Fault{Kind: wechatsim.FaultHang}, 1); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = b.Try(http.MethodGet, to, nil) // the server dies
		}()
		apptest.Eventually(t, 5*time.Second, "the profile is asked for", func() bool { return calls(h, wechatsim.EndpointUserinfo) > 0 })
		server.kill()
		<-ended
		spawn(t, environ)
		if diff := cmp.Diff(rows, h.Database.Rows()); diff != "" {
			t.Errorf("rows (-before +after):\n%s", diff)
		}
		if p := b.Get(to); b.SignedIn() || p.Status >= 500 {
			t.Errorf("the callback again: %s", p)
		}
		b.SignIn("wechat", "alice")
		if !b.SignedIn() {
			t.Error("the person cannot sign in afterwards")
		}
	})
}
