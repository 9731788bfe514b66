package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/api"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/testenv"
)

// both runs a test on both databases.
func both(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, open(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, openOn(t, testenv.Postgres(t))) })
}

// noon is when the tests of what is counted take place.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// past writes events of the days before.
func (h *house) past(events ...*model.Event) {
	h.t.Helper()
	h.api.Now = func() time.Time { return noon }
	for _, e := range events {
		e.Expires = time.Now().Add(time.Hour)
	}
	must(h.t, h.store.InsertEvents(context.Background(), events...))
}

func signedIn(at time.Time, source string) *model.Event {
	return &model.Event{Action: model.ActionLogin, Tally: model.TallySignIn, Source: source, Created: at}
}

func failed(at time.Time, reason, source, code string) *model.Event {
	return &model.Event{Action: model.ActionLoginFailed, Reason: reason, Source: source, SupportCode: code, Created: at}
}

func TestSignInsAreCountedBySourceAndDay(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.addSource("wechat")
		h.past(
			signedIn(noon, "wechat"), signedIn(noon.Add(-24*time.Hour), "wechat"), signedIn(noon, ""), signedIn(noon.Add(-13*time.Hour), "gone"), signedIn(noon.Add(-72*time.Hour), "wechat"),
			&model.Event{Action: model.ActionLogin, Created: noon}, // a program's
			&model.Event{Action: model.ActionUserWrite, Tally: model.TallyEnrolled, Created: noon},
			failed(noon, "wechat.40029", "wechat", "AAAA-2222"), failed(noon.Add(-24*time.Hour), "wechat.40029", "wechat", "BBBB-2222"), failed(noon, "login.wrong_answer", "", ""),
		)
		got := h.get("/admin/sign_ins/?days=2")
		want := map[string]any{
			"days":  []any{"2026-03-01", "2026-03-02"},
			"today": map[string]any{"sign_ins": digits(2), "failures": digits(2), "enrolled": digits(1), "active_sessions": digits(0), "people": digits(1)},
			"series": []any{
				map[string]any{"source": map[string]any{"slug": "wechat", "name": "wechat"}, "counts": []any{digits(1), digits(1)}},
				map[string]any{"source": nil, "counts": []any{digits(0), digits(1)}},
				map[string]any{"source": map[string]any{"slug": "gone", "name": "gone"}, "counts": []any{digits(1), digits(0)}},
			},
			"failures": []any{
				h.failure("wechat.40029", 2, "AAAA-2222", map[string]any{"slug": "wechat", "name": "wechat"}), h.failure("login.wrong_answer", 1, "", nil),
			},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		one := h.get("/admin/sign_ins/?days=2&source=wechat")
		if series, failures := one["series"].([]any), one["failures"].([]any); len(series) != 1 || len(failures) != 1 {
			t.Errorf("of one source: %v, %v", series, failures)
		}
		if today := one["today"].(map[string]any); today["sign_ins"] != digits(1) || today["failures"] != digits(1) || today["enrolled"] != digits(0) {
			t.Errorf("of one source today: %v", today)
		}
	})
}

// failure is a row of the failures, all of them at noon.
func (h *house) failure(reason string, count int, code string, source any) map[string]any {
	out := map[string]any{"reason": reason, "count": digits(count), "last": noon.Format(time.RFC3339), "support_code": code, "source": source}
	for _, part := range []string{"title", "happened", "who", "next"} {
		out[part] = "text of refusal." + reason + "." + part
	}
	return out
}

