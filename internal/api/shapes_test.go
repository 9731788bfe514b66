package api_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
)

// TestThePublishedClientDecodesWhatIsNoCollection feeds the answers of actions and of read-only lists to authentik's client.
func TestThePublishedClientDecodesWhatIsNoCollection(t *testing.T) {
	h := open(t)
	ctx := context.Background()
	c := h.client()
	src := h.post("/sources/oauth/", wechatSource("w"))
	p := h.post("/providers/oauth2/", map[string]any{"name": "p", "authorization_flow": h.flow("a"), "invalidation_flow": h.flow("i"), "redirect_uris": []any{}})
	app := h.post("/core/applications/", map[string]any{"name": "app", "slug": "app", "provider": number(p["pk"]), "backchannel_providers": []any{number(p["pk"])}})
	h.post("/flows/bindings/", map[string]any{"target": h.flow("f"), "stage": h.stage("s"), "order": 0})
	h.post("/propertymappings/provider/scope/", map[string]any{"name": "m", "expression": "return {}", "scope_name": "s"})
	h.post("/policies/bindings/", map[string]any{"target": app["pk"], "group": h.get("/core/groups/")["results"].([]any)[0].(map[string]any)["pk"], "order": 0})
	must(t, h.store.SaveConsent(ctx, &model.Consent{User: h.admin.ID, Application: model.ApplicationID(app["pk"].(string)), Permissions: []string{"openid", "email"}}))
	must(t, h.store.InsertSession(ctx, &model.Session{TokenHash: "h", User: h.admin.ID, Created: time.Now(), LastUsed: time.Now(), Expires: time.Now().Add(time.Hour)}))
	must(t, h.store.SaveConnection(ctx, &model.Connection{
		User: h.admin.ID, Source: model.SourceID(src["pk"].(string)), Identifier: "u", Identifiers: []model.Identifier{{Kind: model.IdentifierUnionID, Namespace: "account:a", Value: "u"}},
	}))
	refusal := event.New(model.ActionLoginFailed, "authentik.flows", nil, map[string]any{"reason": "x"})
	refusal.SupportCode = "7F3K-92QD"
	event.Complete(refusal, time.Now())
	must(t, h.store.InsertEvents(ctx, refusal))

	tests := map[string]func() error{
		"root/config": func() error {
			v, _, err := c.RootApi.RootConfigRetrieve(ctx).Execute()
			if err == nil && v.ErrorReporting.Enabled {
				t.Error("clients are told to send telemetry")
			}
			return err
		},
		"admin/version":        func() error { _, _, err := c.AdminApi.AdminVersionRetrieve(ctx).Execute(); return err },
		"users/me":             func() error { _, _, err := c.CoreApi.CoreUsersMeRetrieve(ctx).Execute(); return err },
		"users/paths":          func() error { _, _, err := c.CoreApi.CoreUsersPathsRetrieve(ctx).Execute(); return err },
		"brands/current":       func() error { _, _, err := c.CoreApi.CoreBrandsCurrentRetrieve(ctx).Execute(); return err },
		"sources/all":          func() error { _, _, err := c.SourcesApi.SourcesAllList(ctx).Slug("w").Execute(); return err },
		"sources/all/types":    func() error { _, _, err := c.SourcesApi.SourcesAllTypesList(ctx).Execute(); return err },
		"sources/settings":     func() error { _, _, err := c.SourcesApi.SourcesAllUserSettingsList(ctx).Execute(); return err },
		"sources/source_types": func() error { _, _, err := c.SourcesApi.SourcesOauthSourceTypesList(ctx).Execute(); return err },
		"stages/all":           func() error { _, _, err := c.StagesApi.StagesAllList(ctx).Name("s").Execute(); return err },
		"stages/all/types":     func() error { _, _, err := c.StagesApi.StagesAllTypesList(ctx).Execute(); return err },
		"stages/all/settings":  func() error { _, _, err := c.StagesApi.StagesAllUserSettingsList(ctx).Execute(); return err },
		"policies/all":         func() error { _, _, err := c.PoliciesApi.PoliciesAllList(ctx).Execute(); return err },
		"mappings/all":         func() error { _, _, err := c.PropertymappingsApi.PropertymappingsAllList(ctx).Execute(); return err },
		"providers/all":        func() error { _, _, err := c.ProvidersApi.ProvidersAllList(ctx).Execute(); return err },
		"providers/all/types":  func() error { _, _, err := c.ProvidersApi.ProvidersAllTypesList(ctx).Execute(); return err },
		"connections/all":      func() error { _, _, err := c.SourcesApi.SourcesUserConnectionsAllList(ctx).Execute(); return err },
		"connections/oauth": func() error {
			v, _, err := c.SourcesApi.SourcesUserConnectionsOauthList(ctx).SourceSlug("w").Execute()
			if err == nil && (len(v.Results) != 1 || v.Results[0].Identifier != "u") {
				t.Errorf("connections: %v", v.Results)
			}
			return err
		},
		"sessions": func() error { _, _, err := c.CoreApi.CoreAuthenticatedSessionsList(ctx).Execute(); return err },
		"consents": func() error {
			v, _, err := c.CoreApi.CoreUserConsentList(ctx).Execute()
			if err == nil && *v.Results[0].Permissions != "openid email" {
				t.Errorf("permissions: %q", *v.Results[0].Permissions)
			}
			return err
		},
		"events": func() error {
			v, _, err := c.EventsApi.EventsEventsList(ctx).Action("login_failed").Execute()
			if err == nil && len(v.Results) != 1 {
				t.Errorf("events: %v", v.Results)
			}
			return err
		},
		"events/actions": func() error { _, _, err := c.EventsApi.EventsEventsActionsList(ctx).Execute(); return err },
		"flows/execute":  func() error { _, _, err := c.FlowsApi.FlowsInstancesExecuteRetrieve(ctx, "f").Execute(); return err },
		"flows/cache":    func() error { _, _, err := c.FlowsApi.FlowsInstancesCacheInfoRetrieve(ctx).Execute(); return err },
		"applications": func() error {
			v, _, err := c.CoreApi.CoreApplicationsList(ctx).SuperuserFullList(true).Execute()
			if err == nil && (len(v.Results) != 1 || v.Results[0].ProviderObj.Name != "p") {
				t.Errorf("applications: %v", v.Results)
			}
			return err
		},
		"check_access": func() error {
			v, _, err := c.CoreApi.CoreApplicationsCheckAccessRetrieve(ctx, "app").Execute()
			if err == nil && !v.Passing {
				t.Error("the administrator's group is bound and does not pass")
			}
			return err
		},
	}
	for name, ask := range tests {
		t.Run(name, func(t *testing.T) {
			if err := ask(); err != nil {
				t.Error(err)
			}
		})
	}
	// Our own filter: the code that a person reads out.
	if got := len(h.get("/events/events/?support_code=7F3K-92QD")["results"].([]any)); got != 1 {
		t.Errorf("%d events by support code, want 1", got)
	}
}

