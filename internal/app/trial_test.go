package app_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/wechatsim"
)

// trials is a house with an administrator's browser and a source for WeChat.
type trials struct {
	t     *testing.T
	h     *apptest.House
	admin *apptest.Browser
	app   wechatsim.App
}

func openTrials(t *testing.T, postgres bool, change object) *trials {
	t.Helper()
	h := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{"WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
	x := &trials{t: t, h: h, app: h.AddWeChat("wechat", apptest.WeChat{Account: "acme", Label: "acme", Change: change}), admin: h.Browser("en")}
	x.signIn()
	return x
}

func (x *trials) signIn() {
	x.t.Helper()
	p := x.admin.Submit(x.admin.Get("/if/flow/default-authentication-flow/"), map[string]string{"uid_field": "akadmin"})
	x.admin.Submit(p, map[string]string{"password": bootstrapPassword})
	if !x.admin.SignedIn() {
		x.t.Fatal("the administrator is not signed in")
	}
}

// ask asks the API about the source as the administrator's console does.
func (x *trials) ask(want int, method, path string, body any) object {
	x.t.Helper()
	return x.askAs(x.admin, want, method, path, body)
}

func (x *trials) askAs(b *apptest.Browser, want int, method, path string, body any) object {
	x.t.Helper()
	if method == http.MethodPost && body == nil {
		body = object{}
	}
	p := b.JSON(method, "/api/v3/sources/oauth/wechat/"+path, body)
	if p.Status != want {
		x.t.Fatalf("%s %s: %d %s", method, path, p.Status, p.Body)
	}
	var out object
	if err := json.Unmarshal([]byte(p.Body), &out); err != nil {
		x.t.Fatalf("%s: %v", p.Body, err)
	}
	return out
}

// try plays a sign-in.
func (x *trials) try(body object) object {
	x.t.Helper()
	return x.ask(http.StatusOK, http.MethodPost, "try/", body)
}

// counts is how many rows the tables hold.
func (x *trials) counts() map[string]int {
	rows := x.h.Database.Rows()
	rows["events"] = x.h.Database.Count("events")
	return rows
}

func steps(result object) (out []string) {
	list, _ := result["steps"].([]any)
	for _, s := range list {
		out = append(out, s.(object)["level"].(string)+" "+s.(object)["code"].(string))
	}
	return out
}

// A try goes through the driver, the mappings and the matching of a sign-in, and stores nothing at all.
func TestTryingASourceOutStoresNothing(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		x := openTrials(t, postgres, nil)
		before := x.counts()

		samples := x.ask(http.StatusOK, http.MethodGet, "samples/", nil)
		people, _ := samples["people"].([]any)
		if len(people) != len(wechatsim.People()) || len(samples["faults"].([]any)) < 10 {
			t.Fatalf("samples: %v", samples)
		}
		first := people[0].(object)["profile"].(object)
		if first["nickname"] != "李小明" || first["openid"] != wechatsim.OpenID("xiaoming", x.app.AppID) {
			t.Errorf("the first person's profile is %v", first)
		}

		got := x.try(object{"person": "xiaoming"})
		unionid := wechatsim.UnionID("xiaoming", "acme")
		if got["ok"] != true || got["outcome"] != "enroll" || got["identifier"] != unionid || got["user"] != nil || got["refusal"] != nil {
			t.Errorf("outcome: %v", got)
		}
		if want := "A new person would be enrolled as “" + unionid + "”."; got["sentence"] != want {
			t.Errorf("sentence %q, want %q", got["sentence"], want)
		}
		if diff := cmp.Diff([]string{"ok step.told", "info step.unmapped", "info step.unknown", "ok step.flow"}, steps(got)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		if made := got["properties"].(object)["user"].(object); made["name"] != "李小明" || made["username"] != unionid {
			t.Errorf("properties: %v", made)
		}

		own := x.try(object{"person": "alice", "profile": object{"nickname": "Grace", "openid": "oGrace", "unionid": nil}})
		if own["identifier"] != "oGrace" || own["profile"].(object)["nickname"] != "Grace" {
			t.Errorf("a profile of one's own: %v", own)
		}
		if diff := cmp.Diff(before, x.counts()); diff != "" {
			t.Errorf("something was stored (-before +after):\n%s", diff)
		}

		// Whoever signs in at the simulated WeChat is the person of that id here too: they are recognised.
		x.h.Browser("en").SignIn("wechat", "xiaoming")
		u := x.h.Owner("xiaoming", x.app)
		known := x.try(object{"person": "xiaoming"})
		if known["outcome"] != "auth" || known["user"].(object)["username"] != u.Username || steps(known)[2] != "ok step.known" {
			t.Errorf("somebody who is known: %v", known)
		}
		x.h.Deactivate(u, true)
		if off := x.try(object{"person": "xiaoming"}); off["ok"] != false || off["outcome"] != "deny" || off["refusal"].(object)["reason"] != "source.user_inactive" {
			t.Errorf("somebody who is deactivated: %v", off)
		}
	})
}