// TestADayIsThatOfTheReader: the same instant is another day elsewhere, and a day may have 23 hours.
func TestADayIsThatOfTheReader(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		for _, tt := range []struct {
			name, zone, now, first, last string
			want                         []any
		}{
			{"UTC", "", "2026-03-02T12:00:00Z", "2026-03-01T23:59:59.999999Z", "2026-03-02T00:00:00Z", []any{digits(1), digits(1)}},
			{"east of it", "Asia/Shanghai", "2026-03-02T12:00:00Z", "2026-03-01T15:59:59Z", "2026-03-01T16:00:00Z", []any{digits(1), digits(1)}},
			{"by half an hour", "Asia/Kolkata", "2026-03-02T12:00:00Z", "2026-03-01T18:29:59Z", "2026-03-01T18:30:00Z", []any{digits(1), digits(1)}},
			{"where the clocks change", "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", []any{digits(1), digits(1)}},
			{"where they change at midnight", "America/Santiago", "2026-09-06T15:00:00Z", "2026-09-06T03:59:59Z", "2026-09-06T04:00:00Z", []any{digits(1), digits(1)}},
			{"tomorrow is none of them", "", "2026-05-02T12:00:00Z", "2026-05-01T12:00:00Z", "2026-05-03T00:00:00Z", []any{digits(1), digits(0)}},
		} {
			slug := strings.ReplaceAll(tt.name, " ", "-")
			h.past(signedIn(moment(t, tt.first), slug), signedIn(moment(t, tt.last), slug))
			h.api.Now = func() time.Time { return moment(t, tt.now) }
			got := h.get("/admin/sign_ins/?days=2&source=" + slug + "&tz=" + url.QueryEscape(tt.zone))
			if diff := cmp.Diff(tt.want, got["series"].([]any)[0].(map[string]any)["counts"]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
			if days := got["days"].([]any); days[1] != tt.now[:len(time.DateOnly)] || days[0] == days[1] {
				t.Errorf("%s: the days are %v", tt.name, days)
			}
		}
	})
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	must(t, err)
	return at
}

// manyActions are more than anybody counts at once.
func manyActions() string {
	var b strings.Builder
	for i := range 50 {
		fmt.Fprintf(&b, "&actions=%d", i)
	}
	return b.String()
}

func TestWhatNobodyCanCountIsRefused(t *testing.T) {
	h := open(t)
	for query, field := range map[string]string{
		"/admin/sign_ins/?days=0": "days", "/admin/sign_ins/?days=91": "days", "/admin/sign_ins/?days=x": "days", "/admin/sign_ins/?tz=Mars": "tz", "/admin/sign_ins/?tz=Local": "tz",
		"/events/events/volume/?history_days=NaN": "history_days", "/admin/sign_ins/?tz=../../etc/passwd": "tz", "/events/events/volume/?history_days=0": "history_days", "/events/events/volume/?username=x": "username",
		"/events/events/top_per_user/?top_n=0": "top_n", "/events/events/?created__gte=yesterday": "created",
		"/events/events/volume/?actions=a" + manyActions(): "actions", "/events/events/?format=csv&ordering=-context": "ordering",
	} {
		if got := h.want(http.StatusBadRequest, http.MethodGet, query, nil); got[field] == nil {
			t.Errorf("%s: %v", query, got)
		}
	}
	if r := h.call(http.MethodGet, "/events/events/volume/?action=login"+strings.Repeat("&actions=login", 100), nil); r.status != http.StatusOK {
		t.Errorf("the same action again and again: %d %s", r.status, r.raw)
	}
}

// TestOnlyAdministratorsSeeWhatHappens: counts and warnings tell about everybody.
func TestOnlyAdministratorsSeeWhatHappens(t *testing.T) {
	h := open(t)
	_, h.key = h.person("ann")
	for _, path := range []string{"/admin/sign_ins/", "/admin/attention/", "/admin/status/", "/events/events/volume/", "/events/events/top_per_user/"} {
		h.want(http.StatusForbidden, http.MethodGet, path, nil)
	}
}

