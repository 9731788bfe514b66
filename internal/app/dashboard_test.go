package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// TestEverySignInIsCountedOnce: what the dashboard tells is what happened. A newcomer, the same person again and a refusal; opening an application while signed in is no sign-in.
func TestEverySignInIsCountedOnce(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := apptest.New(t, apptest.Options{Postgres: postgres})
		h.AddWeChat("wechat", apptest.WeChat{})
		client, other := h.AddClient("shop", nil), h.AddClient("forum", nil)

		b := h.Browser("en")
		b.SignIn("wechat", "alice")
		client.SignIn(b)
		other.SignIn(b)
		h.Browser("zh").SignIn("wechat", "alice")
		h.Refused(h.Browser("en").Get("/source/oauth/callback/wechat/?code=made-up&state=0123456789abcdef0123456789abcdef"), "source.state_unknown")
		after := counted(t, h)
		if diff := cmp.Diff(map[string]int{"wechat": 2}, after); diff != "" {
			t.Errorf("sign-ins (-want +got):\n%s", diff)
		}
		day := store.Period{From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}
		enrolled, err := h.App().Store.CountTally(t.Context(), model.TallyEnrolled, []store.Period{day})
		if diff := cmp.Diff([]store.Count{{Key: "wechat", Count: 1}}, enrolled); err != nil || diff != "" {
			t.Errorf("enrolled (-want +got): %v\n%s", err, diff)
		}
		failures, err := h.App().Store.Failures(t.Context(), "wechat", day)
		if err != nil || len(failures) != 1 || failures[0].Reason != "source.state_unknown" || failures[0].Count != 1 || failures[0].SupportCode == "" {
			t.Errorf("failures: %+v, %v", failures, err)
		}
		apps, err := h.App().Store.TopApplications(t.Context(), string(model.ActionAuthorizeApplication), 10)
		if err != nil || len(apps) != 2 || apps[0].Count != 1 || apps[0].People != 1 {
			t.Errorf("applications: %+v, %v", apps, err)
		}
	})
}

func counted(t *testing.T, h *apptest.House) map[string]int {
	t.Helper()
	now := time.Now()
	counts, err := h.App().Store.CountTally(t.Context(), model.TallySignIn, []store.Period{{From: now.Add(-time.Hour), Until: now.Add(time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, c := range counts {
		out[c.Key] = c.Count
	}
	return out
}
