package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// authorizationCodes: a code is used once, by the client that it was issued to (RFC 6749 section 4.1.2).
func authorizationCodes(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	c := &model.AuthorizationCode{
		CodeHash: "code", Grant: "g", Provider: 7, User: u.ID, Session: "s", RedirectURI: "https://app.example.org/cb", Scopes: []string{"openid", "email"},
		Nonce: "n", Challenge: "c", Method: "S256", AuthTime: at(-time.Minute), AuthMethod: "source", Created: at(0), Expires: at(time.Minute),
	}
	must(t, s.InsertAuthorizationCode(ctx, c))
	got, err := s.AuthorizationCode(ctx, "code")
	must(t, err)
	same(t, got, c)
	for _, wrong := range []struct {
		hash     string
		provider model.ProviderID
		now      time.Time
	}{{"other", 7, at(0)}, {"code", 8, at(0)}, {"code", 7, at(time.Hour)}} {
		_, _, err := s.ConsumeAuthorizationCode(ctx, wrong.hash, wrong.provider, wrong.now)
		want(t, err, model.ErrNotFound)
	}
	once(t, model.CodeNotFound, func(ctx context.Context) error {
		got, user, err := s.ConsumeAuthorizationCode(ctx, "code", 7, at(0))
		if err == nil && (user.ID != u.ID || got.Grant != "g" || got.ConsumedAt == nil) {
			t.Errorf("got %+v of %+v", got, user)
		}
		return err
	})
}

func grant(u *model.User, hash, grant string, sid model.SessionID) (*model.AccessToken, *model.RefreshToken) {
	a := &model.AccessToken{
		TokenHash: "a" + hash, Grant: grant, Provider: 7, User: u.ID, Session: sid, Scopes: []string{"openid"}, AuthTime: at(0),
		AuthMethod: "source", Created: at(0), Expires: at(time.Hour),
	}
	return a, &model.RefreshToken{
		TokenHash: "r" + hash, Grant: grant, Provider: 7, User: u.ID, Session: sid, Scopes: []string{"openid"}, Nonce: "n", AuthTime: at(0),
		AuthMethod: "source", Created: at(0), Expires: at(time.Hour),
	}
}

func oauthTokens(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u, v := addUser(t, s, "u"), addUser(t, s, "v")
	for _, x := range []struct {
		hash, grant string
		user        *model.User
		session     model.SessionID
	}{{"1", "g1", u, "s1"}, {"2", "g1", u, "s1"}, {"3", "g2", u, "s2"}, {"4", "g3", v, ""}} {
		a, r := grant(x.user, x.hash, x.grant, x.session)
		must(t, s.InsertTokens(ctx, a, r))
		gotA, user, err := s.AccessToken(ctx, a.TokenHash)
		must(t, err)
		same(t, gotA, a)
		same(t, user.ID, x.user.ID)
		gotR, _, err := s.RefreshToken(ctx, r.TokenHash)
		must(t, err)
		same(t, gotR, r)
	}
	alone, _ := grant(v, "5", "g5", "")
	alone.Scopes = []string{}
	must(t, s.InsertTokens(ctx, alone, nil))
	_, _, err := s.AccessToken(ctx, "none")
	want(t, err, model.ErrNotFound)

	revoked := func() (out string) {
		t.Helper()
		for _, h := range []string{"1", "2", "3", "4"} {
			a, _, err := s.AccessToken(ctx, "a"+h)
			must(t, err)
			r, _, err := s.RefreshToken(ctx, "r"+h)
			must(t, err)
			if a.RevokedAt != nil {
				out += "a" + h
			}
			if r.RevokedAt != nil {
				out += "r" + h
			}
		}
		return out
	}
	must(t, s.RevokeAccessToken(ctx, "a2", at(0)))
	same(t, revoked(), "a2")
	must(t, s.RevokeGrant(ctx, "g1", at(0)))
	same(t, revoked(), "a1r1a2r2")
	must(t, s.RevokeSessionTokens(ctx, "", at(0)))
	must(t, s.RevokeSessionTokens(ctx, "s2", at(0)))
	same(t, revoked(), "a1r1a2r2a3r3")
	must(t, s.RevokeUserTokens(ctx, v.ID, at(0)))
	same(t, revoked(), "a1r1a2r2a3r3a4r4")
}

