package apptest

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/app"
	"github.com/weimen-id/weimen/internal/config"
	"github.com/weimen-id/weimen/internal/i18n"
	"github.com/weimen-id/weimen/internal/mail"
	"github.com/weimen-id/weimen/internal/testenv"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// Options say what is different from an ordinary installation.
type Options struct {
	// Console holds the files of the administrator's console. Nil is a binary without it.
	Console fs.FS
	// Postgres takes a database of a PostgreSQL server instead of a SQLite file. Without a server the test is skipped.
	Postgres bool
	// Address is that of an empty PostgreSQL database to take instead, without a gate before it.
	Address string
	// Client is for calls to WeChat; nil is the product's own.
	Client *http.Client
	// Environ are settings beside those that the house makes, as in the environment.
	Environ []string
	// Like is a house on SQLite that was started once and stopped. This one begins with a copy of what it left, which takes a fraction of the time; nil begins with nothing.
	Like *House
}

// House is one installation.
type House struct {
	t testing.TB
	// URL is the public address, without a slash at the end.
	URL string
	// WeChat is the simulated WeChat, at WeChatURL.
	WeChat    *wechatsim.Simulator
	WeChatURL string
	// Settings are those of every server of the house.
	Settings config.Settings
	// Log is what the servers wrote, at debug level.
	Log      *Log
	Database *Database
	// Secrets are those that passed by.
	Secrets *Secrets
	// Mail is where the letters of every server go.
	Mail *mail.Mailbox

	catalogue *i18n.Catalogue
	options   Options
	present   atomic.Pointer[server]
	elsewhere atomic.Pointer[httputil.ReverseProxy]
	environ   []string
	mu        sync.Mutex
	servers   []*server
	exchanges []Exchange
}

// server is one process of the installation.
type server struct {
	*app.App
	end  context.CancelFunc
	done chan struct{}
}

const rateLimit = "WEIMEN_RATE_LIMIT="

// New starts a house with an empty database and one server.
func New(t testing.TB, o Options) *House {
	t.Helper()
	h := NewEmpty(t, o)
	h.Serve(h.Start())
	return h
}

// NewEmpty makes a house without a server, which has to be started before anything is asked.
func NewEmpty(t testing.TB, o Options) *House {
	t.Helper()
	h := &House{t: t, options: o, Log: &Log{}, Secrets: &Secrets{}, Mail: &mail.Mailbox{}}
	var err error
	if o.Like != nil {
		h.catalogue = o.Like.catalogue
	} else {
		h.catalogue, err = i18n.New()
		must(t, err)
	}

	front := httptest.NewServer(http.HandlerFunc(h.front))
	t.Cleanup(front.Close)
	h.URL = front.URL
	h.WeChat = wechatsim.New(wechatsim.Options{PollHold: 50 * time.Millisecond})
	wechat := httptest.NewServer(h.Secrets.overhear(h.WeChat))
	t.Cleanup(wechat.Close)
	t.Cleanup(h.WeChat.Close)
	h.WeChatURL = wechat.URL

	data := t.TempDir()
	if o.Like != nil {
		must(t, os.CopyFS(data, os.DirFS(filepath.Dir(o.Like.Database.Path))))
		must(t, os.Chmod(filepath.Join(data, "secret.key"), 0o600)) // copying leaves the mode to the umask
	}
	environ := append([]string{"WEIMEN_URL=" + h.URL}, o.Environ...)
	if !slices.ContainsFunc(o.Environ, func(s string) bool { return strings.HasPrefix(s, rateLimit) }) {
		environ = append(environ, rateLimit+"0") // every test comes from one address
	}
	h.Database = &Database{t: t, Path: data + "/weimen.db"}
	if o.Postgres {
		h.Database.behindGate(testenv.Postgres(t))
		environ = append(environ, "WEIMEN_DATABASE="+h.Database.address)
	}
	if o.Address != "" {
		h.Database.direct = o.Address
		environ = append(environ, "WEIMEN_DATABASE="+o.Address)
	}
	h.environ = append(environ, "WEIMEN_DATA="+data)
	h.Settings, err = config.Load(config.Config{}, h.environ)
	must(t, err)
	must(t, h.Settings.Prepare())
	key, err := os.ReadFile(data + "/secret.key")
	must(t, err)
	h.Secrets.Add("secret key", strings.TrimSpace(string(key)))

	t.Cleanup(h.close)
	return h
}

