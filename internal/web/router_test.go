package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

// house is a router with a few routes, and what it logged.
type house struct {
	chi.Router
	log     bytes.Buffer
	metrics *web.Metrics
}

func build(t *testing.T, public string) *house {
	t.Helper()
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{metrics: web.NewMetrics()}
	h.Router = web.NewRouter(web.Options{
		Public:         u,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Log:            slog.New(slog.NewJSONHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Metrics:        h.metrics,
		BodyLimit: func(r *http.Request) int64 {
			if r.URL.Path == "/large/" {
				return 1 << 20
			}
			return web.DefaultBodyLimit
		},
	})
	h.Get("/things/{id}/", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "thing") })
	h.Get("/api/panic/", func(http.ResponseWriter, *http.Request) { panic("secret-in-panic") }) //nolint:forbidigo // what is tested
	h.Get("/panic/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/secret-in-panic")
		panic("secret-in-panic") //nolint:forbidigo // what is tested
	})
	h.Get("/late/", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "half"); panic("late") }) //nolint:forbidigo // what is tested
	read := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			status := http.StatusBadRequest
			if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
				status = http.StatusRequestEntityTooLarge
			}
			web.Answer(w, r, status)
		}
	}
	h.Post("/body/", read)
	h.Post("/large/", read)
	h.Get("/who/", func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		_, _ = io.WriteString(w, web.ClientOf(ctx).IP.String()+" "+web.RequestID(ctx)+" "+web.Locale(ctx))
	})
	return h
}

func (h *house) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRequestsThatNoHandlerShouldSee(t *testing.T) {
	t.Parallel()
	h := build(t, "https://id.example.com")
	unknownLength := func(n int) io.Reader { return io.MultiReader(strings.NewReader(strings.Repeat("a", n))) }
	tests := []struct {
		name   string
		method string
		target string
		body   io.Reader
		want   int
	}{
		{"an ordinary one passes", "GET", "/things/1/?a=%E5%BC%A0&b=%zz", nil, 200},
		{"a query of 40 kB", "GET", "/things/1/?" + strings.Repeat("a", 40<<10), nil, 414},
		{"NUL in the query", "GET", "/things/1/?state=a%00b", nil, 400},
		{"broken UTF-8 in the query", "GET", "/things/1/?state=%ff", nil, 400},
		{"broken UTF-8 in the query, unencoded", "GET", "/things/1/?state=\xff", nil, 400},
		{"NUL in the path", "GET", "/things/%00/", nil, 400},
		{"broken UTF-8 in the path", "GET", "/things/%c3/", nil, 400},
		{"a body just small enough", "POST", "/body/", strings.NewReader(strings.Repeat("a", 64<<10)), 200},
		{"a body too large", "POST", "/body/", strings.NewReader(strings.Repeat("a", 64<<10+1)), 413},
		{"a body too large of unknown length", "POST", "/body/", unknownLength(64<<10 + 1), 413},
		{"a large body where it is allowed", "POST", "/large/", strings.NewReader(strings.Repeat("a", 100<<10)), 200},
		{"a path that does not exist", "GET", "/nothing/", nil, 404},
		{"a path without its slash", "GET", "/things/1", nil, 404},
		{"a method that does not exist there", "POST", "/things/1/", nil, 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, "/", tt.body)
			var err error
			if r.URL, err = url.Parse(tt.target); err != nil {
				t.Fatal(err)
			}
			if got := h.do(r).Code; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestPanicIsAnsweredWithoutLeakingAndLoggedWithItsStack(t *testing.T) {
	t.Parallel()
	h := build(t, "https://id.example.com")
	for path, kind := range map[string]string{"/panic/": "text/html; charset=utf-8", "/api/panic/": "application/json"} {
		h.log.Reset()
		w := h.do(httptest.NewRequest("GET", path, nil))
		if w.Code != 500 || w.Header().Get("Content-Type") != kind || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), ".go") {
			t.Errorf("%s leaks: %s", path, w.Body)
		}
		if log := h.log.String(); !strings.Contains(log, "router_test.go") || !strings.Contains(log, w.Header().Get("X-Request-Id")) {
			t.Errorf("%s: the log lacks the stack or the request id: %s", path, log)
		}
	}
}

func TestPanicAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	t.Parallel()
	h := build(t, "https://id.example.com")
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("got %v, want http.ErrAbortHandler", err)
		}
	}()
	h.do(httptest.NewRequest("GET", "/late/", nil))
}

func TestAccessLogAndMetricsNameTheRouteAndNeverTheQuery(t *testing.T) {
	t.Parallel()
	h := build(t, "https://id.example.com")
	h.do(httptest.NewRequest("GET", "/things/hunter2/?code=hunter2", nil))
	h.do(httptest.NewRequest("HUNTER2", "/hunter2/", nil))

	var entry map[string]any
	line, _, _ := strings.Cut(h.log.String(), "\n")
	if err := json.Unmarshal([]byte(line), &entry); err != nil {
		t.Fatal(err)
	}
	for _, varying := range []string{"time", "ms", "request_id"} {
		if entry[varying] == nil {
			t.Errorf("the log lacks %s", varying)
		}
		delete(entry, varying)
	}
	want := map[string]any{"level": "DEBUG", "msg": "request", "method": "GET", "route": "/things/{id}", "status": 200.0, "bytes": 5.0, "client_ip": "192.0.2.1"}
	if diff := cmp.Diff(want, entry); diff != "" {
		t.Error(diff)
	}

	w := httptest.NewRecorder()
	h.metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/-/metrics/", nil))
	if want := `weimen_http_request_duration_seconds_count{method="GET",route="/things/{id}",status="2xx"} 1`; !strings.Contains(w.Body.String(), want) {
		t.Errorf("the metrics lack %s", want)
	}
	if all := h.log.String() + w.Body.String(); strings.Contains(strings.ToLower(all), "hunter2") {
		t.Error("what the client sent was logged or measured")
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; " +
			"frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; script-src 'self'; style-src 'self'",
		"X-Content-Type-Options":     "nosniff",
		"X-Frame-Options":            "DENY",
		"Referrer-Policy":            "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Cache-Control":              "no-store",
		"Strict-Transport-Security":  "max-age=31536000",
	}
	h := build(t, "https://id.example.com")
	for _, path := range []string{"/things/1/", "/nothing/", "/panic/"} {
		header := h.do(httptest.NewRequest("GET", path, nil)).Header()
		for name, value := range want {
			if got := header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
	}
	plain := build(t, "http://127.0.0.1:9000").do(httptest.NewRequest("GET", "/things/1/", nil))
	if got := plain.Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("HSTS on an http address: %q", got)
	}
}

func TestRequestIDIsTakenFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	h := build(t, "https://id.example.com")
	ours := regexp.MustCompile(`^[0-9a-f]{16}$`)
	tests := []struct {
		name, peer, give string
		taken            bool
	}{
		{"none given", "10.0.0.1:1", "", false},
		{"from a proxy", "10.0.0.1:1", "abc-DEF_1.2", true},
		{"from a stranger", "203.0.113.7:1", "abc", false},
		{"with letters that do not belong", "10.0.0.1:1", "a b\"", false},
		{"too long", "10.0.0.1:1", strings.Repeat("a", 65), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/who/", nil)
			r.RemoteAddr = tt.peer
			r.Header.Set("X-Request-Id", tt.give)
			w := h.do(r)
			got := w.Header().Get("X-Request-Id")
			if tt.taken && got != tt.give || !tt.taken && !ours.MatchString(got) {
				t.Errorf("got %q", got)
			}
			if fields := strings.Fields(w.Body.String()); fields[len(fields)-2] != got {
				t.Errorf("the handler saw %q", w.Body)
			}
		})
	}
}

func TestUnavailableDatabaseIs503WithRetryAfter(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	err := model.ErrUnavailable.Because(errors.New("dial tcp: postgres://u:hunter2@db"))
	if !web.AnswerUnavailable(w, httptest.NewRequest("GET", "/", nil), web.Answer, err) {
		t.Fatal("it was not answered")
	}
	if w.Code != 503 || w.Header().Get("Retry-After") != "5" || strings.Contains(w.Body.String(), "hunter2") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	for _, other := range []error{nil, errors.New("x"), model.ErrNotFound} {
		if w := httptest.NewRecorder(); web.AnswerUnavailable(w, httptest.NewRequest("GET", "/", nil), web.Answer, other) {
			t.Errorf("%v was answered as unavailable", other)
		}
	}
}
