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
}

// Add notes secrets under a name that a failing test tells. Short texts and very long ones are left out: those are a test's own inventions.
func (s *Secrets) Add(name string, texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range texts {
		if len(text) < shortestSecret || len(text) > 4096 {
			continue
		}
		if s.byText == nil {
			s.byText = map[string]string{}
		}
		s.byText[text] = name
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
	s.mu.Lock()
	defer s.mu.Unlock()
	for secret, name := range s.byText {
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
