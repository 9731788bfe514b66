package api

import (
	"context"

	"github.com/weimen-id/weimen/internal/store"
)

// listPeople answers a list that the database narrows: by filters, a search, an order, a page.
func listPeople[T any](c *call, filters map[string]where, read func(context.Context, store.List) ([]*T, int, error), show func(*T) (any, error), also ...store.Where) error {
	q := c.r.URL.Query()
	p, err := c.page()
	if err != nil {
		return err
	}
	l := store.List{Where: also}
	if err := narrow(&l, q, filters); err != nil {
		return err
	}
	p.narrow(&l)
	items, count, err := read(c.ctx(), l)
	if err != nil {
		return err
	}
	results := make([]any, 0, len(items))
	for _, item := range items {
		out, err := show(item)
		if err != nil {
			return err
		}
		results = append(results, out)
	}
	envelope, err := p.envelope(count, results)
	if err != nil {
		return err
	}
	return c.ok(envelope)
}

// own narrows a list to what belongs to the person who asks, where they may not see what belongs to others.
func (c *call) own(all bool) []store.Where {
	if all {
		return nil
	}
	return []store.Where{{Field: "user", Op: store.OpEq, Values: []string{idText(c.by.UserID())}}}
}
