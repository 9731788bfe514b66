package api

import (
	"net/url"
	"slices"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// longestStory bounds the events of one support code. A run has a handful; only who answers wrongly again and again has more.
const longestStory = 200

// trace tells the whole story behind a support code: the events that bear it, in their order, and what the run did step by step. It is Weimen's own.
func (c *call) trace() error {
	if err := c.superuser(); err != nil {
		return err
	}
	code := strings.ToUpper(strings.TrimSpace(c.param("code")))
	events, _, err := c.Store.ListEvents(c.ctx(), store.List{
		Where: []store.Where{{Field: "support_code", Op: store.OpEq, Values: []string{code}}}, Order: []string{"created"}, Limit: longestStory,
	})
	if err != nil {
		return err
	}
	if code == "" || len(events) == 0 {
		return model.ErrNotFound
	}
	slices.SortStableFunc(events, func(a, b *model.Event) int { return a.Created.Compare(b.Created) })
	rows, marks := []any{}, []any{}
	for _, e := range events {
		if list, ok := e.Context["trace"].([]any); ok && e.Action == model.ActionFlowExecution {
			marks = append(marks, list...)
		}
		rows = append(rows, c.explained(e))
	}
	return c.ok(row{"support_code": code, "events": rows, "trace": marks})
}

// inspect tells where the caller's own run of a flow stands: the query of the flow's page comes in "query", as for the executor.
func (c *call) inspect() error {
	if err := c.superuser(); err != nil {
		return err
	}
	query, err := url.ParseQuery(strings.TrimPrefix(c.r.URL.Query().Get("query"), "?"))
	if err != nil {
		query = url.Values{}
	}
	i, err := c.Flows.Inspect(c.ctx(), c.visitor, c.param("slug"), query)
	if err != nil {
		return err
	}
	return c.ok(i)
}

// superuser refuses everybody else: what these endpoints tell is what people typed and how they were judged.
func (c *call) superuser() error { return access.Superusers(c.by.Principal) }
