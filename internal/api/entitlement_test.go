package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (h *house) entitlement(app, name string) string {
	h.t.Helper()
	return h.post("/core/application_entitlements/", map[string]any{"name": name, "app": app})["pbm_uuid"].(string)
}

func TestAnEntitlementHasOneNameInItsApplication(t *testing.T) {
	h := open(t)
	wiki, shop := h.application("wiki"), h.application("shop")
	editor := h.entitlement(wiki, "editor")
	h.entitlement(shop, "editor")
	reader := h.entitlement(wiki, "reader")
	const unique = `{"non_field_errors":["The fields app, name must make a unique set."]}`
	for _, r := range []reply{
		h.call(http.MethodPost, "/core/application_entitlements/", map[string]any{"name": "editor", "app": wiki}),
		h.call(http.MethodPatch, "/core/application_entitlements/"+reader+"/", map[string]any{"name": "editor"}),
	} {
		if got := strings.TrimSpace(string(r.raw)); r.status != http.StatusBadRequest || got != unique {
			t.Errorf("%d %s", r.status, got)
		}
	}
	for _, body := range []map[string]any{
		{"name": "", "app": wiki}, {"name": "x"}, {"app": wiki}, {"name": "x", "app": "wiki"}, {"name": "x", "app": editor}, {"name": "x", "app": wiki, "attributes": []any{}},
	} {
		if r := h.call(http.MethodPost, "/core/application_entitlements/", body); r.status != http.StatusBadRequest {
			t.Errorf("%v: %d %s", body, r.status, r.raw)
		}
	}
}

func TestEntitlementsAreListedAsAsked(t *testing.T) {
	h := open(t)
	wiki, shop := h.application("wiki"), h.application("shop")
	editor := h.entitlement(wiki, "editor")
	h.entitlement(wiki, "reader")
	h.entitlement(shop, "buyer")
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"", []string{"buyer", "editor", "reader"}},
		{"app=" + wiki, []string{"editor", "reader"}},
		{"name=reader", []string{"reader"}},
		{"pbm_uuid=" + editor, []string{"editor"}},
		{"search=ED", []string{"editor"}},
		{"ordering=-name", []string{"reader", "editor", "buyer"}},
		{"app=" + shop + "&name=reader", nil},
	} {
		var got []string
		for _, item := range h.get("/core/application_entitlements/?" + tt.query)["results"].([]any) {
			got = append(got, fmt.Sprint(item.(map[string]any)["name"]))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.query, diff)
		}
	}
}

func TestPoliciesAreBoundToEntitlementsAndGoWithThem(t *testing.T) {
	h := open(t)
	wiki := h.application("wiki")
	editor, reader := h.entitlement(wiki, "editor"), h.entitlement(wiki, "reader")
	bind := func(target string) string {
		return h.post("/policies/bindings/", map[string]any{"target": target, "user": int(h.admin.ID), "order": 0})["pk"].(string)
	}
	onEditor, onReader := bind(editor), bind(reader)
	if n := len(h.get("/policies/bindings/?target=" + editor)["results"].([]any)); n != 1 {
		t.Errorf("%d bindings of the target are listed", n)
	}
	used := func(path string) []string {
		t.Helper()
		var uses []map[string]any
		must(t, json.Unmarshal(h.call(http.MethodGet, path+"used_by/", nil).raw, &uses))
		var got []string
		for _, u := range uses {
			got = append(got, fmt.Sprint(u["model_name"], " ", u["action"]))
		}
		slices.Sort(got)
		return got
	}
	if diff := cmp.Diff([]string{"policybinding cascade"}, used("/core/application_entitlements/"+editor+"/")); diff != "" {
		t.Errorf("used_by of an entitlement (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"applicationentitlement cascade", "applicationentitlement cascade"}, used("/core/applications/wiki/")); diff != "" {
		t.Errorf("used_by of the application (-want +got):\n%s", diff)
	}
	h.want(http.StatusNoContent, http.MethodDelete, "/core/application_entitlements/"+editor+"/", nil)
	h.want(http.StatusNotFound, http.MethodGet, "/policies/bindings/"+onEditor+"/", nil)
	h.want(http.StatusNoContent, http.MethodDelete, "/core/applications/wiki/", nil)
	h.want(http.StatusNotFound, http.MethodGet, "/core/application_entitlements/"+reader+"/", nil)
	h.want(http.StatusNotFound, http.MethodGet, "/policies/bindings/"+onReader+"/", nil)
}
