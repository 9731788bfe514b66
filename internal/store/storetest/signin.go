package storetest

import (
	"context"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func openid(app, value string) model.Identifier {
	return model.Identifier{Kind: model.IdentifierOpenID, Namespace: app, Value: value}
}

func unionid(value string) model.Identifier {
	return model.Identifier{Kind: model.IdentifierUnionID, Namespace: "account:x", Value: value}
}

// claimants looks for the owner of an identifier, for a namesake and for people of one e-mail address. The connection of u with the unionid U1 is there.
func claimants(t *testing.T, s *store.Store, u, v *model.User) {
	t.Helper()
	ctx := t.Context()
	for _, tt := range []struct {
		ids      []model.Identifier
		username string
		owners   int
		namesake model.UserID
	}{
		{[]model.Identifier{unionid("U1"), openid("wx2", "O1")}, "v", 1, v.ID},
		{[]model.Identifier{unionid("unknown")}, "V", 0, 0},
		{[]model.Identifier{unionid("U1")}, "", 1, 0},
		{nil, "u", 0, u.ID},
	} {
		owners, namesake, err := s.Claimants(ctx, tt.ids, tt.username)
		must(t, err)
		if len(owners) != tt.owners || namesake != tt.namesake || tt.owners > 0 && owners[0] != (model.IdentifierOwner{Identifier: unionid("U1"), User: u.ID}) {
			t.Errorf("%v, %q: %+v, %d", tt.ids, tt.username, owners, namesake)
		}
	}
	for i, email := range []string{"one@example.org", "One@example.org", "one@example.org"} {
		must(t, s.InsertUser(ctx, &model.User{Username: "of one " + strconv.Itoa(i), Email: email, IsActive: true}))
	}
	for email, want := range map[string]int{"one@example.org": 2, "One@example.org": 1, "ONE@example.org": 0, "": 0} {
		users, err := s.UsersByEmail(ctx, email)
		must(t, err)
		if len(users) != want || want > 1 && users[0].ID >= users[1].ID {
			t.Errorf("%q: %d users", email, len(users))
		}
	}
}

func connections(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h, u, v := build(t, s), addUser(t, s, "u"), addUser(t, s, "v")
	c := &model.Connection{
		User: u.ID, Source: h.source.ID, Identifier: "U1", Identifiers: []model.Identifier{openid("wx1", "O1"), unionid("U1")},
		Profile: json.RawMessage(`{"nickname": "张三"}`), Written: map[string]any{"name": "张三", "attributes.sex": json.Number("1")},
	}
	must(t, s.SaveConnection(ctx, c))
	got, err := s.Connection(ctx, c.ID)
	must(t, err)
	byKind := cmpopts.SortSlices(func(a, b model.Identifier) bool { return a.Kind < b.Kind })
	if diff := cmp.Diff(c, got, byKind); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	owners, err := s.OwnersOf(ctx, []model.Identifier{unionid("U1"), unionid("unknown"), openid("wx2", "O1")})
	must(t, err)
	same(t, owners, []model.IdentifierOwner{{Identifier: unionid("U1"), User: u.ID}})

	claimants(t, s, u, v)

	theft := &model.Connection{User: v.ID, Source: h.source.ID, Identifier: "U1", Identifiers: []model.Identifier{openid("wx2", "O9"), unionid("U1")}}
	wantField(t, s.SaveConnection(ctx, theft), model.CodeConflict, "identifier")
	_, err = s.ConnectionOf(ctx, v.ID, h.source.ID)
	want(t, err, model.ErrNotFound)
	owners, err = s.OwnersOf(ctx, []model.Identifier{openid("wx2", "O9")})
	must(t, err)
	same(t, len(owners), 0)

	n, err := s.CountConnections(ctx, u.ID)
	must(t, err)
	same(t, n, 1)
	page, total, err := s.ListConnections(ctx, store.List{Where: []store.Where{{Field: "source__slug", Op: store.OpEq, Values: []string{"wechat"}}}})
	must(t, err)
	if total != 1 || page[0].ID != c.ID || len(page[0].Identifiers) != 2 {
		t.Errorf("list: %d %+v", total, page)
	}
	same(t, model.CodeOf(s.SaveConnection(ctx, &model.Connection{User: 999, Source: h.source.ID})), model.CodeInvalid)
}

func identifiers(t *testing.T, s *store.Store) {
	ctx := t.Context()
	h, u := build(t, s), addUser(t, s, "u")
	second := *h.source
	second.ID, second.Slug, second.Name = "", "wechat2", "WeChat 2"
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &second) }))
	first := &model.Connection{User: u.ID, Source: h.source.ID, Identifier: "O1", Identifiers: []model.Identifier{openid("wx1", "O1")}}
	must(t, s.SaveConnection(ctx, first))
	known := func(ids ...model.Identifier) int {
		t.Helper()
		owners, err := s.OwnersOf(ctx, ids)
		must(t, err)
		return len(owners)
	}

	// A unionid that is learned later is added; an openid that changes replaces the old one, which is free again.
	later := &model.Connection{User: u.ID, Source: h.source.ID, Identifier: "U1", Identifiers: []model.Identifier{openid("wx1", "O2"), unionid("U1")}}
	must(t, s.SaveConnection(ctx, later))
	if later.ID != first.ID || !later.Created.Equal(first.Created) {
		t.Errorf("a second connection: %+v", later)
	}
	same(t, known(openid("wx1", "O1")), 0)
	same(t, known(openid("wx1", "O2"), unionid("U1")), 2)

	// Two connections of one user share the unionid; it is free when both are gone.
	other := &model.Connection{User: u.ID, Source: second.ID, Identifier: "U1", Identifiers: []model.Identifier{openid("wx2", "P1"), unionid("U1")}}
	must(t, s.SaveConnection(ctx, other))
	must(t, s.DeleteConnection(ctx, first.ID))
	same(t, known(openid("wx1", "O2")), 0)
	same(t, known(openid("wx2", "P1"), unionid("U1")), 2)
	must(t, change(t, s, func(ctx context.Context, tx *store.Change) error { return tx.Delete(ctx, &second) }))
	same(t, known(openid("wx2", "P1"), unionid("U1")), 0)
	_, err := s.Connection(ctx, other.ID)
	want(t, err, model.ErrNotFound)
	want(t, s.DeleteConnection(ctx, other.ID), model.ErrNotFound)
}

