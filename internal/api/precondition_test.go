package api_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
	"github.com/weimen-id/weimen/internal/testenv"
)

// onBoth runs a test on both databases.
func onBoth(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, open(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, openOn(t, testenv.Postgres(t))) })
}

// tagged are the objects that say their version, each with a change that can be made to it over and over.
func (h *house) tagged() map[string][2]map[string]any {
	h.t.Helper()
	h.post("/flows/instances/", map[string]any{"name": "f", "slug": "f", "title": "f", "designation": "authorization"})
	deny := h.post("/stages/deny/", map[string]any{"name": "d"})["pk"].(string)
	h.post("/sources/oauth/", wechatSource("w"))
	user := h.post("/core/users/", map[string]any{"username": "ann", "name": "Ann", "attributes": map[string]any{"n": 1.0, "none": nil}})
	group := h.post("/core/groups/", map[string]any{"name": "g", "users": []any{user["pk"]}})["pk"].(string)
	h.post("/core/tokens/", map[string]any{"identifier": "t"})
	invitation := h.post("/stages/invitation/invitations/", map[string]any{"name": "i", "expires": "2031-01-02T03:04:05.123456789Z"})["pk"].(string)
	change := func(key string) [2]map[string]any { return [2]map[string]any{{key: "one"}, {key: "two"}} }
	return map[string][2]map[string]any{
		"/flows/instances/f/":                                change("title"),
		"/stages/deny/" + deny + "/":                         change("deny_message"),
		"/sources/oauth/w/":                                  change("consumer_secret"),
		"/core/users/" + fmt.Sprint(user["pk"]) + "/":        change("name"),
		"/core/groups/" + group + "/":                        {{"attributes": map[string]any{"a": 1}}, {"attributes": map[string]any{"a": 2}}},
		"/core/tokens/t/":                                    change("description"),
		"/stages/invitation/invitations/" + invitation + "/": change("name"),
		"/admin/settings/":                                   {{"default_token_length": 61}, {"default_token_length": 62}},
	}
}

// TestAChangeOfWhatSomebodyElseHasChangedIsRefused is RFC 9110, section 13.1.1: nothing is done where no tag of If-Match is the present one.
func TestAChangeOfWhatSomebodyElseHasChangedIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for path, change := range h.tagged() {
			t.Run(path, func(t *testing.T) {
				match := func(tag string) map[string]string { return map[string]string{"If-Match": tag} }
				first := h.call(http.MethodGet, path, nil)
				tag := first.header.Get("ETag")
				if len(tag) < 10 || tag[0] != '"' {
					t.Fatalf("ETag %q", tag)
				}
				if again := h.call(http.MethodGet, path, nil).header.Get("ETag"); again != tag {
					t.Errorf("nothing has changed, and the tag is %s, not %s", again, tag)
				}
				changed := h.callWith(http.MethodPatch, path, change[0], match(`"other", `+tag))
				if changed.status != http.StatusOK {
					t.Fatalf("the first change: %d %s", changed.status, changed.raw)
				}
				now := h.call(http.MethodGet, path, nil)
				if got := changed.header.Get("ETag"); got == tag || got != now.header.Get("ETag") {
					t.Errorf("the change is answered with the tag %s, the object with %s, and before it was %s", got, now.header.Get("ETag"), tag)
				}
				for name, stale := range map[string]string{"a stale tag": tag, "a weak tag": "W/" + now.header.Get("ETag"), "a tag that is none": "nonsense", "no tag": ""} {
					r := h.callWith(http.MethodPatch, path, change[1], match(stale))
					if r.status != http.StatusPreconditionFailed || r.object(t)["code"] != "changed_meanwhile" || r.object(t)["detail"] == "" {
						t.Errorf("%s: %d %s", name, r.status, r.raw)
					}
				}
				if r := h.callWith(http.MethodDelete, path, nil, match(tag)); path != "/admin/settings/" && r.status != http.StatusPreconditionFailed {
					t.Errorf("deleted by a stale tag: %d %s", r.status, r.raw)
				}
				if diff := cmp.Diff(now.object(t), h.call(http.MethodGet, path, nil).object(t)); diff != "" {
					t.Errorf("a refused change has changed something (-before +after):\n%s", diff)
				}
				if r := h.callWith(http.MethodPatch, path, change[1], match("*")); r.status != http.StatusOK {
					t.Errorf("any version will do: %d %s", r.status, r.raw)
				}
				if r := h.call(http.MethodPatch, path, change[0]); r.status != http.StatusOK {
					t.Errorf("without If-Match: %d %s", r.status, r.raw)
				}
				if path == "/admin/settings/" {
					return
				}
				if r := h.callWith(http.MethodDelete, path, nil, match(h.call(http.MethodGet, path, nil).header.Get("ETag"))); r.status != http.StatusNoContent {
					t.Errorf("deleted by the present tag: %d %s", r.status, r.raw)
				}
			})
		}
	})
}

