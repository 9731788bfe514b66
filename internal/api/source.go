package api

import (
	"net/http"
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

func (a *API) mountSources() {
	a.handle(http.MethodGet, "/sources/oauth/source_types/", func(c *call) error {
		out := []SourceType{}
		for _, t := range c.SourceTypes {
			if name := c.r.URL.Query().Get("name"); name == "" || name == t.Name {
				out = append(out, t)
			}
		}
		return c.ok(out)
	})
	a.handle(http.MethodGet, "/sources/all/user_settings/", (*call).sourceSettings)
	a.mountSourceTrials()
}

func (c *call) decorateSource(src *model.Source, out row) {
	out["icon_url"], out["icon_themed_urls"] = nil, nil
	if src.Icon != "" {
		out["icon_url"] = src.Icon
	}
	// A source type stands in the settings of those kinds that have types.
	name, typed := out["provider_type"].(string)
	if !typed {
		return
	}
	out["type"] = c.sourceType(name)
	out["callback_url"] = c.Origin + "/source/" + src.Kind + "/callback/" + url.PathEscape(src.Slug) + "/"
}

// sourceType describes a type; one that is not in this build still has its name, for clients take no null.
func (c *call) sourceType(name string) SourceType {
	for _, t := range c.SourceTypes {
		if t.Name == name {
			return t
		}
	}
	return SourceType{Name: name, VerboseName: name}
}

// sourceSettings lists the sources that the person can connect with, for the page of their account.
func (c *call) sourceSettings() error {
	connected := map[model.SourceID]bool{}
	own := store.List{Where: []store.Where{{Field: "user", Op: store.OpEq, Values: []string{idText(c.by.UserID())}}}}
	list, _, err := c.Store.ListConnections(c.ctx(), own)
	if err != nil {
		return err
	}
	for _, conn := range list {
		connected[conn.Source] = true
	}
	objects, err := c.Resources.List(c.s, c.Resources.Registry.Umbrella("source"))
	if err != nil {
		return err
	}
	out := []any{}
	for _, o := range objects {
		src, _ := o.Value.(*model.Source)
		if !src.Enabled || o.Noun.Kind == nil {
			continue
		}
		out = append(out, row{
			"object_uid": src.Slug, "component": "ak-user-settings-source-" + src.Kind, "title": src.Name, "icon_url": src.Icon,
			"configure_url": "/source/" + src.Kind + "/login/" + url.PathEscape(src.Slug) + "/", "connected": connected[src.ID],
		})
	}
	return c.ok(out)
}
