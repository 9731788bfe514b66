package api

import (
	"github.com/weimen-id/weimen/internal/model"
)

// mountBindings serves the bindings of stages to flows, and of policies to whatever takes them.
func (a *API) mountBindings() {
	a.mount(collection{noun: a.noun("authentik_flows.flowstagebinding"), path: "flows/bindings", order: []string{"target", "order", "pk"}})
	a.mount(collection{noun: a.noun("authentik_policies.policybinding"), path: "policies/bindings", order: []string{"order", "pk"}})
}

func (c *call) decorateFlowStageBinding(b *model.FlowStageBinding, out row) error {
	st, err := c.related("stage", string(b.Stage))
	out["stage_obj"] = st
	return err
}

func (c *call) decoratePolicyBinding(b *model.PolicyBinding, out row) error {
	out["policy_obj"], out["group_obj"], out["user_obj"] = nil, nil, nil
	switch {
	case b.Policy != nil:
		p, err := c.related("policy", string(*b.Policy))
		out["policy_obj"] = p
		return err
	case b.Group != nil:
		g, err := c.Store.Group(c.ctx(), *b.Group)
		if err != nil {
			return ignoreAbsence(err)
		}
		out["group_obj"] = partialGroup(g)
	case b.User != nil:
		u, err := c.Store.User(c.ctx(), *b.User)
		if err != nil {
			return ignoreAbsence(err)
		}
		out["user_obj"] = c.partialUser(u)
	}
	return nil
}
