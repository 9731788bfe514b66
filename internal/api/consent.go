package api

import (
	"net/http"
	"strings"

	"github.com/weimen-id/weimen/internal/model"
)

func (a *API) mountConsents() {
	const list, item = "/core/user_consent/", "/core/user_consent/{id}/"
	a.handle(http.MethodGet, list, (*call).listConsents)
	a.handle(http.MethodGet, item, func(c *call) error {
		x, u, err := c.consent()
		if err != nil {
			return err
		}
		out, err := c.consentRow(x, u)
		if err != nil {
			return err
		}
		return c.ok(out)
	})
	a.handle(http.MethodDelete, item, func(c *call) error {
		var owner model.UserID
		if !c.by.Superuser() {
			x, _, err := c.consent()
			if err != nil {
				return err
			}
			owner = x.User
		}
		if err := c.Resources.WithdrawConsent(c.ctx(), c.by, model.ConsentID(c.number("id")), owner); err != nil {
			return err
		}
		return c.done()
	})
	a.handle(http.MethodGet, item+"used_by/", func(c *call) error { return c.ok([]any{}) })
}

// consent finds one of the person's own consents.
func (c *call) consent() (*model.Consent, *model.User, error) {
	all, err := c.Store.ListConsents(c.ctx(), c.by.UserID())
	if err != nil {
		return nil, nil, err
	}
	for _, x := range all {
		if int64(x.ID) == c.number("id") {
			return x, c.by.User, nil
		}
	}
	return nil, nil, model.ErrNotFound
}

// listConsents lists the consents of who asks, or of the user whom a superuser names.
func (c *call) listConsents() error {
	p, err := c.page()
	if err != nil {
		return err
	}
	u, err := c.asked("user")
	if err != nil {
		return err
	}
	all, err := c.Store.ListConsents(c.ctx(), u.ID)
	if err != nil {
		return err
	}
	var results []any
	for _, x := range all {
		if c.s.Applications[x.Application] == nil {
			continue
		}
		out, err := c.consentRow(x, u)
		if err != nil {
			return err
		}
		results = append(results, out)
	}
	return c.answerAll(p, results)
}

func (c *call) consentRow(x *model.Consent, u *model.User) (any, error) {
	owner, err := c.userRow(u)
	if err != nil {
		return nil, err
	}
	app, err := c.related("application", string(x.Application))
	if err != nil {
		return nil, err
	}
	return row{
		"pk": x.ID, "expires": x.Expires, "expiring": x.Expiring, "user": owner, "application": app, "permissions": strings.Join(x.Permissions, " "),
	}, nil
}
