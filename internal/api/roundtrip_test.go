package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	ak "goauthentik.io/api/v3"

	"github.com/weimen-id/weimen/internal/testenv"
)

// certificate makes a key pair through the API and gives its id.
func (h *house) certificate(name string) string {
	h.t.Helper()
	o := h.want(http.StatusOK, http.MethodPost, "/crypto/certificatekeypairs/generate/", map[string]any{"common_name": name, "validity_days": 30, "alg": "ecdsa"})
	return o["pk"].(string)
}

func (h *house) flow(slug string) string {
	h.t.Helper()
	return h.post("/flows/instances/", map[string]any{"name": slug, "slug": slug, "title": slug, "designation": "authorization"})["pk"].(string)
}

func (h *house) application(slug string) string {
	h.t.Helper()
	return h.post("/core/applications/", map[string]any{"name": slug, "slug": slug})["pk"].(string)
}

func (h *house) stage(name string) string {
	h.t.Helper()
	return h.post("/stages/deny/", map[string]any{"name": name})["pk"].(string)
}

func number(v any) int {
	n, _ := v.(json.Number).Int64()
	return int(n)
}

// trip is a resource with what is sent at first and what is changed.
type trip struct {
	name, path, key string
	create          func(h *house) map[string]any
	change          map[string]any
	// secret are the keys that are never answered.
	secret []string
	// model is the client's type.
	model func() any
	// list is the client's type of a page.
	list func() any
	// filter is a key that the list is narrowed by.
	filter string
}

