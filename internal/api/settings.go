package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

// mountSettings serves the settings of the installation: one object, always there.
func (a *API) mountSettings() {
	const path = "/admin/settings/"
	a.handle(http.MethodGet, path, func(c *call) error {
		if err := c.need(access.View, resource.ModelSettings); err != nil {
			return err
		}
		return c.showSettings(c.s.Settings)
	})
	change := func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		changed, err := c.Resources.ChangeSettings(c.ctx(), c.by, body, c.mode())
		if err != nil {
			return err
		}
		return c.showSettings(changed)
	}
	a.handle(http.MethodPut, path, change)
	a.handle(http.MethodPatch, path, change)
}

func (c *call) showSettings(s *model.Settings) error {
	c.tag(resource.SettingsVersion(s))
	return c.ok(kind.Encode(s))
}
