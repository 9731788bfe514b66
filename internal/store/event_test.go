package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/store/storetest"
)

// TestASearchThatFindsTooMuchTellsTheNewest holds it to what a search for a rare text does: the same order, and the same filters.
func TestASearchThatFindsTooMuchTellsTheNewest(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		s, ctx := storetest.OpenDSN(t, dsn(t)), t.Context()
		const many = 10_050
		begin := time.Now().Add(-time.Hour)
		all := make([]*model.Event, many)
		for i := range all {
			all[i] = &model.Event{Action: model.ActionLogin, User: &model.EventUser{ID: 1, Username: "wechat-x"}, Created: begin.Add(time.Duration(i) * time.Millisecond)}
		}
		all[7].Action = model.ActionLogout
		if err := s.InsertEvents(ctx, all...); err != nil {
			t.Fatal(err)
		}
		page, total, err := s.ListEvents(ctx, store.List{Search: "wechat", Limit: 2})
		if err != nil || total != 10_000 || len(page) != 2 || page[0].ID != all[many-1].ID || page[1].ID != all[many-2].ID {
			t.Errorf("%d of %d, %v", len(page), total, err)
		}
		page, total, err = s.ListEvents(ctx, store.List{Search: "wechat", Where: []store.Where{{Field: "action", Op: store.OpEq, Values: []string{"logout"}}}})
		if err != nil || total != 1 || len(page) != 1 || page[0].ID != all[7].ID {
			t.Errorf("filtered: %d of %d, %v", len(page), total, err)
		}
	})
}

// TestRunsOfAFlowAreFoundByItsIndex: each sign-in is one, so that they are neither gone through nor all counted.
func TestRunsOfAFlowAreFoundByItsIndex(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		ctx, address := t.Context(), dsn(t)
		s := storetest.OpenDSN(t, address)
		const many = 10_050
		begin := time.Now().Add(-time.Hour)
		all := make([]*model.Event, many)
		for i := range all {
			all[i] = &model.Event{Action: model.ActionFlowExecution, Flow: "login", Created: begin.Add(time.Duration(i) * time.Millisecond)}
		}
		all[7].Flow = "enroll"
		if err := s.InsertEvents(ctx, all...); err != nil {
			t.Fatal(err)
		}
		of := func(slug string) store.List {
			return store.List{Where: []store.Where{{Field: "flow", Op: store.OpEq, Values: []string{slug}}}, Limit: 2}
		}
		page, total, err := s.ListEvents(ctx, of("login"))
		if err != nil || total != 10_000 || len(page) != 2 || page[0].ID != all[many-1].ID || page[1].ID != all[many-2].ID || page[0].Flow != "login" {
			t.Errorf("%d of %d, %v", len(page), total, err)
		}
		page, total, err = s.ListEvents(ctx, of("enroll"))
		if err != nil || total != 1 || len(page) != 1 || page[0].ID != all[7].ID {
			t.Errorf("of the other: %d of %d, %v", len(page), total, err)
		}
		if !strings.HasPrefix(address, "sqlite:") {
			return
		}
		_, db := migrator(t, address)
		var id, parent, unused int
		var plan string
		const text = `EXPLAIN QUERY PLAN SELECT * FROM events WHERE flow <> '' AND flow IN ('login') ORDER BY created DESC, id DESC LIMIT 20`
		if err := db.QueryRowContext(ctx, text).Scan(&id, &parent, &unused, &plan); err != nil || !strings.Contains(plan, "events_flow") {
			t.Errorf("%q, %v", plan, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestEventsAreExportedInOrdersThatAnIndexHas: each page of another order would sort all of them.
func TestEventsAreExportedInOrdersThatAnIndexHas(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		s, ctx := storetest.OpenDSN(t, dsn(t)), t.Context()
		begin := time.Now().Add(-time.Hour)
		for i := range 17 {
			action := []model.Action{model.ActionLogin, model.ActionLogout}[i%2]
			if err := s.InsertEvents(ctx, &model.Event{Action: action, Created: begin.Add(time.Duration(i/3) * time.Second)}); err != nil {
				t.Fatal(err)
			}
		}
		for _, order := range []string{"", "created", "-created", "action", "-action", "pk", "-expires"} {
			listed, _, err := s.ListEvents(ctx, store.List{Order: []string{order}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ids(listed), ids(walkEvents(t, s, store.List{Order: []string{order}, Limit: 4}, nil))); diff != "" {
				t.Errorf("%q (-list +walk):\n%s", order, diff)
			}
		}
		for _, order := range []string{"context", "-app", "username", "flow"} {
			if _, _, err := s.ListEvents(ctx, store.List{Order: []string{order}}); err != nil {
				t.Errorf("a page by %s: %v", order, err)
			}
			if _, _, err := s.ListEvents(ctx, store.List{Order: []string{order}, Walk: new(store.Walk)}); model.CodeOf(err) != model.CodeInvalid {
				t.Errorf("an export by %s: %v", order, err)
			}
		}
	})
}

// TestAPageOfAnExportHoldsSomeBytesOnly: rows may be of any length.
func TestAPageOfAnExportHoldsSomeBytesOnly(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		s, ctx := storetest.OpenDSN(t, dsn(t)), t.Context()
		const many = 50
		for range many {
			if err := s.InsertEvents(ctx, &model.Event{Action: model.ActionLogin, Context: map[string]any{"long": strings.Repeat("x", 100_000)}}); err != nil {
				t.Fatal(err)
			}
		}
		var sizes []int
		all := walkEvents(t, s, store.List{Limit: 20_000}, func(n int) { sizes = append(sizes, n) })
		if len(all) != many || sizes[0] > 25 || sizes[0] < 15 {
			t.Errorf("%d events in pages of %v", len(all), sizes)
		}
	})
}