func claimAtOnce(t *testing.T, s *store.Store) {
	h := build(t, s)
	people := make(chan *model.User, crowd)
	for i := range crowd {
		people <- addUser(t, s, string(rune('a'+i)))
	}
	once(t, model.CodeConflict, func(ctx context.Context) error {
		u := <-people
		return s.SaveConnection(ctx, &model.Connection{User: u.ID, Source: h.source.ID, Identifiers: []model.Identifier{unionid("U"), openid("wx1", "O")}})
	})
}

func session(u *model.User, hash string) *model.Session {
	return &model.Session{
		TokenHash: hash, User: u.ID, Created: at(0), LastUsed: at(0), Expires: at(time.Hour), Persistent: true, AuthTime: at(-time.Minute),
		AuthMethod: "source", Source: "WeChat", ClientIP: "192.0.2.1", UserAgent: "MicroMessenger", Browser: "b",
		Binding: `{"ip":"192.0.2.1"}`,
	}
}

func sessions(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	x := session(u, "h1")
	must(t, s.InsertSession(ctx, x))
	got, user, err := s.SessionByTokenHash(ctx, "h1")
	must(t, err)
	same(t, got, x)
	if user.LastLogin == nil || !user.LastLogin.Equal(x.Created) {
		t.Errorf("last login %v", user.LastLogin)
	}
	must(t, s.TouchSession(ctx, x.ID, at(time.Minute), "192.0.2.2", "other"))
	want(t, s.TouchSession(ctx, "none", at(0), "", ""), model.ErrNotFound)
	y, z := session(u, "h2"), session(u, "h3")
	must(t, s.InsertSession(ctx, y))
	must(t, s.InsertSession(ctx, z))
	all, err := s.ListSessions(ctx, u.ID)
	must(t, err)
	if len(all) != 3 || all[0].ID != x.ID || all[0].ClientIP != "192.0.2.2" {
		t.Errorf("list: %+v", all)
	}
	must(t, s.DeleteSession(ctx, y.ID))
	want(t, s.DeleteSession(ctx, y.ID), model.ErrNotFound)
	n, err := s.DeleteSessionsOf(ctx, u.ID, x.ID)
	must(t, err)
	same(t, n, 1)
	_, _, err = s.SessionByTokenHash(ctx, "h3")
	want(t, err, model.ErrNotFound)
	same(t, model.CodeOf(s.InsertSession(ctx, session(&model.User{ID: 999}, "h9"))), model.CodeInvalid)
	must(t, s.DeleteUser(ctx, u.ID))
	_, _, err = s.SessionByTokenHash(ctx, "h1")
	want(t, err, model.ErrNotFound)
}

