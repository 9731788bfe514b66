package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/weimen-id/weimen/internal/access"
	"github.com/weimen-id/weimen/internal/model"
	"github.com/weimen-id/weimen/internal/policy"
	"github.com/weimen-id/weimen/internal/resource"
)

func (a *API) mountApplications() {
	apps := collection{noun: a.noun("authentik_core.application"), path: "core/applications", order: []string{"name"}, keep: (*call).listsApplication}
	a.mount(apps)
	// Everybody may list the applications that they may open, so this list replaces the one that needs a permission.
	a.handle(http.MethodGet, "/core/applications/", apps.answer)
	a.handle(http.MethodGet, "/core/applications/{key}/check_access/", func(c *call) error {
		o, err := c.Resources.Get(c.s, apps.noun, c.param("key"))
		if err != nil {
			return err
		}
		u, err := c.asked("for_user")
		if err != nil {
			return err
		}
		app, _ := o.Value.(*model.Application)
		result, err := c.mayOpen(app, u)
		if err != nil {
			return err
		}
		return c.ok(row{"passing": result.Passing, "messages": append([]string{}, result.Messages...), "log_messages": []any{}})
	})
}

// asked gives the user whom a parameter names, else who asks. Only who may see other people may name one.
func (c *call) asked(parameter string) (*model.User, error) {
	text := c.r.URL.Query().Get(parameter)
	if text == "" {
		return c.by.User, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, model.Invalid(parameter, "A valid integer is required.")
	}
	if err := access.May(c.by.Principal, access.View, resource.ModelUser, model.UserID(id)); err != nil {
		return nil, err
	}
	u, err := c.Store.User(c.ctx(), model.UserID(id))
	if model.CodeOf(err) == model.CodeNotFound {
		return nil, model.Invalid(parameter, "Invalid pk \""+text+"\" - object does not exist.")
	}
	return u, err
}

// listsApplication keeps the applications that a person may open. Superusers may ask for all of them.
func (c *call) listsApplication(o *resource.Object) (bool, error) {
	q := c.r.URL.Query()
	app, _ := o.Value.(*model.Application)
	if truth(q.Get("only_with_launch_url")) && c.launchURL(app) == nil {
		return false, nil
	}
	if truth(q.Get("superuser_full_list")) && c.by.Superuser() {
		return true, nil
	}
	u, err := c.asked("for_user")
	if err != nil {
		return false, err
	}
	result, err := c.mayOpen(app, u)
	return result.Passing, err
}

func (c *call) mayOpen(app *model.Application, u *model.User) (policy.Result, error) {
	return c.Policies.Evaluate(c.ctx(), c.s, model.TargetID(app.ID), app.PolicyEngineMode, &policy.Request{
		Visitor: c.visitor, User: u, Context: model.NewPlanContext(),
	})
}

func (c *call) decorateApplication(app *model.Application, out row) error {
	out["provider_obj"], out["meta_icon_url"], out["meta_icon_themed_urls"] = nil, nil, nil
	if app.MetaIcon != "" {
		out["meta_icon_url"] = app.MetaIcon
	}
	out["launch_url"] = c.launchURL(app)
	if app.Provider != nil {
		p, err := c.related("provider", idText(*app.Provider))
		if err != nil {
			return err
		}
		out["provider_obj"] = p
	}
	backchannel := []any{}
	for _, id := range app.BackchannelProviders {
		p, err := c.related("provider", idText(id))
		if err != nil {
			return err
		}
		if p != nil {
			backchannel = append(backchannel, p)
		}
	}
	out["backchannel_providers_obj"] = backchannel
	return nil
}

// launchURL is where people open an application: as set, with their names put in, else as its provider guesses.
func (c *call) launchURL(app *model.Application) any {
	to := app.MetaLaunchURL
	if to == "" && app.Provider != nil && c.LaunchURL != nil {
		if p := c.s.Providers[*app.Provider]; p != nil {
			to = c.LaunchURL(c.s, p)
		}
	}
	if to == "" {
		return nil
	}
	if u := c.by.User; u != nil {
		to = strings.NewReplacer("%(username)s", u.Username, "%(name)s", u.Name, "%(email)s", u.Email, "%(uuid)s", u.UUID).Replace(to)
	}
	return to
}
