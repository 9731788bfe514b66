package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
)

const (
	// BrowserLifetime is how long a session lasts on the server whose cookie ends with the browser.
	BrowserLifetime = 14 * 24 * time.Hour
	// touchEvery is how old last_used may grow before it is written again, so that reading pages does not write at every request.
	touchEvery = 5 * time.Minute
)

// Store keeps sessions. Package store has it.
type Store interface {
	InsertSession(ctx context.Context, s *model.Session) error
	SessionByTokenHash(ctx context.Context, hash string) (*model.Session, *model.User, error)
	TouchSession(ctx context.Context, id model.SessionID, at time.Time, clientIP, userAgent string) error
	DeleteSession(ctx context.Context, id model.SessionID) error
	DeleteSessionsOf(ctx context.Context, user model.UserID, except model.SessionID) (int, error)
	ListSessions(ctx context.Context, user model.UserID) ([]*model.Session, error)
	event.Writer
}

// Manager begins, finds and ends sessions.
type Manager struct {
	store  Store
	now    func() time.Time
	places Places
}

// NewManager makes a manager.
func NewManager(s Store, now func() time.Time) *Manager { return &Manager{store: s, now: now} }

// Begin makes a session for the visitor's browser, not yet stored: see [Manager.Insert]. A lifetime of 0 ends with the browser.
func (m *Manager) Begin(v *model.Visitor, lifetime time.Duration) (*model.Session, model.Secret) {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails, see crypto/rand
	token := hex.EncodeToString(raw[:])
	now := m.now().UTC()
	s := &model.Session{
		ID: model.SessionID(uuid.Must(uuid.NewV7()).String()), TokenHash: hash(token),
		Created: now, LastUsed: now, AuthTime: now, Expires: now.Add(BrowserLifetime),
		ClientIP: v.ClientIP, UserAgent: clip(v.UserAgent, 512), Browser: v.Browser,
	}
	if lifetime > 0 {
		s.Persistent, s.Expires = true, now.Add(lifetime)
	}
	return s, model.NewSecret(token)
}

// Insert stores a session that Begin made, once its user is known.
func (m *Manager) Insert(ctx context.Context, s *model.Session) error {
	return m.store.InsertSession(ctx, s)
}

// Find gives the session of a cookie's token and its user: model.ErrNotFound where there is none, where it has expired, or where the user is
// deactivated.
func (m *Manager) Find(ctx context.Context, token string) (*model.Session, *model.User, error) {
	if len(token) != 64 {
		return nil, nil, model.ErrNotFound
	}
	s, u, err := m.store.SessionByTokenHash(ctx, hash(token))
	if err != nil {
		return nil, nil, err
	}
	if !m.now().Before(s.Expires) || !u.IsActive {
		return nil, nil, model.ErrNotFound
	}
	return s, u, nil
}

// Touch notes that a session was used, at most every few minutes.
func (m *Manager) Touch(ctx context.Context, s *model.Session, v *model.Visitor) error {
	now := m.now().UTC()
	if now.Sub(s.LastUsed) < touchEvery {
		return nil
	}
	err := m.store.TouchSession(ctx, s.ID, now, v.ClientIP, clip(v.UserAgent, 512))
	if errors.Is(err, model.ErrNotFound) {
		return nil // revoked this moment
	}
	return err
}

// End removes a session.
func (m *Manager) End(ctx context.Context, id model.SessionID) error {
	err := m.store.DeleteSession(ctx, id)
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	return err
}

// EndAll removes a user's sessions, all but one if except is set, and says how many there were.
func (m *Manager) EndAll(ctx context.Context, user model.UserID, except model.SessionID) (int, error) {
	return m.store.DeleteSessionsOf(ctx, user, except)
}

// List gives a user's sessions, the last used first.
func (m *Manager) List(ctx context.Context, user model.UserID) ([]*model.Session, error) {
	return m.store.ListSessions(ctx, user)
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}