func flowRuns(t *testing.T, s *store.Store) {
	ctx := t.Context()
	r := &model.FlowRun{ID: "run", Browser: "b", Flow: "f", Plan: []byte{0, 1, 255}, Expires: at(time.Hour)}
	must(t, s.SaveFlowRun(ctx, r))
	got, err := s.FlowRun(ctx, "run", "b")
	must(t, err)
	same(t, got, r)
	_, err = s.FlowRun(ctx, "run", "another browser")
	want(t, err, model.ErrNotFound)
	want(t, s.SaveFlowRun(ctx, &model.FlowRun{ID: "run", Browser: "b", Expires: at(time.Hour)}), model.ErrConflict)

	once(t, model.CodeConflict, func(ctx context.Context) error {
		step := *r
		return s.SaveFlowRun(ctx, &step)
	})
	want(t, s.DeleteFlowRun(ctx, "run", r.Revision), model.ErrConflict)
	once(t, model.CodeConflict, func(ctx context.Context) error { return s.DeleteFlowRun(ctx, "run", r.Revision+1) })

	// An expired run gives way, and an answer to it stays too late.
	old := &model.FlowRun{ID: "old", Browser: "b", Flow: "f", Expires: at(-time.Minute)}
	must(t, s.SaveFlowRun(ctx, old))
	fresh := &model.FlowRun{ID: "old", Browser: "b", Flow: "f", Expires: at(time.Hour)}
	must(t, s.SaveFlowRun(ctx, fresh))
	want(t, s.SaveFlowRun(ctx, old), model.ErrConflict)
}

// sourceRequests: the state is bound to the browser and used once (RFC 6749 section 10.12, RFC 9700 section 4.7).
func sourceRequests(t *testing.T, s *store.Store) {
	ctx := t.Context()
	r := &model.SourceRequest{
		StateHash: "state", Browser: "b", Source: "s", Next: "/if/user/", Locale: "zh", Keep: "sealed", Created: at(0), Expires: at(time.Minute),
	}
	must(t, s.InsertSourceRequest(ctx, r))
	got, err := s.SourceRequest(ctx, "state")
	must(t, err)
	same(t, got, r)
	for _, wrong := range []struct {
		state, browser string
		source         model.SourceID
		now            time.Time
	}{{"other", "b", "s", at(0)}, {"state", "other", "s", at(0)}, {"state", "b", "other", at(0)}, {"state", "b", "s", at(time.Hour)}} {
		_, err := s.ConsumeSourceRequest(ctx, wrong.state, wrong.browser, wrong.source, wrong.now)
		want(t, err, model.ErrNotFound)
	}
	once(t, model.CodeNotFound, func(ctx context.Context) error {
		_, err := s.ConsumeSourceRequest(ctx, "state", "b", "s", at(0))
		return err
	})
	must(t, s.SetSourceRequestOutcome(ctx, "state", "/done"))
	got, err = s.SourceRequest(ctx, "state")
	must(t, err)
	if got.ConsumedAt == nil || got.Outcome != "/done" {
		t.Errorf("got %+v", got)
	}
	want(t, s.SetSourceRequestOutcome(ctx, "none", "/"), model.ErrNotFound)
}

