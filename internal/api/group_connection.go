package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

// mountGroupConnections serves the connections of groups to sources: those of each kind of source, and all together.
func (a *API) mountGroupConnections() {
	a.mountGroupConnectionsAt("/sources/group_connections/all/", "", false)
	for _, n := range a.Resources.Registry.Of("source") {
		a.mountGroupConnectionsAt("/sources/group_connections/"+n.Kind.CollectionPath()+"/", n.Kind.Name, true)
	}
}

func (a *API) mountGroupConnectionsAt(list, kindName string, create bool) {
	item := list + "{id}/"
	a.handle(http.MethodGet, list, func(c *call) error {
		if err := c.need(access.View, resource.ModelGroupConnection); err != nil {
			return err
		}
		var of []store.Where
		if kindName != "" {
			of = append(of, c.ofKind(kindName))
		}
		return listPeople(c, groupConnectionFilters, c.Store.ListGroupConnections, c.groupConnectionRow, of...)
	})
	a.handle(http.MethodGet, item, func(c *call) error {
		x, err := c.Resources.GroupConnection(c.ctx(), c.by, access.View, c.groupConnectionID())
		if err != nil {
			return err
		}
		return c.showGroupConnection(http.StatusOK, x)
	})
	change := func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		x, err := c.Resources.ChangeGroupConnection(c.ctx(), c.by, c.groupConnectionID(), body, c.mode())
		if err != nil {
			return err
		}
		return c.showGroupConnection(http.StatusOK, x)
	}
	a.handle(http.MethodPut, item, change)
	a.handle(http.MethodPatch, item, change)
	a.handle(http.MethodDelete, item, func(c *call) error {
		if err := c.Resources.DeleteGroupConnection(c.ctx(), c.by, c.groupConnectionID()); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.ok([]any{}) })
	if !create {
		return
	}
	a.handle(http.MethodPost, list, func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		x, err := c.Resources.CreateGroupConnection(c.ctx(), c.by, body)
		if err != nil {
			return err
		}
		return c.showGroupConnection(http.StatusCreated, x)
	})
}

var groupConnectionFilters = map[string]where{"group": {"group", store.OpEq}, "source__slug": {"source__slug", store.OpEq}}

func (c *call) groupConnectionID() model.GroupConnectionID {
	return model.GroupConnectionID(c.number("id"))
}

func (c *call) showGroupConnection(status int, x *model.GroupConnection) error {
	out, err := c.groupConnectionRow(x)
	if err != nil {
		return err
	}
	return c.send(status, out)
}

func (c *call) groupConnectionRow(x *model.GroupConnection) (any, error) {
	src, err := c.related("source", string(x.Source))
	return row{
		"pk": x.ID, "group": x.Group, "source": x.Source, "source_obj": src, "identifier": x.Identifier, "created": x.Created, "last_updated": x.LastUpdated,
	}, err
}
