package api

import (
	"context"

	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/store"
)

// listPeople answers a list that the database narrows: by filters, a search, an order, a page.
func listPeople[T any](c *call, filters map[string]where, read func(context.Context, store.List) ([]*T, int, error), show func(*T) (any, error), also ...store.Where) error {
	q := c.r.URL.Query()
	l := store.List{Where: also}
	if err := narrow(&l, q, filters); err != nil {
		return err
	}
	if c.wantsCSV() {
		return exportPeople(c, l, read, show)
	}
	p, err := c.page()
	if err != nil {
		return err
	}
	p.narrow(&l)
	items, count, err := read(c.ctx(), l)
	if err != nil {
		return err
	}
	results, err := showAll(c, items, show)
	if err != nil {
		return err
	}
	return c.answerPage(p, count, results)
}

// answerPage answers a page of a list.
func (c *call) answerPage(p page, count int, results []any) error {
	envelope, err := p.envelope(count, results)
	if err != nil {
		return err
	}
	return c.ok(envelope)
}

// showAll gives objects as they are answered.
func showAll[T any](c *call, items []*T, show func(*T) (any, error)) ([]any, error) {
	if err := c.meet(items); err != nil {
		return nil, err
	}
	results := make([]any, 0, len(items))
	for _, item := range items {
		out, err := show(item)
		if err != nil {
			return nil, err
		}
		results = append(results, out)
	}
	return results, nil
}

// meet reads the users whom a batch of objects will show, with their groups, in two statements rather than some for each object. Of groups it reads the members.
func (c *call) meet(items any) error {
	var users []*model.User
	ids := map[model.UserID]bool{}
	switch items := items.(type) {
	case []*model.User:
		users = items
	case []*model.Group:
		return c.meetGroups(items)
	case []*model.Token:
		for _, t := range items {
			ids[t.User] = true
		}
	case []*model.Device:
		for _, d := range items {
			ids[d.User] = true
		}
	case []*model.Invitation:
		for _, i := range items {
			ids[i.CreatedBy] = true
		}
	default:
		return nil
	}
	if len(ids) > 0 {
		w := store.Where{Field: "pk", Op: store.OpIn}
		for id := range ids {
			w.Values = append(w.Values, idText(id))
		}
		var err error
		if users, _, err = c.Store.ListUsers(c.ctx(), store.List{Where: []store.Where{w}, Limit: len(ids)}); err != nil {
			return err
		}
	}
	c.met = map[model.UserID]*model.User{}
	for _, u := range users {
		c.met[u.ID] = u
	}
	all := make([]model.UserID, 0, len(users))
	for _, u := range users {
		all = append(all, u.ID)
	}
	groups, err := c.Store.GroupsOfAll(c.ctx(), all)
	for _, u := range users {
		u.Groups = append([]model.UserGroup{}, groups[u.ID]...)
	}
	return err
}

// user gives a user, one who was met without asking again.
func (c *call) user(id model.UserID) (*model.User, error) {
	if u := c.met[id]; u != nil {
		return u, nil
	}
	return c.Store.User(c.ctx(), id)
}

// own narrows a list to what belongs to the person who asks, where they may not see what belongs to others.
func (c *call) own(all bool) []store.Where {
	if all {
		return nil
	}
	return []store.Where{{Field: "user", Op: store.OpEq, Values: []string{idText(c.by.UserID())}}}
}
