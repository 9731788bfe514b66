package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

func (a *API) mountTokens() {
	const list, item = "/core/tokens/", "/core/tokens/{identifier}/"
	a.handle(http.MethodGet, list, func(c *call) error {
		return listPeople(c, tokenFilters, c.Store.ListTokens, c.tokenRow, c.own(access.Others(c.by.Principal, resource.ModelToken))...)
	})
	a.handle(http.MethodPost, list, func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		t, err := c.Resources.CreateToken(c.ctx(), c.by, body)
		if err != nil {
			return err
		}
		return c.showToken(http.StatusCreated, t)
	})
	a.handle(http.MethodGet, item, func(c *call) error {
		t, err := c.Resources.Token(c.ctx(), c.by, access.View, c.param("identifier"))
		if err != nil {
			return err
		}
		return c.showToken(http.StatusOK, t)
	})
	change := func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		t, err := c.Resources.ChangeToken(c.ctx(), c.by, c.param("identifier"), body, c.mode())
		if err != nil {
			return err
		}
		return c.showToken(http.StatusOK, t)
	}
	a.handle(http.MethodPut, item, change)
	a.handle(http.MethodPatch, item, change)
	a.handle(http.MethodDelete, item, func(c *call) error {
		if err := c.Resources.DeleteToken(c.ctx(), c.by, c.param("identifier")); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.ok([]any{}) })
	a.handle(http.MethodGet, item+"view_key/", func(c *call) error {
		key, err := c.Resources.ViewKey(c.ctx(), c.by, c.param("identifier"))
		if err != nil {
			return err
		}
		return c.ok(row{"key": key})
	})
	a.handle(http.MethodPost, item+"set_key/", func(c *call) error {
		var body struct {
			Key model.Secret `json:"key" required:"true" rule:"max=1000"`
		}
		if err := c.read(&body); err != nil {
			return err
		}
		if err := c.Resources.SetKey(c.ctx(), c.by, c.param("identifier"), body.Key); err != nil {
			return err
		}
		return c.done()
	})
}

var tokenFilters = map[string]where{
	"identifier": {"identifier", store.OpEq}, "intent": {"intent", store.OpEq}, "user__username": {"user__username", store.OpEq},
	"description": {"description", store.OpEq}, "managed": {"managed", store.OpEq}, "expires": {"expires", store.OpEq}, "expiring": {"expiring", store.OpEq},
}

func (c *call) showToken(status int, t *model.Token) error {
	out, err := c.tokenRow(t)
	if err != nil {
		return err
	}
	c.tag(resource.TokenVersion(t))
	return c.send(status, out)
}

func (c *call) tokenRow(t *model.Token) (any, error) {
	u, err := c.user(t.User)
	if err != nil {
		return nil, err
	}
	owner, err := c.userRow(u)
	if err != nil {
		return nil, err
	}
	return row{
		"pk": t.ID, "managed": t.Managed, "identifier": t.Identifier, "intent": t.Intent, "user": t.User, "user_obj": owner,
		"description": t.Description, "expires": t.Expires, "expiring": t.Expiring,
	}, nil
}
