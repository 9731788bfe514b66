package wechatsim

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Status is the state of a sign-in by QR code; its value is the wx_errcode a poll answers.
type Status int

// The states of a sign-in:
//
//	new (408) → scanned (404) → confirmed (405)
//	            scanned ⇄ cancelled (403)
//	any → expired (402)
const (
	StatusNew       Status = 408
	StatusScanned   Status = 404
	StatusCancelled Status = 403
	StatusConfirmed Status = 405
	StatusExpired   Status = 402
)

// String is the name of the state.
func (st Status) String() string {
	switch st {
	case StatusNew:
		return "new"
	case StatusScanned:
		return "scanned"
	case StatusCancelled:
		return "cancelled"
	case StatusConfirmed:
		return "confirmed"
	case StatusExpired:
		return "expired"
	}
	return fmt.Sprintf("status %d", int(st))
}

// MarshalText writes the name of the state.
func (st Status) MarshalText() ([]byte, error) { return []byte(st.String()), nil }

// SignIn is one QR code on one browser's page.
type SignIn struct {
	UUID        string    `json:"uuid"`
	Status      Status    `json:"status"`
	AppID       string    `json:"app_id"`
	RedirectURI string    `json:"redirect_uri"`
	Scope       string    `json:"scope"`
	State       string    `json:"state"`
	Created     time.Time `json:"created"`
	// UserID is the person who confirmed.
	UserID string `json:"user_id,omitempty"`
	// Code is the authorisation code, once confirmed.
	Code string `json:"code,omitempty"`
	// Target is where the browser goes next: once confirmed, or cancelled under CancelRedirect.
	Target string `json:"target,omitempty"`
}

// signIn is the living SignIn; the simulator's lock guards it.
type signIn struct {
	SignIn
	query   url.Values    // of the request that opened it, to open it anew
	changed chan struct{} // closed at the next change
}

func (si *signIn) become(st Status) {
	si.Status = st
	si.wake()
}

func (si *signIn) wake() {
	close(si.changed)
	si.changed = make(chan struct{})
}

// openSignIn makes a QR code for a checked request. The caller holds the lock.
func (s *Simulator) openSignIn(query url.Values, app App) *signIn {
	si := &signIn{
		SignIn: SignIn{
			UUID:        newUUID(),
			Status:      StatusNew,
			AppID:       app.AppID,
			RedirectURI: query.Get("redirect_uri"),
			Scope:       query.Get("scope"),
			State:       query.Get("state"),
			Created:     s.now(),
		},
		query:   query,
		changed: make(chan struct{}),
	}
	s.signIns.put(si.UUID, si)
	return si
}

// find is the sign-in, expired if its time has run out. The caller holds the lock.
func (s *Simulator) find(uuid string) (*signIn, error) {
	si, ok := s.signIns.get(uuid)
	if !ok {
		return nil, fmt.Errorf("sign-in %q: %w", uuid, ErrNotFound)
	}
	if si.Status != StatusConfirmed && si.Status != StatusExpired && !s.now().Before(s.expiry(si)) {
		si.become(StatusExpired)
	}
	return si, nil
}

func (s *Simulator) expiry(si *signIn) time.Time {
	return si.Created.Add(time.Duration(s.behaviour.QRLifetime))
}

// SignIn is the sign-in with this uuid. ErrNotFound if absent.
func (s *Simulator) SignIn(uuid string) (SignIn, error) {
	return s.step(uuid, func(*signIn) error { return nil })
}

// SignIns are the sign-ins remembered, newest first.
func (s *Simulator) SignIns() []SignIn { return s.lastSignIns(keepSignIns) }

func (s *Simulator) lastSignIns(n int) []SignIn {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []SignIn{}
	for _, si := range s.signIns.last(n) {
		_, _ = s.find(si.UUID) // lets it expire; it exists
		out = append(out, si.SignIn)
	}
	return out
}

// step does one thing to a sign-in.
func (s *Simulator) step(uuid string, do func(*signIn) error) (SignIn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	si, err := s.find(uuid)
	if err != nil {
		return SignIn{}, err
	}
	if err := do(si); err != nil {
		return SignIn{}, err
	}
	return si.SignIn, nil
}

// Scan points the phone at the QR code. ErrNotFound if absent, ErrConflict once confirmed or expired.
func (s *Simulator) Scan(uuid string) (SignIn, error) {
	return s.step(uuid, scan)
}

