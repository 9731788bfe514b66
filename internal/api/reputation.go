package api

import (
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// mountReputations serves the scores of names and addresses. They come from sign-ins; here they are seen and forgotten.
func (a *API) mountReputations() {
	const list, item = "/policies/reputation/scores/", "/policies/reputation/scores/{id}/"
	a.handle(http.MethodGet, list, func(c *call) error {
		if err := c.need(access.View, resource.ModelReputation); err != nil {
			return err
		}
		var among []store.Where
		if names := c.r.URL.Query().Get("identifier_in"); names != "" {
			among = append(among, store.Where{Field: "identifier", Op: store.OpIn, Values: strings.Split(strings.ToValidUTF8(strings.ReplaceAll(names, "\x00", ""), ""), ",")})
		}
		return listPeople(c, reputationFilters, c.Store.ListReputations, reputationRow, among...)
	})
	a.handle(http.MethodGet, item, func(c *call) error {
		r, err := c.Resources.Reputation(c.ctx(), c.by, access.View, c.param("id"))
		if err != nil {
			return err
		}
		out, err := reputationRow(r)
		if err != nil {
			return err
		}
		return c.ok(out)
	})
	a.handle(http.MethodDelete, item, func(c *call) error {
		if err := c.Resources.DeleteReputation(c.ctx(), c.by, c.param("id")); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.ok([]any{}) })
}

var reputationFilters = map[string]where{
	"identifier": {"identifier", store.OpEq}, "ip": {"ip", store.OpEq}, "score": {"score", store.OpEq},
}

func reputationRow(r *model.Reputation) (any, error) {
	return row{
		"pk": r.ID, "identifier": r.Identifier, "ip": r.IP, "score": r.Score, "updated": r.Updated, "ip_geo_data": row{}, "ip_asn_data": row{},
	}, nil
}
