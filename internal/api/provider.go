package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
)

func (a *API) mountProviders() {
	for _, n := range a.Resources.Registry.Of("provider") {
		item := "/providers/" + n.Kind.CollectionPath() + "/{key}/"
		a.handle(http.MethodGet, item+"setup_urls/", func(c *call) error {
			o, err := c.object(n, access.View)
			if err != nil {
				return err
			}
			if c.SetupURLs == nil {
				return errNotImplemented
			}
			p, _ := o.Value.(*model.Provider)
			urls, err := c.SetupURLs(c.s, p.ID)
			if err != nil {
				return err
			}
			return c.ok(urls)
		})
		a.handle(http.MethodGet, item+"preview_user/", func(c *call) error {
			o, err := c.object(n, access.View)
			if err != nil {
				return err
			}
			if c.PreviewUser == nil {
				return errNotImplemented
			}
			u, err := c.asked("for_user")
			if err != nil {
				return err
			}
			p, _ := o.Value.(*model.Provider)
			claims, err := c.PreviewUser(c.ctx(), c.s, p.ID, u)
			if err != nil {
				return err
			}
			return c.ok(row{"preview": claims})
		})
	}
}

// decorateProvider names the applications of a provider. The id of its own application is our addition.
func (c *call) decorateProvider(p *model.Provider, out row) {
	for _, key := range []string{
		"assigned_application_slug", "assigned_application_name", "assigned_backchannel_application_slug", "assigned_backchannel_application_name", "application",
	} {
		out[key] = nil
	}
	if app := c.s.ApplicationOf(p.ID); app != nil {
		out["assigned_application_slug"], out["assigned_application_name"], out["application"] = app.Slug, app.Name, app.ID
	}
	for _, app := range c.s.Applications {
		for _, id := range app.BackchannelProviders {
			if id == p.ID {
				out["assigned_backchannel_application_slug"], out["assigned_backchannel_application_name"] = app.Slug, app.Name
			}
		}
	}
}