func scan(si *signIn) error {
	switch si.Status {
	case StatusNew, StatusCancelled:
		si.Target = ""
		si.become(StatusScanned)
	case StatusConfirmed, StatusExpired:
		return fmt.Errorf("sign-in %s is %s: %w", si.UUID, si.Status, ErrConflict)
	case StatusScanned:
	}
	return nil
}

// Confirm presses "agree" on the phone of a person, scanning first if need be. Target of the answer is where the browser
// goes. ErrNotFound if sign-in or person is absent, ErrConflict once confirmed or expired.
func (s *Simulator) Confirm(uuid, userID string) (SignIn, error) {
	return s.step(uuid, func(si *signIn) error { return s.confirm(si, userID, false) })
}

// confirm is Confirm; fast is the way of the desktop client, which puts the parameters before a fragment.
// The caller holds the lock.
func (s *Simulator) confirm(si *signIn, userID string, fast bool) error {
	if _, ok := s.users.get(userID); !ok {
		return fmt.Errorf("user %q: %w", userID, ErrNotFound)
	}
	if err := scan(si); err != nil {
		return err
	}
	si.UserID = userID
	si.Code = s.issueCode(si.AppID, userID, grantedScope(si.Scope))
	si.Target = callback(si.RedirectURI, si.Code, si.State)
	if fast {
		uri, fragment, found := strings.Cut(si.RedirectURI, "#")
		si.Target = callback(uri, si.Code, si.State)
		if found {
			si.Target += "#" + fragment
		}
	}
	si.become(StatusConfirmed)
	return nil
}

// Cancel presses "refuse" on the phone, scanning first if need be. ErrNotFound if absent, ErrConflict once confirmed or
// expired.
func (s *Simulator) Cancel(uuid string) (SignIn, error) {
	return s.step(uuid, func(si *signIn) error {
		if err := scan(si); err != nil {
			return err
		}
		if s.behaviour.Cancel == CancelRedirect {
			si.Target = join(si.RedirectURI, "state="+url.QueryEscape(si.State))
		}
		si.become(StatusCancelled)
		return nil
	})
}

// Expire ends a QR code's life, whatever its state. ErrNotFound if absent.
func (s *Simulator) Expire(uuid string) (SignIn, error) {
	return s.step(uuid, func(si *signIn) error {
		si.Target = ""
		si.become(StatusExpired)
		return nil
	})
}

// awaitChange holds a poll until the state is neither new nor the one the page knows already; last is the page's
// previous answer. After hold, or when ctx ends, it returns StatusNew.
func (s *Simulator) awaitChange(ctx context.Context, uuid string, last Status) (Status, string) {
	s.mu.Lock()
	hold := time.Duration(s.behaviour.PollHold)
	s.mu.Unlock()
	timeout := time.NewTimer(hold)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		si, err := s.find(uuid)
		if err != nil {
			// An unknown code makes the page reload, which is all that can help.
			s.mu.Unlock()
			return StatusExpired, ""
		}
		status, code, changed, left := si.Status, si.Code, si.changed, s.expiry(si).Sub(s.now())
		s.mu.Unlock()

		switch {
		case status == StatusConfirmed:
			return status, code
		case status == StatusExpired, status != StatusNew && status != last:
			return status, ""
		}
		if !wait(ctx, s.closed, timeout, changed, left) {
			return StatusNew, ""
		}
	}
}

// wait returns true when there is something to look at: a change, or the end of the QR code's life.
func wait(ctx context.Context, closed <-chan struct{}, timeout *time.Timer, changed <-chan struct{}, left time.Duration) bool {
	expired := time.NewTimer(left)
	defer expired.Stop()
	select {
	case <-changed:
		return true
	case <-expired.C:
		return true
	case <-timeout.C:
	case <-ctx.Done():
	case <-closed:
	}
	return false
}

// grantedScope leaves of the scopes asked for the one that exists; Tencent's own products ask for more.
func grantedScope(string) string { return scopeLogin }

// callback is the address a browser returns to: plain concatenation, as the QR page does it. With a fragment in the
// redirect URI the parameters land inside the fragment.
func callback(redirectURI, code, state string) string {
	return join(redirectURI, "code="+code+"&state="+url.QueryEscape(state))
}

func join(uri, query string) string {
	if strings.Contains(uri, "?") {
		return uri + "&" + query
	}
	return uri + "?" + query
}
