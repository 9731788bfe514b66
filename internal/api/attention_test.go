package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/api"
	"github.com/weimen-id/weimen/internal/keypair"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/source"
	"github.com/weimen-id/weimen/internal/stage"
	"github.com/weimen-id/weimen/internal/store"
)

// examined is what the sources of a test say of themselves.
type examined struct {
	api.Sources
	findings []source.Finding
}

func (e examined) Examine(*model.Snapshot, *model.Source, *url.URL) []source.Finding {
	return e.findings
}

// calm is an installation in which all is well: an application, and an administrator with a password and a passkey.
func calm(t *testing.T) *house {
	t.Helper()
	h := open(t)
	h.put(&model.Application{Slug: "shop", Name: "Shop"}, &model.Flow{Slug: "in", Designation: model.DesignationAuthentication})
	h.administrator(func(u *model.User) { u.PasswordHash = "x" })
	must(t, h.store.InsertDevice(t.Context(), &model.Device{User: h.admin.ID, Class: model.DeviceWebAuthn, Confirmed: true}))
	h.ways(stage.Ways{Names: true, Passwords: true, Passkeys: true, SignsIn: true})
	return h
}

func (h *house) put(objects ...any) {
	h.t.Helper()
	must(h.t, h.store.Change(context.Background(), func(ctx context.Context, tx *store.Change) error {
		for _, o := range objects {
			if err := tx.Put(ctx, o); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (h *house) administrator(change func(*model.User)) {
	h.t.Helper()
	_, err := h.store.UpdateUser(context.Background(), h.admin.ID, func(u *model.User) error { change(u); return nil })
	must(h.t, err)
}

func (h *house) ways(w stage.Ways) {
	h.resources.Ways = func(*model.Snapshot, *model.Flow) stage.Ways { return w }
}

// concerns are the codes of what needs attention, with the key of what each is about.
func (h *house) concerns() []string {
	h.t.Helper()
	r := h.call(http.MethodGet, "/admin/attention/", nil)
	var all []map[string]any
	must(h.t, json.Unmarshal(r.raw, &all))
	codes := []string{}
	for _, x := range all {
		code := x["level"].(string) + " " + x["code"].(string)
		if key := x["key"].(string); key != "" {
			code += " " + x["name"].(string)
		}
		codes = append(codes, code)
	}
	return codes
}

func TestWhatNeedsTheAdministrator(t *testing.T) {
	passwords := stage.Ways{Names: true, Passwords: true, SignsIn: true}
	now := time.Now()
	for _, tt := range []struct {
		name  string
		given func(h *house)
		want  []string
	}{
		{"nothing, where all is well", func(*house) {}, []string{}},
		{"an address without encryption", func(h *house) { h.api.Origin = "http://id.example.org" }, []string{"warning not_https"}},
		{"not on the administrator's own machine", func(h *house) { h.api.Origin = "http://localhost:9000" }, []string{}},
		{"a browser that came by another address", func(h *house) {
			h.key, h.browser = "", &model.Visitor{
				Browser: "b", Origin: origin, Host: "192.0.2.1:9000", Locale: "en", User: h.admin, Session: &model.Session{ID: "s", User: h.admin.ID},
			}
		}, []string{"warning other_host"}},
		{"what a source says of itself", func(h *house) {
			src := h.addSource("wechat")
			h.ways(stage.Ways{Names: true, Passwords: true, Passkeys: true, SignsIn: true, Sources: []model.SourceID{src.ID}})
			h.api.Sources = examined{findings: []source.Finding{
				{Code: "well", Level: source.LevelOK}, {Code: "known", Level: source.LevelInfo}, {Code: "odd", Level: source.LevelWarning}, {Code: "secret_missing", Level: source.LevelError},
			}}
		}, []string{"error secret_missing wechat", "warning odd wechat"}},
		{"a source that no login page offers", func(h *house) { h.addSource("wechat") }, []string{"warning source_not_offered wechat"}},
		{"not one that is switched off", func(h *house) {
			src := h.addSource("wechat")
			src.Enabled = false
			h.put(src)
		}, []string{}},
		{"nobody who could sign in", func(h *house) { h.ways(stage.Ways{}) }, []string{"error administrators_locked_out"}},
		{"a single way in", func(h *house) { h.ways(passwords) }, []string{"warning administrators_one_way"}},
		{"two administrators with one way each", func(h *house) {
			h.ways(passwords)
			u := &model.User{Username: "other", IsActive: true, PasswordHash: "x"}
			must(h.t, h.store.InsertUser(t.Context(), u))
			must(h.t, h.store.InsertGroup(t.Context(), &model.Group{Name: "Others", IsSuperuser: true, Users: []model.UserID{u.ID}}))
		}, []string{"info administrators_one_way_each"}},
		{"a source by which nobody came, though many tried", func(h *house) {
			src := h.addSource("wechat")
			h.ways(stage.Ways{Names: true, Passwords: true, Passkeys: true, SignsIn: true, Sources: []model.SourceID{src.ID}})
			must(h.t, h.store.InsertEvents(t.Context(), failed(now, "wechat.40125", "wechat", "A"), failed(now, "wechat.40125", "wechat", "B"), failed(now, "other", "wechat", "C")))
		}, []string{"error source_failing wechat"}},
		{"not one by which somebody came", func(h *house) {
			src := h.addSource("wechat")
			h.ways(stage.Ways{Names: true, Passwords: true, Passkeys: true, SignsIn: true, Sources: []model.SourceID{src.ID}})
			must(h.t, h.store.InsertEvents(t.Context(), failed(now, "x", "wechat", "A"), failed(now, "x", "wechat", "B"), failed(now, "x", "wechat", "C"), signedIn(now, "wechat")))
		}, []string{}},
		{"a stage in a flow that cannot send its letters", func(h *house) {
			h.api.NeedsMail = func(_ *model.Snapshot, st *model.Stage) bool { return st.Name != "quiet" }
			f := &model.Flow{Slug: "recovery", Designation: model.DesignationRecovery}
			h.put(f)
			for _, name := range []string{"letter", "quiet", "unbound"} {
				st := &model.Stage{Name: name, Kind: "deny"}
				h.put(st)
				if name != "unbound" {
					h.put(&model.FlowStageBinding{Flow: f.ID, Stage: st.ID, Order: 1}, &model.FlowStageBinding{Flow: f.ID, Stage: st.ID, Order: 2})
				}
			}
		}, []string{"warning no_mail letter"}},
		{"not where letters can be sent", func(h *house) {
			h.api.NeedsMail, h.api.Process.Mail = func(*model.Snapshot, *model.Stage) bool { return true }, true
		}, []string{}},
		{"certificates that end", func(h *house) {
			h.pairFor("later", 31)
			h.pairFor("soon", 29)
		}, []string{"warning certificate_expires soon"}},
		{"certificates that have ended", func(h *house) {
			h.pairFor("old", 1)
			h.api.Now = func() time.Time { return time.Now().Add(48 * time.Hour) }
		}, []string{"error certificate_expired old"}},
		{"no application", func(h *house) {
			must(h.t, h.store.Change(t.Context(), func(ctx context.Context, tx *store.Change) error {
				return tx.Delete(ctx, tx.Snapshot().ApplicationBySlug("shop"))
			}))
		}, []string{"info no_application"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := calm(t)
			tt.given(h)
			if diff := cmp.Diff(tt.want, h.concerns()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// pairFor adds one that is valid for some days.
func (h *house) pairFor(name string, days int) {
	h.t.Helper()
	h.want(http.StatusOK, http.MethodPost, "/crypto/certificatekeypairs/generate/", map[string]any{"common_name": name, "validity_days": days, "alg": string(keypair.ECDSA)})
}
