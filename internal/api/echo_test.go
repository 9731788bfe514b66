package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wechatSource is a minimal WeChat source: nothing that may be left out is there.
func wechatSource(slug string) map[string]any {
	return map[string]any{
		"name": slug, "slug": slug, "provider_type": "wechat", "consumer_key": "wx0123456789abcdef", "consumer_secret": strings.Repeat("0a", 16),
	}
}

func TestWhatAnAdministratorLeavesUnsetStaysUnset(t *testing.T) {
	h := open(t)
	got := h.post("/sources/oauth/", wechatSource("w"))
	for _, key := range []string{"authorization_url", "access_token_url", "profile_url", "request_token_url", "authentication_flow", "enrollment_flow", "icon_url", "managed"} {
		if v, there := got[key]; !there || v != nil {
			t.Errorf("%s is %v, want null", key, v)
		}
	}
	if got["type"].(map[string]any)["authorization_url"] == nil {
		t.Error("the type does not tell WeChat's own address")
	}
	if want := origin + "/source/oauth/callback/w/"; got["callback_url"] != want {
		t.Errorf("callback_url is %v, want %s", got["callback_url"], want)
	}
	if got["user_path_template"] != "goauthentik.io/sources/%(slug)s" {
		t.Errorf("user_path_template is %v", got["user_path_template"])
	}
	app := h.post("/core/applications/", map[string]any{"name": "a", "slug": "a"})
	for key, want := range map[string]any{"meta_launch_url": "", "launch_url": nil, "meta_icon": "", "meta_icon_url": nil, "provider": nil} {
		if app[key] != want {
			t.Errorf("application %s is %v, want %v", key, app[key], want)
		}
	}
	brand := h.post("/core/brands/", map[string]any{"domain": "x.example"})
	if brand["branding_logo"] != "" || brand["branding_favicon"] != "" {
		t.Errorf("brand has a logo: %v", brand)
	}
	flow := h.post("/flows/instances/", map[string]any{"name": "f", "slug": "f", "title": "f", "designation": "recovery"})
	if flow["background"] != "" || flow["background_url"] == "" {
		t.Errorf("background %v, background_url %v", flow["background"], flow["background_url"])
	}
}

func TestAnEmptyStringInANullableReferenceMeansNull(t *testing.T) {
	h := open(t)
	body := wechatSource("w")
	body["authentication_flow"], body["enrollment_flow"] = "", ""
	if got := h.post("/sources/oauth/", body); got["authentication_flow"] != nil || got["enrollment_flow"] != nil {
		t.Errorf("got %v", got)
	}
	got := h.post("/stages/identification/", map[string]any{"name": "i", "password_stage": ""})
	if got["password_stage"] != nil {
		t.Errorf("password_stage is %v", got["password_stage"])
	}
}

func TestListsKeepTheOrderInWhichTheyWereSent(t *testing.T) {
	h := open(t)
	fields := []any{"upn", "email", "username"}
	got := h.post("/stages/identification/", map[string]any{"name": "i", "user_fields": fields})
	if diff := cmp.Diff(fields, got["user_fields"]); diff != "" {
		t.Error(diff)
	}
	backends := []any{"authentik.sources.ldap.auth.LDAPBackend", "authentik.core.auth.InbuiltBackend"}
	got = h.post("/stages/password/", map[string]any{"name": "p", "backends": backends})
	if diff := cmp.Diff(backends, got["backends"]); diff != "" {
		t.Error(diff)
	}
}

func TestTextComesBackByteForByte(t *testing.T) {
	h := open(t)
	for i, text := range []string{
		`!\"#$%&'()*+,-./:;<=>?@[\]^_` + "`{|}~", "多行\n文字\n", "  blanks kept  ", "emoji 👨‍👩‍👧 and \u202e", "a<b>&c", "minutes=10", "\t", "'; DROP TABLE users; --",
	} {
		name := fmt.Sprintf("d%d", i)
		h.post("/stages/deny/", map[string]any{"name": name, "deny_message": text})
		list := h.get("/stages/deny/?name=" + name)["results"].([]any)
		if got := list[0].(map[string]any)["deny_message"]; got != text {
			t.Errorf("sent %q, got %q", text, got)
		}
	}
	got := h.post("/stages/user_login/", map[string]any{"name": "l", "session_duration": "Hours=1;minutes=30", "remember_me_offset": "minutes=-5"})
	if got["session_duration"] != "Hours=1;minutes=30" || got["remember_me_offset"] != "minutes=-5" {
		t.Errorf("durations: %v %v", got["session_duration"], got["remember_me_offset"])
	}
}