// sourceTrials: the result is noted once, in time, and goes with the administrator.
func sourceTrials(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	trial := &model.SourceTrial{ID: "t", Source: "s", User: u.ID, Session: "x", Created: at(0), Expires: at(time.Minute)}
	must(t, s.InsertSourceTrial(ctx, trial))
	got, err := s.SourceTrial(ctx, "t")
	must(t, err)
	same(t, got, trial)
	want(t, s.FinishSourceTrial(ctx, "other", "sealed", at(0)), model.ErrNotFound)
	want(t, s.FinishSourceTrial(ctx, "t", "sealed", at(time.Hour)), model.ErrNotFound)
	once(t, model.CodeNotFound, func(ctx context.Context) error { return s.FinishSourceTrial(ctx, "t", "sealed", at(0)) })
	got, err = s.SourceTrial(ctx, "t")
	must(t, err)
	if got.Result != "sealed" {
		t.Errorf("the result is %q", string(got.Result))
	}
	late := &model.SourceTrial{ID: "late", User: u.ID, Created: at(-time.Hour), Expires: at(-time.Minute), Result: "sealed"}
	must(t, s.InsertSourceTrial(ctx, late))
	_, err = s.Expire(ctx)
	must(t, err)
	_, err = s.SourceTrial(ctx, "late")
	want(t, err, model.ErrNotFound)
	must(t, s.DeleteUser(ctx, u.ID))
	_, err = s.SourceTrial(ctx, "t")
	want(t, err, model.ErrNotFound)
}

func oneTimeLinks(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	l := &model.OneTimeLink{TokenHash: "h", Purpose: "rescue", User: u.ID, Expires: at(time.Minute)}
	must(t, s.InsertOneTimeLink(ctx, l))
	_, err := s.ConsumeOneTimeLink(ctx, "h", "setup", at(0))
	want(t, err, model.ErrNotFound)
	_, err = s.ConsumeOneTimeLink(ctx, "h", "rescue", at(time.Hour))
	want(t, err, model.ErrNotFound)
	once(t, model.CodeNotFound, func(ctx context.Context) error {
		got, err := s.ConsumeOneTimeLink(ctx, "h", "rescue", at(0))
		if err == nil && got.User != u.ID {
			t.Errorf("got %+v", got)
		}
		return err
	})
}

func expire(t *testing.T, s *store.Store) {
	ctx := t.Context()
	u := addUser(t, s, "u")
	gone, stays := session(u, "gone"), session(u, "stays")
	gone.Expires = at(-time.Second)
	must(t, s.InsertSession(ctx, gone))
	must(t, s.InsertSession(ctx, stays))
	var events []*model.Event
	for range 1200 {
		events = append(events, &model.Event{Action: model.ActionLogin, Created: at(-time.Hour), Expires: at(-time.Minute)})
	}
	must(t, s.InsertEvents(ctx, events...))
	must(t, s.InsertSourceRequest(ctx, &model.SourceRequest{StateHash: "late", Created: at(-2 * time.Hour), Expires: at(-time.Hour)}))
	used := &model.Invitation{Name: "long over", Expires: ptr(at(-40 * 24 * time.Hour))}
	must(t, s.InsertInvitation(ctx, used))
	for _, expires := range []time.Duration{-48 * time.Hour, -time.Hour} {
		must(t, s.InsertFlowToken(ctx, &model.FlowToken{TokenHash: expires.String(), Expires: at(expires)}))
	}
	must(t, s.AdjustReputation(ctx, "u", "192.0.2.1", -1, -5, 5, at(-48*time.Hour)))
	_, err := s.CountAttempts(ctx, []string{"k"}, time.Minute, at(-time.Hour))
	must(t, err)
	n, err := s.Expire(ctx)
	must(t, err)
	same(t, n, 1205)
	_, err = s.FlowToken(ctx, (-time.Hour).String())
	must(t, err)
	_, _, err = s.SessionByTokenHash(ctx, "gone")
	want(t, err, model.ErrNotFound)
	_, _, err = s.SessionByTokenHash(ctx, "stays")
	must(t, err)
	// A late callback is told that it is late.
	_, err = s.SourceRequest(ctx, "late")
	must(t, err)
}