func trips() []trip {
	return []trip{
		{
			"users", "/core/users/", "pk", func(*house) map[string]any {
				return map[string]any{"username": "zhang", "name": "", "email": "z@example.com", "attributes": map[string]any{"n": 1, "deep": []any{"é", `\`}}}
			}, map[string]any{"name": "张三", "path": "a/b"}, nil, func() any { return &ak.User{} }, func() any { return &ak.PaginatedUserList{} }, "username",
		},
		{
			"groups", "/core/groups/", "pk", func(h *house) map[string]any {
				return map[string]any{"name": "g", "users": []any{int(h.admin.ID)}, "attributes": map[string]any{"a": "b"}, "parents": []any{}}
			}, map[string]any{"name": "g2"}, nil, func() any { return &ak.Group{} }, func() any { return &ak.PaginatedGroupList{} }, "name",
		},
		{
			"tokens", "/core/tokens/", "identifier", func(h *house) map[string]any {
				return map[string]any{"identifier": "my-token", "user": int(h.admin.ID), "description": "d", "expires": "2030-01-02T03:04:05Z"}
			}, map[string]any{"description": ""}, nil, func() any { return &ak.Token{} }, func() any { return &ak.PaginatedTokenList{} }, "identifier",
		},
		{
			"flows", "/flows/instances/", "slug", func(*house) map[string]any {
				return map[string]any{"name": "F", "slug": "f-1", "title": "登录 %(app)s", "designation": "authentication", "background": "", "compatibility_mode": true}
			}, map[string]any{"title": "other", "layout": "sidebar_left"}, nil, func() any { return &ak.Flow{} }, func() any { return &ak.PaginatedFlowList{} }, "slug",
		},
		{
			"flow bindings", "/flows/bindings/", "pk", func(h *house) map[string]any {
				return map[string]any{"target": h.flow("fb"), "stage": h.stage("fb"), "order": 10, "evaluate_on_plan": true, "re_evaluate_policies": false}
			}, map[string]any{"order": 20}, nil, func() any { return &ak.FlowStageBinding{} }, func() any { return &ak.PaginatedFlowStageBindingList{} }, "target",
		},
		{
			"policy bindings", "/policies/bindings/", "pk", func(h *house) map[string]any {
				return map[string]any{"target": h.flow("pb"), "user": int(h.admin.ID), "order": 0, "policy": nil, "group": nil, "timeout": 30}
			}, map[string]any{"negate": true}, nil, func() any { return &ak.PolicyBinding{} }, func() any { return &ak.PaginatedPolicyBindingList{} }, "target",
		},
		{
			"sources", "/sources/oauth/", "slug", func(h *house) map[string]any {
				return map[string]any{
					"name": "WeChat", "slug": "wechat", "provider_type": "wechat", "consumer_key": "wx0123456789abcdef", "consumer_secret": strings.Repeat("0a", 16),
					"authentication_flow": nil, "enrollment_flow": h.flow("enroll"), "request_token_url": nil, "authorization_url": nil, "access_token_url": nil, "profile_url": nil,
					"user_path_template": "goauthentik.io/sources/%(slug)s", "user_property_mappings": []any{}, "group_property_mappings": []any{},
				}
			}, map[string]any{"name": "微信", "promoted": true}, []string{"consumer_secret"}, func() any { return &ak.OAuthSource{} }, func() any { return &ak.PaginatedOAuthSourceList{} }, "slug",
		},
		{
			"scope mappings", "/propertymappings/provider/scope/", "pk", func(*house) map[string]any {
				return map[string]any{"name": "m", "expression": "return {\n  \"a\": 1,\n}\n", "scope_name": "a", "description": ""}
			}, map[string]any{"description": "A"}, nil, func() any { return &ak.ScopeMapping{} }, func() any { return &ak.PaginatedScopeMappingList{} }, "scope_name",
		},
		{
			"OAuth2 providers", "/providers/oauth2/", "pk", func(h *house) map[string]any {
				return map[string]any{
					"name": "p", "authorization_flow": h.flow("authorize"), "invalidation_flow": h.flow("invalidate"), "client_id": "id", "client_secret": "secret",
					"redirect_uris": []any{map[string]any{"matching_mode": "strict", "url": "https://a.example/cb"}, map[string]any{"matching_mode": "regex", "url": `https://b\.example/.*`}},
					"signing_key":   h.certificate("signing"), "access_code_validity": "minutes=1", "access_token_validity": "minutes=10", "encryption_key": nil,
				}
			}, map[string]any{"sub_mode": "user_uuid"}, nil, func() any { return &ak.OAuth2Provider{} }, func() any { return &ak.PaginatedOAuth2ProviderList{} }, "client_id",
		},
		{
			"applications", "/core/applications/", "slug", func(h *house) map[string]any {
				p := h.post("/providers/oauth2/", map[string]any{"name": "ap", "authorization_flow": h.flow("az"), "invalidation_flow": h.flow("iz"), "redirect_uris": []any{}})
				return map[string]any{
					"name": "A", "slug": "a-1", "provider": number(p["pk"]), "backchannel_providers": []any{}, "group": "x", "meta_icon": "https://a.example/i.png",
				}
			}, map[string]any{"meta_description": "§ \\ 描述"}, nil, func() any { return &ak.Application{} }, func() any { return &ak.PaginatedApplicationList{} }, "slug",
		},
		{
			"application entitlements", "/core/application_entitlements/", "pbm_uuid", func(h *house) map[string]any {
				return map[string]any{"name": "编辑 editor", "app": h.application("ae"), "attributes": map[string]any{"n": 1, "deep": []any{"é", `\`}}}
			}, map[string]any{"name": "reader", "attributes": map[string]any{}}, nil, func() any { return &ak.ApplicationEntitlement{} }, func() any { return &ak.PaginatedApplicationEntitlementList{} }, "app",
		},
		{
			"brands", "/core/brands/", "brand_uuid", func(h *house) map[string]any {
				return map[string]any{"domain": "b.example", "branding_title": "authentik", "flow_authentication": h.flow("ba"), "attributes": map[string]any{}, "web_certificate": nil, "client_certificates": []any{}}
			}, map[string]any{"default": true}, nil, func() any { return &ak.Brand{} }, func() any { return &ak.PaginatedBrandList{} }, "domain",
		},
		{
			"certificates", "/crypto/certificatekeypairs/", "pk", func(h *house) map[string]any {
				id := h.certificate("copied")
				data := func(of string) any { return h.get("/crypto/certificatekeypairs/" + id + "/" + of + "/")["data"] }
				return map[string]any{"name": "kp", "certificate_data": data("view_certificate"), "key_data": data("view_private_key")}
			}, map[string]any{"name": "kp2"}, []string{"certificate_data", "key_data"}, func() any { return &ak.CertificateKeyPair{} }, func() any { return &ak.PaginatedCertificateKeyPairList{} }, "name",
		},
		{
			"connections", "/sources/user_connections/oauth/", "pk", func(h *house) map[string]any {
				src := h.post("/sources/oauth/", map[string]any{"name": "S", "slug": "s", "provider_type": "github", "consumer_key": "k", "consumer_secret": "s"})
				return map[string]any{"user": int(h.admin.ID), "source": src["pk"], "identifier": "42"}
			}, map[string]any{"identifier": "43"}, nil, func() any { return &ak.UserOAuthSourceConnection{} }, func() any { return &ak.PaginatedUserOAuthSourceConnectionList{} }, "user",
		},
		{
			"group connections", "/sources/group_connections/oauth/", "pk", func(h *house) map[string]any {
				src := h.post("/sources/oauth/", map[string]any{"name": "G", "slug": "g", "provider_type": "github", "consumer_key": "k", "consumer_secret": "s"})
				return map[string]any{"group": h.post("/core/groups/", map[string]any{"name": "connected"})["pk"], "source": src["pk"], "identifier": "staff"}
			}, map[string]any{"identifier": "crew"}, nil, func() any { return &ak.GroupOAuthSourceConnection{} }, func() any { return &ak.PaginatedGroupOAuthSourceConnectionList{} }, "group",
		},
		{
			"prompts", "/stages/prompt/prompts/", "pk", func(*house) map[string]any {
				return map[string]any{
					"name": "ask for the department", "field_key": "attributes.department", "label": "部门", "type": "dropdown", "required": true, "order": 300,
					"placeholder": "return [\"a\", \"b\"]", "placeholder_expression": true, "initial_value": "", "sub_text": "<b>§</b>",
				}
			}, map[string]any{"type": "text", "order": -1}, nil, func() any { return &ak.Prompt{} }, func() any { return &ak.PaginatedPromptList{} }, "field_key",
		},
		{
			"invitations", "/stages/invitation/invitations/", "pk", func(h *house) map[string]any {
				return map[string]any{
					"name": "for-guests", "expires": "2031-01-02T03:04:05Z", "fixed_data": map[string]any{"email": "a@example.com", "attributes": map[string]any{"n": 1}},
					"single_use": true, "flow": h.flow("invited"),
				}
			}, map[string]any{"expires": nil, "single_use": false}, nil, func() any { return &ak.Invitation{} }, func() any { return &ak.PaginatedInvitationList{} }, "name",
		},
		stageTrip("identification", map[string]any{
			"user_fields": []any{"username", "email"}, "password_stage": "", "captcha_stage": "", "webauthn_stage": "", "sources": []any{}, "enrollment_flow": nil,
			"recovery_flow": nil, "passwordless_flow": nil, "case_insensitive_matching": false,
		}, map[string]any{"user_fields": []any{"email"}}, func() any { return &ak.IdentificationStage{} }, func() any { return &ak.PaginatedIdentificationStageList{} }),
		stageTrip("password", map[string]any{
			"backends": []any{"authentik.core.auth.TokenBackend", "authentik.core.auth.InbuiltBackend"}, "configure_flow": nil,
		}, map[string]any{"failed_attempts_before_cancel": 3}, func() any { return &ak.PasswordStage{} }, func() any { return &ak.PaginatedPasswordStageList{} }),
		stageTrip("user_write", map[string]any{"create_users_group": nil, "user_path_template": "", "user_type": "external"}, map[string]any{"user_creation_mode": "never_create"},
			func() any { return &ak.UserWriteStage{} }, func() any { return &ak.PaginatedUserWriteStageList{} }),
		stageTrip("user_login", map[string]any{"session_duration": "seconds=0", "remember_device": "days=30"}, map[string]any{"session_duration": "hours=1;MINUTES=30"},
			func() any { return &ak.UserLoginStage{} }, func() any { return &ak.PaginatedUserLoginStageList{} }),
		stageTrip("user_logout", nil, map[string]any{"name": "other"}, func() any { return &ak.UserLogoutStage{} }, func() any { return &ak.PaginatedUserLogoutStageList{} }),
		stageTrip("deny", map[string]any{"deny_message": "no — 不"}, map[string]any{"deny_message": ""}, func() any { return &ak.DenyStage{} }, func() any { return &ak.PaginatedDenyStageList{} }),
		stageTrip("consent", map[string]any{"mode": "expiring", "consent_expire_in": "weeks=4"}, map[string]any{"mode": "permanent"},
			func() any { return &ak.ConsentStage{} }, func() any { return &ak.PaginatedConsentStageList{} }),
		stageTrip("redirect", map[string]any{"mode": "static", "target_static": "https://a.example/", "target_flow": nil}, map[string]any{"keep_context": false},
			func() any { return &ak.RedirectStage{} }, func() any { return &ak.PaginatedRedirectStageList{} }),
	}
}

func stageTrip(path string, create, change map[string]any, one, list func() any) trip {
	return trip{"stage " + path, "/stages/" + path + "/", "pk", func(*house) map[string]any {
		body := map[string]any{"name": "the " + path}
		for k, v := range create {
			body[k] = v
		}
		return body
	}, change, nil, one, list, "name"}
}

// TestEveryResourceGoesThereAndBack creates, reads, lists, replaces, changes and deletes one object of each resource. Each answer is decoded by authentik's published
// client, which refuses missing keys and unknown enum values, and everything that was sent must come back as it was.
func TestEveryResourceGoesThereAndBack(t *testing.T) {
	travel(t, open)
}

func TestEveryResourceGoesThereAndBackOnPostgreSQL(t *testing.T) {
	shared := openOn(t, testenv.Postgres(t))
	travel(t, func(t *testing.T) *house {
		t.Helper()
		h := *shared
		h.t = t
		return &h
	})
}

func travel(t *testing.T, open func(*testing.T) *house) {
	t.Helper()
	for _, x := range trips() {
		t.Run(x.name, func(t *testing.T) {
			h := open(t)
			body := x.create(h)
			created := h.call(http.MethodPost, x.path, body)
			if created.status != http.StatusCreated {
				t.Fatalf("create: %d %s", created.status, created.raw)
			}
			x.check(t, h, created, body)
			key := fmt.Sprint(created.object(t)[x.key])
			at := x.path + key + "/"
			x.check(t, h, h.call(http.MethodGet, at, nil), body)

			x.checkList(t, h, body)

			changed := map[string]any{}
			for k, v := range body {
				changed[k] = v
			}
			for k, v := range x.change {
				changed[k] = v
			}
			x.check(t, h, h.call(http.MethodPut, at, changed), changed)
			at = x.path + fmt.Sprint(h.moved(x, changed, key)) + "/"
			x.check(t, h, h.call(http.MethodGet, at, nil), changed)
			x.check(t, h, h.call(http.MethodPatch, at, map[string]any{}), changed)

			if r := h.call(http.MethodGet, at+"used_by/", nil); r.status != http.StatusOK {
				t.Errorf("used_by: %d %s", r.status, r.raw)
			}
			h.want(http.StatusNoContent, http.MethodDelete, at, nil)
			if r := h.call(http.MethodGet, at, nil); r.status != http.StatusNotFound {
				t.Errorf("after delete: %d %s", r.status, r.raw)
			}
		})
	}
}

// moved gives the key after a change: a slug may have been renamed.
func (h *house) moved(x trip, changed map[string]any, key string) any {
	if v, ok := changed[x.key]; ok {
		return v
	}
	return key
}

// check decodes an answer with the client's type, and compares every key that was sent.
func (x trip) check(t *testing.T, h *house, r reply, sent map[string]any) {
	t.Helper()
	if r.status >= 300 {
		t.Fatalf("status %d: %s", r.status, r.raw)
	}
	if err := json.Unmarshal(r.raw, x.model()); err != nil {
		t.Fatalf("authentik's client cannot decode it: %v\n%s", err, r.raw)
	}
	raw, _ := json.Marshal(sent)
	var want map[string]any
	must(t, json.Unmarshal(raw, &want))
	var got map[string]any
	must(t, json.Unmarshal(r.raw, &got))
	for k, v := range want {
		if slices.Contains(x.secret, k) {
			if _, there := got[k]; there {
				t.Errorf("%s is answered", k)
			}
			continue
		}
		if s, ok := v.(string); ok && s == "" && got[k] == nil {
			continue // "" in a nullable reference means null
		}
		if diff := cmp.Diff(v, got[k]); diff != "" {
			t.Errorf("%s (-sent +answered):\n%s", k, diff)
		}
	}
}

func (x trip) checkList(t *testing.T, h *house, sent map[string]any) {
	t.Helper()
	value := fmt.Sprint(sent[x.filter])
	for _, path := range []string{x.path, x.path + "?" + x.filter + "=" + url.QueryEscape(value) + "&page_size=1000"} {
		r := h.call(http.MethodGet, path, nil)
		if r.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, r.status, r.raw)
		}
		if err := json.Unmarshal(r.raw, x.list()); err != nil {
			t.Fatalf("authentik's client cannot decode the list: %v\n%s", err, r.raw)
		}
		results, _ := r.object(t)["results"].([]any)
		if len(results) == 0 {
			t.Errorf("%s: nothing is listed", path)
		}
		for _, item := range results {
			if strings.Contains(path, "?") && fmt.Sprint(item.(map[string]any)[x.filter]) != value {
				t.Errorf("%s lists %v", path, item)
			}
		}
	}
	if r := h.call(http.MethodGet, x.path+"?"+x.filter+"=0000000", nil); number(r.object(t)["pagination"].(map[string]any)["count"]) != 0 {
		t.Errorf("a filter that nothing matches lists something: %s", r.raw)
	}
}
