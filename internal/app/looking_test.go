package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/weimen-id/weimen/internal/app/apptest"
)

// texts gives the values of a key in a list of objects, or of objects within.
func texts(list any, key string) (out []string) {
	items, _ := list.([]any)
	for _, item := range items {
		o, _ := item.(object)
		text, _ := o[key].(string)
		out = append(out, text)
	}
	return out
}

// TestARunIsToldByItsSupportCode tries what an administrator does with the code that a person reads out to them.
func TestARunIsToldByItsSupportCode(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey}})
	h.AddWeChat("wechat", apptest.WeChat{Change: map[string]any{"enrollment_flow": nil}})
	b := h.Browser("en")
	page := b.Get(b.Confirm(b.Depart(login), "alice"))
	code := page.SupportCode()
	if code == "" {
		t.Fatalf("nobody is refused: %s", page)
	}
	told := asked(t, h, http.StatusOK, http.MethodGet, "/flows/traces/"+code+"/", nil, nil)
	if told["support_code"] != code || len(texts(told["events"], "action")) == 0 {
		t.Errorf("the code tells %v", told)
	}
	h.Secrets.Absent(t, "the trace", string(administer(t, h, http.StatusOK, http.MethodGet, "/flows/traces/"+strings.ToLower(code)+"/", nil)))
	for _, none := range []string{"AAAAAAAA", "%20", "..%2f.."} {
		administer(t, h, http.StatusNotFound, http.MethodGet, "/flows/traces/"+none+"/", nil)
	}
}

// TestAFlowIsDrawnAndInspected tries the diagram of a flow, and where the caller's own run of it stands.
func TestAFlowIsDrawnAndInspected(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey, "WEIMEN_BOOTSTRAP_PASSWORD=" + bootstrapPassword}})
	drawn := asked(t, h, http.StatusOK, http.MethodGet, "/flows/instances/default-authentication-flow/diagram/", nil, nil)
	text, _ := drawn["diagram"].(string)
	for _, want := range []string{"default-authentication-identification", "default-authentication-password", "default-authentication-flow-password-stage"} {
		if !strings.Contains(text, want) {
			t.Errorf("the diagram does not show %s:\n%s", want, text)
		}
	}
	administer(t, h, http.StatusNotFound, http.MethodGet, "/flows/instances/no-such-flow/diagram/", nil)
	administer(t, h, http.StatusNotFound, http.MethodGet, "/flows/inspector/no-such-flow/", nil)

	b := h.Browser("en")
	p := b.Submit(b.Get("/if/flow/default-authentication-flow/"), map[string]string{"uid_field": "akadmin"})
	b.Submit(p, map[string]string{"password": bootstrapPassword})
	b.Get("/if/flow/default-password-change/?next=%2Fhere")
	page := b.JSON(http.MethodGet, "/api/v3/flows/inspector/default-password-change/?query=next%3D%252Fhere", nil)
	if page.Status != http.StatusOK || !strings.Contains(page.Body, "is_completed") {
		t.Errorf("inspected: %d %s", page.Status, page.Body)
	}
}

// TestOnlySuperusersLookIntoRuns holds that what people typed, and how they were judged, is told to nobody else.
func TestOnlySuperusersLookIntoRuns(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	b := h.Browser("en")
	for _, path := range []string{"/flows/traces/AAAAAAAA/", "/flows/inspector/default-authentication-flow/", "/flows/instances/default-authentication-flow/diagram/"} {
		if page := b.JSON(http.MethodGet, "/api/v3"+path, nil); page.Status != http.StatusForbidden {
			t.Errorf("%s tells a stranger: %d %s", path, page.Status, page.Body)
		}
	}
	b.SignIn("wechat", "alice")
	for _, path := range []string{"/flows/traces/AAAAAAAA/", "/flows/inspector/default-authentication-flow/", "/flows/instances/default-authentication-flow/diagram/"} {
		if page := b.JSON(http.MethodGet, "/api/v3"+path, nil); page.Status != http.StatusForbidden {
			t.Errorf("%s tells somebody without rights: %d %s", path, page.Status, page.Body)
		}
	}
}

// TestWhatPeopleSetUpIsListed holds authentik's shape of stages/all/user_settings/, for whoever is signed in.
func TestWhatPeopleSetUpIsListed(t *testing.T) {
	t.Parallel()
	h := apptest.New(t, apptest.Options{})
	h.AddWeChat("wechat", apptest.WeChat{})
	b := h.Browser("en")
	const path = "/api/v3/stages/all/user_settings/"
	if page := b.JSON(http.MethodGet, path, nil); page.Status != http.StatusForbidden {
		t.Errorf("a stranger is told %d %s", page.Status, page.Body)
	}
	b.SignIn("wechat", "alice")
	var list any
	noError(t, json.Unmarshal([]byte(b.JSON(http.MethodGet, path, nil).Body), &list))
	want := []string{"ak-user-settings-password", "ak-user-settings-authenticator-static", "ak-user-settings-authenticator-totp", "ak-user-settings-authenticator-webauthn"}
	got := map[string]bool{}
	for _, component := range texts(list, "component") {
		got[component] = true
	}
	for _, component := range want {
		if !got[component] {
			t.Errorf("%s is not listed, but %v", component, got)
		}
	}
	addresses := texts(list, "configure_url")
	for i, component := range texts(list, "component") {
		if component == "ak-user-settings-authenticator-webauthn" {
			continue // passkeys need https, which this house has not
		}
		if to := b.Step(http.MethodGet, addresses[i], nil).To; !strings.HasPrefix(to, h.URL+"/if/flow/") {
			t.Errorf("%s leads to %q", component, to)
		}
	}
}
