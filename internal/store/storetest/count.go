package storetest

import (
	"testing"
	"time"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// countedEvents are events of two days, each with what it counts as.
func countedEvents(t *testing.T, s *store.Store) (periods []store.Period, at func(time.Duration) time.Time) {
	t.Helper()
	day, noon := 24*time.Hour, time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	at = noon.Add
	signIn := func(when time.Duration, source string) *model.Event {
		return &model.Event{Action: model.ActionLogin, Tally: model.TallySignIn, Source: source, Created: at(when), User: &model.EventUser{ID: 1, Username: "Ann"}}
	}
	failure := func(when time.Duration, reason, source, code string) *model.Event {
		return &model.Event{Action: model.ActionLoginFailed, Reason: reason, Source: source, SupportCode: code, Created: at(when), ClientIP: "2001:db8::1"}
	}
	opened := func(when time.Duration, id string, user model.UserID) *model.Event {
		return &model.Event{
			Action: model.ActionAuthorizeApplication, Application: id, Created: at(when), User: &model.EventUser{ID: user, Username: "bob"},
			Context: map[string]any{"authorized_application": map[string]any{"pk": id, "name": "App " + id}},
		}
	}
	must(t, s.InsertEvents(
		t.Context(),
		signIn(0, "wechat"), signIn(day-time.Microsecond, "wechat"), signIn(day, "wechat"), signIn(time.Hour, ""), signIn(2*day, "wechat"), signIn(-time.Microsecond, "wechat"),
		&model.Event{Action: model.ActionLogin, Created: at(0), Expires: time.Now().Add(day)}, // a program's
		&model.Event{Action: model.ActionUserWrite, Tally: model.TallyEnrolled, Source: "wechat", Created: at(0)},
		failure(0, "wechat.40029", "wechat", "AAAA-2222"), failure(day, "wechat.40029", "wechat", "BBBB-2222"), failure(day, "wechat.40029", "other", "CCCC-2222"),
		failure(time.Hour, "login.wrong_answer", "", ""), failure(3*day, "late", "", ""),
		opened(0, "one", 7), opened(0, "one", 8), opened(0, "one", 8), opened(0, "two", 7),
	))
	return []store.Period{{From: at(0), Until: at(day)}, {From: at(day), Until: at(2 * day)}}, at
}

// counts holds that events are counted by what they have in common and when they happened, each once and in one period only.
func counts(t *testing.T, s *store.Store) {
	ctx, day := t.Context(), 24*time.Hour
	none, err := s.CountTally(ctx, model.TallySignIn, []store.Period{{Until: time.Now()}})
	must(t, err)
	same(t, len(none), 0)
	periods, at := countedEvents(t, s)
	got := func(counts []store.Count, err error) map[store.Count]bool {
		t.Helper()
		must(t, err)
		set := map[store.Count]bool{}
		for _, c := range counts {
			set[c] = true
		}
		same(t, len(set), len(counts))
		return set
	}
	same(t, got(s.CountTally(ctx, model.TallySignIn, periods)), map[store.Count]bool{{Key: "wechat", Period: 0, Count: 2}: true, {Key: "wechat", Period: 1, Count: 1}: true, {Key: "", Period: 0, Count: 1}: true})
	same(t, got(s.CountTally(ctx, model.TallyEnrolled, periods)), map[store.Count]bool{{Key: "wechat", Period: 0, Count: 1}: true})
	same(t, got(s.CountReasons(ctx, "", periods)), map[store.Count]bool{
		{Key: "wechat.40029", Period: 0, Count: 1}: true, {Key: "wechat.40029", Period: 1, Count: 2}: true, {Key: "login.wrong_answer", Period: 0, Count: 1}: true,
	})
	same(t, got(s.CountReasons(ctx, "other", periods)), map[store.Count]bool{{Key: "wechat.40029", Period: 1, Count: 1}: true})
	same(t, got(s.CountActions(ctx, []string{"login", "user_write", "nothing"}, periods)), map[store.Count]bool{
		{Key: "login", Period: 0, Count: 4}: true, {Key: "login", Period: 1, Count: 1}: true, {Key: "user_write", Period: 0, Count: 1}: true,
	})
	same(t, len(got(s.CountActions(ctx, nil, periods))), 6)
	same(t, len(got(s.CountActions(ctx, nil, nil))), 0)

	whole := store.Period{From: at(0), Until: at(2 * day)}
	failures, err := s.Failures(ctx, "", whole)
	must(t, err)
	same(t, failures, []store.FailureCount{
		{Reason: "wechat.40029", Source: "wechat", Count: 2, Last: at(day), SupportCode: "BBBB-2222"},
		{Reason: "wechat.40029", Source: "other", Count: 1, Last: at(day), SupportCode: "CCCC-2222"},
		{Reason: "login.wrong_answer", Count: 1, Last: at(time.Hour)},
	})
	failures, err = s.Failures(ctx, "other", whole)
	must(t, err)
	same(t, len(failures), 1)

	apps, err := s.TopApplications(ctx, string(model.ActionAuthorizeApplication), 15)
	must(t, err)
	same(t, apps, []store.ApplicationCount{
		{Application: map[string]any{"pk": "one", "name": "App one"}, Count: 3, People: 2},
		{Application: map[string]any{"pk": "two", "name": "App two"}, Count: 1, People: 1},
	})
}

// findsEvents holds that events are found by what people have in hand: a name, an address, a support code, a time.
func findsEvents(t *testing.T, s *store.Store) {
	_, at := countedEvents(t, s)
	for _, tt := range []struct {
		name string
		ask  store.List
		want int
	}{
		{"a support code", store.List{Search: "AAAA-2222"}, 1},
		{"a support code as somebody typed it", store.List{Search: " aaaa 2222 "}, 1},
		{"the beginning of a username", store.List{Search: "An"}, 6},
		{"a username in another case", store.List{Search: "BOB"}, 4},
		{"an address", store.List{Search: "2001:DB8:"}, 5},
		{"an action", store.List{Search: "user write"}, 1},
		{"nothing", store.List{Search: "nobody"}, 0},
		{"what would be a pattern elsewhere", store.List{Search: "%"}, 0},
		{"a source", store.List{Where: []store.Where{{Field: "source", Op: store.OpEq, Values: []string{"other"}}}}, 1},
		{"a reason", store.List{Where: []store.Where{{Field: "reason", Op: store.OpEq, Values: []string{"wechat.40029"}}}}, 3},
		{"an application", store.List{Where: []store.Where{{Field: "application", Op: store.OpEq, Values: []string{"one"}}}}, 3},
		{"a time and whatever came later", store.List{Where: []store.Where{{Field: "created", Op: store.OpGe, Values: []string{at(48 * time.Hour).Format(time.RFC3339Nano)}}}}, 2},
		{"what came before a time", store.List{Where: []store.Where{{Field: "created", Op: store.OpLt, Values: []string{at(0).Format(time.RFC3339Nano)}}}}, 1},
	} {
		page, total, err := s.ListEvents(t.Context(), tt.ask)
		must(t, err)
		if total != tt.want || len(page) != tt.want {
			t.Errorf("%s: %d of %d, want %d", tt.name, len(page), total, tt.want)
		}
	}
}

// status holds that what is there is counted.
func status(t *testing.T, s *store.Store) {
	ctx := t.Context()
	countedEvents(t, s)
	for _, u := range []*model.User{{Username: "a"}, {Username: "b", Type: model.UserExternal}, {Username: "c", Type: model.UserServiceAccount}} {
		must(t, s.InsertUser(ctx, u))
	}
	u := addUser(t, s, "u")
	now := time.Now()
	for hash, expires := range map[string]time.Time{"x": now.Add(-time.Hour), "y": now.Add(time.Hour)} {
		must(t, s.InsertSession(ctx, &model.Session{TokenHash: hash, User: u.ID, Created: now, LastUsed: now, Expires: expires, AuthTime: now}))
	}
	people, sessions, err := s.CountPeople(ctx, now)
	must(t, err)
	same(t, []int{people, sessions}, []int{3, 1})
	st, err := s.Status(ctx)
	must(t, err)
	if st.Size <= 0 || st.Version == "" || st.Dialect == "" || st.Users != 4 || st.Sessions != 1 || st.Events != 17 {
		t.Errorf("%+v", st)
	}
}