func TestJSONObjectsKeepTheirNumbersAndKeys(t *testing.T) {
	h := open(t)
	const attributes = `{"big":12345678901234567890,"deep":{"list":[1,"1",1.5,null,true,{}]},"float":1.0,"int":1,"text":"1"}`
	r := h.call(http.MethodPost, "/core/users/", `{"username":"u","name":"","attributes":`+attributes+`}`)
	if r.status != http.StatusCreated {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	var got struct{ Attributes json.RawMessage }
	must(t, json.Unmarshal(h.call(http.MethodGet, "/core/users/?username=u", nil).first(t), &got))
	if string(got.Attributes) != attributes {
		t.Errorf("sent %s\n got %s", attributes, got.Attributes)
	}
}

// first gives the first object of a list as it was written.
func (r reply) first(t *testing.T) json.RawMessage {
	t.Helper()
	var list struct{ Results []json.RawMessage }
	must(t, json.Unmarshal(r.raw, &list))
	if len(list.Results) == 0 {
		t.Fatalf("nothing is listed: %s", r.raw)
	}
	return list.Results[0]
}

func TestAPutKeepsWhatItDoesNotNameAndRenamesUnderTheOldKey(t *testing.T) {
	h := open(t)
	body := wechatSource("old")
	body["open_platform_account"], body["promoted"] = "acme", true
	h.post("/sources/oauth/", body)
	renamed := wechatSource("new")
	got := h.want(http.StatusOK, http.MethodPut, "/sources/oauth/old/", renamed)
	if got["open_platform_account"] != "acme" || got["promoted"] != true {
		t.Errorf("a PUT changed what it did not name: %v", got)
	}
	h.want(http.StatusNotFound, http.MethodGet, "/sources/oauth/old/", nil)
	h.get("/sources/oauth/new/")
}

func TestAWriteOnlySecretIsWantedByPutAndKeptByPatchAndNeverAnswered(t *testing.T) {
	h := open(t)
	h.post("/sources/oauth/", wechatSource("w"))
	body := wechatSource("w")
	delete(body, "consumer_secret")
	r := h.call(http.MethodPut, "/sources/oauth/w/", body)
	if r.status != http.StatusBadRequest || !strings.Contains(string(r.raw), `"consumer_secret"`) {
		t.Errorf("PUT without the secret: %d %s", r.status, r.raw)
	}
	h.want(http.StatusOK, http.MethodPatch, "/sources/oauth/w/", map[string]any{"name": "x"})
	src := h.store.Snapshot().SourceBySlug("w")
	o, err := h.resources.Get(h.store.Snapshot(), h.resources.Registry.Noun("authentik_sources_oauth.oauthsource"), "w")
	must(t, err)
	if strings.Contains(string(src.Config), strings.Repeat("0a", 16)) {
		t.Error("the secret lies in the database in clear")
	}
	if raw, _ := json.Marshal(o.Config); strings.Contains(string(raw), strings.Repeat("0a", 16)) {
		t.Error("the secret can be printed")
	}
	for _, path := range []string{"/sources/oauth/w/", "/sources/oauth/", "/sources/all/", "/events/events/", "/providers/all/"} {
		if r := h.call(http.MethodGet, path, nil); strings.Contains(string(r.raw), strings.Repeat("0a", 16)) || strings.Contains(string(r.raw), `"consumer_secret":`) {
			t.Errorf("%s answers the secret: %s", path, r.raw)
		}
	}
}

func TestAProviderWithoutASecretGetsOneAndKeepsIt(t *testing.T) {
	h := open(t)
	body := map[string]any{"name": "p", "authorization_flow": h.flow("a"), "invalidation_flow": h.flow("i"), "redirect_uris": []any{}}
	p := h.post("/providers/oauth2/", body)
	secret, _ := p["client_secret"].(string)
	if len(secret) < 40 || p["client_id"] == "" {
		t.Fatalf("client_id %v, client_secret of %d characters", p["client_id"], len(secret))
	}
	again := h.want(http.StatusOK, http.MethodPut, fmt.Sprintf("/providers/oauth2/%v/", p["pk"]), body)
	if again["client_secret"] != secret || again["client_id"] != p["client_id"] {
		t.Error("a PUT without the secret changed it")
	}
	all := h.call(http.MethodGet, "/providers/all/", nil)
	if strings.Contains(string(all.raw), secret) {
		t.Error("the list of all providers tells client secrets")
	}
}
