package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/geoip"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
)

// kindsAt are the collections of each sort: all kinds together below "all", each kind below its own path.
var kindsAt = []struct{ ref, path string }{
	{"stage", "stages"}, {"policy", "policies"}, {"propertymapping", "propertymappings"}, {"source", "sources"}, {"provider", "providers"},
}

// mountKinds serves the collections of whatever stands on the shelves.
func (a *API) mountKinds() {
	for _, s := range kindsAt {
		all := s.path + "/all"
		a.types(all, s.ref)
		a.mount(collection{noun: a.Resources.Registry.Umbrella(s.ref), path: all, order: []string{"name"}})
		for _, n := range a.Resources.Registry.Of(s.ref) {
			a.mount(collection{noun: n, path: s.path + "/" + n.Kind.CollectionPath(), order: []string{"name"}})
		}
	}
	a.mountMail()
	a.open(http.MethodGet, "/policies/geoip_iso3166/", func(c *call) error { return c.ok(geoip.Countries()) })
	a.handle(http.MethodGet, "/stages/all/user_settings/", (*call).stageSettings)
	a.handle(http.MethodPost, "/policies/all/{key}/test/", (*call).tryPolicy)
	a.handle(http.MethodPost, "/propertymappings/all/{key}/test/", (*call).tryMapping)
	a.mountCache("/policies/all", "authentik_policies.policy")
}

// mountCache serves what authentik's console asks of its caches. Nothing is cached here that could be stale.
func (a *API) mountCache(path, noun string) {
	a.handle(http.MethodGet, path+"/cache_info/", func(c *call) error {
		if err := c.need(access.View, noun); err != nil {
			return err
		}
		return c.ok(row{"count": 0})
	})
	a.handle(http.MethodPost, path+"/cache_clear/", func(c *call) error {
		if err := c.need(access.Change, noun); err != nil {
			return err
		}
		return c.done()
	})
}

func (c *call) decorateStage(st *model.Stage, out row) {
	flows := []any{}
	seen := map[model.FlowID]bool{}
	for _, b := range c.s.Bindings {
		if f := c.s.Flows[b.Flow]; b.Stage == st.ID && f != nil && !seen[f.ID] {
			seen[f.ID] = true
			flows = append(flows, c.flowSet(f))
		}
	}
	out["flow_set"] = flows
}

func (c *call) decoratePolicy(p *model.Policy, out row) {
	bound := 0
	for _, b := range c.s.PolicyBindings {
		if b.Policy != nil && *b.Policy == p.ID {
			bound++
		}
	}
	out["bound_to"] = bound
}

// noun gives a noun that is always there.
func (a *API) noun(model string) *resource.Noun { return a.Resources.Registry.Noun(model) }