// Both runs a test on SQLite and on PostgreSQL.
func Both(t *testing.T, test func(t *testing.T, postgres bool)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { t.Parallel(); test(t, false) })
	t.Run("PostgreSQL", func(t *testing.T) { t.Parallel(); test(t, true) })
}

// Within lets a subtest report what fails. Subtests that share a house run one after another.
func (h *House) Within(t testing.TB) {
	was := h.t
	h.t, h.Database.t = t, t
	t.Cleanup(func() { h.t, h.Database.t = was, was })
}

// Server names a server of the house.
type Server struct{ server *server }

// ServerOf gives the server that answers now.
func ServerOf(h *House) Server { return Server{h.present.Load()} }

// App is the server's application.
func (s Server) App() *app.App { return s.server.App }

// Start starts one more server of the installation. Nothing reaches it before Serve.
func (h *House) Start() Server {
	h.t.Helper()
	s, err := h.TryStart()
	must(h.t, err)
	return s
}

// TryStart is Start that may fail.
func (h *House) TryStart() (Server, error) {
	a, err := app.New(context.Background(), app.Options{
		Settings: h.Settings, Version: "test", Client: h.options.Client, Mail: h.Mail, Console: h.options.Console,
		Log: slog.New(slog.NewJSONHandler(h.Log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		return Server{}, err
	}
	ctx, end := context.WithCancel(context.Background())
	s := &server{App: a, end: end, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		_ = a.Run(ctx) // ends with its context
	}()
	h.mu.Lock()
	h.servers = append(h.servers, s)
	h.mu.Unlock()
	return Server{s}, nil
}

// Serve lets a server answer from now on, as a load balancer would.
func (h *House) Serve(s Server) { h.present.Store(s.server) }

// App is the application that answers now.
func (h *House) App() *app.App { return h.present.Load().App }

// Restart ends all servers and starts one on what they left.
func (h *House) Restart() {
	h.t.Helper()
	h.stop()
	h.Serve(h.Start())
}

// Environ is the environment of a server of this house in a process of its own.
func (h *House) Environ() []string { return slices.Clone(h.environ) }

// Forward lets whoever listens at an address answer from now on. No server of the house's own may run beside it on SQLite.
func (h *House) Forward(address string) {
	h.t.Helper()
	to, err := url.Parse(address)
	must(h.t, err)
	h.elsewhere.Store(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	})
}

// Stop ends all servers of the house's own.
func (h *House) Stop() {
	h.t.Helper()
	h.stop()
}

func (h *House) stop() {
	h.mu.Lock()
	servers := h.servers
	h.servers = nil
	h.mu.Unlock()
	for _, s := range servers {
		s.end()
		<-s.done
		if err := s.Close(); err != nil {
			h.t.Errorf("close: %v", err)
		}
	}
}

// close ends the servers and looks for secrets in what they left behind.
func (h *House) close() {
	h.stop()
	h.Secrets.Unsaid(h.t, "the log", h.Log.String())
	h.Database.each(func(table, row string) {
		look := h.Secrets.Absent
		if table == "events" {
			look = h.Secrets.Unsaid
		}
		look(h.t, "the table "+table, row)
	})
	if h.Database.kept != nil {
		_ = h.Database.kept.Close()
	}
	if h.Database.direct == "" {
		for _, suffix := range []string{"", "-wal"} {
			if raw, err := os.ReadFile(h.Database.Path + suffix); err == nil {
				h.Secrets.Absent(h.t, "the file weimen.db"+suffix, string(raw))
			}
		}
	}
}

// relative takes the house's own address off.
func (h *House) relative(u *url.URL) bool { return u.Scheme+"://"+u.Host == h.URL }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
