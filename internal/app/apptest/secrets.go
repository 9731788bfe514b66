package apptest

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// shortestSecret keeps words like "none" from being taken for secrets.
const shortestSecret = 12

// Secrets are texts that must appear nowhere but where they belong.
type Secrets struct {
	mu     sync.Mutex
	byText map[string]string
	// unsaid are those that the database holds by their nature, and that neither the log nor an event may.
	unsaid map[string]string
}

// Add notes secrets under a name that a failing test tells. Short texts and very long ones are left out: those are a test's own inventions.
func (s *Secrets) Add(name string, texts ...string) { s.note(&s.byText, name, texts) }

// AddUnsaid notes what must stand in no log and no event, though it stands in the database: the id of an invitation.
func (s *Secrets) AddUnsaid(name string, texts ...string) { s.note(&s.unsaid, name, texts) }

func (s *Secrets) note(in *map[string]string, name string, texts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range texts {
		if len(text) < shortestSecret || len(text) > 4096 {
			continue
		}
		if *in == nil {
			*in = map[string]string{}
		}
		(*in)[text] = name
	}
}

// Len is how many secrets passed by.
func (s *Secrets) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byText)
}

// Absent fails the test where a text holds a secret.
func (s *Secrets) Absent(t testing.TB, where, text string) {
	t.Helper()
	s.look(t, s.byText, where, text)
}

// Unsaid fails the test where a log or an event holds a secret, or what [Secrets.AddUnsaid] notes.
func (s *Secrets) Unsaid(t testing.TB, where, text string) {
	t.Helper()
	s.look(t, s.byText, where, text)
	s.look(t, s.unsaid, where, text)
}

func (s *Secrets) look(t testing.TB, wanted map[string]string, where, text string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for secret, name := range wanted {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s holds %s: ...%s...", where, name, text[max(0, i-80):min(len(text), i+len(secret)+20)])
		}
	}
}

// overhear notes the tokens that WeChat gives out.
func (s *Secrets) overhear(wechat http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/access_token") {
			wechat.ServeHTTP(w, r)
			return
		}
		tee := &tee{ResponseWriter: w}
		wechat.ServeHTTP(tee, r)
		var answer struct {
			AccessToken  string `json:"access_token"`
			RefreshToken string `json:"refresh_token"`
		}
		if json.Unmarshal(tee.body, &answer) == nil {
			s.Add("the access token of WeChat", answer.AccessToken)
			s.Add("the refresh token of WeChat", answer.RefreshToken)
		}
	})
}

// tee keeps the beginning of an answer.
type tee struct {
	http.ResponseWriter
	body []byte
}

// Write keeps what is written.
func (t *tee) Write(b []byte) (int, error) {
	if len(t.body) < 1<<16 {
		t.body = append(t.body, b...)
	}
	return t.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }
