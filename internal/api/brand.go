package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/web"
)

func (a *API) mountBrands() {
	a.mount(collection{noun: a.noun("authentik_brands.brand"), path: "core/brands", order: []string{"domain"}})
	a.handle(http.MethodPost, "/core/brands/preview/", (*call).preview)
	a.open(http.MethodGet, "/core/brands/current/", func(c *call) error {
		return c.ok(c.currentBrand(c.s.Brand(c.host())))
	})
}

// decorateBrand tells which flow a brand's login page is, whether the brand names one or not: our addition.
func (c *call) decorateBrand(b *model.Brand, out row) {
	out["login_flow"] = nil
	if f := c.s.FlowOf(b, model.DesignationAuthentication); f != nil {
		out["login_flow"] = f.ID
	}
}

// host is the host that was asked, as a trusted proxy tells it.
func (c *call) host() string {
	if host := web.ClientOf(c.ctx()).Host; host != "" {
		return host
	}
	return c.r.Host
}

// currentBrand is what anybody may know of a brand: authentik's CurrentBrand. Flows that are unset have no key.
func (c *call) currentBrand(b *model.Brand) row {
	theme, _ := b.Theme()
	out := row{
		"matched_domain": b.Domain, "branding_title": b.BrandingTitle, "branding_logo": b.BrandingLogo, "branding_logo_themed_urls": nil,
		"branding_favicon": b.BrandingFavicon, "branding_favicon_themed_urls": nil, "branding_custom_css": b.BrandingCustomCSS,
		"ui_footer_links": append([]model.FooterLink{}, c.s.Settings.FooterLinks...), "ui_theme": theme.Base, "default_locale": "",
		"flags": row{
			"enterprise_audit_include_expanded_diff": false, "policies_buffered_access_view": false, "flows_continuous_login": false, "flows_refresh_others": false,
		},
	}
	for key, id := range map[string]*model.FlowID{
		"flow_authentication": b.FlowAuthentication, "flow_invalidation": b.FlowInvalidation, "flow_recovery": b.FlowRecovery,
		"flow_unenrollment": b.FlowUnenrollment, "flow_user_settings": b.FlowUserSettings, "flow_device_code": b.FlowDeviceCode,
	} {
		if id == nil {
			continue
		}
		if f := c.s.Flows[*id]; f != nil {
			out[key] = f.Slug
		}
	}
	return out
}
