package session_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/flow/flowtest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/session"
	"github.com/weimen-id/weimen/internal/store"
)

// begun makes and stores a session of a user.
func begun(t *testing.T, h *flowtest.House, u *model.User, lifetime time.Duration) (*model.Session, string) {
	t.Helper()
	s, token := h.Sessions.Begin(h.Browser().Visitor(), lifetime)
	s.User = u.ID
	if err := h.Sessions.Insert(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s, token.Reveal()
}

func TestASessionIsFoundByItsTokenUntilItExpires(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann := h.User("ann", "")
	for _, tt := range []struct {
		name       string
		asked      time.Duration
		lasts      time.Duration
		persistent bool
	}{
		{"that ends with the browser", 0, session.BrowserLifetime, false},
		{"of an hour", time.Hour, time.Hour, true},
		{"of less than nothing", -time.Hour, session.BrowserLifetime, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, token := begun(t, h, ann, tt.asked)
			if s.Persistent != tt.persistent || s.TokenHash == token || s.Expires.Sub(s.Created) != tt.lasts {
				t.Errorf("%+v", s)
			}
			found, u, err := h.Sessions.Find(t.Context(), token)
			if err != nil || found.ID != s.ID || u.ID != ann.ID {
				t.Fatalf("%+v, %+v, %v", found, u, err)
			}
			late := session.NewManager(h.Store, func() time.Time { return h.Now().Add(tt.lasts) })
			if _, _, err := late.Find(t.Context(), token); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("after it expired: %v", err)
			}
		})
	}
}

func TestTokensThatAreNone(t *testing.T) {
	h := flowtest.Open(t, nil)
	s, token := begun(t, h, h.User("ann", ""), 0)
	ctx, n := store.CountStatements(t.Context())
	for _, bad := range []string{"", "x", token[1:], token + "0", string(s.ID), strings.Repeat("x", 1<<20)} {
		if _, _, err := h.Sessions.Find(ctx, bad); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("%.70q: %v", bad, err)
		}
	}
	if n.Statements() != 0 {
		t.Errorf("the database was asked %d times", n.Statements())
	}
	// A copy of the database signs nobody in.
	if _, _, err := h.Sessions.Find(t.Context(), s.TokenHash); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("the hash: %v", err)
	}
}

func TestADeactivatedUserHasNoSession(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann := h.User("ann", "")
	_, token := begun(t, h, ann, 0)
	if _, err := h.Store.UpdateUser(t.Context(), ann.ID, func(u *model.User) error { u.IsActive = false; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Sessions.Find(t.Context(), token); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestTouchWritesNowAndThen(t *testing.T) {
	h := flowtest.Open(t, nil)
	s, token := begun(t, h, h.User("ann", ""), 0)
	v := h.Browser().Visitor()
	v.ClientIP, v.UserAgent = "192.0.2.9", strings.Repeat("微", 400)
	touch := func(want int) {
		t.Helper()
		ctx, n := store.CountStatements(t.Context())
		if err := h.Sessions.Touch(ctx, s, v); err != nil || n.Statements() != want {
			t.Errorf("%d statements, want %d; %v", n.Statements(), want, err)
		}
	}
	touch(0)
	h.Wait(5*time.Minute - time.Second)
	touch(0)
	h.Wait(2 * time.Second)
	touch(1)
	found, _, err := h.Sessions.Find(t.Context(), token)
	if err != nil || found.ClientIP != "192.0.2.9" || len(found.UserAgent) > 512 || found.LastUsed.Equal(s.LastUsed) {
		t.Errorf("%+v, %v", found, err)
	}
	if err := h.Sessions.End(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	touch(1) // revoked this moment: no error
}

func TestEndingSessions(t *testing.T) {
	h := flowtest.Open(t, nil)
	ann, bob := h.User("ann", ""), h.User("bob", "")
	one, _ := begun(t, h, ann, 0)
	two, _ := begun(t, h, ann, 0)
	begun(t, h, ann, 0)
	_, bobs := begun(t, h, bob, 0)
	for range 2 {
		if err := h.Sessions.End(t.Context(), one.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := h.Sessions.EndAll(t.Context(), ann.ID, two.ID); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if all, err := h.Sessions.List(t.Context(), ann.ID); err != nil || len(all) != 1 || all[0].ID != two.ID {
		t.Errorf("%v, %v", all, err)
	}
	if _, _, err := h.Sessions.Find(t.Context(), bobs); err != nil {
		t.Errorf("someone else's session: %v", err)
	}
}