// refreshTokens: of many uses of one refresh token, one succeeds (RFC 9700 section 4.14.2).
func refreshTokens(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	must(t, s.InsertTokens(ctx, first(grant(u, "1", "g", "s")), second(grant(u, "1", "g", "s"))))
	once(t, model.CodeConflict, func(ctx context.Context) error { return s.ConsumeRefreshToken(ctx, "r1", at(0)) })
	must(t, s.InsertTokens(ctx, first(grant(u, "2", "g", "s")), second(grant(u, "2", "g", "s"))))
	must(t, s.RevokeGrant(ctx, "g", at(0)))
	want(t, s.ConsumeRefreshToken(ctx, "r2", at(0)), model.ErrConflict)

	// The reuse is noticed and the whole grant revoked in one transaction.
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		want(t, s.ConsumeRefreshToken(ctx, "r1", at(0)), model.ErrConflict)
		return s.RevokeGrant(ctx, "g", at(0))
	}))
}

// revocationDuringRefresh: what a refresh is storing at the very moment of a revocation is revoked as well (RFC 7009 section 2.1). On PostgreSQL a statement does not see the
// rows of a transaction that it has waited for.
func revocationDuringRefresh(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	for name, revoke := range map[string]func() error{
		"grant":   func() error { return s.RevokeGrant(ctx, "grant", at(0)) },
		"session": func() error { return s.RevokeSessionTokens(ctx, "session", at(0)) },
		"user":    func() error { return s.RevokeUserTokens(ctx, u.ID, at(0)) },
	} {
		old, fresh := name+"1", name+"2"
		must(t, s.InsertTokens(ctx, first(grant(u, old, name, model.SessionID(name))), second(grant(u, old, name, model.SessionID(name)))))
		done := make(chan error, 1)
		must(t, s.InTx(ctx, func(ctx context.Context) error {
			if err := s.ConsumeRefreshToken(ctx, "r"+old, at(0)); err != nil {
				return err
			}
			go func() { done <- revoke() }()
			time.Sleep(100 * time.Millisecond) // it waits for this transaction by now
			return s.InsertTokens(ctx, first(grant(u, fresh, name, model.SessionID(name))), second(grant(u, fresh, name, model.SessionID(name))))
		}))
		must(t, <-done)
		a, _, err := s.AccessToken(ctx, "a"+fresh)
		must(t, err)
		r, _, err := s.RefreshToken(ctx, "r"+fresh)
		must(t, err)
		if a.RevokedAt == nil || r.RevokedAt == nil {
			t.Errorf("%s: what came of the refresh outlives the revocation", name)
		}
	}
}

func first(a *model.AccessToken, _ *model.RefreshToken) *model.AccessToken   { return a }
func second(_ *model.AccessToken, r *model.RefreshToken) *model.RefreshToken { return r }

// budgets holds the statements of the hot paths (shared/speed.md: a sign-in is a handful of statements).
func budgets(t *testing.T, s *store.Store) {
	h, u := build(t, s), addUser(t, s, "u")
	x := session(u, "h")
	a, r := grant(u, "1", "g", "s")
	must(t, s.InsertSession(t.Context(), session(u, "h2")))
	must(t, s.InsertAuthorizationCode(t.Context(), &model.AuthorizationCode{CodeHash: "c", Provider: 7, User: u.ID, Created: at(0), Expires: at(time.Hour)}))
	for _, tt := range []struct {
		name string
		most int
		call func(context.Context) error
	}{
		{"session by token", 1, func(ctx context.Context) error { _, _, err := s.SessionByTokenHash(ctx, "h2"); return err }},
		{"owners of identifiers", 1, func(ctx context.Context) error {
			_, err := s.OwnersOf(ctx, []model.Identifier{openid("a", "b"), unionid("c")})
			return err
		}},
		{"a new connection", 3, func(ctx context.Context) error {
			return s.SaveConnection(ctx, &model.Connection{User: u.ID, Source: h.source.ID, Identifiers: []model.Identifier{openid("a", "b"), unionid("c")}})
		}},
		{"insert session", 2, func(ctx context.Context) error { return s.InsertSession(ctx, x) }},
		{"insert tokens", 2, func(ctx context.Context) error { return s.InsertTokens(ctx, a, r) }},
		{"consume code", 2, func(ctx context.Context) error {
			_, _, err := s.ConsumeAuthorizationCode(ctx, "c", 7, at(0))
			return err
		}},
		{"access token", 1, func(ctx context.Context) error { _, _, err := s.AccessToken(ctx, "a1"); return err }},
		{"groups of a user", 1, func(ctx context.Context) error { _, err := s.GroupsOf(ctx, u.ID); return err }},
		{"three events", 1, func(ctx context.Context) error {
			return s.InsertEvents(ctx, &model.Event{}, &model.Event{}, &model.Event{})
		}},
		{"load configuration", 1, s.Load},
	} {
		ctx, n := store.CountStatements(t.Context())
		must(t, tt.call(ctx))
		if n.Statements() > tt.most {
			t.Errorf("%s: %d statements, at most %d are allowed", tt.name, n.Statements(), tt.most)
		}
	}
}
