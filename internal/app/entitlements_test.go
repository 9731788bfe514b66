package app_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weimen-id/weimen/internal/app/apptest"
	"github.com/weimen-id/weimen/internal/model"
)

// wikiEntitlements are two of the wiki's, for two groups, and one of another application. Nobody is bound to "owner".
const wikiEntitlements = `version: 1
entries:
  - model: authentik_core.applicationentitlement
    id: editor
    identifiers:
      app: !Find [authentik_core.application, [slug, wiki]]
      name: editor
    attrs:
      attributes: {spaces: [desk]}
  - model: authentik_core.applicationentitlement
    id: reader
    identifiers:
      app: !Find [authentik_core.application, [slug, wiki]]
      name: reader
  - model: authentik_core.applicationentitlement
    identifiers:
      app: !Find [authentik_core.application, [slug, wiki]]
      name: owner
  - model: authentik_core.applicationentitlement
    id: buyer
    identifiers:
      app: !Find [authentik_core.application, [slug, shop]]
      name: buyer
  - model: authentik_policies.policybinding
    identifiers: {target: !KeyOf editor, order: 0}
    attrs:
      group: !Find [authentik_core.group, [name, writers]]
  - model: authentik_policies.policybinding
    identifiers: {target: !KeyOf reader, order: 0}
    attrs:
      group: !Find [authentik_core.group, [name, staff]]
  - model: authentik_policies.policybinding
    identifiers: {target: !KeyOf buyer, order: 0}
    attrs:
      group: !Find [authentik_core.group, [name, staff]]
`

// publisher is a house with two applications that may ask for entitlements, and two people of whom alice writes.
type publisher struct {
	*apptest.House
	wiki, shop *apptest.Client
	writers    *model.Group
	alice      *model.User
}

func entitled(t *testing.T, postgres bool) *publisher {
	t.Helper()
	h := apptest.New(t, apptest.Options{Postgres: postgres, Environ: []string{"WEIMEN_BOOTSTRAP_TOKEN=" + policiesKey}})
	registered := h.AddWeChat("wechat", apptest.WeChat{})
	var mappings []any
	for _, name := range []string{"openid", "entitlements"} {
		mappings = append(mappings, h.App().Store.Snapshot().MappingByManaged("goauthentik.io/providers/oauth2/scope-"+name).ID)
	}
	wiki := h.AddClient("wiki", map[string]any{"property_mappings": mappings})
	shop := h.AddClient("shop", map[string]any{"property_mappings": mappings})
	staff := &model.Group{Name: "staff"}
	noError(t, h.App().Store.InsertGroup(t.Context(), staff))
	writers := &model.Group{Name: "writers", Parents: []model.GroupID{staff.ID}}
	noError(t, h.App().Store.InsertGroup(t.Context(), writers))
	noError(t, h.App().Apply(t.Context(), []byte(wikiEntitlements)))
	noError(t, h.App().Apply(t.Context(), []byte(wikiEntitlements)))
	for _, name := range []string{"alice", "xiaoming"} {
		h.Browser("en").SignIn("wechat", name)
	}
	alice := h.Owner("alice", registered)
	noError(t, h.App().Store.AddUserToGroup(t.Context(), writers.ID, alice.ID))
	return &publisher{h, wiki, shop, writers, alice}
}

// TestAnApplicationLearnsWhatSomebodyMayDoInIt is how the scope entitlements is told of (OpenID Connect Core 5.4): to the application that was granted it, of its own only.
func TestAnApplicationLearnsWhatSomebodyMayDoInIt(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := entitled(t, postgres)
		wiki, shop := h.wiki, h.shop
		alice, ming := h.Browser("en"), h.Browser("en")
		alice.SignIn("wechat", "alice")
		ming.SignIn("wechat", "xiaoming")
		check := func(what string, tokens *apptest.Tokens, want any) {
			t.Helper()
			for place, claims := range map[string]map[string]any{"ID token": tokens.Claims, "userinfo": tokens.UserInfo} {
				for _, claim := range []string{"entitlements", "roles"} {
					if diff := cmp.Diff(want, claims[claim]); diff != "" {
						t.Errorf("%s: %s in the %s (-want +got):\n%s", what, claim, place, diff)
					}
				}
			}
		}
		wiki.Config.Scopes = []string{"openid", "entitlements"}
		shop.Config.Scopes = wiki.Config.Scopes
		first := wiki.SignIn(alice)
		check("alice, who writes and so is staff", first, []any{"editor", "reader"})
		check("xiaoming", wiki.SignIn(ming), []any{})
		check("alice at the shop", shop.SignIn(alice), []any{"buyer"})

		wiki.Config.Scopes = []string{"openid"}
		check("alice, without the scope", wiki.SignIn(alice), nil)

		bound := model.TargetID("")
		for _, e := range h.App().Store.Snapshot().Entitlements {
			if e.Name == "owner" {
				bound = model.TargetID(e.ID)
			}
		}
		wiki.Config.Scopes = shop.Config.Scopes
		h.Put("authentik_policies.policybinding", "", map[string]any{"target": bound, "group": h.writers.ID, "order": 0, "negate": true})
		check("xiaoming, once whoever does not write owns", wiki.SignIn(ming), []any{"owner"})
		h.Remove(apptest.Application, "shop")
		if n := h.Database.Count("application_entitlements"); n != 3 {
			t.Errorf("%d entitlements are left", n)
		}
		if got, status := wiki.UserInfo(first.AccessToken); status != http.StatusOK || cmp.Diff([]any{"editor", "reader"}, got["roles"]) != "" {
			t.Errorf("userinfo of the other application: %d %v", status, got)
		}
	})
}