func TestOfAdministratorsWhoChangeTheSameAtOnceExactlyOneWins(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for path, change := range h.tagged() {
			t.Run(path, func(t *testing.T) {
				tag := h.call(http.MethodGet, path, nil).header.Get("ETag")
				var racers sync.WaitGroup
				var mu sync.Mutex
				statuses := map[int]int{}
				for range 8 {
					racers.Go(func() {
						r := h.callWith(http.MethodPatch, path, change[0], map[string]string{"If-Match": tag})
						mu.Lock()
						defer mu.Unlock()
						statuses[r.status]++
					})
				}
				racers.Wait()
				if diff := cmp.Diff(map[int]int{http.StatusOK: 1, http.StatusPreconditionFailed: 7}, statuses); diff != "" {
					t.Errorf("answers by status (-want +got):\n%s", diff)
				}
			})
		}
	})
}

func TestASignInMeanwhileIsNoReasonToRefuseAChange(t *testing.T) {
	h := open(t)
	u, _ := h.person("ann")
	path := "/core/users/" + fmt.Sprint(u.ID) + "/"
	tag := h.call(http.MethodGet, path, nil).header.Get("ETag")
	now := time.Now()
	must(t, h.store.InsertSession(context.Background(), &model.Session{TokenHash: "h", User: u.ID, Created: now, LastUsed: now, Expires: now.Add(time.Hour), AuthTime: now}))
	if r := h.callWith(http.MethodPatch, path, map[string]any{"name": "Ann"}, map[string]string{"If-Match": tag}); r.status != http.StatusOK {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

// TestAReplicaTellsTheSameVersion reads by another process what PostgreSQL has written in its own way.
func TestAReplicaTellsTheSameVersion(t *testing.T) {
	dsn, ctx := testenv.Postgres(t), context.Background()
	h := openOn(t, dsn)
	h.post("/sources/oauth/", wechatSource("w"))
	brand := h.post("/core/brands/", `{"domain": "a.example", "attributes": {"b": 1e5, "a": 1.0, "none": []}}`)["brand_uuid"].(string)
	replica, err := store.Open(ctx, store.Options{DSN: dsn})
	must(t, err)
	t.Cleanup(func() { _ = replica.Close() })
	must(t, replica.Load(ctx))
	for path, x := range map[string]struct{ model, key string }{
		"/sources/oauth/w/":           {"authentik_sources_oauth.oauthsource", "w"},
		"/core/brands/" + brand + "/": {"authentik_brands.brand", brand},
	} {
		o, err := h.resources.Get(replica.Snapshot(), h.resources.Registry.Noun(x.model), x.key)
		must(t, err)
		if here, there := h.call(http.MethodGet, path, nil).header.Get("ETag"), `"`+o.Version()+`"`; here != there {
			t.Errorf("%s: %s here, %s there", path, here, there)
		}
	}
}
