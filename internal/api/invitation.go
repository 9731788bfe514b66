package api

import (
	"net/http"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

func (a *API) mountInvitations() {
	const list, item = "/stages/invitation/invitations/", "/stages/invitation/invitations/{id}/"
	a.handle(http.MethodGet, list, func(c *call) error {
		if err := c.need(access.View, resource.ModelInvitation); err != nil {
			return err
		}
		return listPeople(c, invitationFilters, c.Store.ListInvitations, c.invitationRow)
	})
	a.handle(http.MethodPost, list, func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		i, err := c.Resources.CreateInvitation(c.ctx(), c.by, body)
		if err != nil {
			return err
		}
		return c.showInvitation(http.StatusCreated, i)
	})
	a.handle(http.MethodGet, item, func(c *call) error {
		i, err := c.Resources.Invitation(c.ctx(), c.by, access.View, c.invitationID())
		if err != nil {
			return err
		}
		return c.showInvitation(http.StatusOK, i)
	})
	change := func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		i, err := c.Resources.ChangeInvitation(c.ctx(), c.by, c.invitationID(), body, c.mode())
		if err != nil {
			return err
		}
		return c.showInvitation(http.StatusOK, i)
	}
	a.handle(http.MethodPut, item, change)
	a.handle(http.MethodPatch, item, change)
	a.handle(http.MethodDelete, item, func(c *call) error {
		if err := c.Resources.DeleteInvitation(c.ctx(), c.by, c.invitationID()); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.ok([]any{}) })
}

var invitationFilters = map[string]where{
	"name": {"name", store.OpEq}, "expires": {"expires", store.OpEq}, "created_by__username": {"created_by__username", store.OpEq},
	"flow__slug": {"flow__slug", store.OpEq},
}

func (c *call) invitationID() model.InvitationID { return model.InvitationID(c.param("id")) }

func (c *call) showInvitation(status int, i *model.Invitation) error {
	out, err := c.invitationRow(i)
	if err != nil {
		return err
	}
	c.tag(resource.InvitationVersion(i))
	return c.send(status, out)
}

func (c *call) invitationRow(i *model.Invitation) (any, error) {
	out := row{
		"pk": i.ID, "name": i.Name, "expires": i.Expires, "fixed_data": object(i.FixedData), "single_use": i.SingleUse, "flow": i.Flow,
		"flow_obj": nil, "created_by": nil,
	}
	if i.Flow != nil {
		f, err := c.related("flow", string(*i.Flow))
		if err != nil {
			return nil, err
		}
		out["flow_obj"] = f
	}
	if i.CreatedBy != 0 {
		u, err := c.user(i.CreatedBy)
		if err != nil {
			return nil, err
		}
		out["created_by"] = c.partialUser(u)
	}
	return out, nil
}