// A try ends as the sign-in would: with the words that people would read.
func TestTryingASourceOutTellsEveryFault(t *testing.T) {
	t.Parallel()
	x := openTrials(t, false, nil)
	reasons := map[string]string{
		"cancelled": "wechat.no_code", "code_used": "wechat.40163", "code_expired": "wechat.42003", "secret_wrong": "wechat.40125", "app_id_wrong": "wechat.40013",
		"ip_refused": "wechat.40164", "quota": "wechat.45011", "risk": "wechat.40226", "busy": "wechat.-1", "no_permission": "wechat.48001", "frozen": "wechat.50002",
		"wrong_person": "wechat.openid_mismatch", "snapshot": "wechat.snapshot_user", "silence": "wechat.timeout", "reset": "wechat.unreachable",
		"bad_gateway": "wechat.http_status", "truncated": "wechat.bad_answer",
	}
	for _, f := range x.ask(http.StatusOK, http.MethodGet, "samples/", nil)["faults"].([]any) {
		id := f.(object)["id"].(string)
		got := x.try(object{"person": "alice", "fault": id})
		refusal, _ := got["refusal"].(object)
		if got["ok"] != false || got["outcome"] != "failed" || refusal["reason"] != reasons[id] {
			t.Errorf("%s: %v", id, got)
		}
		for _, part := range []string{"title", "happened", "who", "next"} {
			if text, _ := refusal[part].(string); text == "" || strings.HasPrefix(text, "refusal.") || strings.Contains(text, "{{") {
				t.Errorf("%s: %s is %q", id, part, text)
			}
		}
		if title, _ := f.(object)["title"].(string); title == id || title == "" {
			t.Errorf("the fault %s has no title", id)
		}
	}
	for name, body := range map[string]object{"a person": {"person": "nobody"}, "a fault": {"fault": "nothing"}} {
		if p := x.admin.JSON(http.MethodPost, "/api/v3/sources/oauth/wechat/try/", body); p.Status != http.StatusBadRequest {
			t.Errorf("%s that is not there: %d %s", name, p.Status, p.Body)
		}
	}
}

// What stands in the way is found without anybody signing in.
func TestTryingASourceOutTellsWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	x := openTrials(t, false, nil)
	mapping := func(name, expression string) {
		x.h.Put("authentik_sources_oauth.oauthsourcepropertymapping", "", object{"name": name, "expression": expression})
		for id, m := range x.h.App().Store.Snapshot().Mappings {
			if m.Name == name {
				x.h.Put(apptest.Source, "wechat", object{"user_property_mappings": []model.MappingID{id}})
			}
		}
	}
	mapping("nickname", `ak_create_event("seen")`+"\nreturn {\"username\": \"akadmin\", \"access_token\": \"hush\"}")
	events := x.h.Database.Count("events")
	got := x.try(object{"person": "alice"})
	if got["outcome"] != "enroll" || !slices.Contains(steps(got), "warning step.renamed") || !strings.Contains(got["sentence"].(string), "akadmin-2") {
		t.Errorf("a name that is taken: %v", got)
	}
	mappings, _ := got["mappings"].([]any)
	if len(mappings) != 1 || mappings[0].(object)["name"] != "nickname" || mappings[0].(object)["result"].(object)["username"] != "akadmin" || mappings[0].(object)["error"] != "" {
		t.Errorf("mappings: %v", mappings)
	}
	mapping("broken", "return {\n  \"name\": info.nothing.at_all\n}")
	got = x.try(object{"person": "alice"})
	if got["refusal"].(object)["reason"] != "source.mapping_failed" || got["mappings"].([]any)[0].(object)["error"] == "" || !slices.Contains(steps(got), "error step.mapping_failed") {
		t.Errorf("a mapping that fails: %v", got)
	}
	x.h.Put(apptest.Source, "wechat", object{"user_property_mappings": []string{}, "enrollment_flow": nil})
	got = x.try(object{"person": "alice"})
	if got["refusal"].(object)["reason"] != "source.no_enrollment" || got["outcome"] != "deny" || !slices.Contains(steps(got), "error step.no_flow") {
		t.Errorf("a flow that is missing: %v", got)
	}
	if got["refusal"].(object)["title"] == "" || got["sentence"] != "The sign-in would be refused." {
		t.Errorf("refusal: %v", got)
	}
	x.h.Put(apptest.Source, "wechat", object{"enabled": false})
	if got = x.try(object{"person": "alice"}); got["outcome"] != "deny" {
		t.Errorf("a source that is switched off can be tried: %v", got)
	}
	for _, e := range x.h.Events()[events:] {
		if e.Action != model.ActionModelCreated && e.Action != model.ActionModelUpdated {
			t.Errorf("the event %s was stored", e.Action)
		}
	}
}

