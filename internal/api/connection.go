package api

import (
	"encoding/json"
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/event"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// mountConnections serves the connections of users to sources: those of each kind of source, and all together.
func (a *API) mountConnections() {
	a.mountConnectionsAt("/sources/user_connections/all/", "", false)
	for _, n := range a.Resources.Registry.Of("source") {
		a.mountConnectionsAt("/sources/user_connections/"+n.Kind.CollectionPath()+"/", n.Kind.Name, true)
	}
}

func (a *API) mountConnectionsAt(list, kindName string, create bool) {
	item := list + "{id}/"
	a.handle(http.MethodGet, list, func(c *call) error {
		where := c.own(access.Others(c.by.Principal, resource.ModelConnection))
		if kindName != "" {
			where = append(where, c.ofKind(kindName))
		}
		return listPeople(c, connectionFilters, c.Store.ListConnections, c.connectionRow, where...)
	})
	a.handle(http.MethodGet, item, func(c *call) error {
		x, err := c.Resources.Connection(c.ctx(), c.by, access.View, c.connectionID())
		if err != nil {
			return err
		}
		return c.showConnection(http.StatusOK, x)
	})
	a.handle(http.MethodDelete, item, func(c *call) error {
		if err := c.Resources.DeleteConnection(c.ctx(), c.by, c.connectionID()); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.ok([]any{}) })
	save := func(status int) handler {
		return func(c *call) error {
			id := c.connectionID()
			if status == http.StatusOK && id == 0 {
				return model.ErrNotFound
			}
			body, err := c.body()
			if err != nil {
				return err
			}
			x, err := c.Resources.SaveConnection(c.ctx(), c.by, id, body, c.mode())
			if err != nil {
				return err
			}
			return c.showConnection(status, x)
		}
	}
	if create {
		a.handle(http.MethodPost, list, save(http.StatusCreated))
	}
	a.handle(http.MethodPut, item, save(http.StatusOK))
	a.handle(http.MethodPatch, item, save(http.StatusOK))
}

var connectionFilters = map[string]where{"user": {"user", store.OpEq}, "source__slug": {"source__slug", store.OpEq}}

func (c *call) connectionID() model.ConnectionID { return model.ConnectionID(c.number("id")) }

// ofKind narrows a list of connections to those of sources of a kind.
func (c *call) ofKind(name string) store.Where {
	w := store.Where{Field: "source", Op: store.OpIn}
	for _, src := range c.s.Sources {
		if src.Kind == name {
			w.Values = append(w.Values, string(src.ID))
		}
	}
	return w
}

func (c *call) showConnection(status int, x *model.Connection) error {
	out, err := c.connectionRow(x)
	if err != nil {
		return err
	}
	return c.send(status, out)
}

// connectionRow is authentik's UserOAuthSourceConnection. "identifiers", all ids with their kinds, and "profile", what the source told last, are our additions.
func (c *call) connectionRow(x *model.Connection) (any, error) {
	src, err := c.related("source", string(x.Source))
	if err != nil {
		return nil, err
	}
	identifiers := x.Identifiers
	if identifiers == nil {
		identifiers = []model.Identifier{}
	}
	profile := map[string]any{}
	_ = json.Unmarshal(x.Profile, &profile) // shown if it is there
	return row{
		"pk": x.ID, "user": x.User, "source": x.Source, "source_obj": src, "identifier": x.Identifier, "created": x.Created,
		"last_updated": x.LastUpdated, "identifiers": identifiers, "profile": event.Scrub(profile),
	}, nil
}
