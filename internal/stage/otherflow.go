package stage

import (
	"net/url"

	"github.com/weimen-id/weimen/internal/model"
)

// OtherFlow gives the address of another flow's page, with the query of this one: whoever goes there still gets where they were going. "" for a flow that is not there.
func (v *Visit) OtherFlow(id *model.FlowID) string {
	if id == nil || v.Snapshot.Flows[*id] == nil {
		return ""
	}
	to := "/if/flow/" + url.PathEscape(v.Snapshot.Flows[*id].Slug) + "/"
	query := url.Values{}
	for name, values := range v.Query {
		if name != "run" {
			query[name] = values
		}
	}
	if q := query.Encode(); q != "" {
		to += "?" + q
	}
	return to
}