// TestAPolicyGivesAnEntitlement also evaluates it for a person without any group.
func TestAPolicyGivesAnEntitlement(t *testing.T) {
	t.Parallel()
	h := entitled(t, false)
	noError(t, h.App().Apply(t.Context(), []byte(`version: 1
entries:
  - model: authentik_policies_expression.expressionpolicy
    id: policy
    identifiers: {name: comes-from-wechat}
    attrs:
      expression: return request.obj.app.slug == "wiki" and request.obj.name == "owner" and request.user.path.startswith("goauthentik.io/sources/")
  - model: authentik_policies.policybinding
    identifiers:
      target: !Find [authentik_core.applicationentitlement, [name, owner]]
      order: 0
    attrs: {policy: !KeyOf policy}
  - model: authentik_policies.policybinding
    identifiers:
      target: !Find [authentik_core.applicationentitlement, [name, editor]]
      order: 1
    attrs: {policy: !KeyOf policy}
`)))
	b := h.Browser("en")
	b.SignIn("wechat", "xiaoming")
	h.wiki.Config.Scopes = []string{"openid", "entitlements"}
	if diff := cmp.Diff([]any{"owner"}, h.wiki.SignIn(b).UserInfo["entitlements"]); diff != "" {
		t.Errorf("entitlements (-want +got):\n%s", diff)
	}
}

// TestEntitlementsCostNothingWhereThereAreNone compares an application that asks for entitlements and has none with one that has them.
func TestEntitlementsCostNothingWhereThereAreNone(t *testing.T) {
	t.Parallel()
	apptest.Both(t, func(t *testing.T, postgres bool) {
		h := entitled(t, postgres)
		bare := h.AddClient("bare", map[string]any{"property_mappings": h.App().Store.Snapshot().Providers[*h.App().Store.Snapshot().ApplicationBySlug("wiki").Provider].PropertyMappings})
		b := h.Browser("en")
		b.SignIn("wechat", "alice")
		cost := func(c *apptest.Client, scopes ...string) int {
			t.Helper()
			c.Config.Scopes = scopes
			c.SignIn(b)
			h.Forget()
			c.SignIn(b)
			n := 0
			for _, x := range h.Exchanges() {
				n += x.Statements
			}
			return n
		}
		plain, none, some := cost(bare, "openid"), cost(bare, "openid", "entitlements"), cost(h.wiki, "openid", "entitlements")
		t.Logf("statements: %d without the scope, %d with it, %d where there are entitlements", plain, none, some)
		if none != plain {
			t.Errorf("an application without entitlements costs %d statements more", none-plain)
		}
		if most := plain + 2; some > most {
			t.Errorf("an application with entitlements costs %d statements, want at most %d: one more in the token and one in userinfo", some, most)
		}
	})
}

// TestTheEntitlementsMappingCanBeTriedOut names the provider, as an administrator does who tries it out.
func TestTheEntitlementsMappingCanBeTriedOut(t *testing.T) {
	t.Parallel()
	h := entitled(t, false)
	at := "/propertymappings/all/" + string(h.App().Store.Snapshot().MappingByManaged("goauthentik.io/providers/oauth2/scope-entitlements").ID) + "/test/"
	for provider, want := range map[string]string{"wiki": `{"entitlements":["editor","reader"],"roles":["editor","reader"]}`, "": `{"entitlements":[],"roles":[]}`} {
		about := map[string]any{"user": h.alice.ID}
		if provider != "" {
			about["context"] = map[string]any{"provider": provider}
		}
		var got struct {
			Result     string
			Successful bool
		}
		noError(t, json.Unmarshal(administer(t, h.House, http.StatusOK, http.MethodPost, at, about), &got))
		if !got.Successful || got.Result != want {
			t.Errorf("provider %q: %+v", provider, got)
		}
	}
}
