package api

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

// stageSettings lists what people may set up for themselves when they are signed in, by the stages that do it: their password, authenticators.
func (c *call) stageSettings() error {
	out := []any{}
	if c.Configures == nil {
		return c.ok(out)
	}
	for _, st := range slices.SortedFunc(maps.Values(c.s.Stages), func(a, b *model.Stage) int { return cmp.Compare(a.Name, b.Name) }) {
		set := c.Configures(c.s, st)
		if set.Flow == nil || c.s.Flows[*set.Flow] == nil {
			continue
		}
		out = append(out, row{
			"object_uid": st.ID, "component": "ak-user-settings-" + strings.ReplaceAll(st.Kind, "_", "-"), "title": cmp.Or(set.Name, st.Name),
			"configure_url": "/flows/-/configure/" + string(st.ID) + "/",
		})
	}
	return c.ok(out)
}
