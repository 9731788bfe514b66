package api

import (
	"net/http"
	"net/url"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/kind"
	"github.com/weimen-id/weimen/internal/model"
)

// defaultBackground is the picture behind a flow that has none of its own.
const defaultBackground = "/static/dist/assets/images/flow_background.jpg"

func (a *API) mountFlows() {
	flows := a.noun("authentik_flows.flow")
	a.mount(collection{noun: flows, path: "flows/instances", order: []string{"slug"}})
	a.mountCache("/flows/instances", flows.Model)
	a.handle(http.MethodGet, "/flows/instances/{key}/execute/", func(c *call) error {
		o, err := c.object(flows, access.View)
		if err != nil {
			return err
		}
		link := c.Origin + "/if/flow/" + url.PathEscape(o.Key()) + "/"
		if c.s.FlowBySlug(o.Key()).Designation == model.DesignationAuthentication {
			link += "?inspector" // or whoever asks for it would be past it already
		}
		return c.ok(row{"link": link})
	})
	a.handle(http.MethodGet, "/flows/instances/{key}/diagram/", func(c *call) error {
		o, err := c.object(flows, access.View)
		if err != nil {
			return err
		}
		g := c.Flows.Graph(c.s, c.s.FlowBySlug(o.Key()))
		return c.ok(row{"diagram": g.Mermaid(), "graph": g})
	})
	a.handle(http.MethodGet, "/flows/traces/{code}/", (*call).trace)
	a.handle(http.MethodGet, "/flows/inspector/{slug}/", (*call).inspect)
	a.handle(http.MethodGet, "/flows/instances/{key}/export/", func(*call) error { return errNotImplemented })
	a.handle(http.MethodPost, "/flows/instances/import/", func(*call) error { return errNotImplemented })
}

func (c *call) decorateFlow(f *model.Flow, out row) {
	stages, policies := []model.StageID{}, []model.PolicyID{}
	for _, b := range c.s.BindingsOf(f.ID) {
		stages = append(stages, b.Stage)
	}
	for _, b := range c.s.PoliciesOf(model.TargetID(f.ID)) {
		if b.Policy != nil {
			policies = append(policies, *b.Policy)
		}
	}
	out["stages"], out["policies"], out["cache_count"] = stages, policies, 0
	out["background_url"], out["background_themed_urls"] = backgroundURL(f), nil
	out["export_url"] = exportURL(f)
}

func backgroundURL(f *model.Flow) string {
	if f.Background == "" {
		return defaultBackground
	}
	return f.Background
}

func exportURL(f *model.Flow) string {
	return "/api/v3/flows/instances/" + url.PathEscape(f.Slug) + "/export/"
}

// flowSet is a flow as a stage names it: authentik's FlowSet.
func (c *call) flowSet(f *model.Flow) row {
	out := kind.Encode(f)
	out["background_url"], out["export_url"] = backgroundURL(f), exportURL(f)
	return out
}