func TestCheckingASource(t *testing.T) {
	t.Parallel()
	x := openTrials(t, false, nil)
	check := func() (out []string) {
		for _, f := range x.ask(http.StatusOK, http.MethodPost, "check/", nil)["checks"].([]any) {
			f := f.(object)
			out = append(out, f["level"].(string)+" "+f["code"].(string))
			for _, part := range []string{"title", "text"} {
				if text, _ := f[part].(string); text == "" || strings.HasPrefix(text, "check.") {
					t.Errorf("%s: %s is %q", f["code"], part, text)
				}
			}
		}
		return out
	}
	well := []string{"ok wechat.app_id_shape", "ok wechat.app_secret_shape", "info wechat.own_addresses", "ok wechat.reached", "ok wechat.accepted", "ok wechat.page_ready"}
	if diff := cmp.Diff(well, check()); diff != "" {
		t.Errorf("all is well (-want +got):\n%s", diff)
	}
	x.h.Put(apptest.Source, "wechat", object{"consumer_secret": strings.Repeat("0", 32)})
	if got := check(); !slices.Contains(got, "error wechat.secret_refused") {
		t.Errorf("a wrong secret: %v", got)
	}
}

// Whoever may not change a source may not look through it either.
func TestOnlyAdministratorsTrySourcesOut(t *testing.T) {
	t.Parallel()
	x := openTrials(t, false, nil)
	b := x.h.Browser("en")
	b.SignIn("wechat", "alice")
	for _, c := range []struct{ method, path string }{
		{"POST", "check/"}, {"GET", "samples/"}, {"POST", "try/"}, {"POST", "trial/"}, {"GET", "trial/x/"},
	} {
		for who, b := range map[string]*apptest.Browser{"a person": b, "a stranger": x.h.Browser("en")} {
			var body any
			if c.method == http.MethodPost {
				body = object{}
			}
			if p := b.JSON(c.method, "/api/v3/sources/oauth/wechat/"+c.path, body); p.Status != http.StatusForbidden {
				t.Errorf("%s may %s %s: %d", who, c.method, c.path, p.Status)
			}
		}
	}
}