func TestEventsAreCountedAsAuthentiksClientsExpect(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		user := &model.EventUser{ID: h.admin.ID, Username: "akadmin"}
		opened := &model.Event{
			Action: model.ActionAuthorizeApplication, Application: "a", Created: noon.Add(-time.Hour), User: user,
			Context: map[string]any{"authorized_application": map[string]any{"pk": "a", "name": "Shop"}},
		}
		h.past(signedIn(noon, ""), signedIn(noon.Add(-time.Minute), ""), signedIn(noon.Add(-time.Minute), ""), signedIn(noon.Add(-8*24*time.Hour), ""), opened)
		events := h.client().EventsApi
		volume, _, err := events.EventsEventsVolumeList(t.Context()).Execute()
		must(t, err)
		six := noon.Truncate(6 * time.Hour)
		want := []ak.EventVolume{
			*ak.NewEventVolume(ak.EVENTACTIONS_AUTHORIZE_APPLICATION, six.Add(-6*time.Hour), 1), *ak.NewEventVolume(ak.EVENTACTIONS_LOGIN, six.Add(-6*time.Hour), 2),
			*ak.NewEventVolume(ak.EVENTACTIONS_LOGIN, six, 1),
		}
		if diff := cmp.Diff(want, volume); diff != "" {
			t.Errorf("volume (-want +got):\n%s", diff)
		}
		for name, ask := range map[string]ak.ApiEventsEventsVolumeListRequest{
			"one action": events.EventsEventsVolumeList(t.Context()).Action("login").HistoryDays(10), "several": events.EventsEventsVolumeList(t.Context()).Actions([]string{"login", "logout", "login"}).Action("login").HistoryDays(10),
		} {
			if volume, _, err = ask.Execute(); err != nil || len(volume) != 3 {
				t.Errorf("%s: %v, %v", name, volume, err)
			}
		}
		top, _, err := events.EventsEventsTopPerUserList(t.Context()).Action("authorize_application").TopN(5).Execute()
		must(t, err)
		if diff := cmp.Diff([]ak.EventTopPerUser{*ak.NewEventTopPerUser(map[string]any{"pk": "a", "name": "Shop"}, 1, 1)}, top); diff != "" {
			t.Errorf("top (-want +got):\n%s", diff)
		}
	})
}

func TestEventsAreListedBySourceReasonAndTime(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.past(
			failed(noon, "wechat.40029", "wechat", "AAAA-2222"), failed(noon.Add(-time.Hour), "wechat.40029", "other", "BBBB-2222"),
			&model.Event{Action: model.ActionLogin, Source: "wechat", Flow: "enter", Created: noon.Add(-2 * time.Hour)},
		)
		for query, want := range map[string]int{
			"": 3, "?source=wechat": 2, "?reason=wechat.40029": 2, "?source=wechat&reason=wechat.40029": 1, "?search=bbbb2222": 1, "?search=login_f": 2, "?search=40029": 0, "?flow=enter": 1, "?flow=other": 0,
			"?created__gte=2026-03-02T11:00:00Z": 2, "?created__lt=2026-03-02T11:00:00Z": 1, "?created__gte=2026-03-02T19:00:00%2B08:00&created__lt=2026-03-02T20:00:00%2B08:00": 1,
		} {
			got := h.get("/events/events/" + query)
			if n := len(got["results"].([]any)); n != want {
				t.Errorf("%q: %d, want %d", query, n, want)
			}
		}
		first := h.get("/events/events/?source=wechat")["results"].([]any)[0].(map[string]any)
		if first["source"] != "wechat" || first["reason"] != "wechat.40029" {
			t.Errorf("%v", first)
		}
	})
}

func TestTheStatusTellsHowTheServerIs(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.past(signedIn(noon, ""))
		h.api.Process = api.Process{Started: noon.Add(-90 * time.Second), Console: true, Mail: true, MailFrom: "id@example.org", Networks: true}
		got := h.get("/admin/status/")
		database, _ := got["database"].(map[string]any)
		for _, missing := range []any{got["runtime"], got["memory_bytes"], database["version"], database["size_bytes"], got["snapshot"]} {
			if missing == nil || missing == "" || missing == digits(0) {
				t.Errorf("something is missing: %v", got)
			}
		}
		for _, name := range []string{"runtime", "memory_bytes", "database", "snapshot"} {
			delete(got, name)
		}
		want := map[string]any{
			"version": "0.1.0", "started": "2026-03-02T11:58:30Z", "uptime_seconds": digits(90), "url": origin, "https": true, "console": true,
			"mail": map[string]any{"configured": true, "from": "id@example.org"}, "geoip": map[string]any{"city": false, "asn": true},
			"counts": map[string]any{"users": digits(1), "groups": digits(1), "sessions": digits(0), "connections": digits(0), "tokens": digits(1), "events": digits(1)},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// digits is a number as answers hold it.
func digits(n int) json.Number { return json.Number(fmt.Sprint(n)) }

// addSource makes a source that is complete.
func (h *house) addSource(slug string) *model.Source {
	h.t.Helper()
	src := model.NewSource()
	src.Slug, src.Name, src.Kind = slug, slug, "oauth"
	must(h.t, h.store.Change(context.Background(), func(ctx context.Context, tx *store.Change) error { return tx.Put(ctx, &src) }))
	return &src
}