func TestApplicationsAreListedForThoseWhoMayOpenThem(t *testing.T) {
	h := open(t)
	open := h.post("/core/applications/", map[string]any{"name": "open", "slug": "open", "meta_launch_url": "https://a.example/%(username)s"})
	closed := h.post("/core/applications/", map[string]any{"name": "closed", "slug": "closed"})
	h.post("/policies/bindings/", map[string]any{"target": closed["pk"], "user": int(h.admin.ID), "order": 0})
	if open["launch_url"] != "https://a.example/akadmin" {
		t.Errorf("launch_url is %v", open["launch_url"])
	}
	_, key := h.person("zhang")
	h.key = key
	list := h.get("/core/applications/?superuser_full_list=true")["results"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["slug"] != "open" {
		t.Errorf("applications of an ordinary person: %v", list)
	}
	if got := h.get("/core/applications/closed/check_access/"); got["passing"] != false {
		t.Errorf("check_access: %v", got)
	}
	if r := h.call(http.MethodGet, fmt.Sprintf("/core/applications/?for_user=%d", h.admin.ID), nil); r.status == http.StatusOK && len(r.object(t)["results"].([]any)) == 2 {
		t.Error("an ordinary person lists someone else's applications")
	}
}

func TestTheOpenAPIDocumentNamesEveryAddressOnce(t *testing.T) {
	h := open(t)
	r := h.call(http.MethodGet, "/schema/?format=json", nil)
	doc := r.object(t)
	paths, schemas := doc["paths"].(map[string]any), doc["components"].(map[string]any)["schemas"].(map[string]any)
	for _, x := range trips() {
		if paths[x.path] == nil {
			t.Errorf("%s is not described", x.path)
		}
	}
	for _, name := range []string{
		"User", "UserRequest", "PatchedUserRequest", "PaginatedUserList", "OAuthSource", "OAuthSourceRequest", "PatchedOAuthSourceRequest", "PaginatedOAuthSourceList",
		"Flow", "FlowStageBinding", "IdentificationStage", "UserLoginStage", "ScopeMapping", "OAuth2Provider", "Application", "Brand", "CertificateKeyPair", "Event", "Token",
	} {
		if schemas[name] == nil {
			t.Errorf("there is no schema %s", name)
		}
	}
	ids := map[string]bool{}
	for path, item := range paths {
		for method, op := range item.(map[string]any) {
			id := op.(map[string]any)["operationId"].(string)
			if ids[id] {
				t.Errorf("%s %s: operation id %s is there twice", method, path, id)
			}
			ids[id] = true
		}
	}
	walk(doc, func(ref string) {
		name := ref[len("#/components/schemas/"):]
		if schemas[name] == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	})
	source := schemas["OAuthSource"].(map[string]any)["properties"].(map[string]any)
	if source["consumer_secret"] != nil {
		t.Error("the document says that a secret is answered")
	}
	asYAML := h.call(http.MethodGet, "/schema/", nil)
	var again map[string]any
	if err := yaml.Unmarshal(asYAML.raw, &again); err != nil || again["openapi"] != "3.0.3" {
		t.Errorf("YAML: %v %.100s", err, asYAML.raw)
	}
	if !bytes.Equal(asYAML.raw, h.call(http.MethodGet, "/schema/", nil).raw) {
		t.Error("the document differs from one time to the next")
	}
}

// TestTheDocumentIsTrueOfTheAnswers compares the keys of real answers with those that the document requires.
func TestTheDocumentIsTrueOfTheAnswers(t *testing.T) {
	h := open(t)
	doc := h.get("/schema/?format=json")
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	paths := doc["paths"].(map[string]any)
	for _, x := range trips() {
		ref := paths[x.path].(map[string]any)["post"].(map[string]any)["responses"].(map[string]any)["201"].(map[string]any)["content"].(map[string]any)["application/json"].(map[string]any)["schema"].(map[string]any)["$ref"].(string)
		schema := schemas[ref[len("#/components/schemas/"):]].(map[string]any)
		answered := open(t).made(x)
		properties := schema["properties"].(map[string]any)
		for _, key := range schema["required"].([]any) {
			if _, there := answered[key.(string)]; !there {
				t.Errorf("%s: %s is required and not answered", x.name, key)
			}
		}
		for key := range answered {
			if properties[key] == nil {
				t.Errorf("%s: %s is answered and not described", x.name, key)
			}
		}
	}
}

func (h *house) made(x trip) map[string]any { return h.post(x.path, x.create(h)) }

func walk(v any, visit func(string)) {
	switch x := v.(type) {
	case map[string]any:
		for k, item := range x {
			if s, ok := item.(string); ok && k == "$ref" {
				visit(s)
			}
			walk(item, visit)
		}
	case []any:
		for _, item := range x {
			walk(item, visit)
		}
	}
}

func TestPrivateKeysAndTokenKeysAreShownOnRequestOnlyAndRecorded(t *testing.T) {
	h := open(t)
	id := h.certificate("k")
	pem := h.get("/crypto/certificatekeypairs/" + id + "/view_private_key/")["data"].(string)
	if pem == "" || pem[len(pem)-1] == '\n' {
		t.Errorf("the key ends with %q", pem[max(0, len(pem)-5):])
	}
	h.post("/core/tokens/", map[string]any{"identifier": "t"})
	first := h.get("/core/tokens/t/view_key/")["key"].(string)
	h.want(http.StatusNoContent, http.MethodPost, "/core/tokens/t/set_key/", map[string]any{"key": "my-own-key"})
	if got := h.get("/core/tokens/t/view_key/")["key"]; len(first) != 60 || got != "my-own-key" {
		t.Errorf("keys: %d characters, then %v", len(first), got)
	}
	admin := h.key
	h.key = "my-own-key"
	h.get("/core/users/me/")
	h.key = first
	h.want(http.StatusForbidden, http.MethodGet, "/core/users/me/", nil)
	h.key = admin
	if got := len(h.get("/events/events/?action=secret_view")["results"].([]any)); got != 3 {
		t.Errorf("%d events of seen secrets, want 3", got)
	}
	for _, path := range []string{"/crypto/certificatekeypairs/", "/core/tokens/", "/events/events/?page_size=100"} {
		raw := h.call(http.MethodGet, path, nil).raw
		if bytes.Contains(raw, []byte("PRIVATE KEY")) || bytes.Contains(raw, []byte("my-own-key")) || bytes.Contains(raw, []byte(first)) {
			t.Errorf("%s tells a key", path)
		}
	}
	for _, k := range h.store.Snapshot().KeyPairs {
		if strings.Contains(string(k.Key), "PRIVATE KEY") {
			t.Error("a private key lies in the database in clear")
		}
	}
}

func TestAnApplicationWithoutProviderIsDecoded(t *testing.T) {
	h := open(t)
	h.post("/core/applications/", map[string]any{"name": "a", "slug": "a"})
	if _, _, err := h.client().CoreApi.CoreApplicationsRetrieve(context.Background(), "a").Execute(); err != nil {
		t.Error(err)
	}
}
