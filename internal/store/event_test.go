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
		got := map[string][4]string{}
		page, _, err := s.ListEvents(ctx, store.List{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			got[string(e.ID)] = [4]string{e.Source, e.Application, e.Reason, string(e.Tally)}
		}
		want := map[string][4]string{
			"a": {"wechat", "", "", "sign_in"}, "b": {}, "c": {"", "", "login.wrong_answer", ""}, "d": {"wechat", "", "wechat.40029", ""}, "e": {"", "", "", "enrolled"}, "f": {},
			"g": {"", "app", "", ""}, "h": {}, "i": {"", "", "internal", ""},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("source, application, reason and tally (-want +got):\n%s", diff)
		}
	})
}