// walkEvents reads a list to its end, and tells how long each page is.
func walkEvents(t *testing.T, s *store.Store, l store.List, each func(int)) []*model.Event {
	t.Helper()
	l.Walk = new(store.Walk)
	var all []*model.Event
	for !l.Walk.Done() {
		page, _, err := s.ListEvents(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		if each != nil {
			each(len(page))
		}
		all = append(all, page...)
	}
	return all
}

func ids(events []*model.Event) []model.EventID {
	var out []model.EventID
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}

// TestEventsFromBeforeAreCounted: what the counts go by was in the context of an event only.
func TestEventsFromBeforeAreCounted(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, dsn func(testing.TB) string) {
		ctx, address := t.Context(), dsn(t)
		p, db := migrator(t, address)
		if _, err := p.UpTo(ctx, 6); err != nil {
			t.Fatal(err)
		}
		for id, x := range map[string][3]string{
			"a": {"login", "authentik.stages.user_login", `{"source": "wechat"}`},
			"b": {"login", "authentik.providers.oauth2", `{}`},
			"c": {"login_failed", "authentik.stages.password", `{"cause": "wrong password"}`},
			"d": {"login_failed", "authentik.sources.oauth", `{"reason": "wechat.40029", "source": "wechat"}`},
			"e": {"user_write", "authentik.stages.user_write", `{"created": true}`},
			"f": {"user_write", "authentik.stages.user_write", `{"created": false, "source": {"not": "a slug"}}`},
			"g": {"authorize_application", "authentik.providers.oauth2", `{"authorized_application": {"pk": "app"}}`},
			"h": {"configuration_error", "authentik.stages.email", `{"reason": "mail.refused"}`},
			"i": {"system_exception", "authentik.flows", `{"message": "x"}`},
			"j": {"flow_execution", "authentik.flows", `{"flow": "login", "source": "wechat"}`},
			"k": {"flow_execution", "authentik.flows", `{"flow": ["login"]}`},
		} {
			const text = `INSERT INTO events (id, action, app, username, email, context, client_ip, support_code, created, expires)
				SELECT $1, $2, $3, '', '', $4, '', '', applied, applied FROM (SELECT `
			moment := map[bool]string{true: "2000000000000000", false: "CAST('2033-01-01' AS timestamptz)"}[strings.HasPrefix(address, "sqlite:")]
			if _, err := db.ExecContext(ctx, text+moment+" AS applied) moments", id, x[0], x[1], x[2]); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		s := storetest.OpenDSN(t, address)
		got := map[string][5]string{}
		page, _, err := s.ListEvents(ctx, store.List{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			got[string(e.ID)] = [5]string{e.Source, e.Application, e.Reason, string(e.Tally), e.Flow}
		}
		want := map[string][5]string{
			"a": {0: "wechat", 3: "sign_in"}, "b": {}, "c": {2: "login.wrong_answer"}, "d": {0: "wechat", 2: "wechat.40029"}, "e": {3: "enrolled"}, "f": {},
			"g": {1: "app"}, "h": {}, "i": {2: "internal"}, "j": {4: "login"}, "k": {},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("source, application, reason, tally and flow (-want +got):\n%s", diff)
		}
	})
}
