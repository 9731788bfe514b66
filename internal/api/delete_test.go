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

func TestADeletedSourceLeavesNoReferenceInTheSettingsOfAStage(t *testing.T) {
	h := open(t)
	a := h.post("/sources/oauth/", wechatSource("a"))["pk"]
	b := h.post("/sources/oauth/", wechatSource("b"))["pk"]
	st := h.post("/stages/identification/", map[string]any{"name": "i", "sources": []any{a, b}})
	uses := h.call(http.MethodGet, "/sources/oauth/a/used_by/", nil)
	var got []map[string]string
	must(t, json.Unmarshal(uses.raw, &got))
	want := []map[string]string{{"app": "authentik_stages_identification", "model_name": "identificationstage", "pk": st["pk"].(string), "name": "i", "action": "cascade_many"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("used_by (-want +got):\n%s", diff)
	}
	h.want(http.StatusNoContent, http.MethodDelete, "/sources/oauth/a/", nil)
	left := h.get("/stages/identification/" + st["pk"].(string) + "/")
	if diff := cmp.Diff([]any{b}, left["sources"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADeletedKeyPairIsTakenFromTheProvidersThatSignWithIt(t *testing.T) {
	h := open(t)
	key := h.certificate("k")
	p := h.post("/providers/oauth2/", map[string]any{
		"name": "p", "authorization_flow": h.flow("a"), "invalidation_flow": h.flow("i"), "redirect_uris": []any{}, "signing_key": key, "client_secret": "stays",
	})
	h.want(http.StatusNoContent, http.MethodDelete, "/crypto/certificatekeypairs/"+key+"/", nil)
	got := h.get(fmt.Sprintf("/providers/oauth2/%v/", p["pk"]))
	if got["signing_key"] != nil || got["client_secret"] != "stays" {
		t.Errorf("signing_key %v, client_secret %v", got["signing_key"], got["client_secret"])
	}
}

func TestADeletedFlowTakesItsBindingsAndProvidersAlong(t *testing.T) {
	h := open(t)
	f := h.flow("f")
	b := h.post("/flows/bindings/", map[string]any{"target": f, "stage": h.stage("s"), "order": 0})["pk"].(string)
	p := h.post("/providers/oauth2/", map[string]any{"name": "p", "authorization_flow": f, "invalidation_flow": h.flow("i"), "redirect_uris": []any{}})
	src := wechatSource("w")
	src["enrollment_flow"] = f
	h.post("/sources/oauth/", src)
	h.want(http.StatusNoContent, http.MethodDelete, "/flows/instances/f/", nil)
	h.want(http.StatusNotFound, http.MethodGet, "/flows/bindings/"+b+"/", nil)
	h.want(http.StatusNotFound, http.MethodGet, fmt.Sprintf("/providers/oauth2/%v/", p["pk"]), nil)
	if got := h.get("/sources/oauth/w/"); got["enrollment_flow"] != nil {
		t.Errorf("enrollment_flow is %v", got["enrollment_flow"])
	}
}

func TestBindingsAreNamedByWhatTheyBind(t *testing.T) {
	h := open(t)
	f := h.flow("f")
	binding := h.post("/flows/bindings/", map[string]any{"target": f, "stage": h.stage("s"), "order": 0})
	asked := h.post("/policies/bindings/", map[string]any{"target": binding["policybindingmodel_ptr_id"], "user": int(h.admin.ID), "order": 0})
	uses := h.call(http.MethodGet, "/flows/instances/f/used_by/", nil)
	var got []map[string]string
	must(t, json.Unmarshal(uses.raw, &got))
	want := []map[string]string{{"app": "authentik_flows", "model_name": "flowstagebinding", "pk": binding["pk"].(string), "name": "f / s", "action": "cascade"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("used_by (-want +got):\n%s", diff)
	}
	h.want(http.StatusNoContent, http.MethodDelete, fmt.Sprintf("/policies/bindings/%v/", asked["pk"]), nil)
	h.want(http.StatusNoContent, http.MethodDelete, fmt.Sprintf("/flows/bindings/%v/", binding["pk"]), nil)
	var names []string
	for _, e := range h.get("/events/events/?ordering=created&page_size=100")["results"].([]any) {
		told := e.(map[string]any)["context"].(map[string]any)["model"].(map[string]any)
		if strings.HasSuffix(told["model_name"].(string), "binding") {
			names = append(names, told["name"].(string))
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"f / s", "f / s", "f / s / " + h.admin.Username, "f / s / " + h.admin.Username}, names); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestEveryChangeIsRecordedWithoutSecrets looks at the audit trail after a create, a change and a delete.
func TestEveryChangeIsRecordedWithoutSecrets(t *testing.T) {
	h := open(t)
	src := h.post("/sources/oauth/", wechatSource("w"))
	h.want(http.StatusOK, http.MethodPatch, "/sources/oauth/w/", map[string]any{"name": "x"})
	h.want(http.StatusNoContent, http.MethodDelete, "/sources/oauth/w/", nil)
	h.call(http.MethodPost, "/sources/oauth/", map[string]any{"name": "refused"})
	list := h.get("/events/events/?ordering=created")["results"].([]any)
	var got []string
	for _, item := range list {
		e := item.(map[string]any)
		about, _ := e["context"].(map[string]any)["model"].(map[string]any)
		got = append(got, fmt.Sprint(e["action"], " ", about["app"], ".", about["model_name"], " ", about["name"]))
		if about["pk"] != src["pk"] || e["user"].(map[string]any)["username"] != "akadmin" {
			t.Errorf("event %v", e)
		}
	}
	want := []string{
		"model_created authentik_sources_oauth.oauthsource w", "model_updated authentik_sources_oauth.oauthsource x", "model_deleted authentik_sources_oauth.oauthsource x",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTheMembersOfAGroupAreLeftOutWhereNobodyAsksForThem is how the console reads groups, which may have a million members. Terraform's provider asks with include_users=false, and reads the ids.
func TestTheMembersOfAGroupAreLeftOutWhereNobodyAsksForThem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		var users []any
		for i := range 3 {
			users = append(users, number(h.post("/core/users/", map[string]any{"username": fmt.Sprint("u", i), "name": ""})["pk"]))
		}
		made := h.post("/core/groups/", map[string]any{"name": "g", "users": users})
		item := "/core/groups/" + made["pk"].(string) + "/"
		of := func(query string) (one, listed map[string]any) {
			t.Helper()
			return h.get(item + query), h.get("/core/groups/" + query + "&name=g")["results"].([]any)[0].(map[string]any)
		}
		for query, want := range map[string]struct{ ids, expanded any }{
			"?":                      {3, 3},
			"?include_users=false":   {3, nil},
			"?include_members=true":  {3, 3},
			"?include_members=false": {nil, nil},
			"?include_members=false&include_users=true": {nil, nil},
		} {
			one, listed := of(query)
			for _, got := range []map[string]any{one, listed} {
				count := func(key string) any {
					if list, ok := got[key].([]any); ok {
						return len(list)
					}
					return nil
				}
				_, there := got["users"]
				if count("users") != want.ids || there != (want.ids != nil) || count("users_obj") != want.expanded || number(got["users_count"]) != 3 {
					t.Errorf("%s: %v", query, got)
				}
			}
		}
	})
}

// TestMembersCountForAVersionWhereAChangeNamesThem lets people come and go while an administrator changes something else of their group.
func TestMembersCountForAVersionWhereAChangeNamesThem(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		u, v := number(h.post("/core/users/", map[string]any{"username": "u", "name": ""})["pk"]), number(h.post("/core/users/", map[string]any{"username": "v", "name": ""})["pk"])
		item := "/core/groups/" + h.post("/core/groups/", map[string]any{"name": "g", "users": []any{u}})["pk"].(string) + "/"
		tag := func(query string) string { return h.call(http.MethodGet, item+query, nil).header.Get("ETag") }
		full, brief := tag(""), tag("?include_members=false")
		h.want(http.StatusNoContent, http.MethodPost, item+"add_user/", map[string]any{"pk": v})
		if full == tag("") || brief != tag("?include_members=false") {
			t.Error("a new member is to be seen in the version of what shows the members, and in no other")
		}
		patch := func(name, tag string, body map[string]any, want int) {
			t.Helper()
			if r := h.callWith(http.MethodPatch, item, body, map[string]string{"If-Match": tag}); r.status != want {
				t.Errorf("%s: %d %s", name, r.status, r.raw)
			}
		}
		members := func(want int) {
			t.Helper()
			if got := h.get(item)["users"].([]any); len(got) != want {
				t.Errorf("the members are %v", got)
			}
		}
		only := map[string]any{"users": []any{u}}
		patch("members by who has seen others", full, only, http.StatusPreconditionFailed)
		patch("members by who has seen none", brief, only, http.StatusPreconditionFailed)
		patch("attributes by who has seen other members", full, map[string]any{"attributes": map[string]any{"a": 1}}, http.StatusOK)
		patch("attributes by who has seen others", brief, map[string]any{"attributes": map[string]any{"a": 2}}, http.StatusPreconditionFailed)
		members(2)
		patch("attributes", tag("?include_members=false"), map[string]any{"attributes": map[string]any{"a": 2}}, http.StatusOK)
		members(2)
		patch("members", tag(""), only, http.StatusOK)
		members(1)
		patch("one who is nobody", "*", map[string]any{"users": []any{u, 9999}}, http.StatusBadRequest)
		members(1)
		patch("no members", "*", map[string]any{"users": []any{}}, http.StatusOK)
		members(0)
	})
}

func TestMembershipIsOneRelationSeenFromBothSides(t *testing.T) {
	h := open(t)
	u := h.post("/core/users/", map[string]any{"username": "u", "name": ""})
	g := h.post("/core/groups/", map[string]any{"name": "g"})["pk"].(string)
	id := number(u["pk"])
	h.want(http.StatusNoContent, http.MethodPost, "/core/groups/"+g+"/add_user/", map[string]any{"pk": id})
	if got := h.get(fmt.Sprintf("/core/users/%d/", id))["groups"]; !cmp.Equal(got, []any{g}) {
		t.Errorf("groups of the user: %v", got)
	}
	if got := h.get("/core/groups/" + g + "/?include_users=false"); len(got["users"].([]any)) != 1 || got["users_obj"] != nil {
		t.Errorf("users of the group: %v, %v", got["users"], got["users_obj"])
	}
	h.want(http.StatusOK, http.MethodPatch, fmt.Sprintf("/core/users/%d/", id), map[string]any{"groups": []any{}})
	if got := h.get("/core/groups/" + g + "/"); len(got["users"].([]any)) != 0 {
		t.Errorf("users of the group: %v", got["users"])
	}
	h.want(http.StatusNotFound, http.MethodPost, "/core/groups/"+g+"/add_user/", map[string]any{"pk": 999})
	parent := h.post("/core/groups/", map[string]any{"name": "parent", "is_superuser": true})["pk"].(string)
	h.want(http.StatusOK, http.MethodPatch, "/core/groups/"+g+"/", map[string]any{"parents": []any{parent}, "users": []any{id}})
	if got := h.get(fmt.Sprintf("/core/users/%d/", id)); got["is_superuser"] != true || !cmp.Equal(got["groups"], []any{g}) {
		t.Errorf("is_superuser %v, groups %v", got["is_superuser"], got["groups"])
	}
	if r := h.call(http.MethodPatch, "/core/groups/"+parent+"/", map[string]any{"parents": []any{g}}); r.status != http.StatusBadRequest {
		t.Errorf("a circle of groups: %d %s", r.status, r.raw)
	}
	if got := h.get("/core/groups/" + parent + "/?include_children=true")["children"]; !cmp.Equal(got, []any{g}) {
		t.Errorf("children: %v", got)
	}
}