// A trial with a real person signs nobody in and writes nothing of them (RFC 6749 section 10.12: its way back is held to the state, as that of a sign-in).
func TestATrialSignsNobodyIn(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		x := openTrials(t, postgres, nil)
		session := x.admin.Cookie("weimen_session")
		begun := x.ask(http.StatusCreated, http.MethodPost, "trial/", nil)
		path := "trial/" + begun["id"].(string) + "/"
		if got := x.ask(http.StatusOK, http.MethodGet, path, nil); got["state"] != "waiting" || got["result"] != nil {
			t.Errorf("before: %v", got)
		}
		before := x.counts()
		callback := x.admin.Confirm(begun["url"].(string), "alice")
		p := x.admin.Get(callback)
		if p.Status != http.StatusOK || p.Heading() != "You can close this window" || !strings.Contains(p.Body, "A new person would be enrolled as") {
			t.Fatalf("the window says: %s", p)
		}
		after := x.counts()
		before["events"]++ // that the trial has ended
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("something was stored (-before +after):\n%s", diff)
		}
		if x.admin.Cookie("weimen_session") != session {
			t.Error("the browser's session has changed")
		}
		got := x.ask(http.StatusOK, http.MethodGet, path, nil)
		result, _ := got["result"].(object)
		if got["state"] != "done" || result["outcome"] != "enroll" || result["identifier"] != wechatsim.UnionID("alice", "acme") || result["profile"].(object)["nickname"] != "Alice Martin" {
			t.Errorf("the result: %v", got)
		}
		// A second callback of the same state leads to the page of the result, and asks nobody.
		calls := len(x.h.WeChat.Calls())
		if p := x.admin.Get(callback); p.Heading() != "You can close this window" || len(x.h.WeChat.Calls()) != calls {
			t.Errorf("a second callback: %s", p)
		}
		var told []string
		for _, e := range x.h.Events() {
			if e.Action == "custom_source_trial" {
				told = append(told, e.User.Username+" "+e.Context["did"].(string))
			}
		}
		slices.Sort(told)
		if diff := cmp.Diff([]string{"akadmin began", "akadmin ended"}, told); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		stored, err := x.h.App().Store.SourceTrial(t.Context(), begun["id"].(string))
		if err != nil || stored.Result == "" || strings.Contains(string(stored.Result), "Alice") || stored.Expires.Sub(stored.Created) > 10*time.Minute {
			t.Errorf("what is kept of it: %+v %v", stored, err)
		}
	})
}

// A trial is of the browser and the session that it was begun in.
func TestATrialIsNobodyElses(t *testing.T) {
	t.Parallel()
	x := openTrials(t, false, nil)
	begun := x.ask(http.StatusCreated, http.MethodPost, "trial/", nil)
	callback := x.admin.Confirm(begun["url"].(string), "alice")
	stranger := x.h.Browser("en")
	if p := stranger.Get(callback); p.Status < 400 || stranger.SignedIn() || strings.Contains(p.Body, "Alice") {
		t.Errorf("another browser: %s", p)
	}
	// The administrator signs out, and in again: it is another session.
	x.admin.Get("/flows/-/default/invalidation/")
	x.signIn()
	users := x.h.Database.Count("users")
	p := x.admin.Get(callback)
	if p.Status != http.StatusForbidden || p.Heading() != "This trial is not yours" || x.h.Database.Count("users") != users {
		t.Errorf("another session: %s", p)
	}
	if p := x.admin.JSON(http.MethodGet, "/api/v3/sources/oauth/wechat/trial/"+begun["id"].(string)+"/", nil); p.Status != http.StatusNotFound {
		t.Errorf("the result in another session: %d %s", p.Status, p.Body)
	}
}

func TestATrialTellsARefusal(t *testing.T) {
	t.Parallel()
	x := openTrials(t, false, object{"enabled": false})
	begun := x.ask(http.StatusCreated, http.MethodPost, "trial/", nil)
	callback := x.admin.Confirm(begun["url"].(string), "alice")
	fault := wechatsim.Fault{Kind: wechatsim.FaultErrcode, Errcode: 40125}
	if err := x.h.WeChat.SetFault(wechatsim.EndpointAccessToken, fault, wechatsim.Always); err != nil {
		t.Fatal(err)
	}
	x.admin.Lang = "zh"
	p := x.admin.Get(callback)
	if p.Status != http.StatusOK || p.Heading() != "现在可以关闭此窗口" || !strings.Contains(p.Body, "登录会失败") {
		t.Errorf("the window says: %s", p)
	}
	got := x.ask(http.StatusOK, http.MethodGet, "trial/"+begun["id"].(string)+"/", nil)
	if result := got["result"].(object); result["outcome"] != "failed" || result["refusal"].(object)["reason"] != "wechat.40125" {
		t.Errorf("the result: %v", got)
	}
	// For everybody else the source stays switched off, also with a state of theirs.
	if p := x.h.Browser("en").Get("/source/oauth/login/wechat/"); p.Status != http.StatusNotFound {
		t.Errorf("a source that is switched off sends people away: %s", p)
	}
}
