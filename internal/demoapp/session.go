package demoapp

import (
	"crypto/rand"
	"maps"
	"net/http"
	"time"
)

// Sessions live in memory: this is a demonstration, and a restart signs everybody out.
const (
	sessionCookie = "demoapp_session"
	sessionLife   = 8 * time.Hour
	sessionsMost  = 1000
)

// session is somebody who signed in.
type session struct {
	rawIDToken string // as it came, for signing out
	idToken    claims // verified
	userInfo   claims // may be nil
	expires    time.Time
}

// open starts a session and returns its secret name, for the cookie.
func (a *app) open(s session) string {
	id := rand.Text()
	now := a.now()
	s.expires = now.Add(sessionLife)
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.DeleteFunc(a.sessions, func(_ string, s session) bool { return !s.expires.After(now) })
	for old := range a.sessions {
		if len(a.sessions) < sessionsMost {
			break
		}
		delete(a.sessions, old)
	}
	a.sessions[id] = s
	return id
}

// current returns the session of a request.
func (a *app) current(r *http.Request) (session, bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.sessions[c.Value]
	return s, ok && s.expires.After(a.now())
}

// close ends the session of a request and returns it.
func (a *app) close(r *http.Request) (session, bool) {
	s, ok := a.current(r)
	if c, err := r.Cookie(sessionCookie); err == nil {
		a.mu.Lock()
		delete(a.sessions, c.Value)
		a.mu.Unlock()
	}
	return s, ok
}
