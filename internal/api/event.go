package api

import (
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/resource"
	"github.com/weimen-id/weimen/internal/store"
)

func (a *API) mountEvents() {
	const list = "/events/events/"
	a.handle(http.MethodGet, list, func(c *call) error {
		if err := c.need(access.View, resource.ModelEvent); err != nil {
			return err
		}
		return listPeople(c, eventFilters, c.Store.ListEvents, func(e *model.Event) (any, error) { return eventRow(e), nil })
	})
	a.handle(http.MethodGet, list+"actions/", func(c *call) error {
		out := []any{}
		for _, action := range eventActions {
			name := strings.ReplaceAll(string(action), "_", " ")
			out = append(out, row{"name": strings.ToUpper(name[:1]) + name[1:], "description": "", "component": action, "model_name": ""})
		}
		return c.ok(out)
	})
	a.handle(http.MethodGet, list+"volume/", (*call).volume)
	a.handle(http.MethodGet, list+"top_per_user/", (*call).topPerUser)
	a.handle(http.MethodPost, list+"export/", func(*call) error { return errNotImplemented })
	a.handle(http.MethodGet, list+"{id}/", func(c *call) error {
		if err := c.need(access.View, resource.ModelEvent); err != nil {
			return err
		}
		if !uuidForm.MatchString(c.param("id")) {
			return model.ErrNotFound
		}
		e, err := c.Store.Event(c.ctx(), model.EventID(c.param("id")))
		if err != nil {
			return err
		}
		return c.ok(c.explained(e))
	})
}

var eventFilters = map[string]where{
	"action": {"action", store.OpEq}, "actions": {"action", store.OpIn}, "client_ip": {"client_ip", store.OpEq}, "username": {"username", store.OpEq},
	"support_code": {"support_code", store.OpEq}, "app": {"app", store.OpEq}, "brand_name": unsupported, "context_authorized_app": {"application", store.OpEq},
	"context_model_app": unsupported, "context_model_name": unsupported, "context_model_pk": {"context", store.OpContains},
	"source": {"source", store.OpEq}, "reason": {"reason", store.OpEq}, "flow": {"flow", store.OpEq}, "created__gte": {"created", store.OpGe}, "created__lt": {"created", store.OpLt},
}

// eventActions are those that this version records.
var eventActions = []model.Action{
	model.ActionLogin, model.ActionLoginFailed, model.ActionLogout, model.ActionUserWrite, model.ActionSuspiciousRequest, model.ActionPasswordSet,
	model.ActionSecretView, model.ActionSecretRotate, model.ActionAuthorizeApplication, model.ActionSourceLinked, model.ActionPolicyException,
	model.ActionMappingException, model.ActionSystemException, model.ActionConfigurationError, model.ActionConfigurationWarning,
	model.ActionModelCreated, model.ActionModelUpdated, model.ActionModelDeleted, model.ActionFlowExecution,
}

// eventRow is authentik's Event; "support_code", which a refusal page shows, "source" and "flow" (their slugs) and "reason" are our additions, empty where there is none.
func eventRow(e *model.Event) row {
	out := row{
		"pk": e.ID, "action": e.Action, "app": e.App, "context": object(e.Context), "client_ip": nil, "created": e.Created, "expires": e.Expires,
		"user": row{}, "brand": row{}, "support_code": e.SupportCode, "source": e.Source, "reason": e.Reason, "flow": e.Flow,
	}
	if e.ClientIP != "" {
		out["client_ip"] = e.ClientIP
	}
	if e.User != nil {
		out["user"] = row{"pk": e.User.ID, "username": e.User.Username, "email": e.User.Email}
	}
	return out
}
