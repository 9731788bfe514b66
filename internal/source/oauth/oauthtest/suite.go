package oauthtest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/source/oauth"
)

// What an upstream of the suite must use, so that the suite can look for it.
const (
	ClientID     = "wx0123456789abcdef"
	Secret       = "5ecre7-0f/the+client=0123456789abcdef"
	Code         = "c0de-0123456789abcdefghijklmnopqrs"
	AccessToken  = "84_acce55-token-0123456789-0123456789"
	RefreshToken = "84_refre5h-token-0123456789-0123456789"
	IDToken      = "id-token-in-an-error-0123456789-0123456789"
)

const (
	callbackURL = "https://id.example.org/source/oauth/callback/s/"
	state       = "0123456789abcdef0123456789abcdef"
	sourceID    = model.SourceID("5a0e0f5c-0000-4000-8000-000000000001")
)

// Subject is a type under test.
type Subject struct {
	// Type makes the type anew, without anything that it may keep between sign-ins.
	Type func() oauth.Type
	// Configure completes the settings, whose key and secret are the suite's, for an upstream at base.
	Configure func(c *oauth.Config, base string)
	// Upstream is the well-behaved upstream at base. It hands out the suite's tokens for the suite's code.
	Upstream func(base string) http.Handler
	// Visit tells the upstream that a browser was sent to it. May be nil.
	Visit func(h http.Handler, departure *url.URL)
}

// Run runs the suite.
func Run(t *testing.T, s Subject) {
	t.Helper()
	t.Run("the address to go to is whole and tells no secret", func(t *testing.T) { s.departs(t) })
	t.Run("a person signs in", func(t *testing.T) { s.signsIn(t) })
	t.Run("a callback without a code is refused", func(t *testing.T) { s.refusesBadCallbacks(t) })
	t.Run("no error holds a secret", func(t *testing.T) { s.keepsSecrets(t) })
}

// house is one driver with its upstream.
type house struct {
	driver   source.Driver
	upstream http.Handler
	subject  Subject

	mu       sync.Mutex
	requests int
	// spoil answers the request of this number instead of the upstream; 0 is the first after armed.
	spoilAt  int
	spoil    http.HandlerFunc
	followed bool
}

func (s Subject) open(t *testing.T) *house {
	t.Helper()
	h := &house{subject: s, spoilAt: -1}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.upstream = s.Upstream(server.URL)
	client := server.Client()
	client.Timeout = 2 * time.Second
	shelf := kind.NewShelf(oauth.Kind([]oauth.Type{s.Type()}, client))
	k, _ := shelf.Get("oauth")
	config := k.New().(*oauth.Config)
	config.ProviderType = s.Type().Name
	config.ConsumerKey = ClientID
	config.ConsumerSecret = model.NewSecret(Secret)
	s.Configure(config, server.URL)
	if err := config.Validate(); err != nil {
		t.Fatalf("the suite's settings are refused: %v", err)
	}
	stored, err := kind.Seal(config, clear{}, "p")
	if err != nil {
		t.Fatal(err)
	}
	if h.driver, err = shelf.Open("oauth", stored, clear{}, "p"); err != nil {
		t.Fatal(err)
	}
	return h
}

// ServeHTTP answers as the upstream does, except where it is spoilt.
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	n := h.requests
	h.requests++
	if strings.HasPrefix(r.URL.Path, "/elsewhere") {
		h.followed = true
	}
	spoil := h.spoil
	if n != h.spoilAt {
		spoil = nil
	}
	h.mu.Unlock()
	if spoil != nil {
		spoil(w, r)
		return
	}
	h.upstream.ServeHTTP(w, r)
}

// clear is a box that leaves secrets as they are.
type clear struct{}

func (clear) Seal(text, _ string) string          { return text }
func (clear) Open(text, _ string) (string, error) { return text, nil }

func (h *house) begin(t *testing.T) (source.Departure, *url.URL) {
	t.Helper()
	d, err := h.driver.Begin(context.Background(), source.Begin{CallbackURL: callbackURL, State: state, Locale: "zh"})
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	u, err := url.Parse(d.URL)
	if err != nil {
		t.Fatalf("the departure is not a URL: %v", err)
	}
	if h.subject.Visit != nil {
		h.subject.Visit(h.upstream, u)
	}
	return d, u
}

func (h *house) finish(d source.Departure, query url.Values) (*source.Account, error) {
	return h.driver.Finish(context.Background(), source.Return{
		SourceID: sourceID, Query: query, CallbackURL: callbackURL, Locale: "zh", Keep: d.Keep,
	})
}

func (s Subject) departs(t *testing.T) {
	h := s.open(t)
	d, u := h.begin(t)
	q := u.Query()
	for name, want := range map[string]string{"response_type": "code", "redirect_uri": callbackURL, "state": state} {
		if got := q[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s = %q, want %q once", name, got, want)
		}
	}
	if q.Get("client_id") != ClientID && q.Get("appid") != ClientID {
		t.Errorf("the client is not named in %s", u)
	}
	if found := leaks(d.URL); found != "" {
		t.Errorf("the departure tells %q", found)
	}
	for name, kept := range d.Keep {
		if kept != "" && strings.Contains(d.URL, kept) && name != "nonce" {
			t.Errorf("the departure tells the kept %s", name)
		}
	}
}

func callback() url.Values { return url.Values{"code": {Code}, "state": {state}} }

func (s Subject) signsIn(t *testing.T) {
	h := s.open(t)
	d, _ := h.begin(t)
	account, err := h.finish(d, callback())
	if err != nil {
		t.Fatalf("finish: %v", err)
	}
	if len(account.Identifiers) == 0 {
		t.Fatal("the account has no identifier")
	}
	for _, id := range account.Identifiers {
		if id.Kind == "" || id.Namespace == "" || id.Value == "" {
			t.Errorf("identifier %+v is not whole", id)
		}
	}
	if found := leaksOf(account); found != "" {
		t.Errorf("the account tells %q", found)
	}
	for name, value := range account.Properties {
		if p, ok := h.driver.(source.Providing); value != nil && ok && !p.Provides(name) {
			t.Errorf("the account has the property %s, which its type does not say that it gives", name)
		}
	}
	if _, err := h.driver.Finish(context.Background(), source.Return{Query: callback(), CallbackURL: callbackURL, Keep: d.Keep}); err == nil {
		if account.Identifiers[0].Namespace == string(sourceID) {
			t.Error("an identifier of the source's own was made without a source")
		}
	}
}

func (s Subject) refusesBadCallbacks(t *testing.T) {
	h := s.open(t)
	d, _ := h.begin(t)
	before := h.requests
	for name, query := range map[string]url.Values{
		"no code":                 {"state": {state}},
		"an empty code":           {"state": {state}, "code": {""}},
		"two codes":               {"state": {state}, "code": {Code, Code}},
		"100 kB of code":          {"state": {state}, "code": {strings.Repeat("a", 100<<10)}},
		"a code with a line feed": {"state": {state}, "code": {"a\nb"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.finish(d, query)
			checkRefusal(t, err)
		})
	}
	if h.requests != before {
		t.Errorf("the upstream was asked %d times for callbacks that can be no good", h.requests-before)
	}
}
